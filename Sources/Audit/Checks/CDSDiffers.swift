import DNSWire
import Estate
import Names

/// The zone asks its parent for other DS records than the parent has.
public enum CDSDiffers: Check {
  public static let specification = CheckSpecification(
    "cds-differs", "The zone asks its parent for other DS records",
    sources: ["RFC 7344 §4", "RFC 7344 §6.1", "RFC 8078 §4", "RFC 9615"],
    severity: "medium; high where it asks to have DNSSEC removed; info for a roll-over where no `ds` is declared",
    about: """
      Each server of the domain is asked for CDS and CDNSKEY records. Parents that look for these change the DS records to what \
      they say, so whoever can write in a signed zone can replace its chain of trust, or end it. The keys that are asked for \
      are compared with those of the parent's DS records and of the declared ones: a CDNSKEY by its digest, a CDS with another \
      digest type by the zone's DNSKEY records. Nothing is told of other digests of the same keys, of a key that is to be left \
      out where no `ds` is declared, and of what is announced in `changes`. Where no `ds` is declared, a new key that the zone \
      already publishes beside the old one is taken for a roll-over, which the signer may do by itself.
      """,
    advice: """
      If no key roll-over of yours is under way, remove the records before the parent acts on them, and find out who put them \
      there. If one is, announce it in `changes`.
      """,
    fires: [
      Example(
        "another key",
        [
          .declareDS("12345 13 2 \(digest)"), .set(.parent, "example.gov. DS 12345 13 2 \(digest)"),
          .set(.everywhere, "example.gov. CDS 666 13 2 \(digest)"),
        ], how: .replaced),
      Example(
        "the chain of trust is to be removed",
        [
          .declareDS("12345 13 2 \(digest)"), .set(.parent, "example.gov. DS 12345 13 2 \(digest)"),
          .set(.secondary, "example.gov. CDS 0 0 0 00"),
        ], how: .removed),
      Example(
        "another key, asked for with CDNSKEY alone",
        [
          .declareDS("12345 13 2 \(digest)"), .set(.parent, "example.gov. DS 12345 13 2 \(digest)"),
          .set(.primary, "example.gov. CDNSKEY 257 3 13 \(key)"),
        ], how: .replaced),
      Example(
        "another digest for the same key tag",
        [
          .declareDS("12345 13 2 \(digest)"), .set(.parent, "example.gov. DS 12345 13 2 \(digest)"),
          .set(.everywhere, "example.gov. CDS 12345 13 2 \(String(repeating: "CD", count: 32))"),
        ], how: .replaced),
    ],
    silent: [
      Example(
        "what the parent has",
        [
          .declareDS("12345 13 2 \(digest)"), .set(.parent, "example.gov. DS 12345 13 2 \(digest)"),
          .set(.everywhere, "example.gov. CDS 12345 13 2 \(digest)"),
        ]),
      Example(
        "nothing is asked for", [.declareDS("12345 13 2 \(digest)"), .set(.parent, "example.gov. DS 12345 13 2 \(digest)")]),
    ])

