/// Addresses of one name by who asks, or by chance: what a CDN's name servers do. Knot's module geoip does it here.
///
/// The zone holds the same name and type too; a secondary knows nothing of the rules and answers from there.
public struct SteeredName: Sendable {
  public enum Rule: Sendable {
    /// For whom asks from this prefix; the longest that fits decides.
    case from(prefix: String, [String])
    /// One answer of several, as often as its weight.
    case weight(Int, [String])
  }

  enum Kind: CaseIterable {
    case subnet, weighted
  }

  let name: String
  /// All of one kind.
  let rules: [Rule]

  public init(_ name: String, _ rules: [Rule]) { (self.name, self.rules) = (name, rules) }

  var kind: Kind { if case .weight = rules.first { .weighted } else { .subnet } }

  /// What mod-geoip reads.
  static func rules(_ kind: Kind, of names: [SteeredName]) -> String {
    names.filter { $0.kind == kind }.map { steered in
      "\(steered.name):\n"
        + steered.rules.map { rule in
          switch rule {
          case .from(let prefix, let addresses): "  - net: \(prefix)\n    A: [\(addresses.joined(separator: ", "))]\n"
          case .weight(let weight, let addresses): "  - weight: \(weight)\n    A: [\(addresses.joined(separator: ", "))]\n"
          }
        }.joined()
    }.joined()
  }
}
