import DNSWire
import Estate
import Names

/// The servers of a zone do not hold the same version of it.
public enum ServersDisagree: Check {
  public static let specification = CheckSpecification(
    "servers-disagree", "The servers of the zone do not hold the same zone",
    sources: ["RFC 1034 §4.3.5", "RFC 1982 §3.2", "RFC 1996"],
    severity: "medium; high where the serials agree and the data do not, low where only the SOA record differs",
    about: """
      The SOA serials of all declared servers are compared by serial arithmetic, and a server that is behind is named. Where \
      serials agree, the servers' answers to every declared name, and their SOA records, are compared: different data under one serial means that somebody changed a server's zone without a transfer. Where only the SOA records differ, the \
      servers are no copies of one primary, as with two providers.
      """,
    advice: """
      Behind: look at the transfer (NOTIFY, TSIG, refresh) between that server and its primary. Same serial, other data: find \
      out who can write on that server, and compare its zone with the primary's.
      """,
    fires: [
      Example(
        "a secondary kept an old zone",
        [.set(.primary, "example.gov. SOA ns1.example.gov. hostmaster.example.gov. 2026112302 7200 3600 1209600 3600")],
        how: .replaced),
      Example("one serial, two answers", [.set(.secondary, "mail.example.gov. A 203.0.113.66")], how: .replaced),
      Example(
        "one serial, another primary",
        [.set(.secondary, "example.gov. SOA ns2.example.gov. hostmaster.example.gov. 2026112301 7200 3600 1209600 3600")],
        how: .replaced),
    ],
    silent: [
      Example("all servers hold a changed zone", [.set(.everywhere, "mail.example.gov. A 203.0.113.66")]),
      Example("a server that says nothing", [.silent(.secondary)]),
    ])

  public static func judge(_ domain: DomainView, _ knowledge: inout Knowledge) -> [Judged] {
    let declared = domain.servers.filter(\.isDeclared)
    guard domain.isApexInScope, declared.count > 1 else { return [] }
    var serving: [(server: AuthoritativeServer, serial: UInt32)] = []
    var judged: [Judged] = []
    for server in declared {
      guard let authority = domain.authority(of: server, &knowledge) else { return [] }
      switch authority {
      case .serves(let serial): serving.append((server, serial))
      case .lame, .unread:
        judged.append(Judged(expectation(domain, server, []), .couldNotTell(authority.obstacle ?? .lame)))
      }
    }
    // While a change is under way the servers get it one after another, and those of two operators need not be copies.
    let isChanging = domain.domain.isChanging(at: domain.now, seen: domain.seen)
    guard let newest = Self.newest(of: Set(serving.map(\.serial))) else {
      if isChanging { return judged + serving.map { Judged(expectation(domain, $0.server, []), .match) } }
      return judged + serving.map { unordered(expectation(domain, $0.server, []), $0.server, serial: $0.serial, domain) }
    }
    let current = serving.filter { $0.serial == newest }.map(\.server)
    let odd = oddOnes(among: current, domain, &knowledge)
    for (server, serial) in serving {
      let expectation = expectation(domain, server, [])
      if serial != newest, isChanging {
        judged.append(Judged(expectation, .match))
      } else if serial != newest {
        judged.append(behind(expectation, server, serial: serial, newest: newest, domain))
      } else if let different = odd[server.place] {
        judged.append(differing(expectation, different, domain))
      } else {
        judged.append(Judged(expectation, .match))
      }
    }
    return judged
  }

  private static func expectation(_ domain: DomainView, _ server: AuthoritativeServer, _ intended: [RData]) -> Expectation {
    Expectation(specification.id, domain.domain.name, .soa, at: server.place, .exactly(intended, ttl: nil))
  }

  private static func behind(
    _ expectation: Expectation, _ server: AuthoritativeServer, serial: UInt32, newest: UInt32, _ domain: DomainView
  ) -> Judged {
    disagreeing(expectation, server, intended: "serial \(newest)", serial: serial, domain)
  }

  private static func unordered(_ expectation: Expectation, _ server: AuthoritativeServer, serial: UInt32, _ domain: DomainView)
    -> Judged
  {
    disagreeing(expectation, server, intended: "one serial at all servers", serial: serial, domain)
  }

  private static func disagreeing(
    _ expectation: Expectation, _ server: AuthoritativeServer, intended: String, serial: UInt32, _ domain: DomainView
  ) -> Judged {
    let verdict = Verdict.mismatch(.replaced([]))
    return Judged(
      expectation, verdict,
      Finding(
        specification.id, .medium, verdict, domain.domain.name, .soa, at: server.place, intended: [intended],
        observed: ["serial \(serial)"], since: domain.now, query: domain.authorityQuery(server)))
  }

