import DNSWire
import Estate
import Names

/// What an SPF record comes to for any sender: all that evaluating it may ask, counted to the end, since which term decides
/// depends on who sends (RFC 7208 §4.6.4).
struct SPFEvaluation {
  static let mostLookups = 10
  static let mostVoids = 2
  static let mostExchangers = 10

  /// Why a receiver ends with a permanent error, or lets everybody send.
  enum Fault: Hashable, Sendable {
    case several(Int, at: DomainName)
    case syntax(term: String, at: DomainName)
    case tooManyLookups(term: String)
    case tooManyVoids(term: String)
    case tooManyExchangers(term: String)
    /// Included or redirected to, and without a record (§5.2, §6.1).
    case noRecord(term: String)
    case loop(term: String)
    case badName(term: String)
    case everybody(term: String)

    var words: String {
      switch self {
      case .several(let count, let name): "\(count) SPF records at \(name)"
      case .syntax(let term, let name): "'\(term)' in the SPF record of \(name) is not SPF"
      case .tooManyLookups(let term): "more than \(mostLookups) terms ask DNS; '\(term)' is the first beyond"
      case .tooManyVoids(let term): "more than \(mostVoids) lookups find nothing; that of '\(term)' is the first beyond"
      case .tooManyExchangers(let term): "'\(term)' leads to more than \(mostExchangers) mail exchangers"
      case .noRecord(let term): "'\(term)' leads to a name without an SPF record"
      case .loop(let term): "'\(term)' leads back to a record that it stands in"
      case .badName(let term): "'\(term)' holds what cannot be a name"
      case .everybody(let term): "'\(term)' lets everybody send"
      }
    }
  }

  /// What becomes of a sender that no other term matched.
  enum Ending: Comparable {
    /// Depends on the mail, or could not be followed.
    case unknown
    case pass, neutral, softFail, fail

    init(_ qualifier: SPFRecord.Qualifier) {
      self =
        switch qualifier {
        case .pass: .pass
        case .neutral: .neutral
        case .softFail: .softFail
        case .fail: .fail
        }
    }
  }

  private(set) var fault: Fault?
  /// Why a term could not be followed to its end.
  private(set) var obstacle: Obstacle?
  private(set) var isPending = false
  private(set) var ending = Ending.neutral

  private let walk: Walk?
  /// What all lookups are counted for together: whoever writes an included record may send us to many names.
  private let goal: DomainName
  private var lookups = 0
  private var voids = 0
  private var path: [DomainName] = []
  /// Whether a pass in the record in hand is one of the whole.
  private var passes = true

  /// Without a walk the record is judged by itself.
  init(_ records: [RData], of domain: DomainName, _ walk: Walk?, _ knowledge: inout Knowledge) {
    (self.walk, goal) = (walk, domain)
    let texts = records.compactMap { TXT($0)?.joined }.filter(SPFRecord.isOne)
    guard let record = read(texts, of: domain) else { return }
    ending = follow(record, of: domain, &knowledge)
  }

  private mutating func note(_ fault: Fault) { self.fault = self.fault ?? fault }

  private mutating func noteEverybody(_ term: String) { if passes { note(.everybody(term: term)) } }

  private mutating func read(_ texts: [[UInt8]], of domain: DomainName) -> SPFRecord? {
    guard let text = texts.first, texts.count == 1 else {
      note(.several(texts.count, at: domain))
      return nil
    }
    do { return try SPFRecord(text) } catch {
      note(.syntax(term: error.term, at: domain))
      return nil
    }
  }

  private mutating func follow(_ record: SPFRecord, of domain: DomainName, _ knowledge: inout Knowledge) -> Ending {
    path.append(domain)
    defer { path.removeLast() }
    for directive in record.directives {
      // §5.1: what stands behind `all` is ignored.
      if directive.mechanism == .all {
        if directive.qualifier == .pass { noteEverybody(directive.text) }
        return Ending(directive.qualifier)
      }
      guard countLookup(directive.mechanism.asks, directive.text), fault == nil else { return .unknown }
      follow(directive, of: domain, &knowledge)
    }
    guard let redirect = record.redirect else { return .neutral }
    let term = "redirect=\(redirect.text)"
    guard countLookup(true, term), fault == nil else { return .unknown }
    return follow(redirect, term, &knowledge)
  }

