import DNSWire
import Estate
import Foundation
import GRDB
import Names
import Testing

@testable import Store

@Suite("Storage grows with change, not with time") struct Intervals {
  let scratch: Scratch
  let store: Store
  let www: DomainName
  let here: Place

  init() throws {
    scratch = try Scratch()
    store = try Store(folder: scratch.state)
    www = try name("www.example.gov")
    here = try place()
  }

  func at(_ minutes: Int64) -> Timestamp { Timestamp(seconds: 60 * minutes) }

  func intervals() throws -> [[Int64]] {
    try scratch.sqlite { database in
      try Row.fetchAll(database, sql: "SELECT tells, first_seen, last_seen, is_last FROM interval ORDER BY id").map { row in
        [row[0], (row[1] as Int64) / 60_000, (row[2] as Int64) / 60_000, row[3]]
      }
    }
  }

  @Test func `an unchanged pass adds no row to any table`() throws {
    func pass(_ id: UInt16) throws -> [RecordedObservation] {
      [
        try answer(
          www, .a, ["www.example.gov 300 A 192.0.2.80", "www.example.gov 300 A 192.0.2.81"].shuffled(), of: here, id: id),
        try answer(www, .mx, [], of: here, id: id),
        try answer(name("gone.example.gov"), .a, [], of: here, id: id, code: .nameError),
        try answer(www, .a, ["www.example.gov \(300 - id) A 192.0.2.80"], of: place(.resolver, "9.9.9.9", zone: "."), id: id),
        try silence(www, .aaaa, of: here, .timedOut(attempts: Int(id))),
        try silence(www, .txt, of: here, .mangled("octet \(id)")),
      ]
    }
    let first = try store.record(pass(1), at: at(1))
    let before = try store.rowCounts()
    #expect(before["interval"] == 6)
    #expect(before["exchange"] == 4)
    for minute in 2...10 {
      let again = try store.record(pass(UInt16(minute)), at: at(Int64(minute)))
      #expect(again.map(\.since) == first.map(\.since))
      #expect(again.map(\.evidence) == first.map(\.evidence))
      #expect(again.allSatisfy { !$0.isNew })
    }
    #expect(try store.rowCounts() == before)
    #expect(try intervals().allSatisfy { $0.dropFirst() == [1, 10, 1] })
  }

  @Test func `a change ends one interval and begins another, which knows what was before`() throws {
    let good = try answer(www, .a, ["www.example.gov 300 A 192.0.2.80"], of: here, id: 1)
    let evil = try answer(www, .a, ["www.example.gov 300 A 203.0.113.66"], of: here, id: 2)
    let first = try store.record([good], at: at(1))[0]
    #expect(first == Standing(since: at(1), evidence: good.observation.exchange.map(EvidenceID.init), previous: nil, isNew: true))
    _ = try store.record([good], at: at(2))
    let changed = try store.record([evil], at: at(3))[0]
    #expect(changed.since == at(3))
    #expect(changed.isNew)
    #expect(changed.evidence == evil.observation.exchange.map(EvidenceID.init))
    let previous = try #require(changed.previous)
    #expect(previous.since == at(1))
    #expect(previous.until == at(2))
    #expect(previous.evidence == first.evidence)
    #expect(previous.meaning == Meaning(good.observation, at: .authoritative))
    // What was before is still known when the change is no news, and going back is a change too.
    let later = try store.record([evil], at: at(4))[0]
    #expect(later == Standing(since: at(3), evidence: changed.evidence, previous: previous, isNew: false))
    #expect(try store.record([good], at: at(5))[0].previous?.until == at(4))
    #expect(try intervals() == [[1, 1, 2, 0], [1, 3, 4, 0], [1, 5, 5, 1]])
  }

