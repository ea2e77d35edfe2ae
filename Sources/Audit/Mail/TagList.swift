/// `tag=value` pairs between semicolons, as DKIM began them and DMARC and mail reports took them over (RFC 6376 §3.2, RFC 7489
/// §6.4, RFC 8460 §3).
struct TagList: Hashable, Sendable {
  struct Tag: Hashable, Sendable {
    var name: String
    var value: String
  }

  /// What is no pair, or stands twice.
  struct Fault: Error, Hashable, Sendable {
    var part: String
  }

  static let most = 100

  private(set) var tags: [Tag] = []

  /// Reads the strings of a TXT record, put together.
  init(_ text: [UInt8]) throws(Fault) {
    // Between two semicolons readers see nothing, and at the end one may stand.
    let parts = text.split(separator: 0x3B).filter { !$0.allSatisfy(Self.isSpace) }
    guard parts.count <= Self.most else { throw Fault(part: "more than \(Self.most) tags") }
    var seen: Set<String> = []
    for part in parts {
      let fault = Fault(part: Self.trimmed(part).excerpt)
      guard let equals = part.firstIndex(of: 0x3D) else { throw fault }
      let (name, value) = (Self.trimmed(part[..<equals]), Self.trimmed(part[(equals + 1)...]))
      guard !name.isEmpty, name.allSatisfy(Self.isNameOctet),
        value.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x09 })
      else { throw fault }
      let tag = Tag(name: String(decoding: name, as: UTF8.self), value: String(decoding: value, as: UTF8.self))
      guard seen.insert(tag.name).inserted else { throw Fault(part: "\(tag.name) twice") }
      tags.append(tag)
    }
  }

  subscript(name: String) -> String? { tags.first { $0.name == name }?.value }

  private static func isSpace(_ octet: UInt8) -> Bool { octet == 0x20 || octet == 0x09 }
  private static func isLetter(_ octet: UInt8) -> Bool { (octet | 0x20) &- 0x61 < 26 }
  private static func isNameOctet(_ octet: UInt8) -> Bool {
    isLetter(octet) || octet &- 0x30 < 10 || octet == 0x5F || octet == 0x2D || octet == 0x2E
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> [UInt8] {
    let start = text.drop(while: isSpace)
    guard let last = start.lastIndex(where: { !isSpace($0) }) else { return [] }
    return Array(start[...last])
  }
}

/// Where reports are to be sent: a URI and perhaps the largest report (RFC 7489 §6.2).
struct ReportAddress: Hashable, Sendable {
  var scheme: String
  /// The domain of a mail address, or a web server's host with its port.
  var host: String

  /// Nil for what is not `mailto:` with an address or `https:` with a host.
  init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    scheme = parts[0].lowercased()
    switch scheme {
    case "mailto":
      let address = parts[1].prefix { $0 != "!" && $0 != "?" }
      guard let at = address.lastIndex(of: "@"), at != address.startIndex else { return nil }
      host = address[address.index(after: at)...].lowercased()
    case "https", "http":
      guard parts[1].hasPrefix("//") else { return nil }
      host = parts[1].dropFirst(2).prefix { $0 != "/" && $0 != "!" && $0 != "?" && $0 != "#" }.lowercased()
    default: return nil
    }
    guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x2C }) else { return nil }
  }
}
