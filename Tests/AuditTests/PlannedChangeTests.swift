import Audit
import DNSWire
import Estate
import Lab
import Names
import Testing

/// A migration is silent from the first minute to the last where it was announced, and fires at once where it was not.
@Suite("Planned changes") struct PlannedChangeTests {
  static let from = Timestamp("2026-11-23T10:00:00Z")!
  static let until = Timestamp("2026-11-23T10:30:00Z")!
  static let oldTTL: UInt32 = 300

  static func set(_ type: RRType, _ values: String...) throws -> DeclaredRRset.Intended {
    values.isEmpty ? .absent : .exactly(try values.map { try RData(type: type, text: $0, origin: nil) })
  }

  static func minute(_ minute: Int) -> Timestamp { from.advanced(by: .seconds(60 * minute)) }

  /// Announces a change of a record, as a reader of the declaration does.
  static func announce(
    _ estate: inout ModelEstate, _ name: String, _ type: RRType, to: DeclaredRRset.Intended, oldTTL: UInt32? = oldTTL
  ) throws {
    let name = try DomainName(name)
    var records = estate.declaration.domains[0].records
    let index = records.firstIndex { $0.name == name && $0.type == type } ?? records.endIndex
    if index == records.endIndex { records.append(DeclaredRRset(name, type, .absent)) }
    records[index].change = PlannedChange(
      name, type, was: records[index].intended, to: to, from: from, until: until, ticket: "CHG-7", oldTTL: oldTTL,
      declaredAt: SourcePosition(file: "changes.yaml", line: 3, column: 5))
    estate.declaration.domains[0].records = records
  }

  /// What a minute of a migration is like: servers switch one after the other, a cache remembers.
  struct Migration {
    var name = "www.example.gov."
    var type = RRType.a
    var old = "www.example.gov. 300 A 192.0.2.80"
    var new = "www.example.gov. 300 A 192.0.2.81"
    var primarySwitches = 3
    var secondarySwitches = 17
    /// When the cache asked for the last time before the primary switched.
    var cacheForgets = 8

    func apply(_ estate: inout ModelEstate, minute: Int) throws {
      estate.present = PlannedChangeTests.minute(minute)
      try apply(&estate, .primary, minute >= primarySwitches ? new : old)
      try apply(&estate, .secondary, minute >= secondarySwitches ? new : old)
      if minute >= primarySwitches, minute < secondarySwitches {
        // The primary counts its serial up, the secondary has not fetched the zone yet.
        try estate.apply(
          .set(.primary, "example.gov. SOA ns1.example.gov. hostmaster.example.gov. 2026112302 7200 3600 1209600 3600"))
      } else if minute >= secondarySwitches {
        try estate.apply(
          .set(.everywhere, "example.gov. SOA ns1.example.gov. hostmaster.example.gov. 2026112302 7200 3600 1209600 3600"))
      }
      if minute < cacheForgets, !old.isEmpty { try estate.apply(.set(.resolver, old)) }
    }

    private func apply(_ estate: inout ModelEstate, _ side: Example.Side, _ lines: String) throws {
      try estate.apply(lines.isEmpty ? .remove(side, name, type) : .set(side, lines))
    }
  }

  static func survey(_ minute: Int, _ migration: Migration, _ announce: (inout ModelEstate) throws -> Void) throws -> Survey {
    try ModelEstate.audited { estate in
      try announce(&estate)
      try migration.apply(&estate, minute: minute)
    }
  }

  @Test(arguments: -5...60) func `a migration replayed minute by minute is silent at every minute`(minute: Int) throws {
    let survey = try Self.survey(minute, Migration()) {
      try Self.announce(&$0, "www.example.gov.", .a, to: try Self.set(.a, "192.0.2.81"))
    }
    #expect(survey.findings.isEmpty && survey.totals.match == survey.totals.expected, "\(survey.summary)")
  }

  @Test(arguments: -5...60) func `the same migration without the plan fires from its first minute on`(minute: Int) throws {
    let migration = Migration()
    let survey = try Self.survey(minute, migration) { _ in }
    #expect(survey.findings("record-differs").isEmpty == (minute < migration.primarySwitches), "\(survey.summary)")
  }

  @Test func `too early, at one server: the finding names the server, the ticket and when the window opens`() throws {
    var migration = Migration()
    migration.primarySwitches = -3
    let survey = try Self.survey(-2, migration) {
      try Self.announce(&$0, "www.example.gov.", .a, to: try Self.set(.a, "192.0.2.81"))
    }
    let finding = try #require(survey.findings("change-early").first)
    #expect(survey.findings("change-early").count == 1 && survey.findings("record-differs").isEmpty, "\(survey.summary)")
    #expect(finding.place.server?.address.address == ModelEstate.primary)
    #expect(finding.severity == .high && finding.declaredAt?.file == "changes.yaml")
    #expect(finding.intended == ["192.0.2.80", "from 2026-11-23T10:00:00Z: 192.0.2.81 (CHG-7)"])
    #expect(finding.observed == ["192.0.2.81"])
    #expect(try survey.verdicts("record-differs", "www.example.gov.", .a, at: ModelEstate.primary).map(\.kind) == ["mismatch"])
  }

