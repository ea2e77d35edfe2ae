internal import Notation

/// What the tags and galaxies of an event or attribute say.
struct MISPTags {
  /// The strictest of `tlp:` tags.
  var marking: TLP?
  /// 0 to 100, of the taxonomy `misp:confidence-level`.
  var confidence: Int?
  /// Names of galaxy clusters: actors, malware, campaigns.
  var context: [String] = []
  /// A tag of TLP that says no marking that is known here.
  var unreadable: String?
  /// All other tags, as written.
  var labels: [String] = []

  /// What tags alone say, by their names.
  init(names: [String]) {
    for name in names where !name.isEmpty { take(name) }
  }

  init(_ holder: JSONValue) {
    for tag in MISP.many(holder["Tag"]) {
      if let name = tag["name"]?.string ?? tag.string, !name.isEmpty { take(name) }
    }
    for galaxy in MISP.many(holder["Galaxy"]) {
      for cluster in MISP.many(galaxy["GalaxyCluster"]) {
        if let name = cluster["value"]?.string, !name.isEmpty { context.append(name) }
      }
    }
  }

  private mutating func take(_ tag: String) {
    let word = tag.lowercased()
    if let said = TLP.said(in: tag) {
      marking = TLP.strictest(marking, said.marking)
      guard let text = said.unreadable else { return }
      unreadable = text
      labels.append(tag)
    } else if word.hasPrefix("misp-galaxy:"), let name = Self.value(tag) {
      context.append(name)
    } else if let level = Self.confidence[word] {
      confidence = level
    } else {
      labels.append(tag)
    }
  }

  /// What stands in quotes after the equals sign of a machine tag: `misp-galaxy:threat-actor="Sofacy"`.
  private static func value(_ tag: String) -> String? {
    guard let equals = tag.firstRange(of: "=\""), tag.hasSuffix("\"") else { return nil }
    let value = tag[equals.upperBound...].dropLast()
    return value.isEmpty ? nil : String(value)
  }

  /// The tag whose level a confidence reaches.
  static func tag(confidence: Int) -> String {
    Self.confidence.filter { $0.value <= confidence }.max { $0.value < $1.value }?.key ?? "misp:confidence-level=\"unconfident\""
  }

  private static let confidence = [
    "misp:confidence-level=\"completely-confident\"": 100, "misp:confidence-level=\"usually-confident\"": 75,
    "misp:confidence-level=\"fairly-confident\"": 50, "misp:confidence-level=\"rarely-confident\"": 25,
    "misp:confidence-level=\"unconfident\"": 0,
  ]
}
