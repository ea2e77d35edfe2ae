import Audit
import DNSWire
import Estate
import Names

extension InvariantTests {
  /// Seeds of worlds in which much is tolerated, and what is tolerated is what changes.
  static let tolerantSeeds = Array(UInt64(61)...(isFast ? 84 : 120))

  static let tolerated: [(name: String, type: RRType, tolerance: Tolerance)] = [
    ("www.example.gov.", .a, Tolerance(within: ToleranceTests.prefixes("192.0.2.0/24"), originAS: [64500])),
    (
      "pool.example.gov.", .a,
      Tolerance(anyOf: ToleranceTests.data(.a, "192.0.2.81 192.0.2.82"), atLeast: 1, atMost: 2, tlsProof: true)
    ),
    ("pool.example.gov.", .aaaa, Tolerance(within: ToleranceTests.prefixes("2001:db8:5::/48"), atLeast: 0)),
    ("token.example.gov.", .txt, Tolerance(matches: ToleranceTests.patterns("^token="))),
    ("shop.example.gov.", .a, AliasChainTests.within),
    ("mirror.example.gov.", .cname, AliasChainTests.toProviders),
  ]

  /// As it is tolerated.
  static let right = """
    pool.example.gov. A 192.0.2.81
    token.example.gov. TXT "token=0a"
    shop.example.gov. CNAME a.cdn.example.
    mirror.example.gov. CNAME e.edge.example.
    """

  static func tolerate(_ estate: inout ModelEstate) throws {
    for one in tolerated { try estate.apply(.tolerate(one.name, one.type, one.tolerance)) }
    estate.declaration.domains[0].records.append(DeclaredRRset(try DomainName("*.example.gov."), .a, .absent))
    try estate.apply(.set(.everywhere, right))
    try estate.apply(.elsewhere("cdn.example.", "a.cdn.example. A 203.0.113.80\na.cdn.example. AAAA 2001:db8:c::80"))
    try estate.apply(.elsewhere("edge.example.", "e.edge.example. A 203.0.113.90"))
    try estate.apply(.elsewhere("evil.example.", "www.evil.example. A 203.0.113.66"))
  }

  private static func set(_ lines: String) -> @Sendable (inout ModelEstate, Example.Side) throws -> Void {
    { try $0.apply(.set($1 == .parent ? .secondary : $1, lines)) }
  }

  private static func elsewhere(_ apex: String, _ lines: String) -> @Sendable (inout ModelEstate, Example.Side) throws -> Void {
    { estate, _ in try estate.apply(.elsewhere(apex, lines)) }
  }

  private static func answer(_ inquiry: Inquiry?, _ answer: Answer) -> @Sendable (inout ModelEstate, Example.Side) throws -> Void
  {
    { estate, _ in if let inquiry { estate.answers[inquiry] = answer } }
  }

  private static let strange = IPAddress("203.0.113.66")

  static let tolerantEdits: [@Sendable (inout ModelEstate, Example.Side) throws -> Void] = [
    set("www.example.gov. A 192.0.2.99"), set("www.example.gov. A 203.0.113.66"),
    set("www.example.gov. 86400 A 192.0.2.80\nwww.example.gov. A 203.0.113.66"),
    set("pool.example.gov. A 192.0.2.82"), set("pool.example.gov. A 192.0.2.82\npool.example.gov. A 203.0.113.66"),
    set("pool.example.gov. AAAA 2001:db8:5::1"), set("pool.example.gov. AAAA 2001:db8:bad::66"),
    set("token.example.gov. TXT \"token=1\"\ntoken.example.gov. TXT \"token=2\""), set("token.example.gov. TXT \"v=spf1\""),
    set("shop.example.gov. CNAME e.edge.example."), set("shop.example.gov. CNAME www.evil.example."),
    set("mirror.example.gov. CNAME a.cdn.example."), set("mirror.example.gov. CNAME shop.example.gov."),
    set("*.example.gov. A 203.0.113.66"), set("*.example.gov. MX 5 mx.evil.example."),
    elsewhere("cdn.example.", "a.cdn.example. A 203.0.113.66"), elsewhere("cdn.example.", "a.cdn.example. CNAME e.edge.example."),
    elsewhere("cdn.example.", "b.cdn.example. A 203.0.113.80"),
    elsewhere("edge.example.", "e.edge.example. CNAME www.evil.example."),
    answer(strange.map(Inquiry.origin), .origins([64500])), answer(strange.map(Inquiry.origin), .origins([666])),
    answer(
      strange.flatMap { address in
        (try? DomainName("pool.example.gov.")).map {
          .handshake(TLSService(SocketAddress(address: address, port: 443), name: $0))
        }
      }, .handshake(Handshake(chain: []))),
    { estate, _ in estate.silent.insert(ModelEstate.elsewhere) },
  ]
}
