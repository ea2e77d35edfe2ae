import DNSWire
public import Estate
import Names

extension Survey {
  /// What could not be told, so that a finding of an earlier pass about it is neither confirmed nor gone.
  public var unsettled: [Expectation] { open.map(\.expectation) }

  var open: [(domain: DomainName?, expectation: Expectation)] {
    let untold: [(domain: DomainName?, expectation: Expectation)] = verdicts.compactMap { judged in
      guard case .couldNotTell = judged.verdict, let expectation = judged.expectation else { return nil }
      return (judged.domain, expectation)
    }
    return untold
      + untold.flatMap { one in (Self.left(open: one.expectation) + strangers(behind: one.expectation)).map { (one.domain, $0) } }
  }

  /// What could not be read leaves open all that other checks tell of it at this place.
  private static func left(open expectation: Expectation) -> [Expectation] {
    (toldFrom[expectation.check] ?? []).map { check in
      var other = expectation
      other.check = check
      return other
    }
  }

  /// Under which other names findings are told from the expectations of a check.
  private static let toldFrom: [CheckID: [CheckID]] = {
    let planned = [ChangeEarly.specification.id, ChangeOverdue.specification.id]
    return [
      RecordDiffers.specification.id: [
        TTLAboveDeclared.specification.id, ServersDisagree.specification.id, SignatureExpiring.specification.id,
      ] + planned, ResolverDiffers.specification.id: planned, DelegationDiffers.specification.id: planned,
      DSDiffers.specification.id: planned, GlueDiffers.specification.id: planned,
    ]
  }()

  /// Where the delegation could not be read, servers that only the parent names were not asked: what they serve is left open.
  private func strangers(behind expectation: Expectation) -> [Expectation] {
    guard expectation.check == DelegationDiffers.specification.id, let domain = domains[expectation.name] else { return [] }
    let place = Place(.authoritative, nil, zone: domain.name)
    let records = RecordQuestion.all(of: domain).flatMap { question in
      let record = Expectation(RecordDiffers.specification.id, question.name, question.type, at: place, question.expected)
      return [record] + Self.left(open: record)
    }
    return records + [Expectation(ServerLame.specification.id, domain.name, .soa, at: place, .authority)]
  }
}
