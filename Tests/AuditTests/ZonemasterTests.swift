import Audit
import DNSWire
import Estate
import Names
import Testing

@Suite("Zonemaster's test zones") struct ZonemasterTests {
  static let rows: [(family: String, scenario: ZonemasterScenario)] = [
    ("Basic-TP/basic01", ZonemasterScenario.basic01), ("Basic-TP/basic02", ZonemasterScenario.basic02),
    ("Delegation-TP/delegation01", ZonemasterScenario.delegation01), ("Delegation-TP/delegation02", ZonemasterScenario.delegation02),
    ("Delegation-TP/delegation03", ZonemasterScenario.delegation03), ("Consistency-TP/consistency05", ZonemasterScenario.consistency05),
    ("Consistency-TP/consistency06", ZonemasterScenario.consistency06), ("Nameserver-TP/nameserver11", ZonemasterScenario.nameserver11),
    ("Nameserver-TP/nameserver15", ZonemasterScenario.nameserver15), ("Zone-TP/zone09", ZonemasterScenario.zone09),
  ].flatMap { family, scenarios in scenarios.map { (family, $0) } }

  static let world = Result { try Zonemaster() }
  static let served = rows.filter { $0.scenario.notShipped == nil }

  @Test(arguments: served)
  func `the audit says of every scenario what is wrong with it, and nothing else`(
    family: String, scenario: ZonemasterScenario
  ) throws {
    let world = try Self.world.get()
    let row = try #require(try SpecifiedScenario.all(in: family).first { $0.name == scenario.name })
    let zone = try #require(scenario.zone ?? row.zone)
    let (survey, rounds) = try world.survey(try world.declaration(scenario, of: family, zone: zone))
    let found = Set(survey.findings.map(\.inShort))
    #expect(found == scenario.finds, "\(scenario.because)\n\(survey.findings.map { "\($0.inShort): \($0.name) \($0.type?.description ?? "") \($0.intended) \($0.observed)" }.joined(separator: "\n"))")
    #expect(rounds < 40)
    #expect(survey.totals.expected > 0)
  }
}
