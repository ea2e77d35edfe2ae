/// One value in a piece of a log: where it stands, in which line, under which name. 16 octets, so that what a megabyte of log holds
/// stays near the processor.
public struct LogField: Sendable {
  /// How the value is to be read.
  public enum Form: UInt8, Sendable {
    /// The whole field is one value: a name or an address.
    case value
    /// Words and marks around them; each word may be a value.
    case text
    /// Text with the escapes of JSON (RFC 8259 §7).
    case escapedText
  }

  /// Octets from the start of the piece.
  public var start: UInt32
  public var count: UInt32
  /// From 0, in the piece.
  public var line: UInt32
  /// Of ``LogReader/names``; ``nameInLine`` where the line itself says it.
  var name: UInt16
  public var form: Form

  /// More names than any log has.
  static let nameInLine = Int(UInt16.max)

  @inline(__always) init(start: Int, end: Int, line: UInt32, name: Int, form: Form) {
    self.start = UInt32(truncatingIfNeeded: start)
    count = UInt32(truncatingIfNeeded: end - start)
    self.line = line
    self.name = UInt16(truncatingIfNeeded: name)
    self.form = form
  }

  /// The octets that it takes in the piece.
  public var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
}