  @Test func `silence between two equal answers adds no answer`() throws {
    let said = try answer(www, .a, ["www.example.gov 300 A 192.0.2.80"], of: here)
    _ = try store.record([said], at: at(1))
    let silent = try store.record([silence(www, .a, of: here)], at: at(2))[0]
    #expect(silent.since == at(2))
    #expect(silent.isNew)
    #expect(silent.evidence == nil)
    // What was told last still stands beside the silence.
    #expect(silent.previous?.meaning == Meaning(said.observation, at: .authoritative))
    #expect(silent.previous?.until == at(1))
    #expect(try store.record([silence(www, .a, of: here)], at: at(3))[0].since == at(2))
    let back = try store.record([said], at: at(4))[0]
    #expect(back.since == at(1))
    #expect(!back.isNew)
    #expect(try intervals() == [[1, 1, 4, 1], [0, 2, 3, 0]])
    // A silence after an answer is another silence.
    #expect(try store.record([silence(www, .a, of: here)], at: at(5))[0].since == at(5))
    #expect(try intervals() == [[1, 1, 4, 1], [0, 2, 3, 0], [0, 5, 5, 1]])
  }

  @Test(arguments: [(ResponseCode.serverFailure, false), (.refused, false), (.noError, true)])
  func `a failure, a refusal and a cut answer do not end what was told`(code: ResponseCode, truncated: Bool) throws {
    let said = try answer(www, .a, ["www.example.gov 300 A 192.0.2.80"], of: here, id: 1)
    _ = try store.record([said], at: at(1))
    let failed = try store.record(
      [answer(www, .a, ["www.example.gov 300 A 203.0.113.66"], of: here, id: 2, code: code, truncated: truncated)], at: at(2))[0]
    #expect(failed.isNew)
    // A failure has octets, so it has evidence.
    #expect(failed.evidence != nil)
    let back = try store.record([said], at: at(3))[0]
    #expect(back.since == at(1))
    #expect(back.previous == nil)
    #expect(try intervals() == [[1, 1, 3, 1], [0, 2, 2, 0]])
  }

  @Test func `one silence gives way to another`() throws {
    _ = try store.record([silence(www, .a, of: here)], at: at(1))
    let refused = try store.record([silence(www, .a, of: here, .unreachable("Connection refused"))], at: at(2))[0]
    #expect(refused == Standing(since: at(2), evidence: nil, previous: nil, isNew: true))
    #expect(try intervals() == [[0, 1, 1, 0], [0, 2, 2, 1]])
  }

  @Test func `a clock that was set back shortens no interval`() throws {
    let said = try answer(www, .a, ["www.example.gov 300 A 192.0.2.80"], of: here)
    _ = try store.record([said], at: at(10))
    #expect(try store.record([said], at: at(5))[0].since == at(10))
    #expect(try intervals() == [[1, 10, 10, 1]])
  }

  @Test func `kind, server, zone, name and type keep intervals apart`() throws {
    let line = ["www.example.gov 300 A 192.0.2.80"]
    let observations = [
      try answer(www, .a, line, of: here),
      try answer(www, .a, line, of: place(.parent)),
      try answer(www, .a, line, of: place(.authoritative, "192.0.2.54")),
      try answer(www, .a, line, of: place(.authoritative, "192.0.2.53:5353")),
      try answer(www, .a, line, of: place(.authoritative, "tls://192.0.2.53:53#ns.example.gov")),
      try answer(www, .a, line, of: place(zone: "gov")),
      try answer(name("ftp.example.gov"), .a, line, of: here),
      try answer(www, .aaaa, line, of: here),
    ]
    #expect(try store.record(observations, at: at(1)).allSatisfy { $0.isNew })
    #expect(try store.record(observations, at: at(2)).allSatisfy { !$0.isNew })
    #expect(try store.rowCounts()["interval"] == observations.count)
    // The name of the server is no part of the key.
    let named = Place(.authoritative, here.server, zone: here.zone, nameServer: try name("ns1.example.gov"))
    #expect(try !store.record([answer(www, .a, line, of: named)], at: at(3))[0].isNew)
  }

