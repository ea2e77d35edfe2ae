import Audit
import DNSWire
import Estate
import Names
import Store

/// A finding as the contract's JSON has it. Fields are added freely and never renamed.
struct FindingDocument: Encodable {
  struct Where: Encodable {
    var kind: String
    var server: String?
    var zone: String
    var nameServer: String?

    init(_ place: Place) {
      kind = place.kind.rawValue
      server = place.server?.description
      zone = place.zone.description
      nameServer = place.nameServer?.description
    }
  }

  var check: String
  var domain: String?
  var severity: String
  var verdict: String
  var name: String
  var type: String?
  var how: String?
  var `where`: Where
  var intended: [String]
  var observed: [String]
  var proof: String
  var since: String
  var evidence: String?
  var reason: String
  var declaredAt: String?
  var advice: String
  /// Only where a declared exception covers it.
  var exception: Exception?
  /// Only where a value that was seen is an indicator.
  var sightings: [SightedIndicator]?

  struct Exception: Encodable {
    var reason: String
    var owner: String
    var expires: String
  }

  /// - Parameter verdict: In a list that also holds findings which nothing covers, its own word.
  init(_ excepted: ExceptedFinding, verdict: String? = nil) {
    self.init(excepted.finding)
    let exception = excepted.exception
    self.exception = Exception(
      reason: exception.reason, owner: exception.owner, expires: exception.expires.description)
    self.verdict = verdict ?? self.verdict
  }

  init(_ finding: Finding, _ sightings: [SightedIndicator] = []) {
    self.sightings = sightings.isEmpty ? nil : sightings
    check = finding.check.rawValue
    domain = finding.domain?.description
    severity = finding.severity.rawValue
    verdict = finding.verdict.kind
    name = finding.name.description
    type = finding.type?.description
    how = finding.verdict.how
    `where` = Where(finding.place)
    intended = finding.intended
    observed = finding.observed
    proof = finding.proof.rawValue
    since = finding.since.description
    evidence = finding.evidence?.rawValue
    reason = finding.verdict.words
    declaredAt = finding.declaredAt?.description
    advice = CheckSpecification.of(finding.check)?.advice ?? ""
  }

  /// A finding of an earlier pass, as far as the store keeps it.
  init(_ stored: StoredFinding) {
    check = stored.check.rawValue
    severity = stored.severity.rawValue
    verdict = stored.how == nil ? "couldNotTell" : "mismatch"
    name = stored.name.description
    type = stored.type?.description
    how = stored.how?.rawValue
    `where` = Where(stored.place)
    intended = stored.intended
    observed = stored.observed
    proof = Proof.unknown.rawValue
    since = stored.since.description
    evidence = stored.evidence?.rawValue
    reason = "last seen \(stored.lastSeen)"
    advice = ""
  }
}

struct TotalsDocument: Encodable {
  var expected: Int
  var match: Int
  var mismatch: Int
  var couldNotTell: Int
  var excepted: Int

  init(_ totals: Totals) {
    (expected, match, mismatch, couldNotTell) = (totals.expected, totals.match, totals.mismatch, totals.couldNotTell)
    excepted = totals.excepted
  }
}

extension CheckSpecification {
  static func of(_ id: CheckID) -> CheckSpecification? {
    all.first { $0.id == id }
  }
}
