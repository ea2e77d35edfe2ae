import DNSWire
import Estate
import Names

/// Names that do not exist are answered otherwise than declared.
public enum WildcardDiffers: Check {
  public static let specification = CheckSpecification(
    "wildcard-differs", "A wildcard answers otherwise than declared, or where none may be",
    sources: ["RFC 4592 §2.1.1", "RFC 4592 §3.3.1", "RFC 1034 §4.3.3"],
    severity: "as record-differs",
    about: """
      Where a wildcard (`*`) is declared, each name server is asked for a name that only the wildcard can answer, beside the `*` \
      itself. The values must be the declared ones; where the wildcard is declared absent, neither name may have any. Whoever \
      can change a zone receives with one wildcard the mail and the logins of every name that was never declared. The name that \
      is asked for is made from the zone's, the same in each pass, so a server could know it: what it says of it is proof \
      against it, and no proof for it.
      """,
    advice: """
      Look at the zone for a `*` record and for who added it. If it is meant, declare it with its values; if names are to fail \
      where nothing is declared, write `"*": absent`.
      """,
    fires: [
      Example(
        "a wildcard where none may be",
        [.redeclare { $0.forbid("*.example.gov.") }, .set(.primary, "*.example.gov. A 203.0.113.66")], how: .added),
      Example(
        "a wildcard that is answered, and another value for names that it makes",
        [
          .declare("*.example.gov. A 192.0.2.80"), .set(.everywhere, "*.example.gov. A 192.0.2.80"),
          .set(.secondary, "nameward-95000499d9c0df43.example.gov. A 203.0.113.66"),
        ], how: .replaced),
    ],
    silent: [
      Example(
        "the declared wildcard", [.declare("*.example.gov. A 192.0.2.80"), .set(.everywhere, "*.example.gov. A 192.0.2.80")]),
      Example("no wildcard where none may be", [.redeclare { $0.forbid("*.example.gov.") }]),
      Example(
        "another value at the wildcard itself, which is record-differs",
        [.declare("*.example.gov. A 192.0.2.80"), .set(.everywhere, "*.example.gov. A 203.0.113.66")]),
    ])

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    let questions = domain.questions.filter {
      $0.name.isWildcard && $0.stands == .answer && !$0.isImplied && domain.isInScope($0.name)
    }
    guard !questions.isEmpty else { return [] }
    return domain.servers.flatMap { server -> [Judged] in
      guard let authority = domain.authority(of: server, &knowledge) else { return [] }
      return questions.compactMap { judge($0, server, authority, domain, &knowledge) }
    }
  }

  private static func judge(
    _ question: RecordQuestion, _ server: AuthoritativeServer, _ authority: Authority, _ domain: DomainView,
    _ knowledge: inout Knowledge
  ) -> Judged? {
    let expectation = question.expectation(of: specification.id, at: server.place)
    if let obstacle = authority.obstacle { return Judged(expectation, .couldNotTell(obstacle)) }
    var made = question
    made.declared.name = question.name.madeUp
    guard let query = domain.query(question, server), let madeQuery = domain.query(made, server),
      let literal = knowledge.ask(query, of: server.place), let observation = knowledge.ask(madeQuery, of: server.place)
    else { return nil }
    let itself = question.outcome(of: literal, at: domain.now) { $0.verdict(literal, in: domain, &knowledge) }?.verdict
    let others = made.outcome(of: observation, at: domain.now) { $0.verdict(observation, in: domain, &knowledge) }?.verdict
    guard let itself = itself?.ofValues, let others = others?.ofValues else { return nil }
    let severity = Importance.severity(of: question.name, question.type, in: domain)
    switch (itself, others) {
    // What stands at the wildcard itself is told by record-differs, unless it may not be there.
    case (.mismatch, .mismatch) where itself == others && !question.forbidsWildcard: return Judged(expectation, itself)
    case (_, .mismatch): return domain.judged(expectation, others, severity, madeQuery)
    case (.mismatch, _) where !question.forbidsWildcard: return Judged(expectation, itself)
    case (.mismatch, _): return domain.judged(expectation, itself, severity, query)
    // That the wildcard cannot be read is told by record-differs.
    case (.couldNotTell, _): return Judged(expectation, itself)
    case (.match, .couldNotTell(let obstacle)):
      return domain.judged(expectation, others, Importance.severity(of: obstacle, question.name, in: domain), madeQuery)
    case (.match, .match): return Judged(expectation, .match)
    }
  }
}

extension Verdict {
  /// That the TTL is longer than declared is told by record-differs.
  fileprivate var ofValues: Verdict { if case .mismatch(.ttl) = self { .match } else { self } }
}

extension RecordQuestion {
  /// Whether the owner says that names which nobody declared do not exist.
  var forbidsWildcard: Bool {
    if case .absent = declared.intended { name.isWildcard && !isImplied } else { false }
  }
}

extension DomainName {
  /// A name that exists only where a wildcard makes it. The same in each pass, so that what is stored does not grow.
  var madeUp: DomainName {
    guard isWildcard, let zone = parent else { return self }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325  // FNV-1a
    for octet in "\(zone)".utf8 { hash = (hash ^ UInt64(octet)) &* 0x100_0000_01B3 }
    let digits = String(hash, radix: 16)
    let label = "nameward-" + String(repeating: "0", count: 16 - digits.count) + digits
    // Too long a zone has no room for another name, and its wildcard makes few.
    return (try? zone.prepending(label: Array(label.utf8))) ?? self
  }
}

extension Declaration {
  /// For examples: what `"*": absent` means for addresses.
  fileprivate mutating func forbid(_ wildcard: String) {
    guard let name = try? DomainName(wildcard), !domains.isEmpty else { return }
    for type in [RRType.a, .aaaa] { domains[0].records.append(DeclaredRRset(name, type, .absent)) }
  }
}
