import Estate
import Indicators
import Names
import Store

extension SharedStore {
  /// What findings are told by, and what is told of them.
  private static let findingTypes = [
    "marking-definition", "identity", "domain-name", "ipv4-addr", "ipv6-addr", "observed-data", "note",
  ]

  func findingRecords(
    _ terms: FindingTerms, _ wanted: Wanted, after number: Int64, limit: Int
  ) throws -> [TAXIIRecord] {
    guard Self.findingTypes.contains(where: wanted.mayTake) else { return [] }
    // Where most is passed over, larger pages are quicker.
    let size = wanted.isNarrow ? max(limit, 1000) : limit
    var records: [TAXIIRecord] = []
    var place: Int64? = number
    while let after = place {
      let (offers, end) = try findingPage(terms, after: after, size: size)
      for offer in offers where offer.number > number && wanted.takes(offer) {
        guard let record = try offer.record() else { continue }
        records.append(record)
        if records.count == limit { return records }
      }
      place = end
    }
    return records
  }

  /// - Returns: What is offered, and from where it goes on; `nil` at the end.
  private func findingPage(
    _ terms: FindingTerms, after number: Int64, size: Int
  ) throws -> (offers: [SharedObject], end: Int64?) {
    var offers: [SharedObject] = []
    if number < Self.preamble,
      let first = try reader.sharedFindings(declaration: terms.declaration, after: 0, limit: 1).first?.added
    {
      offers = [Self.object(of: terms.marking, number: 1, first: first), organisation(terms, number: 2, first: first)]
    }
    // A page may have ended between the two objects of a finding.
    let entries = try reader.sharedFindings(declaration: terms.declaration, after: max(0, number - 1), limit: size)
    for entry in entries {
      switch entry {
      case .observable(let observable, let added):
        offers.append(
          SharedObject(NameUUID.observable(observable), number: added, added: added) {
            STIX2.observable(
              observable.type, value: observable.value, id: NameUUID.observable(observable), marking: terms.marking)
          })
      case .finding(let finding): offers += objects(of: finding, terms)
      }
    }
    return (offers, entries.count < size ? nil : offers.last?.number)
  }

  private static func identity(_ terms: FindingTerms) -> String { "identity--" + NameUUID.of("identity", terms.organisation) }

  private func organisation(_ terms: FindingTerms, number: Int64, first: Int64) -> SharedObject {
    let made = Timestamp(milliseconds: first / 1000)
    var header = STIX2.Header(Self.identity(terms), created: made, modified: made)
    header.marking = terms.marking
    return SharedObject(header.id, number: number, added: first - 1, version: made) { [header] in
      STIX2.organisation(terms.organisation, header)
    }
  }

  /// What was seen, as observed data; and what it departs from, in words, as a note on it.
  private func objects(of shared: SharedFinding, _ terms: FindingTerms) -> [SharedObject] {
    func header(_ type: String) -> STIX2.Header {
      var header = STIX2.Header(
        "\(type)--" + NameUUID.of(type, ids.findings, "\(shared.id)"), by: Self.identity(terms), created: shared.finding.since,
        modified: shared.modified)
      header.labels = [shared.finding.check.rawValue, shared.finding.how?.rawValue, shared.finding.severity.rawValue].compactMap(
        \.self)
      header.marking = terms.marking
      return header
    }
    let (observed, note, finding) = (header("observed-data"), header("note"), shared.finding)
    // How often between the first time and the last is not kept; at both, at least.
    let count = shared.lastObserved > finding.since ? 2 : 1
    return [
      SharedObject(observed.id, number: shared.added, added: shared.added, version: shared.modified) {
        STIX2.observedData(
          finding.observables.map(NameUUID.observable), from: finding.since, to: shared.lastObserved, count: count, observed)
      },
      SharedObject(note.id, number: shared.added + 1, added: shared.added + 1, version: shared.modified) {
        STIX2.note(FindingNote(shared).abstract, FindingNote(shared).content, on: [observed.id], note)
      },
    ]
  }
}
