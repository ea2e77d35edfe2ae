import DNSWire
import Estate
import Fixtures
import Foundation
import Names
import Testing

@testable import Probe

/// Signed streams that dnspython made; see Fixtures/dns/tsig.
struct SignedStream: Sendable, CustomTestStringConvertible {
  var name = ""
  var key: TransferKey
  var time = Timestamp(seconds: 0)
  var id: UInt16 = 0
  var request: [UInt8] = []
  var replies: [[UInt8]] = []

  var testDescription: String { name }

  static let all: [SignedStream] = {
    let text = (try? String(contentsOfFile: Fixture.path("dns/tsig/streams.txt"), encoding: .utf8)) ?? ""
    return text.split(separator: "\n\n").compactMap { try? SignedStream(String($0)) }
  }()

  static func named(_ name: String) throws -> SignedStream { try #require(all.first { $0.name == name }) }

  private init(_ block: String) throws {
    let lines = block.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.split(separator: " ", maxSplits: 1) }
    func value(_ word: String) throws -> String { String(try #require(lines.first { $0[0] == word }?.last)) }
    let parts = try value("key").split(separator: " ").map(String.init)
    key = try TransferKey(name: DomainName(parts[0]), algorithm: .init(named: parts[1]), base64: parts[2])
    name = try value("stream")
    time = Timestamp(seconds: try #require(Int64(try value("time"))))
    id = try #require(UInt16(try value("id")))
    request = Self.octets(try value("request"))
    replies = lines.filter { $0[0] == "reply" }.map { Self.octets(String($0[1])) }
  }

  private static func octets(_ hex: String) -> [UInt8] {
    let digits = Array(hex)
    return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...($0 + 1)]), radix: 16) }
  }
}

/// Records and messages of transfers, as a test writes them.
enum Transferred {
  static let zone = DomainName.test("example.gov.")

  static func record(_ owner: String, _ type: RRType, _ data: String, recordClass: RRClass = .in) -> ResourceRecord {
    // Data that cannot be read is empty, and the test that holds it fails.
    let rdata = (try? RData(type: type, text: data, origin: zone)) ?? RData(type: type, canonical: [])
    return ResourceRecord(name: .test(owner, below: zone), recordClass: recordClass, ttl: 3600, rdata: rdata)
  }

  static func soa(_ serial: UInt32, refresh: Int = 3600) -> ResourceRecord {
    record("", .soa, "ns1.example.gov. host.example.gov. \(serial) \(refresh) 600 1209600 300")
  }

  static func a(_ owner: String, _ last: Int) -> ResourceRecord { record(owner, .a, "192.0.2.\(last)") }

  static func copy(_ serial: UInt32, _ records: [ResourceRecord]) throws -> ZoneCopy {
    try #require(ZoneCopy(zone, records: [soa(serial)] + records))
  }

  /// A message with these answers, to a question for a transfer.
  static func message(
    _ answers: [ResourceRecord], id: UInt16 = 77, type: RRType = .axfr, change: (inout Message) -> Void = { _ in }
  ) -> [UInt8] {
    var message = Message(
      header: Header(id: id, isResponse: true, authoritative: true), questions: [Question(name: zone, type: type)],
      answers: answers)
    change(&message)
    return message.encoded()
  }

  /// What a session makes of these messages; the clock stands still.
  static func read(
    _ messages: [[UInt8]], since: ZoneCopy? = nil, key: TransferKey? = nil, id: UInt16 = 77,
    at now: Timestamp = .init(seconds: 0),
    limits: TransferLimits = .init(octets: 1 << 20, records: 1000)
  ) throws(TransferFault.Cause) -> TransferSession.Outcome? {
    var session = TransferSession(zone, key: key, since: since, id: id, limits: limits)
    _ = session.ask(at: now)
    for (place, message) in messages.enumerated() {
      if let outcome = try session.received(message, at: now) { return place == messages.count - 1 ? outcome : nil }
    }
    return nil
  }
}

extension TransferSession.Outcome {
  var copy: ZoneCopy? { if case .whole(let copy) = self { copy } else { nil } }
}

extension DomainName {
  /// A name that a test writes; the root if it is none, so that the test fails.
  static func test(_ text: String, below origin: DomainName? = nil) -> DomainName {
    if text.isEmpty { return origin ?? .root }
    return (try? DomainName(text, origin: origin)) ?? .root
  }
}
