internal import Names
internal import Notation

extension PlainList {
  /// What a line says.
  enum Line: Equatable {
    case values([Observable])
    /// The first field of a row; what the others are, nothing says. Many hold the pages where the value is written about.
    case row(Observable)
    /// A line of a hosts file for the machine itself, by what it names.
    case noHost(String)
    /// Prose, or a form that is not known here.
    case other
  }

  /// What a line says without its comment, also as a line of another program's list: hosts file, dnsmasq, ad blocker, response
  /// policy zone.
  static func content(of octets: ArraySlice<UInt8>) -> Line {
    if octets.contains(UInt8(ascii: "\"")) { return content(ofQuoted: Array(octets)) }
    let words = octets.split(whereSeparator: isBlank).map { word in
      String(decoding: word.last == UInt8(ascii: ",") ? word.dropLast() : word, as: UTF8.self)
    }
    guard let word = words.first else { return .other }
    if let values = blocked(words) { return .values(values) }
    if words.count == 1 { return content(ofWord: word) }
    if let hosts = content(ofHosts: words) { return hosts }
    if let values = ofOneKind(words.map { Observable.detect($0) }) { return .values(values) }
    // After a comma of a table no blank stands, after one of a sentence does.
    guard let comma = octets.firstIndex(of: UInt8(ascii: ",")), comma + 1 < octets.endIndex, !isBlank(octets[comma + 1]) else {
      return .other
    }
    let field = octets[..<comma]
    guard let first = Observable.detect(field.span) else { return .other }
    return .row(first)
  }

  /// Whether a line that holds a value alone says this value.
  static func says(_ observable: Observable, in line: String) -> Bool {
    let octets = Array(line.utf8)
    return observable.refusal == nil && !mayBeMarking(octets[...]) && uncommented(octets[...]).count == octets.count
      && content(of: octets[...]) == .values([observable])
  }

  /// A line without its comment and without blanks around it: empty where nothing else is in it.
  public static func withoutComment(_ line: String) -> String {
    let octets = Array(line.utf8)
    return String(decoding: uncommented(octets[...]), as: UTF8.self)
  }

  /// A mark inside a word belongs to a URL.
  static func uncommented(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var value = line.drop(while: isBlank)
    guard let first = value.first, !isCommentMark(first) else { return [] }
    if first == UInt8(ascii: "/"), value.dropFirst().first == first { return [] }
    // The first line of a list for ad blockers: `[Adblock Plus 2.0]`.
    if first == UInt8(ascii: "["), value.starts(with: "[Adblock".utf8) { return [] }
    for index in value.indices.dropFirst() where isBlank(value[index - 1]) {
      let (octet, next) = (value[index], index + 1 < value.endIndex ? value[index + 1] : 0)
      if octet == UInt8(ascii: "#") || octet == UInt8(ascii: ";") || octet == UInt8(ascii: "/") && next == octet {
        value = value[..<index]
        break
      }
    }
    // A list that was a column or an array before: what stood around its values is none of them.
    while let last = value.last, separates(last) || last == UInt8(ascii: ";") { value = value.dropLast() }
    return value
  }

  static func isBlank(_ octet: UInt8) -> Bool { octet == 0x20 || octet == 0x09 }

  static func isCommentMark(_ octet: UInt8) -> Bool {
    octet == UInt8(ascii: "#") || octet == UInt8(ascii: ";") || octet == UInt8(ascii: "!")
  }

  /// Whether a line with this octet may hold more than one value.
  static func separates(_ octet: UInt8) -> Bool { isBlank(octet) || octet == UInt8(ascii: ",") }

  // MARK: Several values

  /// Values one of which is quoted, or one in quotes alone.
  private static func content(ofQuoted octets: [UInt8]) -> Line {
    guard octets.contains(UInt8(ascii: ",")) else {
      guard octets.count > 2, octets.first == UInt8(ascii: "\""), octets.last == octets.first else { return .other }
      let value = octets[1..<(octets.count - 1)]
      guard let observable = Observable.detect(value.span) else { return .other }
      return .values([observable])
    }
    var (reader, fields) = (CSVReader(octets), [CSVReader.Field]())
    guard (try? reader.next(&fields)) == true else { return .other }
    return content(ofFields: fields.map { Observable.detect(reader.text($0)) })
  }

  /// A word without blanks. The commas of a URL are its own, unless what follows each is another.
  private static func content(ofWord word: String) -> Line {
    let values = word.split(separator: ",", omittingEmptySubsequences: false).map { Observable.detect($0) }
    if values.count > 1, case .url? = values[0], !values.allSatisfy(hasScheme) {
      guard let url = Observable.detect(word) else { return .other }
      return .values([url])
    }
    return content(ofFields: values)
  }

  private static func hasScheme(_ value: Observable?) -> Bool {
    if case .url(let text)? = value { text.firstRange(of: "://") != nil } else { false }
  }

  private static func content(ofFields values: [Observable?]) -> Line {
    if let all = ofOneKind(values) { return .values(all) }
    guard values.count > 1, let first = values[0] else { return .other }
    return .row(first)
  }

  /// Values that are all there and of one kind. A URL beside a name is where it is written about, a name beside a hash that of a
  /// file.
  private static func ofOneKind(_ values: [Observable?]) -> [Observable]? {
    let found = values.compactMap(\.self)
    guard found.count == values.count, let kind = found.first?.kind, found.allSatisfy({ $0.kind == kind }) else { return nil }
    return found
  }

  // MARK: Hosts files

  /// What hosts files call the machine itself and its networks, beside names to block.
  private static let ownNames: Set<String> = [
    "localhost", "localhost.localdomain", "local", "broadcasthost", "ip6-localhost", "ip6-loopback", "ip6-localnet",
    "ip6-mcastprefix", "ip6-allnodes", "ip6-allrouters", "ip6-allhosts", "0.0.0.0",
  ]

  /// An address that leads nowhere, and the names that shall lead there; or any, and a name of the machine itself. `nil` for any
  /// other line.
  private static func content(ofHosts words: [String]) -> Line? {
    let leadsNowhere = isSink(words[0])
    guard leadsNowhere || IPAddress(words[0]) != nil else { return nil }
    let names = words.dropFirst().filter { !ownNames.contains($0.lowercased()) }
    if !leadsNowhere, names.count == words.count - 1 { return nil }
    if leadsNowhere, names.isEmpty { return .noHost(words[1]) }
    let meant = leadsNowhere ? names : [words[0]] + names
    guard let values = ofOneKind(meant.map { Observable.detect($0) }) else { return .other }
    return .values(values)
  }

  /// Whether an address is that of no host. With the zone of an interface (RFC 4007 §11) it is the machine's own.
  static func isSink(_ word: String) -> Bool {
    let text = word.prefix { $0 != "%" }
    guard let address = IPAddress(text) else { return false }
    if text.endIndex < word.endIndex || address.isNoHost { return true }
    // Multicast: hosts files name the groups of all nodes and all routers.
    guard case .v6(let upper, _) = address else { return false }
    return upper >> 56 == 0xFF
  }
}

extension Observable {
  fileprivate enum Kind { case host, url, emailAddress, hash, other }

  fileprivate var kind: Kind {
    switch self {
    case .name, .address, .prefix: .host
    case .url: .url
    case .emailAddress: .emailAddress
    case .fileHash, .certificateHash: .hash
    case .other: .other
    }
  }
}