  @Test func `too late, at one server: the finding names that server`() throws {
    var migration = Migration()
    migration.secondarySwitches = 100
    let survey = try Self.survey(31, migration) {
      try Self.announce(&$0, "www.example.gov.", .a, to: try Self.set(.a, "192.0.2.81"))
    }
    let overdue = survey.findings("change-overdue")
    #expect(overdue.map(\.place.server?.address.address) == [ModelEstate.secondary], "\(survey.summary)")
    #expect(overdue.first?.intended == ["192.0.2.81", "until 2026-11-23T10:30:00Z: 192.0.2.80 (CHG-7)"])
    #expect(survey.findings("record-differs").isEmpty)
  }

  @Test(arguments: [(35, nil), (36, "change-overdue")] as [(Int, CheckID?)])
  func `a resolver may remember what was for the old TTL after the window`(minute: Int, check: CheckID?) throws {
    var migration = Migration()
    migration.cacheForgets = 100
    let survey = try Self.survey(minute, migration) {
      try Self.announce(&$0, "www.example.gov.", .a, to: try Self.set(.a, "192.0.2.81"))
    }
    #expect(survey.findings.map(\.check) == [check].compactMap(\.self), "\(survey.summary)")
    if check != nil {
      #expect(survey.findings.first?.intended.last == "in caches until 2026-11-23T10:35:00Z: 192.0.2.80 (CHG-7)")
      #expect(survey.findings.first?.severity == .medium)
    }
  }

  @Test(arguments: [-2, 10, 40]) func `a foreign value is record-differs before, inside and after the window`(minute: Int) throws
  {
    let survey = try ModelEstate.audited { estate in
      try Self.announce(&estate, "www.example.gov.", .a, to: try Self.set(.a, "192.0.2.81"))
      try Migration(primarySwitches: 0, secondarySwitches: 0).apply(&estate, minute: minute)
      if minute < 0 { try estate.apply(.set(.secondary, "www.example.gov. A 192.0.2.80")) }
      try estate.apply(.set(.primary, "www.example.gov. A 192.0.2.81\nwww.example.gov. A 203.0.113.66"))
    }
    let told = survey.findings("record-differs")
    #expect(told.map(\.place.server?.address.address) == [ModelEstate.primary], "\(survey.summary)")
    #expect(survey.findings("change-early").isEmpty && survey.findings("change-overdue").isEmpty)
  }

  @Test(arguments: [
    ("192.0.2.80", true), ("192.0.2.81", true), ("192.0.2.80 192.0.2.81", true), ("", false), ("203.0.113.66", false),
    ("192.0.2.80 203.0.113.66", false),
  ]) func `inside the window: as it was, as it will be, both, and nothing else`(values: String, isSilent: Bool) throws {
    let survey = try ModelEstate.audited { estate in
      try Self.announce(&estate, "www.example.gov.", .a, to: try Self.set(.a, "192.0.2.81"))
      estate.present = Self.minute(5)
      let lines = values.split(separator: " ").map { "www.example.gov. A \($0)" }
      try estate.apply(
        lines.isEmpty ? .remove(.everywhere, "www.example.gov.", .a) : .set(.everywhere, lines.joined(separator: "\n")))
    }
    #expect(survey.findings("record-differs").isEmpty == isSilent, "\(survey.summary)")
  }

  @Test func `a TTL above the declared one is silent inside the window and told before it`() throws {
    for minute in [-5, 5] {
      let survey = try ModelEstate.audited { estate in
        try Self.announce(&estate, "www.example.gov.", .a, to: try Self.set(.a, "192.0.2.81"))
        estate.present = Self.minute(minute)
        try estate.apply(.set(.everywhere, "www.example.gov. 86400 A 192.0.2.80"))
      }
      #expect(survey.findings("ttl-above-declared").isEmpty == (minute == 5), "\(survey.summary)")
    }
  }

  @Test(arguments: -5...60) func `to whatever a provider gives: a tolerance`(minute: Int) throws {
    let prefix = try #require(IPPrefix("198.51.100.0/24"))
    let migration = Migration(new: "www.example.gov. 300 A 198.51.100.\(minute + 10)")
    let survey = try Self.survey(minute, migration) {
      try Self.announce(&$0, "www.example.gov.", .a, to: .tolerant(Tolerance(within: [prefix])))
    }
    #expect(survey.findings.isEmpty, "\(survey.summary)")
  }

  @Test(arguments: -5...60) func `from nothing to something, and back`(minute: Int) throws {
    let line = "new.example.gov. 300 A 192.0.2.90"
    let comes = try Self.survey(minute, Migration(name: "new.example.gov.", old: "", new: line)) {
      try Self.announce(&$0, "new.example.gov.", .a, to: try Self.set(.a, "192.0.2.90"))
    }
    #expect(comes.findings.isEmpty && comes.totals.match == comes.totals.expected, "\(comes.summary)")
    let goes = try Self.survey(minute, Migration(name: "www.example.gov.", new: "")) {
      try Self.announce(&$0, "www.example.gov.", .a, to: .absent)
    }
    #expect(goes.findings.isEmpty && goes.totals.match == goes.totals.expected, "\(goes.summary)")
  }

  @Test func `something that was to go is told where it stays`() throws {
    let survey = try Self.survey(31, Migration(secondarySwitches: 100)) { estate in
      try Self.announce(&estate, "www.example.gov.", .a, to: .absent)
      try estate.apply(.remove(.primary, "www.example.gov.", .a))
    }
    #expect(survey.findings("change-overdue").contains { $0.place.server?.address.address == ModelEstate.secondary })
  }
}
