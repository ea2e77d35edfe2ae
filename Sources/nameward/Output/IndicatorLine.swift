import Indicators
import Names
import Notation
import Store

/// One indicator on a line: for a person, defanged, and as JSON.
enum IndicatorLine {
  static func text(_ indicator: Indicator) -> String {
    "\(defangedText(indicator.id))  \(values(indicator))\(words(indicator))".printable
  }

  private static func values(_ indicator: Indicator) -> String {
    if case .foreign(let language, _) = indicator.criterion { return "(\(defangedText(language)))" }
    let values = indicator.shownValues
    if values.isEmpty { return indicator.pattern.map { IndicatorFact.shown($0) } ?? "" }
    let more = values.count > 3 ? " and \(values.count - 3) more" : ""
    return values.prefix(3).joined(separator: ", ") + more
  }

  private static func words(_ indicator: Indicator) -> String {
    // That it is benign is said with what follows of it.
    var words = indicator.labels.filter { !indicator.isBenign || $0.lowercased() != "benign" }.shown
    if let marking = indicator.marking { words.append(marking.label) }
    if indicator.isBenign { words.append("benign: never alerts") }
    if indicator.isRevoked { words.append("revoked") }
    if let until = indicator.validUntil { words.append("until \(until)") }
    return words.isEmpty ? "" : "  [\(words.joined(separator: ", "))]"
  }

  /// A value that is harmless, and how it is meant: nothing that anyone has to keep from following.
  static func text(_ value: WarninglistValue) -> String { "\(value.value)  (\(value.kind.rawValue))".printable }

  static func json(_ value: WarninglistValue, of source: String, also more: [(String, String)] = []) -> String {
    let members =
      more + [
        ("source", jsonString(source)), ("warninglist", jsonString(value.kind.rawValue)), ("value", jsonString(value.value)),
      ]
    return "{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
  }

  /// A line of JSON, without its end.
  static func json(_ indicator: Indicator, of source: String, also more: [(String, String)] = []) -> String {
    var members =
      more + [
        ("id", jsonString(indicator.id)), ("source", jsonString(source)), ("line", "\(indicator.place.line)"),
      ]
    members += IndicatorFact.all(of: indicator).map { ($0.name, $0.json) }
    if indicator.pattern != nil {
      let values = indicator.observables.map { observable, isSufficient -> String in
        let reach = if case .name(_, .below) = observable { ",\"reach\":\"below\"" } else { "" }
        return "{\"type\":\(jsonString(observable.type)),\"value\":\(jsonString(observable.value))\(reach),"
          + "\"sufficient\":\(isSufficient)}"
      }
      members.append(("values", "[\(values.joined(separator: ","))]"))
    }
    return "{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
  }
}
