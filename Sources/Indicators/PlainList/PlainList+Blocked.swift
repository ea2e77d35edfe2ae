internal import Names

extension PlainList {
  /// What a line of another program's list blocks; `nil` where it is none, or where it lets through, answers, or means a part.
  static func blocked(_ words: [String]) -> [Observable]? {
    if words.count == 1 { return byDnsmasq(words[0]) ?? byAdBlocker(words[0]) }
    return byPolicyZone(words).map { [$0] }
  }

  /// `address=/evil.example/`, `address=/evil.example/0.0.0.0`, `server=/evil.example/`, `local=/evil.example/`: the names and
  /// all below them (dnsmasq(8), --address and --server). With an address that leads somewhere, it is no block.
  private static func byDnsmasq(_ line: String) -> [Observable]? {
    for option in ["address=/", "server=/", "local=/"] where line.hasPrefix(option) {
      let parts = line.dropFirst(option.count).split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
      guard parts.count > 1, let answer = parts.last else { return nil }
      guard answer.isEmpty || option == "address=/" && (answer == "#" || isSink(answer)) else { return nil }
      let names = parts.dropLast().compactMap { andBelow($0) }
      return names.count == parts.count - 1 ? names : nil
    }
    return nil
  }

  /// `||evil.example^`: the name and all below it. What follows a `$` restricts it, but for these two.
  private static func byAdBlocker(_ line: String) -> [Observable]? {
    guard line.hasPrefix("||"), let end = line.firstIndex(of: "^") else { return nil }
    let options = String(line[line.index(after: end)...])
    guard ["", "$all", "$important"].contains(options) else { return nil }
    return andBelow(String(line[..<end].dropFirst(2))).map { [$0] }
  }

  /// `evil.example CNAME .`, also with a TTL and a class: no such name, no data, or no answer (draft-vixie-dnsop-dns-rpz §3).
  ///
  /// An owner that ends with a dot ends with the zone's name, which is not known here, and `rpz-` begins the last label of what
  /// is not a name that is asked for.
  private static func byPolicyZone(_ words: [String]) -> Observable? {
    guard 3...5 ~= words.count, words[words.count - 2].uppercased() == "CNAME",
      [".", "*.", "rpz-drop."].contains(words[words.count - 1].lowercased()),
      words[1..<(words.count - 2)].allSatisfy({ $0.uppercased() == "IN" || UInt32($0) != nil })
    else { return nil }
    let labels = words[0].split(separator: ".", omittingEmptySubsequences: false)
    guard let last = labels.last, !last.isEmpty, !last.lowercased().hasPrefix("rpz-"), case .name? = Observable.detect(words[0])
    else { return nil }
    return Observable.detect(words[0])
  }

  /// A name and all below it, or an address.
  private static func andBelow(_ text: String) -> Observable? {
    switch Observable.detect(text) {
    case .name(let name, .whole)?: Observable.name(name, .wholeAndBelow)
    case .address(let address)?: Observable.address(address)
    default: nil
    }
  }
}
