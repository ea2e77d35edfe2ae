import Audit
import DNSWire
import Estate
import Lab
import Names
import Testing

/// The parent's side of a migration: other name servers, other addresses of theirs, other keys; and an alias in an address' place.
@Suite("Planned changes of delegations, keys and aliases") struct PlannedDelegationTests {
  static let third = IPAddress("203.0.113.3")!
  static let oldSet = "example.gov. NS ns1.example.gov.\nexample.gov. NS ns2.example.gov."
  static let newSet = "example.gov. NS ns1.example.gov.\nexample.gov. NS ns3.example.gov."
  static let ds = ["1 13 2 \(String(repeating: "ab", count: 32))", "2 13 2 \(String(repeating: "cd", count: 32))"]

  static func announcing(
    _ type: RRType, was: DeclaredRRset.Intended, to: DeclaredRRset.Intended, _ estate: inout ModelEstate
  ) {
    let change = PlannedChange(
      ModelEstate.domain, type, was: was, to: to, from: PlannedChangeTests.from, until: PlannedChangeTests.until,
      ticket: "CHG-8", oldTTL: 300)
    if type == .ns {
      estate.declaration.domains[0].delegationChange = change
    } else {
      estate.declaration.domains[0].dsChange = change
    }
  }

  /// ns3 takes over from ns2: it gets the zone at minute 2, the zone names it at 4, the parent at 8; ns2 loses the zone at 20.
  static func moveServers(_ estate: inout ModelEstate, minute: Int) throws {
    estate.present = PlannedChangeTests.minute(minute)
    let address = "ns3.example.gov. A \(third)"
    try estate.apply(.set(.everywhere, address))
    try estate.apply(.set(.parent, address))
    if minute >= 4 { try estate.apply(.set(.everywhere, newSet)) }
    if minute >= 4, minute < 12 { try estate.apply(.set(.resolver, oldSet)) }
    if minute >= 8 { try estate.apply(.set(.parent, newSet)) }
    estate.authorities[third] = minute >= 2 ? estate.authorities[ModelEstate.primary] : Authority()
    if minute >= 20 { estate.authorities[ModelEstate.secondary] = Authority() }
  }

  static func declareThird(_ estate: inout ModelEstate) throws {
    try estate.apply(.declare("ns3.example.gov. A \(third)"))
  }

  @Test(arguments: -5...40, [true, false]) func `a domain moves to another name server without a finding`(
    minute: Int, hasAddress: Bool
  ) throws {
    let survey = try ModelEstate.audited { estate in
      if hasAddress { try Self.declareThird(&estate) }
      Self.announcing(
        .ns, was: try PlannedChangeTests.set(.ns, "ns1.example.gov.", "ns2.example.gov."),
        to: try PlannedChangeTests.set(.ns, "ns1.example.gov.", "ns3.example.gov."), &estate)
      try Self.moveServers(&estate, minute: minute)
    }
    #expect(survey.findings.isEmpty && survey.totals.match == survey.totals.expected, "\(survey.summary)")
    let asked = Set(survey.observations.filter { $0.place.kind == .authoritative }.compactMap(\.place.server?.address.address))
    #expect(asked.contains(ModelEstate.primary))
    #expect(asked.contains(ModelEstate.secondary) == (minute <= 30))
    #expect(asked.contains(Self.third) == (minute >= 0))
  }

  @Test(arguments: [8, 20]) func `the same without the plan fires at once`(minute: Int) throws {
    let survey = try ModelEstate.audited { estate in
      try Self.declareThird(&estate)
      try Self.moveServers(&estate, minute: minute)
    }
    #expect(!survey.findings("delegation-differs").isEmpty && !survey.findings("record-differs").isEmpty)
  }

  @Test(arguments: [(-3, "change-early"), (31, "change-overdue")] as [(Int, CheckID)])
  func `the parent too early, and too late`(minute: Int, check: CheckID) throws {
    let survey = try ModelEstate.audited { estate in
      try Self.declareThird(&estate)
      Self.announcing(
        .ns, was: try PlannedChangeTests.set(.ns, "ns1.example.gov.", "ns2.example.gov."),
        to: try PlannedChangeTests.set(.ns, "ns1.example.gov.", "ns3.example.gov."), &estate)
      try Self.moveServers(&estate, minute: minute < 0 ? 1 : 10)
      estate.present = PlannedChangeTests.minute(minute)
      try estate.apply(.set(.parent, minute < 0 ? Self.newSet : Self.oldSet))
    }
    let told = survey.findings(check).filter { $0.place.kind == .parent }
    #expect(told.map(\.name) == [ModelEstate.domain] && told.first?.severity == .critical, "\(survey.summary)")
    #expect(told.first?.intended.last?.contains("CHG-8") ?? false)
    #expect(survey.findings("delegation-differs").isEmpty)
  }

