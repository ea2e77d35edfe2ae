import DNSWire
import Estate
import Names

/// The parent zone holds other DS records than declared.
public enum DSDiffers: Check {
  public static let specification = CheckSpecification(
    "ds-differs", "The parent zone holds other DS records than declared",
    sources: ["RFC 4035 §2.4", "RFC 4034 §5", "RFC 9199"],
    severity: "critical",
    about: """
      Each server of the parent zone is asked for the DS RRset, which it answers with authority, and it is compared with the \
      declared one, or with its declared absence. The hijackers of 2018 and 2019 removed DS records so that their own \
      servers' unsigned answers would be believed.
      """,
    advice: """
      Treat a removed or foreign DS as a change of the delegation: ask your registrar who made it and restore the declared DS \
      records. If you rolled a key, declare the new DS first.
      """,
    fires: [
      Example(
        "the DS was removed at the parent", [.declareDS("12345 13 2 \(String(repeating: "ab", count: 32))")], how: .removed),
      Example(
        "the DS was replaced at the parent",
        [
          .declareDS("12345 13 2 \(String(repeating: "ab", count: 32))"),
          .set(.parent, "example.gov. DS 666 13 2 \(String(repeating: "cd", count: 32))"),
        ], how: .replaced),
    ],
    silent: [
      Example("nothing is declared of the DS", [.set(.parent, "example.gov. DS 666 13 2 \(String(repeating: "cd", count: 32))")])
    ])

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    guard domain.isWalked, domain.isApexInScope else { return [] }
    let intended: [RData]
    switch domain.domain.ds {
    case .undeclared where domain.domain.dsChange == nil: return []
    case .undeclared: intended = domain.domain.dsChange.map { $0.was.either(or: $0.to).namedValues } ?? []
    case .unsigned: intended = []
    case .exactly(let records): intended = records
    }
    func expectation(_ place: Place) -> Expectation {
      Expectation(
        specification.id, domain.domain.name, .ds, at: place, intended.isEmpty ? .absent : .exactly(intended, ttl: nil),
        declaredAt: domain.domain.declaredAt)
    }
    guard let parent = domain.parent else { return domain.noParent.map { [domain.noParent($0, expectation)] } ?? [] }
    return parent.replies.compactMap { reply in
      guard let reading = reply.ds else { return nil }
      let expectation = expectation(reply.place)
      let observed: [RData]
      switch reading {
      case .data(let records, _): observed = records
      case .noSuchName: observed = []
      case .alias(let target): observed = [target]
      case .referral, .notAuthoritative: return domain.judged(expectation, .couldNotTell(.lame), .medium, reply.dsQuery)
      case .responseCode(let code): return domain.judged(expectation, .couldNotTell(.responseCode(code)), .medium, reply.dsQuery)
      case .truncated: return domain.judged(expectation, .couldNotTell(.truncated), .medium, reply.dsQuery)
      case .silent(let silence):
        // Where the server is silent altogether, delegation-differs has told of it.
        if reply.delegation?.message == nil { return Judged(expectation, .couldNotTell(.silent(silence))) }
        return domain.judged(expectation, .couldNotTell(.silent(silence)), .medium, reply.dsQuery)
      }
      if let change = domain.domain.dsChange {
        return domain.judged(expectation, observed, change, seen: reply.delegation?.at, reply.dsQuery)
      }
      let verdict = Departure(intended: intended, observed: observed).map(Verdict.mismatch) ?? .match
      return domain.judged(expectation, verdict, .critical, reply.dsQuery)
    }
  }
}
