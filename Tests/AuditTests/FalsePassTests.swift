import Audit
import DNSWire
import Estate
import Lab
import Names
import Testing

/// What an attacker changes is a mismatch, however it is wrapped.
@Suite("False passes: what a hijacker would hide") struct FalsePassTests {
  static let evil = "203.0.113.66"

  @Test func `an alias beside the declared address is followed by resolvers, so it is a departure`() throws {
    let survey = try ModelEstate.audited { estate in
      try estate.tamper(ModelEstate.primary, "www.example.gov.", .a) {
        $0.answers += try ModelEstate.records("www.example.gov. CNAME www.evil.example.")
      }
    }
    #expect(try survey.verdicts("record-differs", "www.example.gov.", .a, at: ModelEstate.primary).map(\.how) == [.replaced])
  }

  @Test func `an alias for IPv6 alone is told, although the address for IPv4 is as declared`() throws {
    let survey = try ModelEstate.audited { estate in
      try estate.tamper(ModelEstate.primary, "www.example.gov.", .aaaa) {
        $0.answers = try ModelEstate.records("www.example.gov. CNAME www.evil.example.")
      }
    }
    #expect(survey.findings("record-differs").map(\.type) == [.aaaa])
    #expect(survey.totals.mismatch > 0)
  }

  @Test func `an alias for IPv6 alone is told of a resolver`() throws {
    let survey = try ModelEstate.audited { estate in
      try estate.tamper(ModelEstate.resolver, "www.example.gov.", .aaaa) {
        $0.answers = try ModelEstate.records("www.example.gov. CNAME www.evil.example.")
      }
    }
    #expect(survey.findings("resolver-differs").map(\.type) == [.aaaa])
  }

  @Test func `a DNAME above the name is an alias`() throws {
    let survey = try ModelEstate.audited { estate in
      try estate.tamper(ModelEstate.primary, "www.example.gov.", .a) {
        $0.answers = try ModelEstate.records("example.gov. DNAME evil.example.")
      }
    }
    #expect(try survey.verdicts("record-differs", "www.example.gov.", .a, at: ModelEstate.primary).map(\.how) == [.replaced])
  }

  @Test func `a foreign address without AA is a departure, since resolvers believe it`() throws {
    let survey = try ModelEstate.audited { estate in
      try estate.tamper(ModelEstate.primary, "mail.example.gov.", .a) {
        $0.header.authoritative = false
        $0.answers = try ModelEstate.records("mail.example.gov. A \(Self.evil)")
      }
    }
    #expect(try survey.verdicts("record-differs", "mail.example.gov.", .a, at: ModelEstate.primary).map(\.how) == [.replaced])
  }

  @Test(arguments: [true, false]) func `a name delegated away is a departure, with and without AA on the referral`(
    isAuthoritative: Bool
  ) throws {
    let survey = try ModelEstate.audited { estate in
      try estate.tamper(ModelEstate.primary, "mail.example.gov.") {
        $0.header.authoritative = isAuthoritative
        ($0.answers, $0.additionals) = ([], [])
        $0.authorities = try ModelEstate.records("mail.example.gov. NS ns.evil.example.")
      }
    }
    #expect(try survey.verdicts("record-differs", "mail.example.gov.", .a, at: ModelEstate.primary).map(\.how) == [.replaced])
    #expect(try survey.verdicts("record-differs", "mail.example.gov.", .aaaa, at: ModelEstate.primary).map(\.how) == [.added])
  }

  @Test func `a name that is declared absent and was delegated away with AA is a departure (RFC 2308 §2.2)`() throws {
    let survey = try ModelEstate.audited { estate in
      estate.declaration.domains[0].records.append(DeclaredRRset(try DomainName("vpn.example.gov."), .a, .absent))
      try estate.tamper(ModelEstate.primary, "vpn.example.gov.") {
        ($0.header.authoritative, $0.header.responseCode) = (true, .noError)
        $0.authorities = try ModelEstate.records("vpn.example.gov. NS ns.evil.example.")
      }
    }
    #expect(try survey.verdicts("record-differs", "vpn.example.gov.", .a, at: ModelEstate.primary).map(\.how) == [.added])
    #expect(try survey.verdicts("record-differs", "vpn.example.gov.", .a, at: ModelEstate.secondary).map(\.how) == [nil])
  }

  @Test func `a wildcard gives addresses to names that are declared absent`() throws {
    let survey = try ModelEstate.audited { estate in
      estate.declaration.domains[0].records.append(DeclaredRRset(try DomainName("vpn.example.gov."), .a, .absent))
      try estate.apply(.set(.secondary, "*.example.gov. A \(Self.evil)"))
    }
    #expect(try survey.verdicts("record-differs", "vpn.example.gov.", .a, at: ModelEstate.secondary).map(\.how) == [.added])
  }

  @Test func `foreign NS records beside the declared ones in another section of the parent's reply are seen`() throws {
    let survey = try ModelEstate.audited { estate in
      try estate.tamper(ModelEstate.parent, "example.gov.", .ns) {
        $0.header.authoritative = true
        $0.answers = try ModelEstate.records("example.gov. NS ns1.evil.example.")
      }
    }
    #expect(survey.findings("delegation-differs").map(\.verdict.how) == [.added])
  }

  @Test func `other name servers with the same addresses are a departure`() throws {
    let survey = try ModelEstate.audited {
      try $0.apply(.set(.parent, "example.gov. NS ns1.evil.gov.\nns1.evil.gov. A 192.0.2.53"))
    }
    #expect(survey.findings("delegation-differs").map(\.verdict.how) == [.replaced])
  }

