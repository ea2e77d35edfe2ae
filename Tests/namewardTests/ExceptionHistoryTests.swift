import Audit
import DNSWire
import Estate
import Foundation
import Names
import Store
import Testing

@testable import nameward

/// What the store makes of a finding that is excepted for a time.
@Suite("The history of an excepted finding") struct ExceptionHistoryTests {
  static let begin = Timestamp("2026-11-23T09:00:00Z")!
  static let zone = (try? DomainName("example.gov.")) ?? .root
  static let server = SocketAddress(address: .v4(0xC000_0235), port: 53)

  static func hour(_ hour: Int) -> Timestamp { begin.advanced(by: .seconds(3600 * hour)) }

  /// One pass over one server, which gives this address where 192.0.2.10 is declared.
  static func pass(_ store: Store, _ address: UInt8, isExcepted: Bool, hour: Int) throws -> AuditResult {
    func a(_ last: UInt8) -> RData { RData(type: .a, canonical: [192, 0, 2, last]) }
    let record = DeclaredRRset(zone, .a, .exactly([a(10)]))
    var declaration = Declaration(domains: [Domain(zone, secondaries: [server], records: [record])])
    if isExcepted {
      declaration.exceptions = [
        DeclaredException("record-differs", domain: zone, reason: "moving", owner: "Ada", expires: Self.hour(100))
      ]
    }
    var scope = AuditScope()
    scope.walks = false
    var survey = Survey(declaration, scope: scope, now: Self.hour(hour))
    survey.advance()
    while !survey.isComplete {
      survey.learn(
        try survey.wanted.map { query in
          let soa = try RData(type: .soa, text: "ns.example.gov. h.example.gov. 1 1 1 1 1", origin: nil)
          var header = Header()
          (header.isResponse, header.authoritative) = (true, true)
          let answer = ResourceRecord(name: zone, ttl: 60, rdata: query.type == .soa ? soa : a(address))
          let reply = Message(header: header, questions: [Question(name: zone, type: query.type)], answers: [answer])
          return Observation(query, .replied(reply), at: Self.hour(hour))
        })
      survey.advance()
    }
    return AuditResult(
      survey, declaration, in: store, scope: Scope(declaration: "/nameward.yaml", domains: nil, servers: nil),
      started: Self.hour(hour), at: Self.hour(hour))
  }

  @Test func `it is not gone when the exception begins, and not new when it ends`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "nameward-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try Store(folder: folder.path)
    let first = try Self.pass(store, 66, isExcepted: false, hour: 0)
    #expect(first.findings.map(\.check) == ["record-differs"] && first.new.count == 1 && first.unrecorded == nil)

    let covered = try Self.pass(store, 66, isExcepted: true, hour: 1)
    #expect(covered.findings.isEmpty && covered.gone.isEmpty && covered.new.isEmpty)
    #expect(covered.excepted.map(\.finding.since) == [Self.begin] && covered.totals.excepted == 1)
    #expect(covered.ending == .intended)

    let uncovered = try Self.pass(store, 66, isExcepted: false, hour: 2)
    #expect(uncovered.findings.map(\.since) == [Self.begin] && uncovered.new.isEmpty && uncovered.gone.isEmpty)

    let again = try Self.pass(store, 66, isExcepted: true, hour: 3)
    #expect(again.excepted.count == 1)
    // What is corrected while it is excepted is told as gone, and that the exception has lost its use is not told by a part.
    let corrected = try Self.pass(store, 10, isExcepted: true, hour: 4)
    #expect(corrected.gone.map(\.check) == ["record-differs"] && corrected.findings.isEmpty)
  }

  @Test func `what is excepted from its first sight on is not announced, and its time is kept`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "nameward-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try Store(folder: folder.path)
    #expect(try Self.pass(store, 66, isExcepted: true, hour: 0).new.isEmpty)
    let ended = try Self.pass(store, 66, isExcepted: false, hour: 5)
    #expect(ended.findings.map(\.since) == [Self.begin])
  }
}
