/// One value in a piece of a log: where it stands, in which line, under which name. 24 octets, so that what a megabyte of log holds
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
  /// Where the field's name stands in the piece, if it stands there; else the number of one of ``LogReader/names``.
  public var name: UInt32
  /// Octets of the name in the piece; 0 where `name` is a number.
  public var nameCount: UInt16
  public var form: Form

  @inline(__always) init(start: Int, end: Int, line: UInt32, name: Int, nameCount: Int = 0, form: Form) {
    self.start = UInt32(truncatingIfNeeded: start)
    count = UInt32(truncatingIfNeeded: end - start)
    self.line = line
    self.name = UInt32(truncatingIfNeeded: name)
    self.nameCount = UInt16(clamping: nameCount)
    self.form = form
  }

  /// The octets that it takes in the piece.
  public var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
}
