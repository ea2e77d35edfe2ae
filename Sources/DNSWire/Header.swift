/// The header of a message (RFC 1035 §4.1.1, RFC 4035 §3), without its counts.
public struct Header: Hashable, Sendable {
  public var id: UInt16
  public var isResponse: Bool  // QR
  public var opcode: Opcode
  public var authoritative: Bool  // AA
  public var truncated: Bool  // TC
  public var recursionDesired: Bool  // RD
  public var recursionAvailable: Bool  // RA
  /// The Z bit, which must be zero.
  public var reserved: Bool
  public var authenticData: Bool  // AD
  public var checkingDisabled: Bool  // CD
  /// Twelve bits when the message has an OPT record (RFC 6891 §6.1.3), else four.
  public var responseCode: ResponseCode

  public init(
    id: UInt16 = 0, isResponse: Bool = false, opcode: Opcode = .query, authoritative: Bool = false, truncated: Bool = false,
    recursionDesired: Bool = false, recursionAvailable: Bool = false, reserved: Bool = false, authenticData: Bool = false,
    checkingDisabled: Bool = false, responseCode: ResponseCode = .noError
  ) {
    (self.id, self.isResponse, self.opcode, self.authoritative) = (id, isResponse, opcode, authoritative)
    (self.truncated, self.recursionDesired, self.recursionAvailable) = (truncated, recursionDesired, recursionAvailable)
    (self.reserved, self.authenticData, self.checkingDisabled) = (reserved, authenticData, checkingDisabled)
    self.responseCode = responseCode
  }

  /// The header from its first two 16-bit words.
  init(id: UInt16, flags: UInt16) {
    func bit(_ place: UInt16) -> Bool { flags >> place & 1 == 1 }
    self.init(
      id: id, isResponse: bit(15), opcode: Opcode(UInt8(flags >> 11 & 15)), authoritative: bit(10), truncated: bit(9),
      recursionDesired: bit(8), recursionAvailable: bit(7), reserved: bit(6), authenticData: bit(5), checkingDisabled: bit(4),
      responseCode: ResponseCode(flags & 15))
  }

  /// The second 16-bit word, with the lower four bits of the response code.
  var flags: UInt16 {
    func bit(_ value: Bool, _ place: UInt16) -> UInt16 { value ? 1 << place : 0 }
    return bit(isResponse, 15) | UInt16(opcode.rawValue & 15) << 11 | bit(authoritative, 10) | bit(truncated, 9)
      | bit(recursionDesired, 8) | bit(recursionAvailable, 7) | bit(reserved, 6) | bit(authenticData, 5)
      | bit(checkingDisabled, 4) | responseCode.rawValue & 15
  }
}

/// What kind of message it is (RFC 1035 §4.1.1): four bits.
public struct Opcode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  public init(_ rawValue: UInt8) { self.rawValue = rawValue }

  public static let query = Opcode(0)
  public static let status = Opcode(2)
  public static let notify = Opcode(4)
  public static let update = Opcode(5)

  public var description: String {
    switch self {
    case .query: "QUERY"
    case .status: "STATUS"
    case .notify: "NOTIFY"
    case .update: "UPDATE"
    default: "OPCODE\(rawValue)"
    }
  }
}

/// How a question was answered (RFC 6895 §2.3): twelve bits with EDNS, four without.
public struct ResponseCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  public let rawValue: UInt16
  public init(rawValue: UInt16) { self.rawValue = rawValue }
  public init(_ rawValue: UInt16) { self.rawValue = rawValue }

  public static let noError = ResponseCode(0)
  public static let formatError = ResponseCode(1)
  public static let serverFailure = ResponseCode(2)
  public static let nameError = ResponseCode(3)
  public static let notImplemented = ResponseCode(4)
  public static let refused = ResponseCode(5)
  public static let nameExists = ResponseCode(6)
  public static let setExists = ResponseCode(7)
  public static let setMissing = ResponseCode(8)
  public static let notAuthoritative = ResponseCode(9)
  public static let notInZone = ResponseCode(10)
  public static let badVersion = ResponseCode(16)
  public static let badCookie = ResponseCode(23)

  private static let mnemonics = [
    "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH", "NOTZONE",
  ]

  /// The mnemonic as servers and dig spell it: `NXDOMAIN`; `RCODE12` for a number that has none.
  public var description: String {
    switch self {
    case .badVersion: "BADVERS"
    case .badCookie: "BADCOOKIE"
    default: Int(rawValue) < Self.mnemonics.count ? Self.mnemonics[Int(rawValue)] : "RCODE\(rawValue)"
    }
  }
}