  private static var digest: String { String(repeating: "AB", count: 32) }
  /// RFC 6605 §6.1.
  private static var key: String {
    "GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA=="
  }

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    guard domain.isWalked, domain.isApexInScope, let parent = domain.parent else { return [] }
    let held = parent.heldDS
    let trusted = held.union(domain.domain.intendedDS(at: domain.now)).compactMap { DS($0) }
    return domain.servers.compactMap { server in
      guard server.isDeclared, let address = server.server, let authority = domain.authority(of: server, &knowledge),
        authority.obstacle == nil
      else { return nil }
      func records(_ type: RRType) -> (query: Query, records: [RData]) {
        let query = Query(domain.domain.name, type, at: address, dnssecOK: domain.asksForSignatures)
        guard let observation = knowledge.ask(query, of: server.place),
          case .data(let records, _) = Reading(observation, domain.domain.name, type)
        else { return (query, []) }
        return (query, records)
      }
      let (digests, keys) = (records(.cds), records(.cdnskey))
      guard !digests.records.isEmpty || !keys.records.isEmpty else { return nil }
      // Only the zone's keys say whether two digests are of one key, and whether a new one is in use.
      let served = records(.dnskey).records.compactMap { DNSKEY($0) }
      for (query, asked) in [digests, keys] where !asked.isEmpty {
        let request = Request(asked, served + keys.records.compactMap { DNSKEY($0) }, of: domain.domain.name)
        guard let (departure, severity) = request.departure(from: trusted, held: held, domain, served) else { continue }
        return Judged(
          reporting: Finding(
            specification.id, severity, .mismatch(departure), domain.domain.name, query.type, at: server.place,
            intended: held.inCanonicalOrder.map(\.text), observed: asked.map(\.text).sorted(), since: domain.now, query: query))
      }
      return nil
    }
  }

  /// What a CDS or CDNSKEY RRset asks the parent to hold.
  private struct Request {
    let records: [RData]
    /// The zone's keys, as far as they are known.
    let keys: [DNSKEY]
    let owner: DomainName

    init(_ records: [RData], _ keys: [DNSKEY], of owner: DomainName) {
      (self.records, self.keys, self.owner) = (records, keys, owner)
    }

    /// RFC 8078 §4: algorithm 0, and no other record beside it.
    var isRemoval: Bool { records.allSatisfy { (DS($0)?.algorithm ?? DNSKEY($0)?.algorithm) == 0 } }

    /// Whether a record asks for the key that this DS is of.
    func isKey(_ record: RData, of ds: DS) -> Bool {
      if let key = DNSKEY(record) { return key.isKey(of: ds, owner: owner) }
      guard let asked = DS(record), asked.keyTag == ds.keyTag, asked.algorithm == ds.algorithm else { return false }
      if asked.digestType == ds.digestType { return asked.digest == ds.digest }
      let candidates = keys.filter { $0.algorithm == ds.algorithm && $0.keyTag == ds.keyTag }
      return candidates.isEmpty || candidates.contains { $0.isKey(of: asked, owner: owner) && $0.isKey(of: ds, owner: owner) }
    }

    func departure(from trusted: [DS], held: Set<RData>, _ domain: DomainView, _ served: [DNSKEY]) -> (Departure, Severity)? {
      if isRemoval {
        return held.isEmpty || domain.domain.mayBeUnsigned(at: domain.now) ? nil : (.removed(held.inCanonicalOrder), .high)
      }
      let strange = records.filter { record in !trusted.contains { isKey(record, of: $0) } }
      guard strange.isEmpty else {
        // A parent without DS may take these for the first (RFC 9615), which is intended where nothing else is declared.
        if trusted.isEmpty, domain.domain.ds == .undeclared { return nil }
        let isRollOver =
          domain.domain.ds == .undeclared && domain.domain.dsChange == nil && strange.allSatisfy { isServed($0, served) }
          && held.contains { isServed($0, served) }
        return (.replaced(Set(records).inCanonicalOrder), isRollOver ? .info : .medium)
      }
      guard case .exactly(let declared) = domain.domain.ds, domain.domain.dsChange?.phase(at: domain.now) != .inside else {
        return nil
      }
      let left = declared.filter { ds in DS(ds).map { ds in !records.contains { isKey($0, of: ds) } } ?? false }
      return left.isEmpty ? nil : (.removed(left.inCanonicalOrder), .medium)
    }

    private func isServed(_ record: RData, _ served: [DNSKEY]) -> Bool {
      served.contains { key in
        if let asked = DNSKEY(record) { return asked.publicKey == key.publicKey && asked.algorithm == key.algorithm }
        return DS(record).map { key.isKey(of: $0, owner: owner) } ?? false
      }
    }
  }
}

extension ParentView {
  /// Every DS record that a server of the parent gives.
  var heldDS: Set<RData> {
    replies.reduce(into: []) { all, reply in
      if case .data(let records, _)? = reply.ds { all.formUnion(records) }
    }
  }
}

extension Domain {
  /// What the owner wants the parent to hold: declared, or announced and under way.
  fileprivate func intendedDS(at now: Timestamp) -> [RData] {
    if let dsChange, dsChange.phase(at: now) == .inside { return dsChange.was.namedValues + dsChange.to.namedValues }
    if case .exactly(let records) = ds { return records }
    return []
  }

  fileprivate func mayBeUnsigned(at now: Timestamp) -> Bool {
    if let dsChange, dsChange.phase(at: now) == .inside { return dsChange.was == .absent || dsChange.to == .absent }
    return ds == .unsigned
  }
}
