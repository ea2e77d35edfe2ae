/// Where something stands in a text.
public struct TextPlace: Hashable, Sendable {
  /// From 1.
  public var line: Int
  /// In characters, from 1.
  public var column: Int

  public init(line: Int, column: Int) { (self.line, self.column) = (line, column) }

  public static let start = TextPlace(line: 1, column: 1)
}

extension TextPlace {
  /// Where an octet stands in a text whose lines end with LF.
  public init(of offset: Int, in octets: [UInt8]) {
    let before = octets[..<offset]
    let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    self.init(line: before.count { $0 == 0x0A } + 1, column: String(decoding: before[start...], as: UTF8.self).count + 1)
  }
}

extension TextPlace: Comparable, CustomStringConvertible {
  public static func < (one: TextPlace, other: TextPlace) -> Bool { (one.line, one.column) < (other.line, other.column) }

  /// `14:7`
  public var description: String { "\(line):\(column)" }
}
