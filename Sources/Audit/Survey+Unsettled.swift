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
      + untold.flatMap { one in
        let behind = Self.left(open: one.expectation) + strangers(behind: one.expectation) + policies(behind: one.expectation)
        return behind.map { (one.domain, $0) }
      }
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

  /// A silent server leaves open what it publishes, also where nobody declared that there is a policy; a host whose CAA records could
  /// not be read leaves open the sets above it.
  private func policies(behind expectation: Expectation) -> [Expectation] {
    func open(_ checks: [CheckID], _ name: DomainName, _ type: RRType, _ place: Place) -> [Expectation] {
      checks.map { Expectation($0, name, type, at: place, .proper) }
    }
    switch expectation.check {
    case CAADiffers.specification.id where expectation.place.server != nil:
      return (0...expectation.name.labelCount).flatMap { labels in
        open(
          [CAADiffers.specification.id, CAAMissing.specification.id], expectation.name.ancestor(labels: labels), .caa,
          expectation.place)
      }
    case ServerLame.specification.id:
      guard let domain = domains[expectation.name] else { return [] }
      let place = Place(.authoritative, nil, zone: domain.name)
      return domain.policies.flatMap { open([$0.check], $0.name, $0.type, place) }
    default: return []
    }
  }

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

extension Domain {
  /// Where policies of the domain are looked for, declared or not.
  fileprivate var policies: [(check: CheckID, name: DomainName, type: RRType)] {
    func below(_ label: String, _ name: DomainName) -> DomainName? { try? name.prepending(label: Array(label.utf8)) }
    let names: [(CheckID, DomainName?)] = [
      (SPFBroken.specification.id, name), (DMARCBroken.specification.id, below("_dmarc", name)),
      (MTASTSBroken.specification.id, below("_mta-sts", name)),
      (TLSRPTBroken.specification.id, below("_tls", name).flatMap { below("_smtp", $0) }),
    ]
    return names.compactMap { check, name in name.map { (check, $0, .txt) } } + [
      (NullMXBroken.specification.id, name, .mx), (CAADiffers.specification.id, name, .caa),
    ]
  }
}
