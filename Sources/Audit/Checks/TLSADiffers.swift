import DNSWire
import Estate
import Names

/// A declared TLSA record does not fit the service it is for.
public enum TLSADiffers: Check {
  public static let specification = CheckSpecification(
    "tlsa-differs", "A server shows another certificate than its TLSA records say, or they cannot be used",
    sources: ["RFC 6698 §2.1", "RFC 7671 §4", "RFC 7671 §5", "RFC 7672 §2.2", "RFC 7672 §3.1"],
    severity: "high where the certificate differs; medium where no record can be used, or the domain is not signed",
    about: """
      With `--services` each address of each host with declared TLSA records is connected to, by STARTTLS for mail, and what it \
      shows must fit one of them: usage 3 the server's own certificate or key, whatever its names and dates, usage 2 an \
      authority of its chain that leads to the name, usages 0 and 1 beside that a chain that is trusted. Records with unknown \
      numbers or digests of a wrong length are ignored, as by every client. TLSA records of a domain that is not signed are of \
      no use to anybody, which is told without connecting.
      """,
    advice: """
      If the certificate was renewed with a new key, publish its record beside the old one before, and remove the old one after. \
      If neither is yours, somebody else answers at this address.
      """,
    fires: [
      Example("another key than declared", service("3 1 1 \(digests[1])"), how: .replaced),
      Example("a digest of a wrong length", service("3 1 1 abcd"), how: .unsafe),
      Example(
        "a public authority for mail",
        service("1 1 1 \(digests[0])", name: "_25._tcp.mail.example.gov.", port: 25, begins: .smtp),
        how: .unsafe),
      Example(
        "a domain that is not signed",
        [
          .declare("_443._tcp.www.example.gov. TLSA 3 1 1 \(digests[0])"),
          .set(.everywhere, "_443._tcp.www.example.gov. TLSA 3 1 1 \(digests[0])"),
        ], how: .unsafe),
      Example(
        "nobody answers",
        signed("_443._tcp.www.example.gov. TLSA 3 1 1 \(digests[0])") + [.scope { $0.contactsServices = true }]),
    ],
    silent: [
      Example("the declared key", service("3 1 1 \(digests[0])")),
      Example(
        "the declared key of a mail server, after STARTTLS",
        service("3 1 1 \(digests[0])", name: "_25._tcp.mail.example.gov.", port: 25, begins: .smtp)),
      Example("another key, and no service is contacted", signed("_443._tcp.www.example.gov. TLSA 3 1 1 \(digests[1])")),
    ], needs: [.services])

  /// SHA-256 of "key" (by sha256sum), which the example's server shows, and of nothing that it shows.
  private static let digests = [
    "2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683", String(repeating: "ab", count: 32),
  ]

  private static func signed(_ line: String) -> [Example.Edit] {
    let ds = "12345 13 2 \(String(repeating: "ab", count: 32))"
    return [.declareDS(ds), .set(.parent, "example.gov. DS \(ds)"), .declare(line), .set(.everywhere, line)]
  }

