extension RRType {
  /// Strings (RFC 1035 §3.3.14).
  public static let txt = RRType(16)
}

extension RecordFormat {
  static let txt = RecordFormat(.txt, "TXT", "RFC 1035 §3.3.14", [.strings])
}

/// Strings (RFC 1035 §3.3.14).
public struct TXT: Hashable, Sendable {
  /// At least one, each of at most 255 octets.
  public let strings: [[UInt8]]

  /// One long string, cut into strings of 255 octets (RFC 7208 §3.3).
  public init(_ text: [UInt8]) {
    strings = text.isEmpty ? [[]] : stride(from: 0, to: text.count, by: 255).map { Array(text[$0..<min($0 + 255, text.count)]) }
  }

  /// `nil` for data of another type or that does not fit the format.
  public init?(_ rdata: RData) {
    guard rdata.type == .txt, let values = rdata.values else { return nil }
    strings = values[0].strings
  }

  /// The strings put together without a space, as SPF and DKIM read them (RFC 7208 §3.3).
  public var joined: [UInt8] { Array(strings.joined()) }

  public var rdata: RData { RData(.txt, .strings(strings)) }
}