  @Test func `a pass is kept whole or not at all`() throws {
    _ = try store.record([answer(www, .a, ["www.example.gov 300 A 192.0.2.80"], of: here)], at: at(1))
    try scratch.sqlite {
      try $0.execute(
        sql: "CREATE TRIGGER stop BEFORE INSERT ON interval WHEN NEW.type = 15 BEGIN SELECT RAISE(ABORT, 'stop'); END")
    }
    let before = try store.rowCounts()
    #expect(throws: StoreFault.failed(path: scratch.database, "stop")) {
      try store.record([silence(www, .txt, of: here), silence(www, .mx, of: here)], at: at(2))
    }
    #expect(try store.rowCounts() == before)
  }

  @Test(arguments: [
    "'); DROP TABLE interval; --", "\" OR 1=1 --", "a';b\\.c", "%s?1:name@x$y", "\\000\\001\\255", "[1,2]", "NULL", "''",
  ])
  func `a name is data, whatever it spells`(text: String) throws {
    let owner = try name("www.example.gov").prepending(label: Array(text.utf8))
    for minute in 1...2 {
      let observation = try answer(owner, .txt, [], of: Place(.authoritative, here.server, zone: owner))
      let standing = try store.record([observation], at: at(Int64(minute)))[0]
      #expect(standing.since == at(1))
      let evidence = try store.evidence(#require(standing.evidence))
      #expect(evidence?.query.name == owner)
      #expect(evidence?.place.zone == owner)
    }
    #expect(try store.rowCounts()["interval"] == 1)
  }

  @Test func `names of 255 octets that differ in the last one are two`() throws {
    var longest = DomainName.root
    for _ in 0..<3 { longest = try longest.prepending(label: [UInt8](repeating: 0xFF, count: 63)) }
    let one = try longest.prepending(label: [UInt8](repeating: 0, count: 61))
    let other = try longest.prepending(label: [UInt8](repeating: 0, count: 60) + [1])
    #expect(one.octets.count == 255)
    let observations = [try answer(one, .txt, [], of: here), try answer(other, .txt, [], of: here)]
    for minute in 1...2 { #expect(try store.record(observations, at: at(Int64(minute))).allSatisfy { $0.since == at(1) }) }
    #expect(try store.rowCounts()["interval"] == 2)
  }

  @Test func `what swells beyond any message is told apart by its digest alone`() throws {
    // RFC 1035 §4.1.4: 5,000 name servers of 200 octets each fit into one message, compressed.
    let data = try (0..<5_000).map { try NS(nameServer: name("n\($0).\(String(repeating: "long.", count: 38))")).rdata }
    func swollen(_ count: Int, _ id: UInt16) throws -> RecordedObservation {
      var recorded = try answer(www, .ns, [], of: here, id: id)
      guard case .replied(var message) = recorded.observation.outcome else { return recorded }
      message.answers = data.prefix(count).map { ResourceRecord(name: www, ttl: 300, rdata: $0) }
      recorded.observation.outcome = .replied(message)
      return recorded
    }
    _ = try store.record([swollen(5_000, 1)], at: at(1))
    #expect(try !store.record([swollen(5_000, 2)], at: at(2))[0].isNew)
    let changed = try store.record([swollen(4_999, 3)], at: at(3))[0]
    #expect(changed.isNew)
    #expect(changed.previous?.until == at(2))
    #expect(changed.previous?.meaning == nil)
    #expect(try scratch.sqlite { try Int.fetchOne($0, sql: "SELECT max(length(octets)) FROM meaning") } == 0)
  }

  @Test(.timeLimit(.minutes(5)))
  func `twenty thousand observations of one pass, twice`() throws {
    let observations = try (0..<20_000).map { number in
      let owner = try name("host\(number).example.gov")
      return try answer(owner, .a, [], of: here, id: UInt16(truncatingIfNeeded: number))
    }
    #expect(try store.record(observations, at: at(1)).allSatisfy(\.isNew))
    #expect(try store.record(observations, at: at(2)).allSatisfy { !$0.isNew })
    #expect(try store.rowCounts()["interval"] == 20_000)
  }
}
