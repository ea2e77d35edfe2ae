internal import Notation

extension XMLElement {
  /// The element as XML by its local names, for a person who wants to know what was not understood: attributes in order, no namespaces,
  /// cut after 64 KiB.
  func outline() -> String {
    var text = ""
    write(to: &text, levels: STIX1.mostLevels)
    return text
  }

  private func write(to text: inout String, levels: Int) {
    guard levels > 0, text.utf8.count < 1 << 16 else { return }
    text += "<" + name
    for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
      text += " \(name)=\"\(Self.escaped(String(value.prefix(1000))))\""
    }
    guard !children.isEmpty || content != nil else {
      text += "/>"
      return
    }
    text += ">" + Self.escaped(String((content ?? "").prefix(1 << 14)))
    for child in children { child.write(to: &text, levels: levels - 1) }
    text += "</\(name)>"
  }

  private static func escaped(_ text: String) -> String {
    rewritten(text) { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case "\"": "&quot;"
      default: nil
      }
    }
  }
}
