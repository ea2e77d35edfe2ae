import RealServers
import Testing

/// Faults of the chain of trust, and what they leave alone.
extension Planted {
  private static let otherDS = "12345 13 2 " + String(repeating: "ab", count: 32)

  static let chain: [Planted] = [
    Planted(
      says: "the DS removed at the parent", change: { try await $0.editTLD { $0.remove("agency.gov.", "DS") } },
      expected: [Expected("ds-differs", "agency.gov.", "DS", "removed", at: .tld)]),
    Planted(
      says: "a DS of another key added at the parent", change: { try await $0.editTLD { $0.add("agency.gov.", "DS", otherDS) } },
      expected: [Expected("ds-differs", "agency.gov.", "DS", "added", at: .tld)]),
    Planted(
      says: "the DS replaced at the parent",
      change: { try await $0.editTLD { $0.replace("agency.gov.", "DS", with: [otherDS]) } },
      // Resolvers that validate answer SERVFAIL for every name.
      expected: [
        Expected("ds-differs", "agency.gov.", "DS", "replaced", at: .tld),
        Expected("dnssec-bogus", "agency.gov.", "SOA", "bogus"),
      ] + each(Spot.resolvers, "name-server-unreachable", "agency.gov."), hidesSome: true),
    Planted(
      says: "a DS where none is intended", change: { try await $0.editTLD { $0.add("unsigned.gov.", "DS", otherDS) } },
      expected: [
        Expected("ds-differs", "unsigned.gov.", "DS", "added", at: .tld),
        Expected("dnssec-bogus", "unsigned.gov.", "SOA", "bogus"),
      ] + each(Spot.resolvers, "name-server-unreachable", "unsigned.gov."), hidesSome: true),
    Planted(
      says: "the DS removed and the NS RRset replaced: the delegation leads to an unsigned copy with another mail server",
      attacker: { zone in
        zone.replace("agency.gov.", "NS", with: ["ns.evil.gov."])
        zone.replace("mail.agency.gov.", "A", with: ["192.0.2.66"])
      },
      change: { hierarchy in
        let host = try hierarchy.vacancy(0).host
        try await hierarchy.editTLD { zone in
          zone.remove("agency.gov.", "DS")
          zone.replace("agency.gov.", "NS", with: ["ns.evil.gov."])
          zone.replace("ns.evil.gov.", "A", with: [host])
        }
      },
      expected: [
        Expected("delegation-differs", "agency.gov.", "NS", "replaced", at: .tld),
        Expected("ds-differs", "agency.gov.", "DS", "removed", at: .tld),
        Expected("dnssec-missing", "agency.gov.", "DNSKEY", "unsigned", at: .vacancy(0)),
        Expected("record-differs", "agency.gov.", "NS", "replaced", at: .vacancy(0)),
        Expected("record-differs", "mail.agency.gov.", "A", "replaced", at: .vacancy(0)),
        Expected("resolver-differs", "agency.gov.", "NS", "replaced", at: .bindResolver),
        Expected("resolver-differs", "mail.agency.gov.", "A", "replaced", at: .bindResolver),
      ]),
    Planted(
      says: "BIND serves an unsigned copy", intentions: .init(resolvers: false),
      change: { hierarchy in
        try await hierarchy.edit(only: .bind) { zone in
          zone.records.removeAll { ["RRSIG", "NSEC", "NSEC3", "NSEC3PARAM", "DNSKEY", "CDS", "CDNSKEY"].contains($0.type) }
        }
      }, expected: [Expected("dnssec-missing", "agency.gov.", "DNSKEY", "unsigned", at: .bind)]),
    Planted(
      says: "a domain whose signatures expired in 2020", intentions: .init(expired: true),
      expected: [
        Expected("signature-expiring", "expired.gov.", "SOA", "bogus", at: .expired),
        Expected("dnssec-bogus", "expired.gov.", "SOA", "bogus"),
      ] + each(Spot.resolvers, "name-server-unreachable", "expired.gov."), hidesSome: true),
    Planted(
      says: "NSD is stale, with signatures as old as its data", intentions: .init(resolvers: false),
      declared: { $0.replace("mail.agency.gov.", "A", with: ["192.0.2.77"]) },
      change: { hierarchy in
        try await hierarchy.freeze(.nsd)
        try await hierarchy.editChild { $0.replace("mail.agency.gov.", "A", with: ["192.0.2.77"]) }
      },
      expected: [
        Expected("record-differs", "mail.agency.gov.", "A", "replaced", at: .nsd),
        Expected("servers-disagree", "agency.gov.", "SOA", "replaced", at: .nsd),
      ]),
  ]
}

@Suite("An audit of real servers: signed", .serialized) struct AuditSignedTests {
  private static let stage = Stage(.init(expired: true, bindResolver: true))

  /// What is changed at the primary is signed anew, so it is as much a departure as without signatures, and validates.
  private static let changes: [RecordChange] = [.replacesA, .addsAAAA, .replacesMX, .removesNS, .addsTXT, .removesCAA]

  @Test(arguments: [Planted.asIntended] + Planted.chain + changes.map(\.atPrimary) + [RecordChange.replacesMX.at(.nsd)])
  func `finds what was planted and no more`(planted: Planted) async throws {
    try await planted.audit(in: Self.stage.hierarchy)
  }

  @Test func `a departure that is signed says so, and one that is not says so too`() async throws {
    let hierarchy = try await Self.stage.hierarchy
    try await hierarchy.editChild { $0.replace("agency.gov.", "MX", with: ["10 mx.evil.example."]) }
    try await hierarchy.editUnsignedChild { $0.replace("unsigned.gov.", "MX", with: ["10 mx.evil.example."]) }
    let ending = try await Owner(hierarchy).audit()
    try await hierarchy.restore()
    let findings = try AuditDocument(ending.output).findings
    #expect(findings.count == 8)
    for finding in findings {
      #expect(finding.proof == (finding.name == "agency.gov." ? "signed" : "unsigned"), "\(finding.row)")
    }
  }
}

@Suite("An audit of real servers: signed, with loss", .serialized) struct AuditSignedLossTests {
  private static let stage = Stage(.init(loss: 0.2))

  @Test(arguments: [Planted.asIntended, RecordChange.replacesMX.atPrimary] + Planted.chain.prefix(3))
  func `at 20 % it finds what was planted and no more`(planted: Planted) async throws {
    var planted = planted
    planted.intentions.network.merge(AuditLossTests.patient) { $1 }
    // One resolver is here.
    planted.expected.removeAll { if case .bindResolver = $0.spot { true } else { false } }
    try await planted.audit(in: Self.stage.hierarchy)
  }
}
