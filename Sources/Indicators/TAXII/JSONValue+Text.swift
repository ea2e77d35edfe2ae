internal import Notation

extension JSONValue {
  /// The value as JSON text on one line: names, order and the digits of numbers as they were read.
  var text: String {
    var out = ""
    append(to: &out)
    return out
  }

  // As deep as the reader's bound on levels lets it.
  private func append(to out: inout String) {
    switch content {
    case .null: out += "null"
    case .boolean(let flag): out += flag ? "true" : "false"
    case .number(let digits): out += digits
    case .string(let string): out += Self.quoted(string)
    case .array(let items):
      out += "["
      for (place, item) in items.enumerated() {
        if place > 0 { out += "," }
        item.append(to: &out)
      }
      out += "]"
    case .object(let members):
      out += "{"
      for (place, member) in members.enumerated() {
        if place > 0 { out += "," }
        out += Self.quoted(member.name) + ":"
        member.value.append(to: &out)
      }
      out += "}"
    }
  }

  private static func quoted(_ string: String) -> String {
    var writer = JSONWriter()
    writer.write(string)
    return writer.text
  }
}
