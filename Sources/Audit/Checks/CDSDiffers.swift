import DNSWire
import Estate
import Names

/// The zone asks its parent for other DS records than the parent has.
public enum CDSDiffers: Check {
  public static let specification = CheckSpecification(
    "cds-differs", "The zone asks its parent for other DS records",
    sources: ["RFC 7344 §4", "RFC 8078 §4", "RFC 9615"],
    severity: "medium; high where it asks to have DNSSEC removed",
    about: """
      Each server of a signed zone is asked for CDS and CDNSKEY. Parents that look for these change the DS to what they say, so \
      whoever can write in a signed zone can replace its chain of trust, or end it. Published records that stand for the parent's \
      DS set are silent; a roll-over that is announced in `changes` is too.
      """,
    advice:
      "If no key roll-over of yours is under way, remove the records before the parent acts on them, and look who put them there.",
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

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    guard domain.isWalked, domain.isApexInScope, let held = domain.parent?.heldDS, !held.isEmpty else { return [] }
    let zone = domain.domain.name
    // During an announced change of the DS set the zone asks for what is to be.
    if let change = domain.domain.dsChange, change.phase(at: domain.now) == .inside { return [] }
    return domain.servers.compactMap { server in
      guard server.isDeclared, let address = server.server, let authority = domain.authority(of: server, &knowledge),
        authority.obstacle == nil
      else { return nil }
      let query = Query(zone, .cds, at: address, dnssecOK: domain.asksForSignatures)
      guard let observation = knowledge.ask(query, of: server.place),
        case .data(let wanted, _) = Reading(observation, zone, .cds),
        !wanted.isEmpty
      else { return nil }
      // A CDS record's data are those of the DS that is wanted (RFC 7344 §3.1).
      let asked = Set(wanted.map { RData(type: .ds, canonical: $0.octets) })
      let isRemoval = asked.allSatisfy { $0.octets.count >= 4 && $0.octets[2] == 0 }
      // More digests of the same keys say nothing new.
      if !isRemoval, Set(asked.map(\.keyAndAlgorithm)) == Set(held.map(\.keyAndAlgorithm)) { return nil }
      let departure: Departure = isRemoval ? .removed(held.inCanonicalOrder) : .replaced(asked.inCanonicalOrder)
      return Judged(
        reporting: Finding(
          specification.id, isRemoval ? .high : .medium, .mismatch(departure), zone, .cds, at: server.place,
          intended: held.inCanonicalOrder.map(\.text), observed: wanted.map(\.text).sorted(), since: domain.now, query: query))
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

extension RData {
  /// Key tag and algorithm of a DS (RFC 4034 §5.1).
  fileprivate var keyAndAlgorithm: [UInt8] { Array(octets.prefix(3)) }
}
