import Estate
import DNSWire
import Names

/// A declared record points to a name that does not exist.
public enum AliasDangling: Check {
  public static let specification = CheckSpecification(
    "alias-dangling", "A record points to a name that does not exist",
    sources: ["RFC 1034 §3.6.2", "RFC 8020", "RFC 9499 §7"],
    severity: "high",
    about: """
      The target of each declared CNAME, MX and SRV record is looked up from the roots down. Where its zone says with authority that \
      no such name exists, whoever can have that name created (a cloud provider's customer, the buyer of a lapsed domain) \
      receives the traffic, and a certificate for the alias with it. A target that exists without an address is not told of.
      """,
    advice: "Remove the record, or have the target created again by whom you meant it to belong to.",
    fires: [Example("an alias to a service that was given up", [.declare("shop.example.gov. CNAME gone.cdn.example."), .set(.everywhere, "shop.example.gov. CNAME gone.cdn.example.")], how: .dangling)],
    silent: [Example("an alias to a name that exists", [.declare("shop.example.gov. CNAME www.example.gov."), .set(.everywhere, "shop.example.gov. CNAME www.example.gov.")])])

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    guard let walk = domain.walk else { return [] }
    var judged: [Judged] = []
    for question in domain.questions where question.stands == .answer && domain.isInScope(question.name) {
      for target in Set(question.intended.compactMap(Self.target)).sorted() where !target.isWildcard {
        let place = Place(.endpoint, nil, zone: target)
        let expectation = Expectation(specification.id, question.name, question.type, at: place, .exists, declaredAt: question.declared.declaredAt)
        switch walk.exists(target, &knowledge) {
        case .pending: break
        case .failed(let why): judged.append(Judged(expectation, .couldNotTell(.noAddress(of: target, why))))
        case .found(true): judged.append(Judged(expectation, .match))
        case .found(false):
          let verdict = Verdict.mismatch(.dangling(target: target))
          var finding = domain.finding(expectation, verdict, .high, nil)
          finding.observed = ["\(target) does not exist"]
          judged.append(Judged(expectation, verdict, finding))
        }
      }
    }
    return judged
  }

  /// The name that a record sends its user to; nil for a null MX or SRV (RFC 7505, RFC 2782) and for other types.
  private static func target(_ data: RData) -> DomainName? {
    let target: DomainName? =
      switch data.type {
      case .cname: CNAME(data)?.target
      case .mx: MX(data)?.exchange
      case .srv: SRV(data)?.target
      default: nil
      }
    return target == .root ? nil : target
  }
}
