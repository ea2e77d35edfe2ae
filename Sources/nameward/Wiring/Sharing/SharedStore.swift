import Indicators
import Names
import Store

/// What the store gives to others by TAXII, read page by page when it is asked for: what an import or an audit has just brought is
/// there without a restart, and a million indicators need no more memory than a page.
///
/// Each object is there in its last version alone, which the specification leaves to the server (TAXII 2.1 §1.6.11).
struct SharedStore: TAXIICatalog {
  /// Which findings are given, and in whose name.
  struct FindingTerms {
    /// As audits record it.
    var declaration: String
    var organisation: String
    var marking: TLP
  }

  let reader: StoreReader
  let ids: SharedCollections
  /// The strictest marking of what is given, and what an indicator counts as that nobody marked.
  var tlp: TLP
  var assumed: TLP?
  var findings: FindingTerms?
  /// The state folder, where others may send what they have; it is opened for writing only while something is taken in, so that
  /// imports and audits go on beside the server.
  var receiving: String?
  let turn = WritingTurn()

  init(_ reader: StoreReader, tlp: TLP, assumed: TLP?, findings: FindingTerms? = nil, receiving: String? = nil) throws {
    (self.reader, ids) = (reader, try reader.sharedCollections)
    (self.tlp, self.assumed, self.findings, self.receiving) = (tlp, assumed, findings, receiving)
  }

  func collections() -> [TAXIICollection] {
    var all = [
      TAXIICollection(id: ids.indicators, title: "Indicators", description: "\(tlp.label) at most.", alias: "indicators")
    ]
    if let findings {
      all.append(
        TAXIICollection(
          id: ids.findings, title: "Findings",
          description: "What audits of \(findings.organisation) found not to be as intended. \(findings.marking.label).",
          alias: "findings"))
    }
    if receiving != nil {
      all.append(
        TAXIICollection(
          id: ids.received, title: "Received",
          description: "Send indicators and sightings here. What may be given on is then among the indicators.",
          alias: "received", canRead: false, canWrite: true))
    }
    return all
  }

  func records(of collection: String, _ filter: TAXIIFilter, after number: Int64, limit: Int) throws -> [TAXIIRecord] {
    guard filter.specVersions.isEmpty || filter.specVersions.contains("2.1") else { return [] }
    switch collection {
    case ids.indicators: return try indicatorRecords(Wanted(filter), after: number, limit: limit)
    case ids.findings:
      return try findings.map { try findingRecords($0, Wanted(filter), after: number, limit: limit) } ?? []
    default: return []
    }
  }

  /// Nothing is removed for others.
  func remove(_ filter: TAXIIFilter, from collection: String) -> Bool { false }

  /// A filter, of a collection that has one version of each object: that is the first, the last, and all.
  struct Wanted {
    let ids: Set<String>
    private let types: Set<String>
    let addedAfter: TAXIITimestamp?
    /// `nil` for any.
    private let moments: Set<TAXIITimestamp>?

    init(_ filter: TAXIIFilter) {
      (ids, types, addedAfter) = (Set(filter.ids), Set(filter.types), filter.addedAfter)
      var moments: Set<TAXIITimestamp> = []
      for version in filter.versions { if case .at(let moment) = version { moments.insert(moment) } }
      self.moments = moments.isEmpty || moments.count < filter.versions.count ? nil : moments
    }

    /// Whether most objects are passed over.
    var isNarrow: Bool { !ids.isEmpty || !types.isEmpty }

    /// Whether it takes objects of a type at all.
    func mayTake(_ type: String) -> Bool {
      (types.isEmpty || types.contains(type)) && (ids.isEmpty || ids.contains { $0.hasPrefix(type + "--") })
    }

    func takes(_ object: SharedObject) -> Bool {
      (ids.isEmpty || ids.contains(object.id)) && (types.isEmpty || types.contains(object.type))
        && (addedAfter.map { $0 < object.added } ?? true) && (moments?.contains(object.moment) ?? true)
    }
  }
}
