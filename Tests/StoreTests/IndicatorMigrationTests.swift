import DNSWire
import Estate
import Foundation
import GRDB
import Indicators
import Names
import Testing

@testable import Store

@Suite("A database without indicators") struct IndicatorMigrationTests {
  /// As the second version of this program left it. Never edited.
  private static let version2 = """
    CREATE TABLE zone_copy (
      zone BLOB NOT NULL,
      server TEXT NOT NULL,
      records BLOB NOT NULL,
      PRIMARY KEY (zone, server)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO zone_copy VALUES (x'076578616d706c6503676f7600', '192.0.2.1:53',
      CAST('example.gov. 60 IN A 192.0.2.80' || char(10) AS BLOB));
    PRAGMA user_version = 2;
    """

  let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    try Version1.create(at: scratch.state)
    try scratch.sqlite { try $0.execute(sql: Self.version2) }
  }

  @Test func `of version 2 opens with all that it holds, and takes them`() throws {
    let store = try Store(folder: scratch.state)
    #expect(try scratch.sqlite { try Int.fetchOne($0, sql: "PRAGMA user_version") } == 4)
    #expect(try store.zoneCopy(of: name("example.gov"), from: server("192.0.2.1").address)?.count == 1)
    #expect(try store.openFindings(declaration: "nameward.yaml").count == 1)
    #expect(try store.rowCounts()["interval"] == 2)
    #expect(try store.indicators.sources().isEmpty)
    #expect(try store.take(list(1...3), minute: 1).revision.added == 3)
    // What was observed before is looked through.
    var values = store.recordedValues
    #expect(try values.next()?.map(\.value.value) == ["192.0.2.79", "192.0.2.80"])
    #expect(try values.next() == nil)
  }

  @Test func `of version 2 is for a reader too old, and stays as it is`() throws {
    #expect(throws: StoreFault.older(path: scratch.database, version: 2, known: 4)) { try StoreReader(folder: scratch.state) }
    #expect(try scratch.sqlite { try $0.tableExists("indicator_block") } == false)
  }

  @Test func `the second step is what was shipped`() throws {
    let other = try Scratch()
    _ = try Store(folder: other.state, schema: Schema(steps: [Schema.version1, Schema.version2]))
    func words(_ scratch: Scratch) throws -> [String] {
      try scratch.sqlite { database in
        let sql = try String.fetchOne(database, sql: "SELECT sql FROM sqlite_master WHERE name = 'zone_copy'") ?? ""
        return sql.split(separator: "\n").flatMap { $0.split(separator: "--")[0].split(separator: " ") }.map(String.init)
      }
    }
    #expect(try words(other) == words(scratch))
  }
}
