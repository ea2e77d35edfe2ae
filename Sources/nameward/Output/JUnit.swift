import Audit
import DNSWire
import Estate
import Names
import Notation

/// JUnit XML as CI servers read it: a suite a domain, a case an expectation; what could not be told is skipped, with
/// the reason, and so is what a declared exception covers.
struct JUnit {
  var result: AuditResult

  init(_ result: AuditResult) { self.result = result }

  var xml: String {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    // Cases that are listed: of a large zone those are not that are as intended.
    var totals = Totals()
    for one in result.verdicts { totals.count(one) }
    text +=
      "<testsuites name=\"nameward audit\" \(Self.counts(totals)) errors=\"0\">\n"
    for domain in result.domains {
      let verdicts = result.verdicts.filter { $0.expectation != nil && $0.domain == domain.name }
      var suite = Totals()
      for one in verdicts { suite.count(one) }
      text +=
        "  <testsuite name=\"\(Self.escaped(domain.name.description))\" \(Self.counts(suite)) errors=\"0\" timestamp=\"\(result.started)\">\n"
      let unlisted = result.totals(of: domain).expected - suite.expected
      if unlisted > 0 {
        text += "    <properties>\n      <property name=\"expected and not listed\" value=\"\(unlisted)\"/>\n    </properties>\n"
      }
      for one in verdicts { text += testCase(one) }
      text += "  </testsuite>\n"
    }
    return text + "</testsuites>\n"
  }

  private static func counts(_ totals: Totals) -> String {
    let (cases, skipped) = (totals.expected + totals.excepted, totals.couldNotTell + totals.excepted)
    return "tests=\"\(cases)\" failures=\"\(totals.mismatch)\" skipped=\"\(skipped)\""
  }

  private func testCase(_ judged: Judged) -> String {
    guard let expectation = judged.expectation else { return "" }
    let name = "\(expectation.name) \(expectation.type) at \(expectation.place.words)"
    let opening = "    <testcase classname=\"\(Self.escaped(expectation.check.rawValue))\" name=\"\(Self.escaped(name))\""
    let words = Self.escaped(judged.verdict.words)
    if let exception = judged.exception {
      let why = "excepted until \(exception.expires): \(exception.reason) (\(exception.owner)); \(judged.verdict.words)"
      return opening + ">\n      <skipped message=\"\(Self.escaped(why))\"/>\n    </testcase>\n"
    }
    switch judged.verdict {
    case .match: return opening + "/>\n"
    case .mismatch:
      let known = judged.finding.map { result.sightings(of: $0) } ?? []
      let values = ([judged.finding?.valuesInWords ?? ""] + known.map(\.words)).joined(separator: "; ")
      return opening + ">\n      <failure message=\"\(words)\">\(Self.escaped(values))</failure>\n    </testcase>\n"
    case .couldNotTell: return opening + ">\n      <skipped message=\"\(words)\"/>\n    </testcase>\n"
    }
  }

  /// XML 1.0 §2.2: control characters cannot be written at all; they are shown.
  static func escaped(_ text: String) -> String {
    rewritten(text.printable) { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      default: nil
      }
    }
  }
}
