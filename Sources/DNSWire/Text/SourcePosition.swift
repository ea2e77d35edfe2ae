/// A place in a text file.
public struct SourcePosition: Hashable, Sendable {
  /// As the person named it; empty for text that is in no file.
  public var file: String
  /// From 1.
  public var line: Int
  /// In octets, from 1.
  public var column: Int

  public init(file: String, line: Int, column: Int) { (self.file, self.line, self.column) = (file, line, column) }
}

extension SourcePosition: Comparable {
  public static func < (one: SourcePosition, other: SourcePosition) -> Bool {
    (one.file, one.line, one.column) < (other.file, other.line, other.column)
  }
}

extension SourcePosition: CustomStringConvertible {
  /// `zones/example.gov.zone:14:7`
  public var description: String { file.isEmpty ? "\(line):\(column)" : "\(file):\(line):\(column)" }
}

/// One word or quoted string of a master file (RFC 1035 §5.1).
public struct Token: Hashable, Sendable {
  /// What stands in the file, without the quotes, its escapes still inside.
  public var octets: [UInt8]
  public var isQuoted: Bool
  public var position: SourcePosition

  public init(octets: [UInt8], isQuoted: Bool, position: SourcePosition) {
    (self.octets, self.isQuoted, self.position) = (octets, isQuoted, position)
  }

  /// The token as a person may see it: printable ASCII, at most 60 octets.
  public var shown: String {
    var text = ""
    for octet in octets.prefix(60) {
      text += 0x20...0x7E ~= octet ? String(UnicodeScalar(octet)) : "\\" + String(1000 + Int(octet)).dropFirst()
    }
    return octets.count > 60 ? text + "…" : text
  }
}
