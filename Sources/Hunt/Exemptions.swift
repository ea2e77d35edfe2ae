public import Indicators
public import Names

/// Values that are seen and not told: the owner's own names, and what warninglists hold. They are counted.
public struct Exemptions: Sendable {
  /// Why a value is not told.
  public enum Reason: Hashable, Sendable {
    case own
    /// On the warninglist of this name.
    case warninglist(String)
  }

  private let own: NameSet
  private let ownPrefixes: [IPPrefix]
  private var lists: [List] = []

  private struct List: Sendable {
    var name: String
    var names = NameSet()
    var texts: Set<String> = []
    var prefixes: [IPPrefix] = []
    var parts: [String] = []
    var expressions: [RegularExpression] = []
  }

  /// Why a warninglist cannot be used: one of its values covers everything, or can be no value of its kind.
  public struct Fault: Error, Hashable, Sendable {
    public var list: String
    public var value: String
    public var reason: String
  }

  public init(own: [DomainName], ownPrefixes: [IPPrefix] = [], warninglists: [Warninglist]) throws(Fault) {
    (self.own, self.ownPrefixes) = (NameSet(own), ownPrefixes)
    for warninglist in warninglists {
      var list = List(name: warninglist.name)
      for value in warninglist.values {
        switch warninglist.kind {
        case .hostname:
          if let address = IPAddress(value), let prefix = IPPrefix(containing: address, length: address.bitWidth) {
            list.prefixes.append(prefix)
            continue
          }
          // MISP's own lists have held what is no name, since programs make them. It silences nothing, and the rest is of use.
          guard let name = try? DomainName(displayed: value.count > 1 && value.hasPrefix(".") ? String(value.dropFirst()) : value)
          else { continue }
          guard name != .root else {
            throw Fault(list: warninglist.name, value: value, reason: "every name is below it. Take it out.")
          }
          list.names.insert(name)
        case .cidr:
          guard let prefix = Self.prefix(value) else {
            throw Fault(
              list: warninglist.name, value: value, reason: "this is no address and no block. Write it as in 192.0.2.0/24.")
          }
          guard prefix.length > 0 else {
            throw Fault(list: warninglist.name, value: value, reason: "every address is in it. Take it out.")
          }
          list.prefixes.append(prefix)
        case .string: list.texts.insert(value.lowercased())
        case .substring: list.parts.append(value.lowercased())
        case .regex:
          do { list.expressions.append(try RegularExpression(Self.undelimited(value))) } catch {
            throw Fault(list: warninglist.name, value: value, reason: error.sentence)
          }
        }
      }
      lists.append(list)
    }
  }

  /// Why a value that was seen is not told; `nil` where it is. Of a URL its host counts too, as MISP has it; of an address of mail the
  /// host counts as one's own alone: a provider of mail is harmless, who writes from there may not be.
  public func reason(for value: String) -> Reason? {
    let host = Self.host(of: value)
    let address = IPAddress(host)
    // The text of an address is a name too, and no host has it.
    let name = address == nil ? (try? DomainName(displayed: host)) : nil
    if let name, own.covers(name) { return .own }
    if let address, ownPrefixes.contains(where: { $0.contains(address) }) { return .own }
    guard !lists.isEmpty, !value.contains("@") || value.contains("/") else { return listed(value, nil, nil) }
    return listed(value, name, address)
  }

  private func listed(_ value: String, _ name: DomainName?, _ address: IPAddress?) -> Reason? {
    let text = value.lowercased()
    for list in lists {
      let isOnIt =
        list.texts.contains(text) || name.map { list.names.covers($0) } ?? false
        || address.map { address in list.prefixes.contains { $0.contains(address) } } ?? false
        || list.parts.contains { text.contains($0) } || list.expressions.contains { Self.isFound($0, in: value) }
      if isOnIt { return .warninglist(list.name) }
    }
    return nil
  }

  /// An address alone, or a block; also where bits past its length are set, which MISP masks in those of IPv6.
  private static func prefix(_ value: String) -> IPPrefix? {
    if let prefix = IPPrefix(value) { return prefix }
    let parts = value.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let address = IPAddress(parts[0]), let length = Int(parts[1]) else { return nil }
    return IPPrefix(containing: address, length: length)
  }

  /// The host of a URL or of an address of mail; any other value itself.
  private static func host(of value: String) -> String {
    if !value.contains("/") { return value.lastIndex(of: "@").map { String(value[value.index(after: $0)...]) } ?? value }
    let octets = Array(value.utf8)
    return URLHost.range(of: octets.span).map { String(decoding: octets[$0], as: UTF8.self) } ?? value
  }

  /// Lists of MISP write an expression as PHP does, between marks and with options: `/^a\.b$/i`.
  private static func undelimited(_ expression: String) -> String {
    guard expression.count > 1, expression.hasPrefix("/"), let end = expression.lastIndex(of: "/"), end > expression.startIndex
    else { return expression }
    let options = expression[expression.index(after: end)...]
    guard options.allSatisfy({ "imsxgu".contains($0) }) else { return expression }
    // One search is made whatever the text, and all texts are Unicode.
    let kept = options.filter { $0 != "g" && $0 != "u" }
    let body = expression[expression.index(after: expression.startIndex)..<end].replacing("\\/", with: "/")
    return (kept.isEmpty ? "" : "(?\(kept))") + body
  }

  /// An expression that takes too long says nothing, so the value is told.
  private static func isFound(_ expression: RegularExpression, in value: String) -> Bool {
    (try? expression.isFound(in: value, work: 1 << 20)) ?? false
  }
}
