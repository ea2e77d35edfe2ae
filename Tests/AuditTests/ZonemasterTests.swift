import Audit
import DNSWire
import Estate
import Lab
import Names
import Testing

@Suite("Zonemaster's test zones") struct ZonemasterTests {
  typealias Row = (family: String, scenario: ZonemasterScenario)

  static let scenarios: [String: [ZonemasterScenario]] = [
    "Basic-TP/basic01": ZonemasterScenario.basic01, "Basic-TP/basic02": ZonemasterScenario.basic02,
    "Delegation-TP/delegation01": ZonemasterScenario.delegation01,
    "Delegation-TP/delegation02": ZonemasterScenario.delegation02,
    "Delegation-TP/delegation03": ZonemasterScenario.delegation03,
    "Consistency-TP/consistency05": ZonemasterScenario.consistency05,
    "Consistency-TP/consistency06": ZonemasterScenario.consistency06,
    "Nameserver-TP/nameserver11": ZonemasterScenario.nameserver11,
    "Nameserver-TP/nameserver15": ZonemasterScenario.nameserver15,
    "Zone-TP/zone09": ZonemasterScenario.zone09,
  ]

  static let rows: [Row] = Zonemaster.families.flatMap { family in (scenarios[family] ?? []).map { (family, $0) } }
  static let served = rows.filter { $0.scenario.notShipped == nil }
  static let world = Result { try Zonemaster() }

  private static func specified(_ row: Row) throws -> SpecifiedScenario {
    try #require(try SpecifiedScenario.all(in: row.family).first { $0.name == row.scenario.name })
  }

  // MARK: What is found

  @Test(arguments: served)
  func `the audit says of every scenario what is wrong with it, and nothing else`(
    family: String, scenario: ZonemasterScenario
  ) throws {
    let world = try Self.world.get()
    let zone = try #require(try scenario.zone ?? Self.specified((family, scenario)).zone)
    let (survey, rounds) = try world.survey(try world.declaration(scenario, of: family, zone: zone))
    let details = survey.findings.map { finding in
      "\(finding.inShort): \(finding.name) \(finding.type?.description ?? "") \(finding.intended) \(finding.observed)"
    }
    #expect(Set(survey.findings.map(\.inShort)) == scenario.finds, "\(scenario.because)\n\(details.joined(separator: "\n"))")
    #expect(survey.totals.expected > 0)
    #expect(survey.totals.expected == survey.verdicts.count { $0.expectation != nil })
    // A dozen labels with a server beside each are the most that any of these zones has.
    #expect(rounds < 40)
  }

  @Test(arguments: served)
  func `what Zonemaster must say and must not say of it is said under our own names`(
    family: String, scenario: ZonemasterScenario
  ) throws {
    let row = try Self.specified((family, scenario))
    var covered: [String] = []
    for tag in row.mandatory {
      guard case .reported(let findings) = try #require(ZonemasterTag(tag), "\(tag)") else { continue }
      covered += findings
      guard !scenario.isNotOurs else { continue }
      #expect(scenario.finds.contains { found in findings.contains { found.hasPrefix($0) } }, "\(tag)")
    }
    // Handed other servers than the parent's, Zonemaster says nothing of the parent's; we do.
    if case .servers = scenario.owner { return }
    for tag in row.forbidden {
      guard case .reported(let findings) = try #require(ZonemasterTag(tag), "\(tag)") else { continue }
      let strange = scenario.finds.filter { found in
        findings.contains { found.hasPrefix($0) } && !covered.contains { found.hasPrefix($0) }
      }
      #expect(strange.isEmpty || !scenario.because.isEmpty, "\(tag) is forbidden")
    }
  }

  // MARK: No row is left out

  @Test(arguments: Zonemaster.families) func `every row of a specification stands in the table`(_ family: String) throws {
    #expect(try SpecifiedScenario.all(in: family).map(\.name) == Self.scenarios[family]?.map(\.name))
  }

  @Test func `the counts`() throws {
    var counts: [String: Int] = [:]
    for row in Self.rows {
      let tags = try Self.specified(row).mandatory.compactMap { ZonemasterTag($0) }
      let isNotOurs = !tags.isEmpty && tags.allSatisfy { if case .notOurs = $0 { true } else { false } }
      let kind =
        if row.scenario.notShipped != nil {
          "not shipped"
        } else if !row.scenario.finds.isEmpty {
          "something is found"
        } else if isNotOurs || row.scenario.isNotOurs {
          "does not apply"
        } else {
          "healthy"
        }
      counts[kind, default: 0] += 1
    }
    // Counted by hand. Healthy: 4 of BASIC01, 2 of BASIC02, 4 of CONSISTENCY, 2 of ZONE09. Not ours and nothing else wrong: 12 of
    // DELEGATION, 12 of NAMESERVER15, 4 of ZONE09, 1 of BASIC02. Not shipped: NAMESERVER11 and 2 of ZONE09.
    #expect(counts == ["something is found": 98, "healthy": 12, "does not apply": 29, "not shipped": 11])
    #expect(Self.rows.count == 150)
  }

  @Test func `what is not shipped is not there`() throws {
    let world = try Self.world.get()
    for row in Self.rows where row.scenario.notShipped != nil {
      let name = try DomainName(try #require(try Self.specified(row).zone))
      #expect(!world.zones.contains { $0.key.zone == name || !$0.value.records(name, .ns).isEmpty }, "\(name)")
    }
  }

  @Test func `every zone file reads without a fault but one, which holds another zone`() throws {
    let faulty = try Self.world.get().files.filter { !$0.value.faults.isEmpty }
    #expect(faulty.map(\.key.path) == ["Consistency-TP/consistency06/consistency06.xb.zone"])
    // It is served as consistency06.xb. and begins with "$ORIGIN consistency06.xa.".
    for fault in faulty.flatMap(\.value.faults) {
      guard case .outsideZone = fault.cause else {
        Issue.record("\(fault)")
        continue
      }
    }
  }
}
