extension JSONValue {
  /// How much is read. What is kept for one value is some 100 octets, its text aside.
  public struct Bounds: Sendable {
    public var octets: Int
    public var levels: Int
    public var values: Int

    public init(octets: Int = 256 << 20, levels: Int = 64, values: Int = 4 << 20) {
      (self.octets, self.levels, self.values) = (octets, levels, values)
    }
  }

  /// Reads a whole JSON text.
  public init(_ octets: [UInt8], bounds: Bounds = Bounds()) throws(JSONFault) {
    guard octets.count <= bounds.octets else {
      throw JSONFault(.start, .tooLarge(octets: octets.count, limit: bounds.octets))
    }
    // RFC 8259 §8.1 wants UTF-8; a JSON text starts with ASCII, so a zero shows the wider forms that have no mark.
    if octets.starts(with: [0xFE, 0xFF]) || octets.starts(with: [0xFF, 0xFE]) || octets.prefix(2).contains(0) {
      throw JSONFault(.start, .utf16)
    }
    var reader = JSONReader(octets, bounds)
    self = try reader.document()
  }
}
