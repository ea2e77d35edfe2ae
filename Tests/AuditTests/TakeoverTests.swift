import DNSWire
import Estate
import Names
import Testing

@testable import Audit

@Suite("alias-takeover: what somebody else can have") struct TakeoverTests {
  /// An audit of an estate that declares and serves these lines beside its own.
  static func told(
    _ lines: String, elsewhere: [String: String] = [:], _ change: (inout ModelEstate) throws -> Void = { _ in }
  ) throws -> [Finding] {
    try ModelEstate.audited { estate in
      for (apex, lines) in elsewhere { try estate.apply(.elsewhere(apex, lines)) }
      try estate.apply(.declare(lines))
      try estate.apply(.set(.everywhere, lines))
      try change(&estate)
    }.findings("alias-takeover")
  }

  @Test(arguments: [
    "shop.example.gov. CNAME www.lapsed.test.", "old.example.gov. DNAME lapsed.test.", "shop.example.gov. MX 10 mx.lapsed.test.",
    "_sip._tcp.example.gov. SRV 0 0 5060 sip.lapsed.test.", "shop.example.gov. HTTPS 0 cdn.lapsed.test.",
    "_dns.example.gov. SVCB 1 resolver.lapsed.test. alpn=dot", "child.example.gov. NS ns1.lapsed.test.",
    "example.gov. NS ns1.lapsed.test.",
  ]) func `a domain that is not registered, whatever record leads there`(line: String) throws {
    let told = try Self.told(line, elsewhere: ["test.": "other.test. A 203.0.113.1"])
    #expect(told.map(\.severity) == [.critical] && told.first?.observed == ["lapsed.test. is not registered"], "\(told)")
  }

  @Test func `a name server that only the delegation is declared to have`() throws {
    let told = try Self.told("shop.example.gov. A 192.0.2.80", elsewhere: ["test.": "other.test. A 203.0.113.1"]) { estate in
      estate.declaration.domains[0].nameServers.append(NameServer(try DomainName("ns.lapsed.test.")))
    }
    #expect(told.map(\.observed) == [["lapsed.test. is not registered"]])
  }

  @Test func `a name below a country's category is registered a label further down`() throws {
    let zones = ["co.uk.": "other.co.uk. A 203.0.113.1", "partner.uk.": "www.partner.uk. A 203.0.113.1"]
    let told = try Self.told("shop.example.gov. CNAME www.lapsed.co.uk.", elsewhere: zones)
    #expect(told.map(\.observed) == [["lapsed.co.uk. is not registered"]])
    #expect(try Self.told("shop.example.gov. CNAME a.gone.partner.uk.", elsewhere: zones).isEmpty)
  }

  @Test func `an alias behind the alias`() throws {
    let zones = [
      "partner.example.": "www.partner.example. CNAME b.partner.example.\nb.partner.example. CNAME gone.azurewebsites.net.",
      "azurewebsites.net.": "www.azurewebsites.net. A 203.0.113.1",
    ]
    let told = try Self.told("shop.example.gov. CNAME www.partner.example.", elsewhere: zones)
    #expect(told.map(\.observed) == [["gone.azurewebsites.net. is free at Microsoft Azure"]])
    let circle = [
      "partner.example.": "www.partner.example. CNAME b.partner.example.\nb.partner.example. CNAME www.partner.example."
    ]
    #expect(try Self.told("shop.example.gov. CNAME www.partner.example.", elsewhere: circle).isEmpty)
  }

  @Test func `what an announced change has moved away from need not be there any more`() throws {
    let zones = ["azurewebsites.net.": "new.azurewebsites.net. A 203.0.113.1"]
    let told = try Self.told("shop.example.gov. CNAME new.azurewebsites.net.", elsewhere: zones) { estate in
      let shop = try DomainName("shop.example.gov.")
      let index = try #require(estate.declaration.domains[0].records.firstIndex { $0.name == shop })
      let old = CNAME(target: try DomainName("old.azurewebsites.net.")).rdata
      estate.declaration.domains[0].records[index].change = PlannedChange(
        shop, .cname, was: .exactly([old]), to: estate.declaration.domains[0].records[index].intended,
        from: estate.present.advanced(by: .seconds(-60)), until: estate.present.advanced(by: .seconds(60)), ticket: "WEB-1")
    }
    #expect(told.isEmpty, "\(told)")
  }

