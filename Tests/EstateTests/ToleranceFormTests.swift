import DNSWire
import Estate
import Names
import Testing

@Suite("What a declaration tolerates, plans and excepts") struct ToleranceFormTests {
  func intended(_ set: String, _ type: RRType, groups: String = "") throws -> DeclaredRRset.Intended {
    let reading = Sample.read(
      "version: 1\n\(groups)network: {originDatabase: asn.mmdb}\ndomains: {example.gov: {records: {www: {\(type): \(set)}}}}\n")
    return try #require(reading.declaration?.domains.first?.records.first, "\(reading.faults)").intended
  }

  func prefix(_ text: String) throws -> IPPrefix { try #require(IPPrefix(text)) }

  @Test func `every key of a tolerance`() throws {
    let one = try #require(Sample.rdata(.a, "192.0.2.1"))
    let two = try #require(Sample.rdata(.a, "192.0.2.2"))
    #expect(
      try intended(
        "{allOf: 192.0.2.1, anyOf: [192.0.2.2], within: [198.51.100.0/24, 203.0.113.7], originAS: [64496, AS64497], "
          + "endsIn: [cdn.example.net], atLeast: 2, atMost: 4, others: true, tlsProof: true}", .a)
        == .tolerant(
          Tolerance(
            allOf: [one], anyOf: [two], within: [prefix("198.51.100.0/24"), prefix("203.0.113.7/32")], originAS: [64496, 64497],
            endsIn: [Sample.name("cdn.example.net")], allowsOthers: true, atLeast: 2, atMost: 4, tlsProof: true)))
    #expect(
      try intended("{matches: [\"^v=spf1 \", '=[0-9]+$'], atLeast: 0}", .txt)
        == .tolerant(Tolerance(matches: [TextPattern("^v=spf1 "), TextPattern("=[0-9]+$")], atLeast: 0)))
    #expect(
      try intended("{endsIn: cdn.example.net.}", .cname) == .tolerant(Tolerance(endsIn: [Sample.name("cdn.example.net")])))
    #expect(try intended("{others: true}", .aaaa) == .tolerant(Tolerance(allowsOthers: true)))
  }

  @Test func `a tolerance has a time to live, and the origin database its path`() throws {
    let reading = Sample.read(
      "version: 1\nnetwork: {originDatabase: asn.mmdb}\ndomains: {example.gov: {records: {www: {A: {originAS: 1, ttl: 60}}}}}\n",
      file: "conf/nameward.yaml")
    let declaration = try #require(reading.declaration, "\(reading.faults)")
    #expect(declaration.domains[0].records[0].ttl == 60)
    #expect(declaration.network.originDatabase == "conf/asn.mmdb")
  }

  @Test func `a wildcard is expected or forbidden`() throws {
    let expected = Sample.domain("records: {\"*\": {A: 192.0.2.1}, \"*.dev\": absent}")
    let records = try #require(expected.declaration?.domains.first, "\(expected.faults)").records
    #expect(records.first?.name.isWildcard == true)
    #expect(records.first?.intended == Sample.rdata(.a, "192.0.2.1").map { .exactly([$0]) })
    #expect(records.dropFirst().allSatisfy { $0.name == Sample.name("*.dev.example.gov") && $0.intended == .absent })
    #expect(records.count == 6)
  }

  @Test func `a group stands for its values wherever a list is written`() throws {
    let groups = "groups: {office: [192.0.2.0/24, \"2001:db8::/32\", 198.51.100.7]}\n"
    #expect(
      try intended("{within: [$office, 203.0.113.0/24]}", .a, groups: groups)
        == .tolerant(Tolerance(within: [prefix("192.0.2.0/24"), prefix("198.51.100.7/32"), prefix("203.0.113.0/24")])))
    #expect(try intended("{within: $office}", .aaaa, groups: groups) == .tolerant(Tolerance(within: [prefix("2001:db8::/32")])))
    let reading = Sample.read(
      """
      version: 1
      groups: {hosts: [192.0.2.53, "2001:db8::53"], unused: [x]}
      domains:
        example.gov:
          nameservers: {ns1.example.gov: $hosts}
          records: {ns1: {A: $hosts, AAAA: {values: [$hosts]}}, money: {TXT: ['"$hosts"', $5]}}

      """)
    let domain = try #require(reading.declaration?.domains.first, "\(reading.faults)")
    #expect(
      domain.nameServers.first?.addresses == .exactly([IPAddress("192.0.2.53")!, IPAddress("2001:db8::53")!]))
    #expect(domain.records[0].intended == Sample.rdata(.a, "192.0.2.53").map { .exactly([$0]) })
    #expect(domain.records[1].intended == Sample.rdata(.aaaa, "2001:db8::53").map { .exactly([$0]) })
    guard case .exactly(let texts) = domain.records[2].intended else { throw SampleMissing() }
    #expect(texts.map(\.text) == ["\"$hosts\"", "\"$5\""])
    #expect(
      reading.notices.map(\.description) == [
        "nameward.yaml:2:47: The group \"unused\" is used nowhere. Remove it, or write $unused where its values belong."
      ])
  }

  // MARK: Changes

  func planned(_ changes: String, now: String = "2026-12-01T09:00Z") throws -> Domain {
    let yaml = "version: 1\ndomains: {example.gov: {zone: z, ds: unsigned}}\nchanges:\n\(changes)\n"
    let reading = Declaration.read(octets: Array(yaml.utf8), file: "n", now: try #require(Timestamp(now))) { _, _ in
      Array(Sample.zone.utf8)
    }
    return try #require(reading.declaration?.domains.first, "\(reading.faults)")
  }

  func set(_ domain: Domain, _ name: String, _ type: RRType) throws -> DeclaredRRset {
    try #require(domain.records.first { $0.name == Sample.name(name) && $0.type == type })
  }

  func exactly(_ type: RRType, _ texts: String...) throws -> DeclaredRRset.Intended {
    .exactly(try texts.map { try #require(Sample.rdata(type, $0)) })
  }

  @Test func `what was comes from the sources, and its time to live`() throws {
    let domain = try planned(
      "- {name: www.example.gov, type: A, to: {within: [198.51.100.0/24]}, from: 2026-12-01T08:00Z, until: 2026-12-01, ticket: T}"
    )
    let set = try set(domain, "www.example.gov", .a)
    #expect(try set.intended == exactly(.a, "192.0.2.80"))
    let change = try #require(set.change)
    #expect(try change.was == exactly(.a, "192.0.2.80"))
    #expect(change.to == .tolerant(Tolerance(within: [try prefix("198.51.100.0/24")])))
    #expect(change.oldTTL == 3600)
    #expect(change.from == Timestamp("2026-12-01T08:00:00Z"))
    #expect(change.until == Timestamp("2026-12-01T23:59:59Z"))
    #expect(change.ticket == "T")
    #expect(change.declaredAt == SourcePosition(file: "n", line: 4, column: 3))
  }

  @Test func `a zone that holds the new value already`() throws {
    let domain = try planned(
      "- {name: www.example.gov, type: A, was: {values: 192.0.2.9, ttl: 60}, to: 192.0.2.80, from: 2026-12-01T08:00+01:00, "
        + "until: 2026-12-02, ticket: T}")
    let set = try set(domain, "www.example.gov", .a)
    #expect(try set.intended == exactly(.a, "192.0.2.80"))
    #expect(try set.change?.was == exactly(.a, "192.0.2.9"))
    #expect(set.change?.oldTTL == 60)
    #expect(set.change?.from == Timestamp("2026-12-01T07:00:00Z"))
  }

  @Test func `a name that no source declares was absent`() throws {
    let domain = try planned(
      "- {name: new.example.gov, type: TXT, to: some text, from: 2026-12-01, until: 2026-12-02, ticket: T}")
    let set = try set(domain, "new.example.gov", .txt)
    #expect(set.intended == .absent)
    #expect(set.change?.was == .absent)
    #expect(set.change?.from == Timestamp("2026-12-01T00:00:00Z"))
    #expect(try set.change?.to == exactly(.txt, "\"some text\""))
  }

  @Test func `delegation and DS`() throws {
    let ds = "1 13 2 \(String(repeating: "ab", count: 32))"
    let domain = try planned(
      """
      - {name: example.gov, type: NS, to: [ns1, ns3.example.net.], from: 2026-12-01, until: 2026-12-02, ticket: T}
      - {name: example.gov, type: DS, to: \(ds), from: 2026-12-01, until: 2026-12-02, ticket: T}
      - {name: child.example.gov, type: NS, to: [ns9.example.net.], from: 2026-12-01, until: 2026-12-02, ticket: T}
      """)
    #expect(try domain.delegationChange?.was == exactly(.ns, "ns1.example.gov.", "ns2.example.net."))
    #expect(try domain.delegationChange?.to == exactly(.ns, "ns1.example.gov.", "ns3.example.net."))
    #expect(try set(domain, "example.gov", .ns).change == domain.delegationChange)
    #expect(domain.delegationChange?.oldTTL == 3600)
    #expect(domain.ds == .unsigned)
    #expect(domain.dsChange?.was == .absent)
    #expect(try domain.dsChange?.to == exactly(.ds, ds))
    #expect(try set(domain, "child.example.gov", .ns).change?.was == exactly(.ns, "ns.child.example.gov."))
  }

  /// One after the other: the last that has begun counts, before all of them the first.
  @Test(arguments: [
    ("2026-11-01T00:00Z", "first", "192.0.2.80"), ("2026-12-01T09:00Z", "first", "192.0.2.80"),
    ("2026-12-05T00:00Z", "first", "192.0.2.80"), ("2026-12-10T00:00Z", "second", "192.0.2.81"),
    ("2027-01-01T00:00Z", "second", "192.0.2.81"),
  ]) func `two changes of one record`(now: String, ticket: String, was: String) throws {
    let domain = try planned(
      """
      - {name: www.example.gov, type: A, to: 192.0.2.82, from: 2026-12-10, until: 2026-12-11, ticket: second}
      - {name: www.example.gov, type: A, to: 192.0.2.81, from: 2026-12-01, until: 2026-12-02, ticket: first}
      """, now: now)
    let set = try set(domain, "www.example.gov", .a)
    #expect(set.change?.ticket == ticket)
    #expect(try set.change?.was == exactly(.a, was))
  }

  // MARK: Exceptions

  @Test func `an exception may name a check as it was announced`() {
    let reading = Sample.read(
      """
      version: 1
      domains: {a.example: {ds: unsigned}}
      exceptions: [{check: dnssec-unsigned, domain: a.example, reason: r, owner: o, expires: 2026-12-31}]
      """)
    #expect(reading.declaration?.exceptions.map(\.check) == ["dnssec-missing"], "\(reading.faults)")
  }

  @Test func `exceptions of a domain and of a name`() throws {
    let reading = Sample.read(
      """
      version: 1
      domains: {example.gov: {ds: unsigned}}
      exceptions:
        - {check: record-differs, name: www.example.gov, type: A, reason: old proxy, owner: Jo, expires: 2027-11-24}
        - check: ttl-collapsed
          domain: example.gov
          reason: migration
          owner: Jo
          expires: 2020-01-01T08:00Z

      """)
    let exceptions = try #require(reading.declaration, "\(reading.faults)").exceptions
    #expect(
      exceptions == [
        DeclaredException(
          "record-differs", name: Sample.name("www.example.gov"), type: .a, reason: "old proxy", owner: "Jo",
          expires: Timestamp("2027-11-24T23:59:59Z")!, declaredAt: SourcePosition(file: "nameward.yaml", line: 4, column: 5)),
        DeclaredException(
          "ttl-collapsed", domain: Sample.name("example.gov"), reason: "migration", owner: "Jo",
          expires: Timestamp("2020-01-01T08:00:00Z")!, declaredAt: SourcePosition(file: "nameward.yaml", line: 5, column: 5)),
      ])
    #expect(Sample.read("version: 1\ndomains: {a.example: {ds: unsigned}}\nchanges: []\nexceptions: []\n").faultCount == 0)
  }
}
