import DNSWire
import Estate
import Foundation
import GRDB
import Names
import Testing

@testable import Store

@Suite("Numbered migrations") struct Migrations {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Every table and index, without comments and spacing.
  func schema() throws -> [String] {
    try scratch.sqlite { database in
      try String.fetchAll(database, sql: "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").map { text in
        text.split(separator: "\n").map { $0.split(separator: "--", omittingEmptySubsequences: false)[0] }
          .joined(separator: " ").split(separator: " ").joined(separator: " ")
      }
    }
  }

  @Test func `a database of version 1 opens with all that it holds`() throws {
    try Version1.create(at: scratch.state)
    let store = try Store(folder: scratch.state)
    let there = try Place(.authoritative, server("192.0.2.53"), zone: name("example.gov"), nameServer: name("ns1.example.gov"))
    let same = try answer(name("www.example.gov"), .a, ["www.example.gov 300 A 192.0.2.80"], of: there)
    let standing = try store.record([same], at: Timestamp(seconds: 3000))[0]
    #expect(standing.since == Timestamp(seconds: 1000))
    #expect(!standing.isNew)
    #expect(standing.previous?.until == Timestamp(seconds: 900))
    let id = try #require(standing.evidence)
    #expect(try store.evidence(id)?.exchange == Exchange(question: Array("question".utf8), reply: Array("a longer reply".utf8)))
    let open = try store.openFindings(declaration: "nameward.yaml")
    #expect(open.map(\.since) == [Timestamp(seconds: 1000)])
    #expect(open.map(\.place) == [there])
    #expect(try store.lastPass(Scope(declaration: "nameward.yaml"))?.times == 5)
  }

  @Test func `the first step is what was shipped`() throws {
    try Version1.create(at: scratch.state)
    let shipped = try schema()
    let other = try Scratch()
    _ = try Store(folder: other.state, schema: Schema(steps: [Schema.version1]))
    #expect(try Migrations(scratch: other).schema() == shipped)
    #expect(shipped.count == 9)
  }

  private init(scratch: Scratch) { self.scratch = scratch }

  @Test func `steps that are missing are taken, once each`() throws {
    try Version1.create(at: scratch.state)
    let steps = [Schema.version1, "ALTER TABLE pass ADD COLUMN note TEXT", "CREATE TABLE third (id INTEGER PRIMARY KEY)"]
    for count in [2, 3, 3] {
      _ = try Store(folder: scratch.state, schema: Schema(steps: Array(steps.prefix(count))))
      #expect(try scratch.sqlite { try Int.fetchOne($0, sql: "PRAGMA user_version") } == count)
    }
    #expect(try scratch.sqlite { try Int.fetchOne($0, sql: "SELECT count(*) FROM interval") } == 2)
  }

  @Test func `a reader changes nothing and says what would`() throws {
    try Version1.create(at: scratch.state)
    let next = Schema(steps: [Schema.version1, "CREATE TABLE next (id INTEGER)"])
    #expect(throws: StoreFault.older(path: scratch.database, version: 1, known: 2)) {
      try Connection(reading: scratch.database, schema: next, folder: scratch.state)
    }
    // The program that is there brings it up to date; then its readers read.
    _ = try Store(folder: scratch.state)
    #expect(try StoreReader(folder: scratch.state).openFindings(declaration: "nameward.yaml").count == 1)
  }

  @Test func `a step that fails leaves the version before it`() throws {
    let broken = Schema(steps: [Schema.version1, "CREATE TABLE half (id INTEGER); CREATE TABLE place (id INTEGER)"])
    #expect(throws: StoreFault.failed(path: scratch.database, "table place already exists")) {
      try Store(folder: scratch.state, schema: broken)
    }
    #expect(try scratch.sqlite { try Int.fetchOne($0, sql: "PRAGMA user_version") } == 1)
    #expect(try scratch.sqlite { try $0.tableExists("half") } == false)
    _ = try Store(folder: scratch.state)
  }

  @Test func `a database of a later version is refused and left as it is`() throws {
    _ = try Store(folder: scratch.state, schema: Schema(steps: Schema.current.steps + ["CREATE TABLE later (id INTEGER)"]))
    let octets = try Data(contentsOf: URL(filePath: scratch.database))
    let fault = StoreFault.newer(path: scratch.database, version: Schema.current.version + 1, known: Schema.current.version)
    #expect(throws: fault) { try Store(folder: scratch.state) }
    #expect(throws: fault) { try StoreReader(folder: scratch.state) }
    #expect(try Data(contentsOf: URL(filePath: scratch.database)) == octets)
  }
}

