/// What the data of one RR type is made of: wire form, presentation form and typed view come from this list of fields.
public struct RecordFormat: Sendable {
  public let type: RRType
  public let mnemonic: String
  /// The RFC and section that defines the data.
  public let source: String
  let fields: [Field]
  /// Whether the format holds in class IN only; in another class the data is opaque.
  let isInternetOnly: Bool

  init(_ type: RRType, _ mnemonic: String, _ source: String, internetOnly: Bool = false, _ fields: [Field]) {
    (self.type, self.mnemonic, self.source, self.fields) = (type, mnemonic, source, fields)
    isInternetOnly = internetOnly
  }

  /// Whether a name in the data may be sent compressed (RFC 3597 §4).
  var isCompressible: Bool {
    fields.contains { if case .name(.compressed) = $0 { true } else { false } }
  }

  /// One field of record data. A field that takes the rest of the data stands last.
  enum Field: Sendable {
    case u8, u16, u32
    /// 32 bits, seconds; text may say `1h30m`.
    case period
    /// 32 bits, seconds of 1970 modulo 2³²; text says `YYYYMMDDHHmmSS` (RFC 4034 §3.2).
    case time
    /// 16 bits; text says the mnemonic of an RR type.
    case type
    /// 8 bits; text may say the mnemonic of a DNSSEC algorithm.
    case algorithm
    /// 16 bits; text may say a mnemonic of RFC 4398 §2.1.
    case certificateType
    /// 8 bits; text may say NOTIFY (RFC 9859 §2.1).
    case scheme
    case name(Compression)
    case ipv4, ipv6
    /// 64 bits; text has four groups of hexadecimal digits (RFC 6742 §2.1.2).
    case locator
    /// Octets as pairs of digits with hyphens (RFC 7043).
    case eui(octets: Int)
    /// A character-string: a length octet and up to 255 octets (RFC 1035 §3.3).
    case string
    /// A character-string that may be missing at the end of the data.
    case optionalString
    /// One character-string or more, to the end of the data.
    case strings
    /// The rest of the data as one string without a length (RFC 8659 §4.1.1, RFC 7553 §4.4).
    case text
    /// A length octet and letters and digits (RFC 8659 §4.1).
    case tag
    /// The rest of the data.
    case base64(mayBeEmpty: Bool)
    /// The rest of the data.
    case hex(mayBeEmpty: Bool)
    /// A length octet and octets; `-` for none (RFC 5155 §3.3).
    case hexString
    /// A length octet and octets in base32 with the extended hexadecimal alphabet (RFC 5155 §3.3).
    case base32String
    /// Windows of type bits, to the end of the data (RFC 4034 §4.1.2).
    case types
    /// Type bits from 0 to 127 without windows (RFC 2535 §5.2).
    case oldTypes
    case parameters  // SVCB
    case location  // LOC
    case prefixes  // APL
    case services  // WKS
    case networkAddress  // NSAP
    case gateway  // IPSECKEY
    case relay  // AMTRELAY
    case hostIdentity  // HIP
  }

  /// What RFC 3597 §4 says about compression of a name in record data.
  enum Compression: Sendable {
    /// Types of RFC 1035: sent and accepted compressed.
    case compressed
    /// Types that old servers compress: sent whole, accepted compressed.
    case accepted
    /// Sent whole, a pointer is a fault.
    case whole
  }

  /// The format of a type; `nil` if its data is opaque to us.
  public static func of(_ type: RRType) -> RecordFormat? {
    let code = Int(type.rawValue)
    if code < low.count { return low[code] }
    return high[type.rawValue]
  }

  private static let low: [RecordFormat?] = {
    var table = [RecordFormat?](repeating: nil, count: 512)
    for format in all where format.type.rawValue < 512 { table[Int(format.type.rawValue)] = format }
    return table
  }()

  private static let high: [UInt16: RecordFormat] = {
    var table = [UInt16: RecordFormat]()
    for format in all where format.type.rawValue >= 512 { table[format.type.rawValue] = format }
    return table
  }()
}
