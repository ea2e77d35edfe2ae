internal import Names

extension Observable {
  /// What sources call a value: `FQDN`, `IPV4ADDR`, `url`, `md5`, `domain-name`. Read once for a column of one type.
  public enum WrittenType: Hashable, Sendable {
    case address, name, url, emailAddress, anyHash
    case hash(HashAlgorithm)
    case certificateHash(HashAlgorithm)
    case text(ObjectPath)
    case unknown

    public init(_ text: some StringProtocol) {
      switch text.lowercased().filter({ $0.isLetter || $0.isNumber }) {
      case "ipv4addr", "ipv4", "ip", "ipaddress", "ipaddr", "ipv6addr", "ipv6", "ipsrc", "ipdst", "cidr", "address":
        self = .address
      case "fqdn", "domain", "domainname", "hostname", "host", "dns": self = .name
      case "url", "uri", "link": self = .url
      case "email", "emailaddr", "emailaddress", "emailsrc", "emaildst": self = .emailAddress
      case "x509fingerprintmd5": self = .certificateHash(.md5)
      case "x509fingerprintsha1", "sslcertfingerprint": self = .certificateHash(.sha1)
      case "x509fingerprintsha256": self = .certificateHash(.sha256)
      case "hash", "filehash": self = .anyHash
      case "filename", "file": self = .text(ObjectPath("file", ["name"]))
      case "filepath", "path": self = .text(ObjectPath("file", ["parent_directory_ref", "path"]))
      case "mutex": self = .text(ObjectPath("mutex", ["name"]))
      case "registrykey", "regkey": self = .text(ObjectPath("windows-registry-key", ["key"]))
      case "useragent":
        self = .text(ObjectPath("network-traffic", ["extensions", "http-request-ext", "request_header", "User-Agent"]))
      case let word: self = HashAlgorithm(name: word).map(WrittenType.hash) ?? .unknown
      }
    }
  }

  /// Reads a value as one of a type. The value is refanged.
  ///
  /// - Returns: What it is, and whether that is what the type says; `nil` where the value is nothing that is looked for by value.
  public static func read(_ text: some StringProtocol, as type: WrittenType) -> (observable: Observable, isOfType: Bool)? {
    let text = String(text)
    return read(text.utf8.span, as: type)
  }

  /// The same, with a type as its source writes it.
  public static func read(_ text: some StringProtocol, as type: some StringProtocol) -> (observable: Observable, isOfType: Bool)?
  {
    read(text, as: WrittenType(type))
  }

  /// The same from octets: of lists of millions, few values need a text of their own.
  static func read(_ octets: Span<UInt8>, as type: WrittenType) -> (observable: Observable, isOfType: Bool)? {
    withRefanged(octets) { value in
      guard !value.isEmpty else { return nil }
      if let found = read(refanged: value, type) { return (found, true) }
      // What is nearly a fuzzy hash has the slashes and colons of a URL.
      if case .hash(.ssdeep) = type { return nil }
      // A value in the wrong column, or of the wrong type, is what its form says.
      return detect(refanged: value).map { ($0, false) }
    }
  }

  /// What a value is by its form alone. A word without a dot is nothing.
  public static func detect(_ text: some StringProtocol) -> Observable? {
    let text = String(text)
    return detect(text.utf8.span)
  }

  static func detect(_ octets: Span<UInt8>) -> Observable? { withRefanged(octets, detect(refanged:)) }

  private static func read(refanged value: Span<UInt8>, _ type: WrittenType) -> Observable? {
    switch type {
    case .address: address(value)
    case .name: name(value)
    case .url: url(value)
    case .emailAddress: email(value)
    case .anyHash: hash(value)
    case .hash(let algorithm): algorithm.value(value).map { .fileHash(algorithm, $0) }
    case .certificateHash(let algorithm): algorithm.value(value).map { .certificateHash(algorithm, $0) }
    case .text(let path): .other(path, value: value.string)
    case .unknown: nil
    }
  }

  private static func detect(refanged value: Span<UInt8>) -> Observable? {
    var (hasDot, hasColon, hasSlash, hasAt) = (false, false, false, false)
    // Digits and dots are an address, or nothing.
    var isNumeric = true
    var last: UInt8 = 0
    for index in value.indices {
      let octet = value[index]
      switch octet {
      case UInt8(ascii: "."):
        hasDot = true
        continue
      case 0x30...0x39: break
      case UInt8(ascii: ":"): (hasColon, isNumeric) = (true, false)
      case UInt8(ascii: "/"): (hasSlash, isNumeric) = (true, false)
      case UInt8(ascii: "@"): (hasAt, isNumeric) = (true, false)
      default: isNumeric = false
      }
      last = octet
    }
    if isNumeric || hasColon || hasSlash, let found = address(value) { return found }
    if !hasDot, let found = hash(value) { return found }
    if hasColon, !hasSlash, !hasAt, let found = beforePort(value) ?? namedHash(value) { return found }
    if hasAt, !hasSlash { return email(value) }
    if hasSlash { return looksLikeURL(value) ? url(value) : nil }
    // The last label is never a number (RFC 1123 §2.1).
    guard hasDot, !isNumeric else { return nil }
    return last &- 0x30 < 10 && lastLabelIsNumber(value) ? nil : name(value)
  }

