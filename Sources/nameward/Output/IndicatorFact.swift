import Indicators
import Names
import Notation

/// One thing that a source says of an indicator.
struct IndicatorFact {
  /// As JSON spells it.
  var name: String
  var json: String
  /// For a person, defanged.
  var text: String

  private init(_ name: String, _ text: String) { (self.name, json, self.text) = (name, jsonString(text), text) }
  private init(_ name: String, json: String) { (self.name, self.json, text) = (name, json, json) }
  private init(_ name: String, _ list: [String]) {
    (self.name, json, text) = (name, "[\(list.map(jsonString).joined(separator: ","))]", list.joined(separator: ", "))
  }

  /// All that is said, in the order in which it is told; what is not said has no fact.
  static func all(of indicator: Indicator) -> [IndicatorFact] {
    var facts: [IndicatorFact] = []
    func add(_ name: String, _ text: String?) { if let text { facts.append(IndicatorFact(name, text)) } }
    if case .foreign(let language, let text) = indicator.criterion {
      add("language", language)
      add("pattern", text)
    } else if let pattern = indicator.pattern {
      var fact = IndicatorFact("pattern", "\(pattern)")
      fact.text = defanged(pattern)
      facts.append(fact)
    }
    add("title", indicator.title)
    add("description", indicator.description)
    add("tlp", indicator.marking?.label)
    if !indicator.labels.isEmpty { facts.append(IndicatorFact("labels", indicator.labels)) }
    if !indicator.context.isEmpty { facts.append(IndicatorFact("context", indicator.context)) }
    if let confidence = indicator.confidence { facts.append(IndicatorFact("confidence", json: "\(confidence)")) }
    for (name, time) in [
      ("firstSeen", indicator.firstSeen), ("lastSeen", indicator.lastSeen), ("validFrom", indicator.validFrom),
      ("validUntil", indicator.validUntil), ("modified", indicator.modified),
    ] { add(name, time.map { "\($0)" }) }
    if indicator.isRevoked { facts.append(IndicatorFact("revoked", json: "true")) }
    if indicator.isBenign { facts.append(IndicatorFact("benign", json: "true")) }
    return facts
  }

  /// A pattern with the dots and schemes of its values broken.
  private static func defanged(_ pattern: Pattern) -> String {
    "\(pattern)".split(separator: "'", omittingEmptySubsequences: false).enumerated().map { number, part in
      String(number.isMultiple(of: 2) ? part : part.replacing("http", with: "hxxp").replacing(".", with: "[.]"))
    }.joined(separator: "'")
  }
}
