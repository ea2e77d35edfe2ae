import Indicators
import Notation

/// What a source says otherwise of an indicator than before: a fact before and after; absent where it says nothing.
struct IndicatorChange {
  var before: IndicatorFact?
  var after: IndicatorFact?

  static func all(from before: Indicator, to after: Indicator) -> [IndicatorChange] {
    let (old, new) = (IndicatorFact.all(of: before), IndicatorFact.all(of: after))
    let gone = old.filter { fact in !new.contains { $0.name == fact.name } }
    return new.compactMap { fact in
      let earlier = old.first { $0.name == fact.name }
      return earlier?.json == fact.json ? nil : IndicatorChange(before: earlier, after: fact)
    } + gone.map { IndicatorChange(before: $0, after: nil) }
  }

  private var name: String { (after ?? before)?.name ?? "" }

  /// `labels: C2 → DELIVERY`; of long texts, where they differ.
  var text: String {
    let (old, new) = (before?.text ?? "", after?.text ?? "")
    let (first, last) = Self.common(old, new)
    return "\(name): \(Self.part(old, first, last)) → \(Self.part(new, first, last))".printable
  }

  var json: String {
    "{\"field\":\(jsonString(name)),\"before\":\(before?.json ?? "null"),\"after\":\(after?.json ?? "null")}"
  }

  /// Characters that are told around what differs, and of what differs.
  private static let (around, most) = (30, 200)

  /// How many characters two texts share at their beginning, and then at their end.
  private static func common(_ one: String, _ other: String) -> (first: Int, last: Int) {
    let first = zip(one, other).prefix { $0 == $1 }.count
    let last = zip(one.dropFirst(first).reversed(), other.dropFirst(first).reversed()).prefix { $0 == $1 }.count
    return (first, last)
  }

  private static func part(_ text: String, _ first: Int, _ last: Int) -> String {
    if text.isEmpty { return "(nothing)" }
    let (start, end) = (max(0, first - around), max(0, last - around))
    let part = text.dropFirst(start).dropLast(end)
    let cut = part.count > most ? part.prefix(most) + "…" : part + (end > 0 ? "…" : "")
    return (start > 0 ? "…" : "") + cut
  }
}
