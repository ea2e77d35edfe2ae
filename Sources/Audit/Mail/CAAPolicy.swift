import DNSWire
import Names

/// What one CAA record says (RFC 8659 §4).
struct CAAProperty: Hashable, Sendable {
  /// Why a certificate authority that honours the record issues nothing, or cannot report.
  struct Fault: Error, Hashable, Sendable {
    var words: String
  }

  enum Meaning: Hashable, Sendable {
    case issue(CAAIssuer)
    case issueWild(CAAIssuer)
    /// `iodef`, and tags for other purposes: nothing about who issues names.
    case other
  }

  /// Registered, and none that says who issues for names (IANA, "Certification Authority Restriction Properties").
  private static let otherTags: Set<String> = [
    "iodef", "contactemail", "contactphone", "issuevmc", "issuemail", "auth", "path", "policy",
  ]

  let record: RData
  let meaning: Meaning

  init(_ record: RData) throws(Fault) {
    guard let caa = CAA(record) else { throw Fault(words: "a CAA record that cannot be read") }
    self.record = record
    let tag = String(decoding: caa.tag.map(lowerCased), as: UTF8.self)
    guard !tag.isEmpty, caa.tag.allSatisfy({ lowerCased($0) &- 0x61 < 26 || $0 &- 0x30 < 10 }) else {
      throw Fault(words: "'\(caa.tag.excerpt)' is no CAA tag")
    }
    switch tag {
    case "issue": meaning = .issue(try CAAIssuer(caa.value))
    case "issuewild": meaning = .issueWild(try CAAIssuer(caa.value))
    case "iodef":
      guard let address = ReportAddress(String(decoding: caa.value, as: UTF8.self)),
        ["mailto", "http", "https"].contains(address.scheme)
      else { throw Fault(words: "iodef '\(caa.value.excerpt)' is no address for reports") }
      meaning = .other
    default:
      // §4.1: whoever does not know a critical tag must not issue.
      guard caa.flags & 0x80 == 0 || Self.otherTags.contains(tag) else {
        throw Fault(words: "the tag '\(caa.tag.excerpt)' is critical and nobody knows it, so nobody may issue")
      }
      meaning = .other
    }
  }
}

/// Who may issue, and on which conditions (RFC 8659 §4.2, RFC 8657).
struct CAAIssuer: Hashable, Sendable {
  /// Lower-cased; nil where nobody may.
  var name: String?
  var parameters: [String: String] = [:]

  /// RFC 8657 §3.
  var account: String? { parameters["accounturi"] }

  init(_ value: [UInt8]) throws(CAAProperty.Fault) {
    let fault = CAAProperty.Fault(words: "issuer '\(value.excerpt)' is malformed, so nobody may issue by it")
    let parts = value.split(separator: 0x3B, maxSplits: 1, omittingEmptySubsequences: false)
    let issuer = Self.trimmed(parts[0])
    if !issuer.isEmpty {
      let labels = issuer.split(separator: 0x2E, omittingEmptySubsequences: false)
      guard labels.allSatisfy(Self.isLabel) else { throw fault }
      name = String(decoding: issuer.map(lowerCased), as: UTF8.self)
    }
    guard parts.count == 2, !Self.trimmed(parts[1]).isEmpty else { return }
    for parameter in parts[1].split(separator: 0x3B, omittingEmptySubsequences: false) {
      guard let equals = parameter.firstIndex(of: 0x3D) else { throw fault }
      let (tag, value) = (Self.trimmed(parameter[..<equals]), Self.trimmed(parameter[(equals + 1)...]))
      guard Self.isLabel(tag), value.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw fault }
      let key = String(decoding: tag.map(lowerCased), as: UTF8.self)
      // Of a parameter that stands twice RFC 8657 §3 lets nobody issue.
      guard parameters.updateValue(String(decoding: value, as: UTF8.self), forKey: key) == nil else { throw fault }
      if key == "validationmethods" {
        guard value.split(separator: 0x2C, omittingEmptySubsequences: false).allSatisfy(Self.isLabel) else { throw fault }
      }
    }
  }

  /// Letters and digits, and hyphens between them.
  private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
    guard let first = label.first, let last = label.last, first != 0x2D, last != 0x2D else { return false }
    return label.allSatisfy { lowerCased($0) &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == 0x2D }
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let start = text.drop { $0 == 0x20 || $0 == 0x09 }
    guard let last = start.lastIndex(where: { $0 != 0x20 && $0 != 0x09 }) else { return [] }
    return start[...last]
  }
}

/// The relevant record set of a name (RFC 8659 §3), compared with who is declared to issue.
struct CAAPolicy {
  var properties: [CAAProperty] = []

  init(_ records: [RData]) throws(CAAProperty.Fault) {
    for record in records { properties.append(try CAAProperty(record)) }
  }

  /// Each record that lets somebody issue, also wildcards alone: a wildcard's certificate serves for the names below it.
  var issuers: [(issuer: CAAIssuer, record: RData)] {
    properties.compactMap { property in
      switch property.meaning {
      case .issue(let issuer), .issueWild(let issuer): (issuer, property.record)
      case .other: nil
      }
    }
  }

  /// Whether there is no limit to who issues certificates for the name itself.
  var isOpen: Bool {
    !properties.contains { if case .issue = $0.meaning { true } else { false } }
  }
}
