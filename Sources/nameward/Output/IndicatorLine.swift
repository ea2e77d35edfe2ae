import Indicators
import Names
import Notation
import Store

/// One indicator on a line: for a person, defanged, and as JSON.
enum IndicatorLine {
  static func text(_ indicator: Indicator) -> String {
    "\(indicator.id)  \(values(indicator))\(words(indicator))".printable
  }

  private static func values(_ indicator: Indicator) -> String {
    if case .foreign(let language, _) = indicator.criterion { return "(\(language))" }
    let observables = indicator.observables.map { defanged($0.observable) }
    if observables.isEmpty { return indicator.pattern.map { "\($0)" } ?? "" }
    let more = observables.count > 3 ? " and \(observables.count - 3) more" : ""
    return observables.prefix(3).joined(separator: ", ") + more
  }

  private static func words(_ indicator: Indicator) -> String {
    var words = indicator.labels
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
      let values = indicator.observables.map { observable, isSufficient in
        "{\"type\":\(jsonString(observable.type)),\"value\":\(jsonString(observable.value)),\"sufficient\":\(isSufficient)}"
      }
      members.append(("values", "[\(values.joined(separator: ","))]"))
    }
    return "{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
  }
}
