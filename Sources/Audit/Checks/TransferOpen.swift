import DNSWire
import Estate
import Names

/// A name server gives the whole zone to anybody who asks.
public enum TransferOpen: Check {
  public static let specification = CheckSpecification(
    "transfer-open", "A name server gives the whole zone to anybody",
    sources: ["RFC 5936 §5", "NIST SP 800-81r3"],
    severity: "info: nothing departs from what is intended, so it does not change how an audit ends",
    about: """
      Each server that answers for the zone is asked for a zone transfer (AXFR) without a key, and the connection is closed after \
      the first message. Whoever may read the whole zone learns every host in it, also those that nobody was told of. Some \
      owners publish their zones on purpose.
      """,
    advice: "Let the server transfer the zone to its secondaries only: by TSIG key, or by address.",
    fires: [
      Example(
        "the primary transfers to anybody", [.answer(.openTransfer(zone: example, at: server), .openTransfer(records: 12))],
        how: .unsafe)
    ],
    silent: [
      Example("every server refuses"),
      Example("nothing could be told", [.answer(.openTransfer(zone: example, at: server), .failed("connection refused"))]),
    ])

  private static var example: DomainName { (try? DomainName("example.gov.")) ?? .root }
  private static var server: Server { Server(address: SocketAddress(address: .v4(0xC000_0235), port: 53)) }

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    guard domain.isWalked, domain.isApexInScope else { return [] }
    return domain.servers.compactMap { place in
      guard let server = place.server, let authority = domain.authority(of: place, &knowledge), authority.obstacle == nil,
        case .openTransfer(let records?)? = knowledge.ask(.openTransfer(zone: domain.domain.name, at: server))
      else { return nil }
      let verdict = Verdict.mismatch(.unsafe("gives the whole zone to anybody; the first message held \(records) records"))
      return Judged(
        reporting: Finding(
          specification.id, .info, verdict, domain.domain.name, .axfr, at: place.place, since: domain.now))
    }
  }
}
