import DNSWire
import Estate
import Foundation
import GRDB
import Names
import Testing

@testable import Store

@Suite("Killed at any moment, it opens again whole", .serialized) struct Killed {
  /// What one pass of the process that is killed writes: observations and findings.
  static let width = 40

  @Test(arguments: 0..<12)
  func `whole passes are there and no part of another`(round: Int) async throws {
    let scratch = try Scratch()
    let state = scratch.state
    // The first rounds die while they make the folder, the tables or the first pass; the others have one pass behind them.
    let early = round < 4
    let delay = UInt32(early ? round * 3_000 : Int.random(in: 0...100_000))
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [state = state as String, early = early as Bool, delay = delay as UInt32] in
      func die() {
        Thread.detachNewThread {
          usleep(delay)
          kill(getpid(), SIGKILL)
        }
      }
      if early { die() }
      let store = try Store(folder: state)
      for number in 1...Int64.max {
        try Killed.pass(number, in: store)
        if number == 1, !early { die() }
      }
    }

    // The system has dropped the dead process's lock, and its process id in the file misleads nobody.
    var passes = 0
    do {
      let store = try Store(folder: state)
      let counts = try store.rowCounts()
      passes = try #require(counts["pass"])
      // A pass is two transactions; the second may be missing after the last one.
      #expect(early || passes > 0)
      #expect([passes * Self.width, (passes + 1) * Self.width].contains(counts["exchange"]))
      #expect(try store.openFindings(declaration: "nameward.yaml").count == (passes == 0 ? 0 : Self.width))
      // Odd and even passes find different things, so this one finds others than the last.
      try Self.pass(Int64(passes) + 3, in: store)
    }
    try scratch.sqlite { database in
      #expect(try String.fetchAll(database, sql: "PRAGMA integrity_check") == ["ok"])
      #expect(try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").isEmpty)
      let observed = try Int.fetchAll(database, sql: "SELECT count(*) FROM interval GROUP BY first_seen")
      #expect(observed.allSatisfy { $0 == Self.width })
      #expect((passes + 1...passes + 2).contains(observed.count))
      #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM interval WHERE is_last = 1") == Self.width)
      let found = try Int.fetchAll(database, sql: "SELECT count(*) FROM finding GROUP BY first_seen")
      #expect(found.allSatisfy { $0 == Self.width })
      #expect(found.count == passes + 1)
    }
  }

  static func pass(_ number: Int64, in store: Store) throws {
    let (there, time) = (try place(), Timestamp(seconds: number))
    _ = try store.record(
      (0..<width).map { row in
        var recorded = try answer(
          name("w\(row).example.gov"), .txt, ["w\(row).example.gov 300 TXT \"\(number)\""], of: there, id: UInt16(row))
        recorded.observation.exchange = Exchange(question: Array("\(row)".utf8), reply: Array("\(number)".utf8))
        return recorded
      }, at: time)
    let findings = try (0..<width).map { row in
      try Finding(
        "record-differs", .high, .mismatch(number % 2 == 0 ? .added([]) : .removed([])), name("w\(row).example.gov"), .txt,
        at: there, since: time)
    }
    _ = try store.record(
      findings, scope: Scope(declaration: "nameward.yaml"), totals: Totals(match: Int(number), mismatch: width, couldNotTell: 0),
      at: time)
  }
}
