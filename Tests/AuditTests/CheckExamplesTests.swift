import Audit
import Estate
import Testing

/// Every check carries examples that fire and examples that stay silent; here they are played on the model estate.
@Suite("Checks: their own examples") struct CheckExamplesTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var check: CheckSpecification
    var example: Example
    var fires: Bool

    var testDescription: String { "\(check.id) \(fires ? "fires" : "is silent"): \(example.says)" }
  }

  static let cases: [Case] = CheckSpecification.all.flatMap { check in
    check.fires.map { Case(check: check, example: $0, fires: true) }
      + check.silent.map { Case(check: check, example: $0, fires: false) }
  }

  @Test(arguments: cases) func `an example does what it says`(_ one: Case) throws {
    var estate = try ModelEstate()
    for edit in one.example.edits { try estate.apply(edit) }
    let survey = estate.survey()
    let own = survey.findings.filter { $0.check == one.check.id }
    if one.fires {
      #expect(!own.isEmpty, "\(survey.findings.map { "\($0.check) \($0.name) \($0.verdict)" })")
      for finding in own {
        if case .mismatch(let departure) = finding.verdict {
          #expect(departure.how == one.example.how)
        } else {
          #expect(one.example.how == nil)
        }
      }
    } else {
      #expect(own.isEmpty, "\(own.map { "\($0.name) \(String(describing: $0.type)) \($0.verdict)" })")
    }
    let totals = survey.totals
    #expect(totals.expected + totals.excepted == survey.verdicts.count { $0.expectation != nil })
    // What is told for information departs from nothing that is intended, so it is no expectation's mismatch.
    for judged in survey.verdicts where judged.finding?.severity == .info && judged.verdict.kind == "mismatch" {
      #expect(judged.expectation == nil, "\(judged)")
    }
  }

  @Test func `an estate that is as intended has no finding, and every expectation matches`() throws {
    var estate = try ModelEstate()
    let survey = estate.survey()
    #expect(survey.findings.isEmpty, "\(survey.findings.map { "\($0.check) \($0.name) \($0.verdict)" })")
    #expect(survey.totals.match == survey.totals.expected)
    // Counted by hand. Parent: NS, glue of two hosts in two families (5). Each of two servers: authority, agreement, the declared
    // NS MX A TXT CAA and four hosts' A (9), AAAA absent at the apex, AAAA and MX absent at four hosts (9): 20 each.
    // Resolver: the same 18. Targets: mail (1). Policies that are declared: SPF and CAA (2), each
    // one thing at all servers.
    #expect(survey.totals.expected == 5 + 2 * 20 + 18 + 1 + 2)
  }

  @Test func `every check has examples of both kinds, sources and advice`() {
    for check in CheckSpecification.all {
      #expect(!check.fires.isEmpty && !check.silent.isEmpty && !check.sources.isEmpty && !check.advice.isEmpty, "\(check.id)")
    }
    #expect(Set(CheckSpecification.all.map(\.id)).count == CheckSpecification.all.count)
  }
}
