import DNSWire
import Estate
import Names

/// An exception covers nothing.
public enum ExceptionUnused: Check {
  public static let specification = CheckSpecification(
    "exception-unused", "A declared exception covers nothing",
    sources: ["Nameward's declaration: `exceptions`"],
    severity: "low",
    about: """
      After a pass over everything of its domain, an exception that covered no finding is told of: what it was given for is as \
      intended again, and whoever makes the same departure happen later would pass by it. It is not told while anything that it \
      may cover could not be told, nor by an audit that looked at a part only. No exception covers this finding.
      """,
    advice: "Remove the exception. If what it covers comes and goes, declare a tolerance in its place.",
    fires: [
      Example(
        "what was excepted is as intended again", [.redeclare { $0.exceptions = [ExceptionExpired.exception(expires: 86_400)] }],
        how: .unsafe)
    ],
    silent: [
      Example(
        "it covers a finding",
        [
          .redeclare { $0.exceptions = [ExceptionExpired.exception(expires: 86_400)] },
          .set(.everywhere, "www.example.gov. A 203.0.113.66"),
        ]),
      Example(
        "a server that may have what it covers says nothing",
        [.redeclare { $0.exceptions = [ExceptionExpired.exception(expires: 86_400)] }, .silent(.secondary)]),
      Example(
        "only a part was looked at",
        [
          .redeclare { $0.exceptions = [ExceptionExpired.exception(expires: 86_400)] },
          .scope { $0.servers = [IPAddress.v4(0xC000_0235)] },
        ]),
      Example(
        "it has expired, which is exception-expired", [.redeclare { $0.exceptions = [ExceptionExpired.exception(expires: -1)] }]),
    ])

  /// - Parameters:
  ///   - whole: The domains of which everything was looked at.
  ///   - open: What could not be told.
  static func judged(
    _ declaration: Declaration, used: Set<DeclaredException>, whole: Set<DomainName>, scope: AuditScope,
    open: [(domain: DomainName?, expectation: Expectation)], now: Timestamp
  ) -> [Judged] {
    guard scope.servers.isEmpty, scope.resolvers == nil, scope.walks else { return [] }
    return declaration.exceptions.compactMap { exception in
      guard !exception.isExpired(at: now), !used.contains(exception), let home = exception.home(in: declaration),
        whole.contains(home), scope.names.isEmpty || exception.domain != nil, scope.reaches(exception.check),
        !open.contains(where: { exception.mayCover($0.expectation, of: $0.domain) })
      else { return nil }
      return exception.judged(specification.id, .low, "covers nothing", home: home, now: now)
    }
  }
}

extension AuditScope {
  /// Whether all of a check was done.
  fileprivate func reaches(_ id: CheckID) -> Bool {
    let needs = everyCheck.first { $0.specification.id == id }?.specification.needs ?? []
    return needs.allSatisfy { need in
      switch need {
      case .services: contactsServices
      case .pages: fetchesPages
      case .enumeration: enumerates
      case .seenNames: !seenNames.isEmpty
      }
    }
  }
}