  private static func service(
    _ record: String, name: String = "_443._tcp.www.example.gov.", port: UInt16 = 443, begins: TLSService.Beginning = .atOnce
  ) -> [Example.Edit] {
    guard let owner = try? DomainName(name), let service = TLSAService(owner),
      let address = IPAddress(begins == .smtp ? "192.0.2.25" : "192.0.2.80")
    else { return [] }
    let shown = Handshake.Certificate(octets: Array("certificate".utf8), publicKey: Array("key".utf8))
    let place = SocketAddress(address: address, port: port)
    return signed("\(name) TLSA \(record)") + [
      .scope { $0.contactsServices = true },
      .answer(
        .handshake(TLSService(place, name: service.host, begins: begins)),
        .handshake(Handshake(chain: [shown], distrust: "self-signed"))),
    ]
  }

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    var judged: [Judged] = []
    for declared in domain.domain.records where declared.type == .tlsa && domain.isInScope(declared.name) {
      let records = declared.namedValues.compactMap { TLSA($0) }
      guard !records.isEmpty, let service = TLSAService(declared.name) else { continue }
      judged += unsigned(declared, domain)
      guard domain.scope.contactsServices, let walk = domain.walk else { continue }
      judged += judge(declared, records, service, domain, walk, &knowledge)
    }
    return judged
  }

  /// RFC 6698 §4.1, RFC 7672 §2.2: without a chain of trust nobody looks at the records.
  private static func unsigned(_ declared: DeclaredRRset, _ domain: DomainView) -> [Judged] {
    guard domain.isWalked else { return [] }
    let place = Place(.authoritative, nil, zone: domain.domain.name)
    let expectation = Expectation(
      specification.id, declared.name, .tlsa, at: place, .proper, declaredAt: declared.declaredAt)
    if domain.isSigned { return [Judged(expectation, .match)] }
    if let why = domain.noParent, domain.domain.ds != .unsigned { return [Judged(expectation, .couldNotTell(.noParent(why)))] }
    if domain.domain.ds != .unsigned, let obstacle = domain.parent?.replies.lazy.compactMap({ $0.ds?.obstacle }).first {
      return [Judged(expectation, .couldNotTell(obstacle))]
    }
    return [
      domain.judged(expectation, .mismatch(.unsafe("the domain is not signed, so no client uses the records")), .medium, nil)
    ]
  }

  private static func judge(
    _ declared: DeclaredRRset, _ records: [TLSA], _ service: TLSAService, _ domain: DomainView, _ walk: Walk,
    _ knowledge: inout Knowledge
  ) -> [Judged] {
    func expectation(_ server: Server?) -> Expectation {
      Expectation(
        specification.id, declared.name, .tlsa, at: Place(.endpoint, server, zone: service.host),
        .exactly(declared.namedValues, ttl: nil), declaredAt: declared.declaredAt)
    }
    let usable = records.filter { $0.isUsable(forMail: service.port == 25) }
    guard !usable.isEmpty else {
      return [domain.judged(expectation(nil), .mismatch(.unsafe("none of the records can be used")), .medium, nil)]
    }
    switch walk.addresses(behind: service.host, &knowledge) {
    case .pending: return []
    case .failed(let why):
      return [domain.judged(expectation(nil), .couldNotTell(.noAddress(of: service.host, why)), .medium, nil)]
    // Of a host that is gone record-differs and alias-dangling tell.
    case .found(let addresses) where addresses.isEmpty:
      return [Judged(expectation(nil), .couldNotTell(.noAddress(of: service.host, .noAddressRecord(host: service.host))))]
    case .found(let addresses):
      return addresses.prefix(Walk.mostServers).compactMap { address in
        let place = SocketAddress(address: address, port: domain.network.ports.actual(service.port))
        let inquiry = Inquiry.handshake(TLSService(place, name: service.host, begins: service.begins))
        guard let answer = knowledge.ask(inquiry) else { return nil }
        return domain.judged(expectation(Server(address: place)), verdict(answer, usable), .high, nil)
      }
    }
  }

  private static func verdict(_ answer: Answer, _ usable: [TLSA]) -> Verdict {
    guard case .handshake(let handshake) = answer, let own = handshake.chain.first else {
      if case .failed(let why) = answer { return .couldNotTell(.inquiry(why)) }
      return .couldNotTell(.inquiry("the server showed no certificate"))
    }
    if usable.contains(where: { $0.matches(handshake) }) { return .match }
    // A public root is trusted without being shown.
    let isRootUnseen = handshake.distrust == nil && usable.allSatisfy { $0.usage == TLSA.Usage.trustedAuthority.rawValue }
    if isRootUnseen {
      return .couldNotTell(.inquiry("the authority that the records name may be a root, which servers do not show"))
    }
    return .mismatch(.replaced(Set(usable.map { $0.naming(own) }).inCanonicalOrder))
  }
}

/// The service that a TLSA record's owner name is for: `_port._tcp.host` (RFC 6698 §3).
struct TLSAService: Hashable {
  var port: UInt16
  var host: DomainName

  /// Nil for other names and for services that TCP does not carry.
  init?(_ owner: DomainName) {
    let labels = owner.labels()
    guard labels.count > 2, labels[0].first == 0x5F, labels[1].elementsEqual("_tcp".utf8),
      let port = UInt16(String(decoding: labels[0].dropFirst(), as: UTF8.self))
    else { return nil }
    (self.port, host) = (port, owner.ancestor(labels: labels.count - 2))
  }

  /// Mail begins TLS after a greeting (RFC 3207).
  var begins: TLSService.Beginning { port == 25 || port == 587 ? .smtp : .atOnce }
}

extension Network.Ports {
  /// Where a service with this registered port listens here.
  func actual(_ port: UInt16) -> UInt16 {
    switch port {
    case 443: https
    case 80: http
    case 25: smtp
    default: port
    }
  }
}

extension Reading {
  /// Why it says nothing of the records; nil where it does.
  fileprivate var obstacle: Obstacle? {
    switch self {
    case .data, .noSuchName, .alias: nil
    case .referral, .notAuthoritative: .lame
    case .responseCode(let code): .responseCode(code)
    case .truncated: .truncated
    case .silent(let silence): .silent(silence)
    }
  }
}
