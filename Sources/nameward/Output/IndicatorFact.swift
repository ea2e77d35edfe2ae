import Indicators
import Names
import Notation

/// One thing that a source says of an indicator.
struct IndicatorFact {
  /// As JSON spells it.
  var name: String
  var json: String
  /// As its source says it; of a list, all that is in it.
  private let said: String
  private let pattern: Pattern?

  private init(_ name: String, _ text: String) { (self.name, json, said, pattern) = (name, jsonString(text), text, nil) }
  private init(_ name: String, json: String) { (self.name, self.json, said, pattern) = (name, json, json, nil) }
  private init(_ name: String, _ list: [String]) {
    (self.name, said, pattern) = (name, list.joined(separator: ", "), nil)
    json = "[\(list.map(jsonString).joined(separator: ","))]"
  }
  private init(_ pattern: Pattern) {
    (name, said, self.pattern) = ("pattern", "\(pattern)", pattern)
    json = jsonString(said)
  }

  /// For a person, defanged.
  var text: String { pattern.map { Self.shown($0) } ?? defangedText(said) }

  /// All that is said, in the order in which it is told; what is not said has no fact.
  static func all(of indicator: Indicator) -> [IndicatorFact] {
    var facts: [IndicatorFact] = []
    func add(_ name: String, _ text: String?) { if let text { facts.append(IndicatorFact(name, text)) } }
    if case .foreign(let language, let text) = indicator.criterion {
      add("language", language)
      add("pattern", text)
    } else if let pattern = indicator.pattern {
      facts.append(IndicatorFact(pattern))
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

  /// A pattern for a person: what stands between quotes is defanged, and the paths of objects stay as they are.
  static func shown(_ pattern: Pattern) -> String {
    var rest = "\(pattern)".unicodeScalars[...]
    var shown = ""
    while let quote = rest.firstIndex(of: "'") {
      shown += String(rest[...quote])
      rest = rest[rest.index(after: quote)...]
      // A quote behind a backslash is of the value, unless that backslash is (STIX 2.1 §9.1).
      var isEscaped = false
      let value = rest.prefix { scalar in
        if isEscaped || scalar == "\\" {
          isEscaped.toggle()
          return true
        }
        return scalar != "'"
      }
      shown += defangedText(String(value))
      rest = rest[value.endIndex...]
      if rest.popFirst() != nil { shown += "'" }
    }
    return shown + String(rest)
  }
}