  @Test(arguments: [ResponseCode.formatError, .notImplemented, .badVersion])
  func `a server that does not like the question may still have the zone`(code: ResponseCode) throws {
    let zones = ["provider.example.": "ns9.provider.example. A 203.0.113.53"]
    let line = "child.example.gov. NS ns9.provider.example."
    #expect(try Self.told(line, elsewhere: zones).map(\.verdict.how) == [.lame])
    let told = try Self.told(line, elsewhere: zones) { estate in
      try estate.tamper(ModelEstate.elsewhere, "child.example.gov.", .soa) { $0.header.responseCode = code }
    }
    #expect(told.isEmpty)
  }

  private static let page = "Repository not found"

  private static func pages(_ answers: [String: Answer]) throws -> [Finding] {
    let zones = [
      "bitbucket.io.": """
      team.bitbucket.io. CNAME lb.bitbucket.io.
      lb.bitbucket.io. A 203.0.113.1
      lb.bitbucket.io. A 203.0.113.2
      """
    ]
    return try told("shop.example.gov. CNAME team.bitbucket.io.", elsewhere: zones) { estate in
      estate.scope.fetchesPages = true
      for (address, answer) in answers {
        let place = SocketAddress(address: try #require(IPAddress(address)), port: 80)
        let page = WebPage(place, host: try DomainName("shop.example.gov."), path: "/", isSecure: false)
        try estate.apply(.answer(.page(page), answer))
      }
    }
  }

  @Test func `the page behind a service's own alias, from the first address that answers`() throws {
    let unclaimed = Answer.page(PageReply(status: 404, body: Array("<p>\(Self.page)</p>".utf8)))
    #expect(try Self.pages(["203.0.113.1": unclaimed]).map(\.verdict.how) == [.dangling])
    #expect(try Self.pages(["203.0.113.1": .failed("refused"), "203.0.113.2": unclaimed]).map(\.verdict.how) == [.dangling])
    #expect(try Self.pages(["203.0.113.1": .page(PageReply(status: 200, body: Array("ours".utf8)))]).isEmpty)
  }

  @Test func `a page that was asked for and could not be had is told as that`() throws {
    let told = try Self.pages(["203.0.113.1": .failed("refused"), "203.0.113.2": .failed("silent")])
    #expect(told.map(\.verdict) == [.couldNotTell(.inquiry("refused"))])
  }

  @Test func `an address of either family in a cloud and not in the inventory`() throws {
    for (type, address, prefix) in [("A", "198.51.100.9", "198.51.100.0/24"), ("AAAA", "2001:db8:1::9", "2001:db8:1::/48")] {
      func judge(_ inventory: [String]) throws -> [Finding] {
        try Self.told("shop.example.gov. \(type) \(address)") { estate in
          estate.declaration.clouds = [CloudPrefix(try #require(IPPrefix(prefix)), cloud: "aws")]
          estate.declaration.inventory = try (inventory + ["198.51.100.53"]).map { try #require(IPPrefix($0)) }
        }
      }
      #expect(try judge(["192.0.2.0/24"]).map(\.verdict.how) == [.unsafe])
      #expect(try judge(["192.0.2.0/24", address]).isEmpty)
    }
  }

  @Test func `aliases without end cost no more than one lookup`() throws {
    var estate = try ModelEstate()
    // Each link in a zone of its own, each zone with a server whose name lies in the next.
    for link in 0..<40 {
      try estate.apply(.elsewhere("z\(link).example.", "www.z\(link).example. CNAME www.z\(link + 1).example."))
    }
    let before = try ModelEstate.questions(of: estate)
    try estate.apply(.declare("shop.example.gov. CNAME www.z0.example."))
    try estate.apply(.set(.everywhere, "shop.example.gov. CNAME www.z0.example."))
    #expect(try ModelEstate.questions(of: estate) - before < 100)
  }
}

extension ModelEstate {
  fileprivate static func questions(of estate: ModelEstate) throws -> Int {
    var estate = estate
    _ = estate.survey()
    return estate.asked.count
  }
}

@Suite("name-server-lookalike: who imitates, and who is of a family") struct LookalikeTests {
  @Test(arguments: [
    ("ns1.dns-b.example.", "ns1.dns-a.example."), ("ns-1.awsdns-02.com.", "ns-1.awsdns-01.com."),
    ("ns-9.awsdns-02.net.", "ns-1.awsdns-01.com."), ("ns-1.awsdns-51.org.", "ns-1.awsdns-15.org."),
    ("ns-cloud-b1.googledomains.com.", "ns-cloud-a1.googledomains.com."), ("dns1.p02.nsone.net.", "dns1.p01.nsone.net."),
    ("ns3.hosting-brand.eu.", "ns1.hosting-brand.de."), ("ns1.hosting-brand.net.", "ns1.hosting-brand.com."),
    ("pdns3.ultradns.org.", "pdns1.ultradns.net."), ("kate.ns.cloudflare.com.", "karl.ns.cloudflare.com."),
    ("a1-65.akam.net.", "a1-66.akam.net."), ("ns2.example.gov.", "ns1.example.gov."), ("ns1.abc.net.", "ns1.xyz.net."),
  ]) func `is of the same family, or its own`(host: String, declared: String) throws {
    #expect(!Lookalike.resembles(try DomainName(host), try DomainName(declared)))
    #expect(!Lookalike.resembles(try DomainName(declared), try DomainName(host)))
  }

  @Test(arguments: [
    ("ns1.examp1e.gov.", "ns1.example.gov."), ("ns1.exarnple.gov.", "ns1.example.gov."), ("ns1.exmple.gov.", "ns1.example.gov."),
    ("ns1.example1.gov.", "ns1.example.gov."), ("ns1.dns0.example.", "ns1.dnso.example."),
    ("ns1.example.gov.evil.example.", "ns1.example.gov."), ("ns-1.awsdns-0l.com.", "ns-1.awsdns-01.com."),
    ("ns-1.avvsdns-01.com.", "ns-1.awsdns-01.com."), ("ns1.hosting-brand.cm.", "ns1.hosting-brand.com."),
    ("ns1.dns-provlder.net.", "ns1.dns-provider.net."), ("ns1.googledomain.com.", "ns1.googledomains.com."),
  ]) func `imitates`(host: String, declared: String) throws {
    #expect(Lookalike.resembles(try DomainName(host), try DomainName(declared)))
  }

  @Test func `an announced move to a name that is like the old one is none`() throws {
    func told(_ announced: Bool) throws -> [Finding] {
      try ModelEstate.audited { estate in
        try estate.apply(.elsewhere("examples.gov.", "ns1.examples.gov. A 192.0.2.53"))
        try estate.apply(.set(.parent, "example.gov. NS ns1.examples.gov.\nexample.gov. NS ns2.example.gov."))
        guard announced else { return }
        func hosts(_ texts: [String]) throws -> DeclaredRRset.Intended {
          .exactly(try texts.map { NS(nameServer: try DomainName($0)).rdata })
        }
        estate.declaration.domains[0].delegationChange = PlannedChange(
          ModelEstate.domain, .ns, was: try hosts(["ns1.example.gov.", "ns2.example.gov."]),
          to: try hosts(["ns1.examples.gov.", "ns2.example.gov."]), from: estate.present.advanced(by: .seconds(-60)),
          until: estate.present.advanced(by: .seconds(60)), ticket: "NET-1")
      }.findings("name-server-lookalike")
    }
    #expect(try told(false).count == 1)
    #expect(try told(true).isEmpty)
  }

  @Test func `a stranger with the address of a tolerated service is no attack by that alone`() throws {
    func told(_ within: String) throws -> [Finding] {
      try ModelEstate.audited { estate in
        try estate.apply(.elsewhere("host.example.", "ns.host.example. A 203.0.113.66"))
        try estate.apply(.set(.parent, "example.gov. NS ns.host.example.\nexample.gov. NS ns2.example.gov."))
        try estate.apply(.tolerate("www.example.gov.", .a, Tolerance(within: [try #require(IPPrefix(within))])))
        try estate.apply(.set(.everywhere, "www.example.gov. A 203.0.113.66"))
      }.findings("name-server-lookalike")
    }
    #expect(try told("203.0.113.0/24").isEmpty)
    #expect(try told("192.0.2.0/24").count == 1)
  }

  @Test func `a stranger that only the zone names stands where the visitors were sent`() throws {
    let told = try ModelEstate.audited { estate in
      try estate.apply(.elsewhere("host.example.", "ns.host.example. A 203.0.113.66"))
      try estate.apply(.set(.primary, "example.gov. NS ns.host.example.\nexample.gov. NS ns2.example.gov."))
      try estate.apply(.set(.primary, "mail.example.gov. A 203.0.113.66"))
    }.findings("name-server-lookalike")
    #expect(
      told.map { $0.observed.last } == ["ns.host.example. has the address 203.0.113.66, to which mail.example.gov. leads now"])
  }

  @Test func `hundreds of strangers cost a bounded number of lookups`() throws {
    var estate = try ModelEstate()
    let before = try ModelEstate.questions(of: estate)
    let strangers = (0..<300).map { "example.gov. NS ns\($0).s\($0).example." }.joined(separator: "\n")
    try estate.apply(.set(.everywhere, strangers))
    try estate.apply(.set(.everywhere, "mail.example.gov. A 203.0.113.66"))
    #expect(try ModelEstate.questions(of: estate) - before < 400)
  }
}