  @Test
  func `foreign glue of a name server elsewhere in the parent zone is a departure, though what answers there is as declared`()
    throws
  {
    func sibling(_ glue: String) throws -> Survey {
      try ModelEstate.audited { estate in
        let names = ["ns1.dns.gov.", "ns2.dns.gov."]
        estate.declaration.domains[0].nameServers = [
          NameServer(try DomainName(names[0]), .exactly([ModelEstate.primary])),
          NameServer(try DomainName(names[1]), .exactly([ModelEstate.secondary])),
        ]
        try estate.apply(.set(.parent, "example.gov. NS ns1.dns.gov.\nexample.gov. NS ns2.dns.gov."))
        try estate.apply(.set(.parent, glue))
        // The hijacker's server relays the truth.
        estate.authorities[try #require(IPAddress(Self.evil))] = estate.authorities[ModelEstate.primary]
      }
    }
    func told(_ glue: String) throws -> [Departure.How?] {
      try sibling(glue).findings("glue-differs").filter { $0.place.kind == .parent }.map(\.verdict.how)
    }
    #expect(try told("ns1.dns.gov. A \(Self.evil)") == [.replaced])
    #expect(try told("ns1.dns.gov. A 192.0.2.53\nns1.dns.gov. A \(Self.evil)") == [.added])
    // Such glue may also be right, or missing (RFC 9471 §2.2).
    #expect(try told("ns1.dns.gov. A 192.0.2.53").isEmpty)
    #expect(try told("other.gov. A 192.0.2.53").isEmpty)
  }

  @Test func `IPv6 glue is compared although this machine has no IPv6`() throws {
    let survey = try ModelEstate.audited { estate in
      estate.declaration.network.ipv6 = false
      try estate.apply(.set(.parent, "ns1.example.gov. AAAA 2001:db8:bad::66"))
    }
    #expect(survey.findings("glue-differs").map(\.verdict.how) == [.added])
    #expect(!survey.observations.contains { if case .v6? = $0.place.server?.address.address { true } else { false } })
  }

  @Test func `a domain without declared name servers that lost its delegation is told, not passed over`() throws {
    let survey = try ModelEstate.audited { estate in
      estate.declaration.domains[0].nameServers = []
      try estate.apply(.remove(.parent, "example.gov.", .ns))
    }
    #expect(survey.findings("delegation-differs").map(\.severity) == [.critical])
    let silent = try ModelEstate.audited { estate in
      estate.declaration.domains[0].nameServers = []
      estate.declaration.resolvers = Resolvers()
      estate.silent = [ModelEstate.root]
    }
    #expect(silent.totals.couldNotTell > 0 && silent.totals.match == 0)
  }

  @Test func `one hijacked server of the parent is told at that server alone`() throws {
    let other = try #require(IPAddress("192.0.2.3"))
    let survey = try ModelEstate.audited { estate in
      estate.authorities[other] = estate.authorities[ModelEstate.parent]
      let glue = "gov. NS a.nic.gov.\ngov. NS b.nic.gov.\nb.nic.gov. A 192.0.2.3"
      var root = try #require(estate.authorities[ModelEstate.root]?.zones.values.first)
      for (name, records) in Dictionary(grouping: try ModelEstate.records(glue), by: \.name) {
        try root.replace(name, records[0].type, with: records.map(\.rdata))
      }
      estate.authorities[ModelEstate.root]?.put(root)
      try estate.apply(.set(.parent, "example.gov. NS ns1.evil.example."))
    }
    #expect(survey.findings("delegation-differs").map(\.place.server?.address.address) == [ModelEstate.parent])
    #expect(try survey.verdicts("delegation-differs", "example.gov.", .ns, at: other) == [.match])
  }

  @Test func `of resolvers at least one must agree, whatever number is declared`() throws {
    let survey = try ModelEstate.audited { estate in
      estate.declaration.resolvers.agree = 0
      try estate.apply(.set(.resolver, "www.example.gov. A \(Self.evil)"))
    }
    #expect(survey.findings("resolver-differs").count == 1)
  }

  @Test func `a DS at the parent without a chain of trust is told where nothing else tells of it`() throws {
    let ds = "12345 13 2 \(String(repeating: "ab", count: 32))"
    let survey = try ModelEstate.audited { estate in
      try estate.apply(.declareDS(ds))
      try estate.apply(.set(.parent, "example.gov. DS \(ds)"))
      try estate.apply(.validation(.insecure))
    }
    #expect(survey.findings("dnssec-bogus").map(\.verdict) == [.mismatch(.unsigned)])
    let removed = try ModelEstate.audited { estate in
      try estate.apply(.declareDS(ds))
      try estate.apply(.validation(.insecure))
    }
    #expect(removed.findings("dnssec-bogus").isEmpty && removed.findings("ds-differs").count == 1)
  }

  @Test func `a name under the declared domain brings the declared domains below it along`() throws {
    var scope = AuditScope()
    scope.names = [ModelEstate.domain]
    let lab = try DomainName("lab.example.gov.")
    let survey = try ModelEstate.audited(scope: scope) { estate in
      estate.declaration.domains.append(Domain(lab, records: [DeclaredRRset(lab, .a, .exactly([]))]))
    }
    #expect(survey.verdicts.contains { $0.domain == lab })
  }
}
