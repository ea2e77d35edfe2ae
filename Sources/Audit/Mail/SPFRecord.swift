import DNSWire
import Names

/// An SPF record, parsed (RFC 7208 §4.5, §4.6, §12).
struct SPFRecord: Hashable, Sendable {
  /// What a match makes of the sender (RFC 7208 §4.6.2).
  enum Qualifier: UInt8, Sendable {
    case pass = 0x2B
    case fail = 0x2D
    case softFail = 0x7E
    case neutral = 0x3F
  }

  enum Mechanism: Hashable, Sendable {
    case all
    case include(SPFDomain)
    /// The domain is the record's own where none is written; lengths in bits of the prefixes that are compared.
    case a(SPFDomain?, v4: Int, v6: Int)
    case mx(SPFDomain?, v4: Int, v6: Int)
    case ptr(SPFDomain?)
    case ip(IPPrefix)
    case exists(SPFDomain)
  }

  struct Directive: Hashable, Sendable {
    var qualifier: Qualifier
    var mechanism: Mechanism
    /// As it is written, cut to a line.
    var text: String
  }

  /// A term that is not of the grammar, or not allowed where it stands.
  struct Fault: Error, Hashable, Sendable {
    var term: String
  }

  private(set) var directives: [Directive] = []
  private(set) var redirect: SPFDomain?
  private(set) var explanation: SPFDomain?

  /// Whether a TXT record is meant to be one: `v=spf1`, and then a space or the end (RFC 7208 §4.5).
  static func isOne(_ text: [UInt8]) -> Bool {
    let version = Array("v=spf1".utf8)
    return text.prefix(version.count).map(lowerCased) == version && (text.count == version.count || text[version.count] == 0x20)
  }

  static func isOne(_ record: RData) -> Bool { TXT(record).map { isOne($0.joined) } ?? false }

  /// Reads the strings of a TXT record, put together.
  ///
  /// - Throws: ``Fault`` for the first term that is not allowed. Any such makes the whole record a permanent error (§4.6).
  init(_ text: [UInt8]) throws(Fault) {
    guard Self.isOne(text) else { throw Fault(term: text.excerpt) }
    for term in text.dropFirst(6).split(separator: 0x20) { try read(Array(term)) }
  }

  private mutating func read(_ term: [UInt8]) throws(Fault) {
    let fault = Fault(term: term.excerpt)
    if let equals = term.firstIndex(where: { !Self.isNameOctet($0) }), equals > 0, term[equals] == 0x3D, Self.isLetter(term[0]) {
      return try readModifier(term[..<equals].map(lowerCased), Array(term[(equals + 1)...]), fault)
    }
    let qualifier = term.first.flatMap(Qualifier.init(rawValue:))
    let rest = qualifier == nil ? term[...] : term.dropFirst()
    let end = rest.firstIndex { $0 == 0x3A || $0 == 0x2F } ?? rest.endIndex
    guard let mechanism = Self.mechanism(rest[..<end].map(lowerCased), Array(rest[end...])) else { throw fault }
    directives.append(Directive(qualifier: qualifier ?? .pass, mechanism: mechanism, text: term.excerpt))
  }

  /// RFC 7208 §6: `redirect` and `exp` stand once at most; others are ignored, once their macros are well formed.
  private mutating func readModifier(_ name: [UInt8], _ value: [UInt8], _ fault: Fault) throws(Fault) {
    switch String(decoding: name, as: UTF8.self) {
    case "redirect":
      guard redirect == nil, let domain = SPFDomain(value) else { throw fault }
      redirect = domain
    case "exp":
      guard explanation == nil, let domain = SPFDomain(value) else { throw fault }
      explanation = domain
    default: guard SPFDomain.isMacroString(value) else { throw fault }
    }
  }

  private static func mechanism(_ name: [UInt8], _ rest: [UInt8]) -> Mechanism? {
    let argument = rest.first == 0x3A ? Array(rest.dropFirst()) : nil
    switch String(decoding: name, as: UTF8.self) {
    case "all": return rest.isEmpty ? .all : nil
    case "include": return argument.flatMap(SPFDomain.init).map { .include($0) }
    case "exists": return argument.flatMap(SPFDomain.init).map { .exists($0) }
    case "ptr":
      if rest.isEmpty { return .ptr(nil) }
      return argument.flatMap(SPFDomain.init).map { .ptr($0) }
    case "a": return hosts(rest).map { .a($0.domain, v4: $0.v4, v6: $0.v6) }
    case "mx": return hosts(rest).map { .mx($0.domain, v4: $0.v4, v6: $0.v6) }
    case "ip4": return argument.flatMap { network($0, isV6: false) }.map { .ip($0) }
    case "ip6": return argument.flatMap { network($0, isV6: true) }.map { .ip($0) }
    default: return nil
    }
  }

  /// `[":" domain-spec] [dual-cidr-length]`. A slash may stand in the domain too, so the lengths are taken from the end.
  private static func hosts(_ rest: [UInt8]) -> (domain: SPFDomain?, v4: Int, v6: Int)? {
    var rest = rest[...]
    var (v4, v6) = (32, 128)
    if let (length, start) = trailingLength(rest), start > rest.startIndex, rest[start - 1] == 0x2F {
      guard let bits = bits(length, most: 128) else { return nil }
      v6 = bits
      rest = rest[..<(start - 1)]
    }
    if let (length, start) = trailingLength(rest) {
      guard let bits = bits(length, most: 32) else { return nil }
      v4 = bits
      rest = rest[..<start]
    }
    if rest.isEmpty { return (nil, v4, v6) }
    guard rest.first == 0x3A, let domain = SPFDomain(Array(rest.dropFirst())) else { return nil }
    return (domain, v4, v6)
  }

  /// `/` and digits at the end, and where the slash stands.
  private static func trailingLength(_ text: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, start: Int)? {
    guard let slash = text.lastIndex(of: 0x2F), slash + 1 < text.endIndex else { return nil }
    let digits = text[(slash + 1)...]
    return digits.allSatisfy { $0 &- 0x30 < 10 } ? (digits, slash) : nil
  }

  /// RFC 7208 §12: no leading zero.
  private static func bits(_ digits: ArraySlice<UInt8>, most: Int) -> Int? {
    guard digits.count <= 3, digits.count == 1 || digits.first != 0x30,
      let bits = Int(String(decoding: digits, as: UTF8.self)), bits <= most
    else { return nil }
    return bits
  }

  private static func network(_ text: [UInt8], isV6: Bool) -> IPPrefix? {
    let parts = text.split(separator: 0x2F, maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = IPAddress(String(decoding: parts[0], as: UTF8.self)), address.isV6 == isV6 else { return nil }
    guard parts.count == 2 else { return IPPrefix(containing: address, length: address.bitWidth) }
    guard !parts[1].isEmpty, parts[1].allSatisfy({ $0 &- 0x30 < 10 }), let bits = bits(parts[1], most: address.bitWidth) else {
      return nil
    }
    return IPPrefix(containing: address, length: bits)
  }

  private static func isLetter(_ octet: UInt8) -> Bool { lowerCased(octet) &- 0x61 < 26 }

  private static func isNameOctet(_ octet: UInt8) -> Bool {
    isLetter(octet) || octet &- 0x30 < 10 || octet == 0x2D || octet == 0x5F || octet == 0x2E
  }
}

extension SPFRecord.Mechanism {
  /// Whether evaluating it asks DNS, so that it counts towards the limit of RFC 7208 §4.6.4.
  var asks: Bool {
    switch self {
    case .include, .a, .mx, .ptr, .exists: true
    case .all, .ip: false
    }
  }
}
