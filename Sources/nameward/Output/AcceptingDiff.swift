import Audit
import DNSWire
import Estate
import Names

/// What would have to change in the declaration so that what was seen is as intended: for a person to read, never applied.
struct AcceptingDiff {
  var result: AuditResult

  /// One declared RRset that places serve otherwise.
  private struct Block {
    var name: DomainName
    var type: RRType
    var declaredAt: SourcePosition?
    var intended: [String]
    var seen: [(values: [String], places: [Place])] = []
  }

  /// Empty where nothing that a declaration can say departs.
  var text: String {
    let blocks = blocks
    if blocks.isEmpty { return "" }
    var lines = [
      "# What would accept what is served now. Whoever changed it may be an attacker: accept only what you know to be yours.",
      "--- declared", "+++ served \(result.finished)",
    ]
    for block in blocks {
      let place = block.declaredAt.map { ", declared at \($0)" } ?? ""
      lines.append("@@ \(block.name.displayed) \(block.type)\(place) @@".printable)
      lines += block.intended.map { "-\($0)".printable }
      if block.seen.count > 1 { lines.append("# DIFFERS: the places do not serve the same; decide which of these it is to be.") }
      for one in block.seen {
        lines.append("# \(one.places.map(\.words).joined(separator: "; "))".printable)
        lines += one.values.isEmpty ? ["+absent"] : one.values.map { "+\($0)".printable }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What a resolver alone says otherwise is no reason to declare something else.
  private var blocks: [Block] {
    var blocks: [Block] = []
    let told: Set<CheckID> = ["record-differs", "delegation-differs", "ds-differs", "ttl-above-declared"]
    for finding in result.findings where told.contains(finding.check) {
      guard case .mismatch = finding.verdict, let type = finding.type, finding.place.kind != .resolver else { continue }
      let index = blocks.firstIndex { $0.name == finding.name && $0.type == type && $0.intended == finding.intended.sorted() }
      if index == nil {
        blocks.append(
          Block(name: finding.name, type: type, declaredAt: finding.declaredAt, intended: finding.intended.sorted()))
      }
      let block = index ?? blocks.count - 1
      let values = finding.observed.sorted()
      if let known = blocks[block].seen.firstIndex(where: { $0.values == values }) {
        blocks[block].seen[known].places.append(finding.place)
      } else {
        blocks[block].seen.append((values, [finding.place]))
      }
    }
    return blocks
  }
}
