import DNSWire
import Names

/// A piece of work that is measured: one ``run`` does it once and says how many operations that were.
///
/// What ``run`` gives also keeps the compiler from leaving the work out.
public struct Workload: Sendable {
  public let run: @Sendable () -> Int

  /// How much one run does: small, since under valgrind each instruction costs fifty.
  static let (packets, records, lookups, lines) = (2_000, 10_000, 18_000, 10_000)

  /// A workload by its name; the data is made or read now, before anything is measured.
  public static func named(_ name: String) throws -> Workload? {
    switch name {
    case "decode":
      let packets = try Packets.first(packets)
      return Workload { packets.reduce(0) { $0 + (decoded($1) == nil ? 0 : 1) } }
    case "encode":
      let messages = try Packets.first(packets).compactMap(decoded)
      return Workload { messages.reduce(0) { $0 + ($1.encoded().isEmpty ? 0 : 1) } }
    case "expected-answer":
      let answers = try Answer.asDeclared(packets)
      return Workload {
        var scratch: [UInt8] = []
        return answers.reduce(0) { $0 + ($1.isMet(&scratch) ? 1 : 0) }
      }
    case "compare":
      let answers = try Answer.asDeclared(packets)
      return Workload { answers.reduce(0) { $0 + ($1.agreesByRecords ? 1 : 0) } }
    case "zone-addresses", "zone-mixed":
      let octets = GeneratedZone.octets(name == "zone-mixed" ? .mixed : .addresses, records: records)
      let origin = try DomainName(GeneratedZone.origin)
      return Workload { ZoneFile(octets: octets, file: "zone", origin: origin).records.count }
    case "name-set":
      let set = NameSet(try (0..<100_000).map { try DomainName("n\($0).d\($0 % 997).example.") })
      let asked = try (0..<lookups).map { try DomainName("www.host.n\($0 * 17).d\($0 * 17 % 997).example.").octets }
      // One in three is below a name of the set.
      return Workload {
        var found = 0
        for name in asked where set.nearest(to: name.span) != nil { found += 1 }
        return found > 0 ? asked.count : 0
      }
    case "match-log":
      let log = try GeneratedLog(lines: lines)
      return Workload { log.matched() }
    default: return nil
    }
  }

  public static let names = [
    "decode", "encode", "expected-answer", "compare", "zone-addresses", "zone-mixed", "name-set", "match-log",
  ]

  private static func decoded(_ octets: [UInt8]) -> Message? { try? Message(octets.span) }
}

/// An answer beside the RRset that is declared for its name and type: what an audit compares, name after name.
private struct Answer: Sendable {
  var octets: [UInt8]
  var questionEnd: Int
  var name: DomainName
  var type: RRType
  var declared: Set<RData>
  var expected: ExpectedAnswer

  /// The answers with authority among the first packets, each with what it holds as declared, so far as that can be seen
  /// without decoding them.
  static func asDeclared(_ count: Int) throws -> [Answer] {
    var scratch: [UInt8] = []
    return try Packets.first(count).compactMap { octets in
      guard let message = try? Message(octets.span), message.header.authoritative, let question = message.questions.first
      else { return nil }
      let declared = message.answers(question.name, question.type).map(\.rdata)
      let answer = Answer(
        // Header, name, type and class (RFC 1035 §4.1.2).
        octets: octets, questionEnd: 12 + question.name.octets.count + 4, name: question.name, type: question.type,
        declared: Set(declared), expected: ExpectedAnswer(.records, RRsetFingerprint(declared)))
      return answer.isMet(&scratch) ? answer : nil
    }
  }

  func isMet(_ scratch: inout [UInt8]) -> Bool {
    expected.isMet(by: octets.span, questionEnd: questionEnd, type: type, responseCode: 0, key: 0, scratch: &scratch)
  }

  var agreesByRecords: Bool {
    guard let message = try? Message(octets.span) else { return false }
    return Set(message.answers(name, type).map(\.rdata)) == declared
  }
}
