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
  private var lists: [List] = []

  private struct List: Sendable {
    var name: String
    var names = NameSet()
    var texts: Set<String> = []
    var prefixes: [IPPrefix] = []
    var parts: [String] = []
    var expressions: [RegularExpression] = []
  }

  /// Why a warninglist cannot be used.
  public struct Fault: Error, Hashable, Sendable {
    public var list: String
    public var value: String
    public var reason: String
  }

  public init(own: [DomainName], warninglists: [Warninglist]) throws(Fault) {
    self.own = NameSet(own)
    for warninglist in warninglists {
      var list = List(name: warninglist.name)
      for value in warninglist.values {
        switch warninglist.kind {
        case .hostname:
          if let name = try? DomainName(displayed: value.hasPrefix(".") ? String(value.dropFirst()) : value) {
            list.names.insert(name)
          }
        case .cidr:
          if let prefix = IPPrefix(value) {
            list.prefixes.append(prefix)
          } else if let address = IPAddress(value), let prefix = IPPrefix(containing: address, length: address.bitWidth) {
            list.prefixes.append(prefix)
          }
        case .string: list.texts.insert(value.lowercased())
        case .substring: list.parts.append(value.lowercased())
        case .regex:
          do { list.expressions.append(try RegularExpression(value)) } catch {
            throw Fault(list: warninglist.name, value: value, reason: error.sentence)
          }
        }
      }
      lists.append(list)
    }
  }

  /// Why a value that was seen is not told; `nil` where it is.
  public func reason(for value: String) -> Reason? {
    let name = try? DomainName(displayed: value)
    if let name, own.covers(name) { return .own }
    guard !lists.isEmpty else { return nil }
    let (text, address) = (value.lowercased(), IPAddress(value))
    for list in lists {
      let isOnIt =
        list.texts.contains(text) || name.map { list.names.covers($0) } ?? false
        || address.map { address in list.prefixes.contains { $0.contains(address) } } ?? false
        || list.parts.contains { text.contains($0) } || list.expressions.contains { Self.isFound($0, in: value) }
      if isOnIt { return .warninglist(list.name) }
    }
    return nil
  }

  /// An expression that takes too long says nothing, so the value is told.
  private static func isFound(_ expression: RegularExpression, in value: String) -> Bool {
    (try? expression.isFound(in: value, work: 1 << 20)) ?? false
  }
}
