import DNSWire
import Estate
import Foundation
import GRDB
import Names
import Testing

@testable import Store

@Suite("Evidence is kept once per content") struct KeptEvidence {
  let scratch: Scratch
  let store: Store
  let www: DomainName

  init() throws {
    scratch = try Scratch()
    store = try Store(folder: scratch.state)
    www = try name("www.example.gov")
  }

  // From Python: hashlib.sha256(struct.pack(">I", len(q)) + q + struct.pack(">I", len(r)) + r).hexdigest()
  @Test(arguments: [
    ("question", "a longer reply", "8f2d8f771d2ac2ed015aad1940e7a1377554a85dd280a4c50167c13bb8f42957"),
    ("", "", "af5570f5a1810b7af78caf4bc70a660f0df51e42baf91d4de5b2328de0e83dfc"),
  ])
  func `anybody can compute its name`(question: String, reply: String, digest: String) {
    #expect(EvidenceID(Exchange(question: Array(question.utf8), reply: Array(reply.utf8))).rawValue == "sha256:" + digest)
  }

  @Test func `where question and reply meet is part of the name`() {
    #expect(EvidenceID(Exchange(question: [1, 2], reply: [3])) != EvidenceID(Exchange(question: [1], reply: [2, 3])))
  }

  @Test func `the octets come back with place, query, path and time`() throws {
    let quad9 = try server("tls://9.9.9.9#dns.quad9.net")
    let there = Place(.resolver, quad9, zone: .root, nameServer: try name("dns.quad9.net"))
    var query = Query(www, .a, at: quad9, recursionDesired: true, dnssecOK: true)
    let exchange = Exchange(question: [1, 2, 3], reply: Array(0...255))
    let observation = Observation(
      query, .replied(Message(header: Header(isResponse: true))), path: .tls, at: Timestamp(milliseconds: 1_234_567),
      exchange: exchange)
    let standing = try store.record([RecordedObservation(observation, of: there)], at: Timestamp(seconds: 2000))[0]
    let id = try #require(standing.evidence)
    let evidence = try store.evidence(id)
    #expect(evidence == StoredEvidence(id: id, exchange: exchange, place: there, query: query, path: .tls, at: observation.at))
    query.dnssecOK = false
    #expect(evidence?.query != query)
    #expect(try StoreReader(folder: scratch.state).evidence(id) == evidence)
  }

  @Test func `one content seen at two names is stored once, and seen again adds nothing`() throws {
    let here = try place()
    func pass(_ octet: UInt8) throws -> [RecordedObservation] {
      try ["a.example.gov", "b.example.gov"].map { text in
        var recorded = try answer(name(text), .a, octet == 1 ? [] : ["x.example.gov 1 A 192.0.2.\(octet)"], of: here)
        recorded.observation.exchange = Exchange(question: [0], reply: [octet])
        return recorded
      }
    }
    let first = try store.record(pass(1), at: Timestamp(seconds: 1))
    #expect(first[0].evidence == first[1].evidence)
    #expect(try store.rowCounts()["exchange"] == 1)
    _ = try store.record(pass(2), at: Timestamp(seconds: 2))
    #expect(try store.rowCounts()["exchange"] == 2)
    _ = try store.record(pass(1), at: Timestamp(seconds: 3))
    #expect(try store.rowCounts()["exchange"] == 2)
    #expect(try store.rowCounts()["meaning"] == 2)
    #expect(try store.rowCounts()["interval"] == 6)
  }

  @Test(arguments: [
    "", "sha256:", "sha256:00", "md5:" + String(repeating: "0", count: 64), "sha256:" + String(repeating: "0", count: 64),
    "sha256:" + String(repeating: "g", count: 64), "sha256:" + String(repeating: "é", count: 32), "'; DROP TABLE exchange; --",
  ])
  func `what is no name of any evidence finds nothing`(id: String) throws {
    _ = try store.record([answer(www, .a, [], of: place())], at: Timestamp(seconds: 1))
    #expect(try store.evidence(EvidenceID(rawValue: id)) == nil)
  }

  @Test func `octets that were changed on the disk are no evidence`() throws {
    let standing = try store.record([answer(www, .a, [], of: place())], at: Timestamp(seconds: 1))[0]
    let id = try #require(standing.evidence)
    try scratch.sqlite { try $0.execute(sql: "UPDATE exchange SET reply = zeroblob(12)") }
    #expect(throws: StoreFault.damaged(path: scratch.database, "evidence \(id) has other octets than its name says")) {
      try store.evidence(id)
    }
  }
}