/// Makes a database as the first version of this program left it. Never edited: a later version begins from here.
enum Version1 {
  static func create(at folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    try DatabaseQueue(path: folder + "/nameward.sqlite").writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA application_id = 1313691460; PRAGMA user_version = 1")
      try database.execute(sql: tables)
      try database.execute(sql: rows)
    }
  }

  static let tables = """
    CREATE TABLE place (
      id INTEGER PRIMARY KEY,
      kind TEXT NOT NULL,
      server TEXT NOT NULL,
      zone BLOB NOT NULL,
      name_server BLOB,
      UNIQUE (kind, server, zone)
    ) STRICT;
    CREATE TABLE exchange (
      digest BLOB PRIMARY KEY NOT NULL,
      question BLOB NOT NULL,
      reply BLOB NOT NULL,
      place INTEGER NOT NULL REFERENCES place (id),
      server TEXT NOT NULL,
      name BLOB NOT NULL,
      type INTEGER NOT NULL,
      recursion_desired INTEGER NOT NULL,
      dnssec_ok INTEGER NOT NULL,
      path TEXT NOT NULL,
      at INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE meaning (
      digest BLOB PRIMARY KEY NOT NULL,
      octets BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE interval (
      id INTEGER PRIMARY KEY,
      place INTEGER NOT NULL REFERENCES place (id),
      name BLOB NOT NULL,
      type INTEGER NOT NULL,
      tells INTEGER NOT NULL,
      meaning BLOB NOT NULL REFERENCES meaning (digest),
      exchange BLOB REFERENCES exchange (digest),
      first_seen INTEGER NOT NULL,
      last_seen INTEGER NOT NULL,
      previous INTEGER REFERENCES interval (id),
      is_last INTEGER NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX interval_last ON interval (place, name, type, tells) WHERE is_last = 1;
    CREATE TABLE finding (
      id INTEGER PRIMARY KEY,
      declaration TEXT NOT NULL,
      check_id TEXT NOT NULL,
      place INTEGER NOT NULL REFERENCES place (id),
      name BLOB NOT NULL,
      type INTEGER NOT NULL,
      how TEXT NOT NULL,
      severity TEXT NOT NULL,
      intended TEXT NOT NULL,
      observed TEXT NOT NULL,
      evidence BLOB REFERENCES exchange (digest),
      first_seen INTEGER NOT NULL,
      last_seen INTEGER NOT NULL,
      gone_at INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX finding_open ON finding (declaration, check_id, place, name, type, how) WHERE gone_at IS NULL;
    CREATE TABLE pass (
      id INTEGER PRIMARY KEY,
      declaration TEXT NOT NULL,
      scope TEXT NOT NULL,
      matched INTEGER NOT NULL,
      mismatched INTEGER NOT NULL,
      not_told INTEGER NOT NULL,
      findings BLOB NOT NULL,
      first_seen INTEGER NOT NULL,
      last_seen INTEGER NOT NULL,
      times INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX pass_last ON pass (declaration, scope, id);
    """

  // Times are in milliseconds, names in wire form; the digests were made with another implementation of SHA-256 and of the forms
  // that Meaning.octets and EvidenceID describe.
  static let rows = """
    INSERT INTO place VALUES (1, 'authoritative', '192.0.2.53:53', x'076578616d706c6503676f7600', x'036e7331076578616d706c6503676f7600');
    INSERT INTO exchange VALUES (x'8f2d8f771d2ac2ed015aad1940e7a1377554a85dd280a4c50167c13bb8f42957',
      x'7175657374696f6e', x'61206c6f6e676572207265706c79', 1, '192.0.2.53:53',
      x'03777777076578616d706c6503676f7600', 1, 0, 1, 'udp', 1000000);
    INSERT INTO meaning VALUES (x'aa4aca23899dc38198e865d82a999e17150d303eb25680da98e6ab54719eaaa5',
      x'0100010000000103777777076578616d706c6503676f76000001010000012c00010004c000024f00000000');
    INSERT INTO meaning VALUES (x'5b49f82c6c79cbfc0d66c69b82868b1fd57168344d4ccd9c68c4a6fc06e1812d',
      x'0100010000000103777777076578616d706c6503676f76000001010000012c00010004c000025000000000');
    INSERT INTO interval VALUES (1, 1, x'03777777076578616d706c6503676f7600', 1, 1, x'aa4aca23899dc38198e865d82a999e17150d303eb25680da98e6ab54719eaaa5',
      NULL, 500000, 900000, NULL, 0);
    INSERT INTO interval VALUES (2, 1, x'03777777076578616d706c6503676f7600', 1, 1, x'5b49f82c6c79cbfc0d66c69b82868b1fd57168344d4ccd9c68c4a6fc06e1812d',
      x'8f2d8f771d2ac2ed015aad1940e7a1377554a85dd280a4c50167c13bb8f42957', 1000000, 2000000, 1, 1);
    INSERT INTO finding VALUES (1, 'nameward.yaml', 'record-differs', 1, x'03777777076578616d706c6503676f7600', 1, 'replaced', 'high',
      '["192.0.2.79"]', '["192.0.2.80"]', x'8f2d8f771d2ac2ed015aad1940e7a1377554a85dd280a4c50167c13bb8f42957',
      1000000, 2000000, NULL);
    INSERT INTO pass VALUES (1, 'nameward.yaml', '* @ *', 10, 1, 0, zeroblob(32), 1000000, 2000000, 5);
    """
}
