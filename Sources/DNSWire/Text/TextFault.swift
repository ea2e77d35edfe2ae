public import Names

/// Why text is not the data of a record: what, and where.
public struct TextFault: Error, Hashable, Sendable {
  public var position: SourcePosition
  public var cause: Cause

  public init(position: SourcePosition, cause: Cause) { (self.position, self.cause) = (position, cause) }

  /// What a field wants.
  public enum Wanted: Hashable, Sendable {
    case number(upTo: UInt64)
    case period, time, type, algorithm, certificateType, scheme
    case name, ipv4, ipv6, locator
    case eui(octets: Int)
    case string, tag, base64, hex, base32
    case parameter, location, prefix, service, gateway, networkAddress
    case genericData  // RFC 3597 §5
  }

  public enum Cause: Hashable, Sendable {
    /// The record ends where a field is wanted.
    case missing(Wanted)
    /// A token that is not what the field wants.
    case unfit(Wanted, token: String)
    case name(DomainName.Fault, token: String)
    /// A token after the last field.
    case surplus(token: String)
    /// A character-string of more than 255 octets (RFC 1035 §3.3).
    case stringTooLong(octets: Int)
    /// `\#` counts other than the octets that follow (RFC 3597 §5).
    case genericLength(stated: Int, found: Int)
    /// More than 65,535 octets.
    case dataTooLong(octets: Int)
    /// Octets that are well written but break a rule of the type.
    case data(WireFault)
    /// A quote that is not closed, in text that is in no file.
    case openQuote
  }
}

extension TextFault: CustomStringConvertible {
  /// Where and what: `zones/example.gov.zone:14:7: "abc" is not a number from 0 to 65535`.
  public var description: String { "\(position): \(cause)" }
}

extension TextFault.Cause: CustomStringConvertible {
  /// What is wrong, in one sentence without its full stop.
  public var description: String {
    switch self {
    case .missing(let wanted): "the record ends where \(wanted) is wanted"
    case .unfit(let wanted, let token): "\"\(token)\" is not \(wanted)"
    case .name(let fault, let token): "\"\(token)\" is not a domain name: \(fault)"
    case .surplus(let token): "\"\(token)\" follows the last field of the record"
    case .stringTooLong(let octets): "a string of \(octets) octets: at most 255 are allowed; split it into several strings"
    case .genericLength(let stated, let found): "\\# promises \(stated) octets, but \(found) follow"
    case .dataTooLong(let octets): "record data of \(octets) octets: at most 65535 are allowed"
    case .data(let fault): "\(fault)"
    case .openQuote: "a quoted string is not closed"
    }
  }
}

extension TextFault.Wanted: CustomStringConvertible {
  public var description: String {
    switch self {
    case .number(let limit): "a number from 0 to \(limit)"
    case .period: "a time in seconds or such as 1h30m"
    case .time: "a time such as 20260131120000"
    case .type: "a record type such as A or TYPE65280"
    case .algorithm: "a DNSSEC algorithm"
    case .certificateType: "a certificate type"
    case .scheme: "a scheme"
    case .name: "a domain name"
    case .ipv4: "an IPv4 address such as 192.0.2.1"
    case .ipv6: "an IPv6 address such as 2001:db8::1"
    case .locator: "four groups of hexadecimal digits such as 2001:db8:1140:1000"
    case .eui(let octets): "\(octets) pairs of hexadecimal digits with hyphens between them"
    case .string: "a string with valid escapes"
    case .tag: "a tag of letters and digits"
    case .base64: "base64"
    case .hex: "pairs of hexadecimal digits"
    case .base32: "base32 with the digits 0-9 and a-v"
    case .parameter: "a service parameter such as alpn=h2"
    case .location: "a location such as 52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m"
    case .prefix: "an address prefix such as !1:192.0.2.0/24"
    case .service: "a service or port"
    case .gateway: "a gateway"
    case .networkAddress: "an address such as 0x47.0005.80"
    case .genericData: "\\#, a length and hexadecimal digits"
    }
  }
}