  @Test func `a foreign name server inside the window is delegation-differs`() throws {
    let survey = try ModelEstate.audited { estate in
      try Self.declareThird(&estate)
      Self.announcing(
        .ns, was: try PlannedChangeTests.set(.ns, "ns1.example.gov.", "ns2.example.gov."),
        to: try PlannedChangeTests.set(.ns, "ns1.example.gov.", "ns3.example.gov."), &estate)
      try Self.moveServers(&estate, minute: 10)
      try estate.apply(.set(.parent, "\(Self.newSet)\nexample.gov. NS ns4.evil.gov."))
    }
    #expect(survey.findings("delegation-differs").count == 1, "\(survey.summary)")
  }

  @Test(arguments: [5, 10]) func `a server to come that does not answer is told once the parent names it`(minute: Int) throws {
    for isSilent in [true, false] {
      let survey = try ModelEstate.audited { estate in
        try Self.declareThird(&estate)
        Self.announcing(
          .ns, was: try PlannedChangeTests.set(.ns, "ns1.example.gov.", "ns2.example.gov."),
          to: try PlannedChangeTests.set(.ns, "ns1.example.gov.", "ns3.example.gov."), &estate)
        try Self.moveServers(&estate, minute: minute)
        estate.authorities[Self.third] = Authority()
        if isSilent { estate.silent.insert(Self.third) }
      }
      let told = survey.findings(isSilent ? "name-server-unreachable" : "server-lame")
      #expect(told.isEmpty == (minute < 8) && survey.findings.count == told.count, "\(survey.summary)")
    }
  }

  @Test(arguments: -5...40) func `a name server gets another address without a finding`(minute: Int) throws {
    let survey = try ModelEstate.audited { estate in
      try PlannedChangeTests.announce(&estate, "ns2.example.gov.", .a, to: try PlannedChangeTests.set(.a, "\(Self.third)"))
      estate.present = PlannedChangeTests.minute(minute)
      if minute >= 4 { try estate.apply(.set(.everywhere, "ns2.example.gov. A \(Self.third)")) }
      if minute >= 4, minute < 9 { try estate.apply(.set(.resolver, "ns2.example.gov. A 198.51.100.53")) }
      if minute >= 8 { try estate.apply(.set(.parent, "ns2.example.gov. A \(Self.third)")) }
      estate.authorities[Self.third] = minute >= 2 ? estate.authorities[ModelEstate.secondary] : Authority()
      if minute >= 20 { estate.silent.insert(ModelEstate.secondary) }
    }
    #expect(survey.findings.isEmpty && survey.totals.match == survey.totals.expected, "\(survey.summary)")
  }

  @Test(arguments: [(0, 1), (0, nil), (nil, 0)] as [(Int?, Int?)], -2...33)
  func `keys roll, come and go without a finding`(step: (old: Int?, new: Int?), minute: Int) throws {
    func set(_ index: Int?) throws -> DeclaredRRset.Intended {
      try index.map { try PlannedChangeTests.set(.ds, Self.ds[$0]) } ?? .absent
    }
    let survey = try ModelEstate.audited { estate in
      estate.declaration.domains[0].ds =
        try step.old.map { .exactly([try RData(type: .ds, text: Self.ds[$0], origin: nil)]) } ?? .unsigned
      Self.announcing(.ds, was: try set(step.old), to: try set(step.new), &estate)
      estate.present = PlannedChangeTests.minute(minute)
      // Both for ten minutes, where both are.
      let there = (minute < 5 ? [step.old] : minute < 15 ? [step.old, step.new] : [step.new]).compactMap(\.self)
      if !there.isEmpty {
        try estate.apply(.set(.parent, there.map { "example.gov. DS \(Self.ds[$0])" }.joined(separator: "\n")))
      }
      try estate.sign()
    }
    #expect(survey.findings.isEmpty && survey.totals.match == survey.totals.expected, "\(survey.summary)")
  }