  private static func differing(_ expectation: Expectation, _ different: Different, _ domain: DomainView) -> Judged {
    let verdict = Verdict.mismatch(.replaced(different.observed))
    return Judged(
      expectation, verdict,
      Finding(
        specification.id, different.type == .soa ? .low : .high, verdict, different.name, different.type, at: expectation.place,
        intended: different.others.sorted(), observed: different.observed.map(\.text).sorted(), since: domain.now,
        query: different.query))
  }

  private enum Holding: Hashable {
    case data(Set<RData>)
    case accepted(by: Tolerance)

    var words: Set<String> {
      switch self {
      case .data(let records): Set(records.map(\.text))
      case .accepted(let tolerance): [tolerance.words]
      }
    }
  }

  fileprivate struct Different {
    var name: DomainName
    var type: RRType
    var observed: [RData]
    var others: Set<String>
    var query: Query
  }

  /// Servers whose data differ from the others' under the same serial, each with its worst differing RRset. Odd is who is not as
  /// declared, else who is not of the majority; where there is neither, all are, since nobody can say which is right.
  private static func oddOnes(among servers: [AuthoritativeServer], _ domain: DomainView, _ knowledge: inout Knowledge) -> [Place:
    Different]
  {
    var odd: [Place: Different] = [:]
    guard servers.count > 1 else { return odd }
    // A transfer copies the SOA record as it is, so one serial has one (RFC 1034 §4.3.5).
    let apex = domain.domain.name
    let soa = RecordQuestion(declared: DeclaredRRset(apex, .soa, .absent), stands: .answer, zone: apex)
    for question in domain.questions + (domain.movingHosts.isEmpty ? [soa] : [])
    where question.stands == .answer && !question.isChanging(at: domain.now, seen: domain.seen) {
      let tolerance = question.tolerance
      let declared = tolerance.map(Holding.accepted(by:)) ?? .data(Set(question.intended))
      var answers: [(server: AuthoritativeServer, data: Holding, query: Query)] = []
      for server in servers {
        guard let query = domain.query(question, server), let observation = knowledge.ask(query, of: server.place) else {
          continue
        }
        switch Reading(observation, question.name, question.type) {
        case .data(let records, _): answers.append((server, .data(Set(records)), query))
        case .alias(let target): answers.append((server, .data([target]), query))
        case .noSuchName: answers.append((server, .data([]), query))
        default: continue
        }
        // Inside a tolerance servers may differ: by place, by turns, by load.
        guard tolerance != nil else { continue }
        switch question.verdict(observation, in: domain, &knowledge) {
        case .match, .mismatch(.ttl): answers[answers.count - 1].data = declared
        case .mismatch: break
        case .couldNotTell: answers.removeLast()
        }
      }
      let groups = Dictionary(grouping: answers, by: \.data)
      guard groups.count > 1 else { continue }
      let most = groups.values.map(\.count).max() ?? 0
      let majorities = groups.filter { $0.value.count == most }.map(\.key)
      let usual = groups[declared] != nil ? declared : majorities.count == 1 ? majorities.first : nil
      for answer in answers where answer.data != usual {
        guard case .data(let observed) = answer.data else { continue }
        if let known = odd[answer.server.place],
          Importance.order(question.name, question.type) >= Importance.order(known.name, known.type)
        {
          // That one is worse news.
          continue
        }
        let others = usual?.words ?? groups.keys.filter { $0 != answer.data }.reduce(into: []) { $0.formUnion($1.words) }
        odd[answer.server.place] = Different(
          name: question.name, type: question.type, observed: observed.inCanonicalOrder, others: others,
          query: answer.query)
      }
    }
    return odd
  }

  /// The serial that is newer than every other; none where they have no order. "Newer" is not transitive on a circle, so a chain of
  /// comparisons would end elsewhere for each order of the servers.
  static func newest(of serials: Set<UInt32>) -> UInt32? {
    serials.first { one in serials.allSatisfy { $0 == one || isNewer(one, than: $0) } }
  }

  /// RFC 1982 §3.2; serials exactly half the circle apart have no order, and neither is newer.
  static func isNewer(_ left: UInt32, than right: UInt32) -> Bool {
    left != right && (left &- right) < 0x8000_0000
  }
}
