/// Writes a JSON text (RFC 8259), indented by two blanks: the same values give the same octets.
///
/// What is written with a name is a member of the object in hand; without one it is an item of the array in hand, or the whole
/// text.
public struct JSONWriter: Sendable {
  public private(set) var text = ""
  private var level = 0
  private var isFirst = true

  public init() {}

  /// Writes an object of what is written by its closure.
  /// - Parameter name: Of the member, in an object; here as below.
  public mutating func object(as name: String? = nil, _ members: (inout JSONWriter) -> Void) {
    nest(name, "{", members, "}")
  }

  /// Writes an array of what is written by its closure.
  public mutating func array(as name: String? = nil, _ items: (inout JSONWriter) -> Void) {
    nest(name, "[", items, "]")
  }

  /// Writes a text, with the escapes that it needs (RFC 8259 §7).
  public mutating func write(_ value: String, as name: String? = nil) {
    start(name)
    text += jsonString(value)
  }

  public mutating func write(_ value: Int64, as name: String? = nil) {
    start(name)
    text += String(value)
  }

  public mutating func write(_ value: Bool, as name: String? = nil) {
    start(name)
    text += value ? "true" : "false"
  }

  /// Writes an array of texts.
  public mutating func write(_ values: [String], as name: String? = nil) {
    array(as: name) { list in
      for value in values { list.write(value) }
    }
  }

  private mutating func nest(_ name: String?, _ open: String, _ body: (inout JSONWriter) -> Void, _ close: String) {
    start(name)
    text += open
    (level, isFirst) = (level + 1, true)
    body(&self)
    level -= 1
    if !isFirst { breakLine() }
    text += close
    isFirst = false
  }

  private mutating func start(_ name: String?) {
    if !isFirst { text += "," }
    if level > 0 { breakLine() }
    isFirst = false
    guard let name else { return }
    text += jsonString(name) + ": "
  }

  private mutating func breakLine() { text += "\n" + String(repeating: "  ", count: level) }
}
