import DNSWire
import Estate
import Names

/// An exception has come to its end.
public enum ExceptionExpired: Check {
  public static let specification = CheckSpecification(
    "exception-expired", "A declared exception has expired",
    sources: ["Nameward's declaration: `exceptions`"],
    severity: "medium",
    about: """
      An exception covers findings until the moment that it names, at most a year ahead, and nothing from then on: what it \
      covered is told again. That it has ended is told too, until it is taken out or given again, with its reason and owner. \
      No exception covers this finding.
      """,
    advice: """
      Ask its owner whether the reason still stands. If it does not, correct what it covered and remove the exception; if it \
      does, give it a new end.
      """,
    fires: [
      Example(
        "an exception that ended an hour ago",
        [.redeclare { $0.exceptions = [exception(expires: -3600)] }, .set(.everywhere, "www.example.gov. A 203.0.113.66")],
        how: .unsafe),
      Example(
        "an exception that ended, and what it covered is as intended again",
        [.redeclare { $0.exceptions = [exception(expires: 0)] }], how: .unsafe),
    ],
    silent: [
      Example(
        "an exception with a day to go",
        [.redeclare { $0.exceptions = [exception(expires: 86_400)] }, .set(.everywhere, "www.example.gov. A 203.0.113.66")])
    ])

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    domain.declaration.exceptions.filter { exception in
      exception.isExpired(at: domain.now) && domain.mayTell(of: exception)
        && exception.home(in: domain.declaration) == domain.domain.name
        && domain.isInScope(exception.name ?? domain.domain.name)
    }.map {
      $0.judged(
        specification.id, .medium, "expired at \($0.expires) and covers nothing any more", home: domain.domain.name,
        now: domain.now)
    }
  }

  /// For the examples: one for the address of www.example.gov, with its end as seconds from their present.
  static func exception(expires: Int) -> DeclaredException {
    let name = try? DomainName("www.example.gov.")
    return DeclaredException(
      RecordDiffers.specification.id, name: name, type: .a, reason: "moved to the provider before it was declared",
      owner: "webmaster@example.gov", expires: ChangeEarly.early.advanced(by: .seconds(3600 + expires)))
  }
}

extension DomainView {
  /// Rules out most domains without looking at all of them.
  fileprivate func mayTell(of exception: DeclaredException) -> Bool {
    let isAbove = exception.name?.isAtOrBelow(domain.name) ?? false
    return exception.domain == domain.name || isAbove || declaration.domains.first?.name == domain.name
  }
}