  @Test(arguments: [(-1, 1, "change-early"), (31, 0, "change-overdue")] as [(Int, Int, CheckID)])
  func `a DS too early, and too late`(minute: Int, there: Int, check: CheckID) throws {
    let survey = try ModelEstate.audited { estate in
      estate.declaration.domains[0].ds = .exactly([try RData(type: .ds, text: Self.ds[0], origin: nil)])
      Self.announcing(
        .ds, was: try PlannedChangeTests.set(.ds, Self.ds[0]), to: try PlannedChangeTests.set(.ds, Self.ds[1]), &estate)
      estate.present = PlannedChangeTests.minute(minute)
      try estate.apply(.set(.parent, "example.gov. DS \(Self.ds[there])"))
      try estate.sign()
    }
    #expect(survey.findings.map(\.check) == [check], "\(survey.summary)")
  }

  @Test func `a removed DS inside the window of a roll is told`() throws {
    let survey = try ModelEstate.audited { estate in
      estate.declaration.domains[0].ds = .exactly([try RData(type: .ds, text: Self.ds[0], origin: nil)])
      Self.announcing(
        .ds, was: try PlannedChangeTests.set(.ds, Self.ds[0]), to: try PlannedChangeTests.set(.ds, Self.ds[1]), &estate)
      estate.present = PlannedChangeTests.minute(5)
      try estate.sign()
    }
    #expect(survey.findings.map(\.check) == ["ds-differs"], "\(survey.summary)")
  }

  @Test(arguments: -5...40) func `an alias takes the place of an address without a finding`(minute: Int) throws {
    let alias = "www.example.gov. 300 CNAME www.provider.example."
    let survey = try ModelEstate.audited { estate in
      try PlannedChangeTests.announce(&estate, "www.example.gov.", .a, to: .absent)
      try PlannedChangeTests.announce(
        &estate, "www.example.gov.", .cname, to: try PlannedChangeTests.set(.cname, "www.provider.example."))
      estate.present = PlannedChangeTests.minute(minute)
      // The provider makes the name when it is needed, and not before.
      try estate.apply(.elsewhere("provider.example.", minute >= 2 ? "www.provider.example. A 203.0.113.80" : ""))
      for (side, switches) in [(Example.Side.primary, 3), (.secondary, 17)] where minute >= switches {
        try estate.apply(.remove(side, "www.example.gov.", .a))
        try estate.apply(.set(side, alias))
      }
      if minute >= 3, minute < 8 { try estate.apply(.set(.resolver, "www.example.gov. A 192.0.2.80")) }
    }
    #expect(survey.findings.isEmpty && survey.totals.match == survey.totals.expected, "\(survey.summary)")
  }

  @Test func `another alias inside the window is told`() throws {
    let survey = try ModelEstate.audited { estate in
      try PlannedChangeTests.announce(&estate, "www.example.gov.", .a, to: .absent)
      try PlannedChangeTests.announce(
        &estate, "www.example.gov.", .cname, to: try PlannedChangeTests.set(.cname, "www.provider.example."))
      estate.present = PlannedChangeTests.minute(5)
      try estate.apply(.elsewhere("provider.example.", "www.provider.example. A 203.0.113.80"))
      try estate.apply(.remove(.primary, "www.example.gov.", .a))
      try estate.apply(.set(.primary, "www.example.gov. CNAME www.evil.example."))
    }
    let told = survey.findings("record-differs").filter { $0.place.server?.address.address == ModelEstate.primary }
    #expect(Set(told.compactMap(\.type)) == [.a, .cname], "\(survey.summary)")
  }
}

extension ModelEstate {
  /// Keys and a signature, as far as the checks of this room look at them.
  fileprivate mutating func sign() throws {
    try apply(.set(.everywhere, "example.gov. DNSKEY 257 3 13 \(String(repeating: "A", count: 86))=="))
    try tamper(Self.primary, "example.gov.", .dnskey, Self.addSignature)
    try tamper(Self.secondary, "example.gov.", .dnskey, Self.addSignature)
  }

  private static func addSignature(_ message: inout Message) throws {
    message.answers += try records("example.gov. RRSIG DNSKEY 13 2 3600 20370101000000 20191201000000 1 example.gov. AAAA")
  }
}
