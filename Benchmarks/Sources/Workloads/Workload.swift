import DNSWire
import Names

/// A piece of work that is measured: one ``run`` does it once and says how many operations that were.
///
/// What ``run`` gives also keeps the compiler from leaving the work out.
public struct Workload: Sendable {
  public let run: @Sendable () -> Int

  /// How much one run does: small, since under valgrind each instruction costs fifty.
  static let (packets, records) = (2_000, 10_000)

  /// A workload by its name; the data is made or read now, before anything is measured.
  public static func named(_ name: String) throws -> Workload? {
    switch name {
    case "decode":
      let packets = try Packets.first(packets)
      return Workload { packets.reduce(0) { $0 + (decoded($1) == nil ? 0 : 1) } }
    case "encode":
      let messages = try Packets.first(packets).compactMap(decoded)
      return Workload { messages.reduce(0) { $0 + ($1.encoded().isEmpty ? 0 : 1) } }
    case "fingerprint":
      let answers = try Answer.simple(packets)
      return Workload { answers.reduce(0) { $0 + ($1.agreesByFingerprint ? 1 : 0) } }
    case "compare":
      let answers = try Answer.simple(packets)
      return Workload { answers.reduce(0) { $0 + ($1.agreesByRecords ? 1 : 0) } }
    case "zone-addresses", "zone-mixed":
      let octets = GeneratedZone.octets(name == "zone-mixed" ? .mixed : .addresses, records: records)
      let origin = try DomainName(GeneratedZone.origin)
      return Workload { ZoneFile(octets: octets, file: "zone", origin: origin).records.count }
    default: return nil
    }
  }

  public static let names = ["decode", "encode", "fingerprint", "compare", "zone-addresses", "zone-mixed"]

  private static func decoded(_ octets: [UInt8]) -> Message? { try? Message(octets.span) }
}

/// An answer beside the RRset that is declared for its name and type: what an audit compares, name after name.
private struct Answer: Sendable {
  var octets: [UInt8]
  var name: DomainName
  var type: RRType
  var declared: Set<RData>
  var fingerprint: UInt64

  /// The answers among the first packets that a fingerprint can be taken of without decoding them.
  static func simple(_ count: Int) throws -> [Answer] {
    try Packets.first(count).compactMap { octets in
      guard let message = try? Message(octets.span), let question = message.questions.first,
        RRsetFingerprint.ofAnswer(in: octets.span, name: question.name, type: question.type) != nil
      else { return nil }
      let declared = message.answers(question.name, question.type).map(\.rdata)
      return Answer(
        octets: octets, name: question.name, type: question.type, declared: Set(declared),
        fingerprint: RRsetFingerprint(declared).value)
    }
  }

  var agreesByFingerprint: Bool {
    RRsetFingerprint.ofAnswer(in: octets.span, name: name, type: type) == fingerprint
  }

  var agreesByRecords: Bool {
    guard let message = try? Message(octets.span) else { return false }
    return Set(message.answers(name, type).map(\.rdata)) == declared
  }
}