  /// Whether a value that nobody calls a URL may be one: no blank and no quote is in it (RFC 3986 §2), and before the first
  /// slash stands a scheme, or a host with more than one label, and nothing that separates values.
  private static func looksLikeURL(_ value: Span<UInt8>) -> Bool {
    var hasMark = false
    for index in value.indices {
      switch value[index] {
      case UInt8(ascii: "/"): return hasMark && !value.contains { $0 <= 0x20 || $0 == UInt8(ascii: "\"") }
      case UInt8(ascii: "."), UInt8(ascii: ":"): hasMark = true
      case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: "^"): return false
      default: break
      }
    }
    return false
  }

  /// Dots at the end are passed over.
  private static func lastLabelIsNumber(_ value: Span<UInt8>) -> Bool {
    var end = value.count
    while end > 0, value[end - 1] == UInt8(ascii: ".") { end -= 1 }
    while end > 0, value[end - 1] &- 0x30 < 10 { end -= 1 }
    return end == 0 || value[end - 1] == UInt8(ascii: ".")
  }

  private static func address(_ value: Span<UInt8>) -> Observable? {
    if let address = IPAddress(text: value) { return .address(address) }
    // With bits past the length it still means the block.
    guard value.contains({ $0 == UInt8(ascii: "/") }), let prefix = IPPrefix(around: value.string) else { return nil }
    return prefix.length == prefix.address.bitWidth ? .address(prefix.address) : .prefix(prefix)
  }

  private static func name(_ value: Span<UInt8>) -> Observable? {
    var (start, reach) = (0, Reach.whole)
    if value.count > 1, value[0] == UInt8(ascii: "*"), value[1] == UInt8(ascii: ".") {
      (start, reach) = (2, .below)
    } else if value.count > 1, value[0] == UInt8(ascii: ".") {
      (start, reach) = (1, .wholeAndBelow)
    }
    let text = value.extracting(start..<value.count)
    var isASCII = true
    for index in text.indices {
      switch text[index] {
      // Letters, digits, hyphens and what is below `_dmarc`: no name that anyone publishes has more.
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-")...UInt8(ascii: "."), 0x30...0x39,
        UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
        break
      case 0x80...: isASCII = false
      default: return nil
      }
    }
    guard let last = text.indices.last, text[last] &- 0x30 >= 10 || IPAddress(text: text) == nil,
      let name = try? isASCII ? DomainName(text: text, origin: nil) : DomainName(displayed: text.string), name != .root
    else { return nil }
    return .name(name, reach)
  }

  private static func url(_ value: Span<UInt8>) -> Observable? {
    guard !value.contains({ $0 < 0x20 || $0 == 0x7F }),
      value.contains({ $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":") })
    else { return nil }
    guard isHost(ofURL: value) else { return nil }
    let text = value.string
    // What is no text at all may hold any marks.
    if text.unicodeScalars.contains("\u{FFFD}") { return nil }
    // Of an optional, .url alone would be this function.
    return .some(.url(text))
  }

  /// Whether what stands before the path can be a host: something, and nothing that separates values in lists.
  private static func isHost(ofURL value: Span<UInt8>) -> Bool {
    var (start, end) = (0, 0)
    while end < value.count, value[end] != UInt8(ascii: "/") { end += 1 }
    if end > 0, end + 1 < value.count, value[end - 1] == UInt8(ascii: ":"), value[end + 1] == UInt8(ascii: "/") {
      start = end + 2
      end = start
      while end < value.count, value[end] != UInt8(ascii: "/"), value[end] != UInt8(ascii: "?") { end += 1 }
    }
    guard start < end else { return false }
    return !value.extracting(start..<end).contains { octet in
      octet <= 0x20
        || [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: "^"), UInt8(ascii: "\"")].contains(octet)
    }
  }

  private static func email(_ value: Span<UInt8>) -> Observable? {
    let value = value.string
    guard let at = value.lastIndex(of: "@"), at != value.startIndex, !value.contains(where: \.isWhitespace) else { return nil }
    let host = String(value[value.index(after: at)...])
    guard case .name? = name(host.utf8.span) else { return nil }
    return .emailAddress(value.lowercased())
  }

  /// The host of `192.0.2.1:8080`, `evil.example:443`.
  private static func beforePort(_ value: Span<UInt8>) -> Observable? {
    var colon = value.count
    while colon > 0, value[colon - 1] &- 0x30 < 10 { colon -= 1 }
    guard colon > 1, colon < value.count, value[colon - 1] == UInt8(ascii: ":") else { return nil }
    let host = value.extracting(0..<colon - 1)
    return host.contains { $0 == UInt8(ascii: ":") } ? nil : detect(refanged: host)
  }

  /// `sha256:9f86…`.
  private static func namedHash(_ value: Span<UInt8>) -> Observable? {
    let text = value.string
    guard let colon = text.firstIndex(of: ":"), let algorithm = HashAlgorithm(name: text[..<colon]), algorithm.digits != nil,
      let hash = algorithm.value(text[text.index(after: colon)...])
    else { return nil }
    return .fileHash(algorithm, hash)
  }

  private static func hash(_ value: Span<UInt8>) -> Observable? {
    // Two digits and a colon each, but for the last.
    let isParted = value.count > 2 && value[2] == UInt8(ascii: ":")
    guard let algorithm = HashAlgorithm(digits: isParted ? (value.count + 1) / 3 * 2 : value.count),
      let text = algorithm.value(value)
    else { return nil }
    return .fileHash(algorithm, text)
  }
}
