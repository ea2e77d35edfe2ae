import DNSWire
import Estate
import Names

/// What the domain's own servers serve of one name and type: a policy that whoever asks one of them is told.
struct Published {
  /// What some of the servers serve, alike.
  struct Version {
    var records: [RData]
    var servers: [Server]
    /// Of the first of them.
    var query: Query
  }

  var versions: [Version] = []
  /// Declared servers that could not be read, and why.
  private var unread: [Server: Obstacle] = [:]

  /// Why the first of them could not be read, whatever their order; nil where all were.
  var obstacle: Obstacle? { unread.min { $0.key < $1.key }?.value }

  /// Nobody could be asked at all; other checks tell of that.
  var isNobodys: Bool { versions.isEmpty && unread.isEmpty }

  fileprivate mutating func note(_ obstacle: Obstacle, at server: Server) { unread[server] = obstacle }

  fileprivate mutating func add(_ records: [RData], at server: Server, _ query: Query) {
    let records = Set(records).inCanonicalOrder
    if let index = versions.firstIndex(where: { $0.records == records }) {
      versions[index].servers.append(server)
    } else {
      versions.append(Version(records: records, servers: [server], query: query))
    }
  }
}

extension DomainView {
  /// Nil while it is not known. Aliases and delegations below the domain are followed: providers of reports and of policies are
  /// given names that way.
  func published(_ name: DomainName, _ type: RRType, _ knowledge: inout Knowledge) -> Published? {
    var published = Published()
    var isPending = false
    for server in servers {
      guard let authority = authority(of: server, &knowledge), let address = server.server else {
        isPending = true
        continue
      }
      func note(_ obstacle: Obstacle) { if server.isDeclared { published.note(obstacle, at: address) } }
      if let obstacle = authority.obstacle {
        note(obstacle)
        continue
      }
      let query = Query(name, type, at: address, dnssecOK: asksForSignatures)
      guard let observation = knowledge.ask(query, of: server.place) else {
        isPending = true
        continue
      }
      var target = name
      switch Reading(observation, name, type) {
      case .data(let records, _):
        published.add(records, at: address, query)
        continue
      case .noSuchName:
        published.add([], at: address, query)
        continue
      case .silent(let silence):
        note(.silent(silence))
        continue
      case .responseCode(let code):
        note(.responseCode(code))
        continue
      case .truncated:
        note(.truncated)
        continue
      case .notAuthoritative:
        note(.lame)
        continue
      case .referral(let zone, _):
        guard zone.isBelow(domain.name) else {
          note(.lame)
          continue
        }
      case .alias(let alias): target = CNAME(alias)?.target ?? name
      }
      // Without a walk nobody can be asked where it leads.
      guard let walk else { continue }
      switch walk.records(of: target, type, &knowledge) {
      case .pending: isPending = true
      case .failed(let why): note(.noAddress(of: target, why))
      case .found(let records): published.add(records, at: address, query)
      }
    }
    return isPending ? nil : published
  }
}

/// What is to be said of one version of a published policy.
enum PolicyVerdict {
  /// Nothing of this kind is published.
  case absent
  case sound
  case departs(Departure, Severity)
  case untold(Obstacle)
}

/// A policy that a domain publishes, judged as one thing, whichever server gives it.
struct PublishedPolicy {
  var check: CheckID
  var name: DomainName
  var type = RRType.txt
  /// What is wanted, in words.
  var wanted: [String] = []
  /// Whether the owner declares that there is one; what nobody declared counts once it is published.
  var isDeclared: Bool
  var declaredAt: SourcePosition?
  /// Those of the records that are meant to be such a policy.
  var isOne: (RData) -> Bool

  /// One expectation for all servers: what they serve differently, `servers-disagree` tells of. A departure at one of them is one;
  /// a server that could not be read leaves the rest open.
  func judged(_ published: Published, _ domain: DomainView, _ judge: (Published.Version) -> PolicyVerdict) -> [Judged] {
    var worst: (departure: Departure, severity: Severity, version: Published.Version, facts: [String])?
    var obstacle: Obstacle?
    var isPublished = false
    for version in published.versions {
      switch judge(version) {
      case .absent: continue
      case .sound: break
      case .untold(let why): obstacle = obstacle ?? why
      case .departs(let departure, let severity):
        let facts = facts(departure, version, of: published)
        if let worst, (worst.severity, facts.joined()) >= (severity, worst.facts.joined()) { continue }
        worst = (departure, severity, version, facts)
      }
      isPublished = true
    }
    guard isPublished || isDeclared && !published.isNobodys else { return [] }
    let place = Place(.authoritative, nil, zone: domain.domain.name)
    let expectation = Expectation(check, name, type, at: place, .proper, declaredAt: declaredAt)
    guard let worst else {
      // Of a server that could not be read another finding tells.
      if let obstacle {
        // Nor of a way from the roots that ends above the domain.
        if domain.isCutOff { return [Judged(expectation, .couldNotTell(obstacle))] }
        return [domain.judged(expectation, .couldNotTell(obstacle), .medium, nil)]
      }
      return [Judged(expectation, published.obstacle.map { .couldNotTell($0) } ?? .match)]
    }
    var finding = domain.finding(expectation, .mismatch(worst.departure), worst.severity, worst.version.query)
    (finding.intended, finding.observed) = (wanted, worst.facts)
    return [Judged(expectation, .mismatch(worst.departure), finding)]
  }

  /// As ``judged(_:_:_:)``, of text of which a name has one record.
  ///
  /// - Parameters:
  ///   - kind: What several of them are called.
  ///   - missing: How bad it is that there is none; nil where none is needed.
  func judgedText(
    _ published: Published, _ domain: DomainView, kind: String, severity: Severity, missing: Severity?,
    _ judge: ([UInt8]) -> PolicyVerdict
  ) -> [Judged] {
    judged(published, domain) { version in
      let texts = version.records.filter(isOne).compactMap { TXT($0)?.joined }
      guard let text = texts.first else { return missing.map { .departs(.removed([]), $0) } ?? .absent }
      // Whoever reads them then reads none.
      guard texts.count == 1 else { return .departs(.unsafe("\(texts.count) \(kind) at \(name)"), severity) }
      return judge(text)
    }
  }

  private func facts(_ departure: Departure, _ version: Published.Version, of published: Published) -> [String] {
    let records = version.records.filter(isOne).map(\.text)
    guard published.versions.count > 1 else { return records }
    return records + ["only at " + version.servers.sorted().map(\.description).joined(separator: ", ")]
  }
}

extension DomainView {
  /// A name below the domain; nil where the domain's own is too long for it.
  func below(_ labels: String...) -> DomainName? {
    labels.reversed().reduce(Optional(domain.name)) { name, label in name.flatMap { try? $0.prepending(label: Array(label.utf8)) }
    }
  }

  /// Where the owner declares a record that is such a policy.
  func declaration(of name: DomainName, _ type: RRType, where isOne: (RData) -> Bool) -> DeclaredRRset? {
    domain.records.first { $0.name == name && $0.type == type && $0.namedValues.contains(where: isOne) }
  }
}

extension [UInt8] {
  /// As text for a person, cut to a length that a line holds.
  var excerpt: String { String(decoding: prefix(80), as: UTF8.self) + (count > 80 ? "…" : "") }
}