  /// False beyond the limit: nothing more is followed.
  private mutating func countLookup(_ asks: Bool, _ term: String) -> Bool {
    if asks { lookups += 1 }
    if lookups > Self.mostLookups { note(.tooManyLookups(term: term)) }
    return lookups <= Self.mostLookups
  }

  private mutating func follow(_ directive: SPFRecord.Directive, of domain: DomainName, _ knowledge: inout Knowledge) {
    let term = directive.text
    switch directive.mechanism {
    case .all, .ptr: break
    case .ip(let prefix):
      if prefix.length == 0, directive.qualifier == .pass { noteEverybody(term) }
    case .include(let target):
      // What the included record passes counts by the qualifier of `include` (§5.2).
      let before = passes
      passes = passes && directive.qualifier == .pass
      _ = follow(target, term, &knowledge)
      passes = before
    case .exists(let target):
      guard let name = literal(target, term) else { return }
      count(walk?.records(of: name, .a, for: goal, &knowledge), of: name, term)
    case .a(let target, let v4, let v6):
      if v4 == 0 || v6 == 0, directive.qualifier == .pass { noteEverybody(term) }
      guard let name = target.map({ literal($0, term) }) ?? domain else { return }
      countHost(name, term, &knowledge)
    case .mx(let target, let v4, let v6):
      if v4 == 0 || v6 == 0, directive.qualifier == .pass { noteEverybody(term) }
      guard let name = target.map({ literal($0, term) }) ?? domain else { return }
      guard let exchangers = count(walk?.records(of: name, .mx, for: goal, &knowledge), of: name, term) else { return }
      if exchangers.count > Self.mostExchangers { return note(.tooManyExchangers(term: term)) }
      for host in Set(exchangers.compactMap { MX($0)?.exchange }).sorted() where host != .root {
        countHost(host, term, &knowledge)
      }
    }
  }

  /// The name that a term is written with; nil where it depends on the mail.
  private mutating func literal(_ target: SPFDomain, _ term: String) -> DomainName? {
    if target.name == nil, !target.hasMacros { note(.badName(term: term)) }
    return target.name
  }

  /// `include` and `redirect`: the record there, in the place of the term.
  private mutating func follow(_ target: SPFDomain, _ term: String, _ knowledge: inout Knowledge) -> Ending {
    guard let name = literal(target, term), let walk else { return .unknown }
    guard !path.contains(name) else {
      note(.loop(term: term))
      return .unknown
    }
    guard let records = found(walk.records(of: name, .txt, for: goal, &knowledge), of: name) else { return .unknown }
    let texts = records.compactMap { TXT($0)?.joined }.filter(SPFRecord.isOne)
    if texts.isEmpty {
      note(.noRecord(term: term))
      return .unknown
    }
    return read(texts, of: name).map { follow($0, of: name, &knowledge) } ?? .unknown
  }

  /// A host of which neither an IPv4 nor an IPv6 sender finds an address. Where only one family is missing the limit would be
  /// reached for some senders alone, and that is left out.
  private mutating func countHost(_ name: DomainName, _ term: String, _ knowledge: inout Knowledge) {
    guard let walk, let v4 = found(walk.records(of: name, .a, for: goal, &knowledge), of: name), v4.isEmpty else { return }
    count(walk.records(of: name, .aaaa, for: goal, &knowledge), of: name, term)
  }

  @discardableResult
  private mutating func count(_ found: Found<[RData]>?, of name: DomainName, _ term: String) -> [RData]? {
    guard let records = found.flatMap({ self.found($0, of: name) }) else { return nil }
    if records.isEmpty { voids += 1 }
    if voids > Self.mostVoids { note(.tooManyVoids(term: term)) }
    return records
  }

  private mutating func found(_ found: Found<[RData]>, of name: DomainName) -> [RData]? {
    switch found {
    case .pending: isPending = true
    case .failed(let why): obstacle = obstacle ?? .noAddress(of: name, why)
    case .found(let records): return records
    }
    return nil
  }
}

extension SPFRecord {
  /// Nobody may send, and nothing else is said: `v=spf1 -all`.
  var refusesEverybody: Bool {
    directives.first.map { $0.mechanism == .all && $0.qualifier == .fail } ?? false
  }
}
