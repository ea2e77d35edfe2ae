import DNSWire
import Estate
import Names
import Store

/// A finding in words for those who are given it as an object of STIX.
struct FindingNote {
  private let shared: SharedFinding

  init(_ shared: SharedFinding) { self.shared = shared }

  private var finding: StoredFinding { shared.finding }
  private var how: String { finding.how?.rawValue ?? "" }
  private var subject: String { [finding.name.displayed, finding.type?.description].compactMap(\.self).joined(separator: " ") }

  /// `mail.example.gov. MX: replaced at 192.0.2.53:53 (ns1.example.gov., authoritative)`
  var abstract: String { "\(subject): \(how) at \(finding.place.words)" }

  /// A line a fact.
  var content: String {
    var lines = [
      "Check: \(finding.check) (\(finding.severity.rawValue))", "Name: \(subject)", "Where: \(finding.place.words)",
      "Verdict: mismatch, \(how)",
    ]
    lines.append("Intended: \(Self.list(finding.intended))")
    lines.append("Observed: \(Self.list(finding.observed))")
    lines.append("Since: \(finding.since)")
    lines.append(
      shared.goneAt.map { "Found last: \(shared.lastObserved); no longer found: \($0)" } ?? "Still so: \(shared.lastObserved)")
    return lines.joined(separator: "\n")
  }

  private static func list(_ values: [String]) -> String {
    values.isEmpty ? "nothing" : values.map(\.printable).joined(separator: " | ")
  }
}
