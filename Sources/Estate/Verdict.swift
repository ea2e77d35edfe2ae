public import DNSWire
public import Names

/// What becomes of an expectation, given what was observed. There is no fourth value.
public enum Verdict: Hashable, Sendable {
  case match
  case mismatch(Departure)
  case couldNotTell(Obstacle)
}

/// How what was seen departs from what is intended.
public enum Departure: Hashable, Sendable {
  /// None, or only some, of the intended records are there, and others are.
  case replaced([RData])
  /// These records are there beside intended ones.
  case added([RData], beside: [RData] = [])
  /// These intended records are missing, these others of them are left, and no other is there.
  case removed([RData], left: [RData] = [])
  /// The data are as intended and live longer in caches than declared.
  case ttl(served: UInt32, declared: UInt32)
  case lame(Lameness)
  /// Signatures or the DS that should be there are not.
  case unsigned
  /// Validation fails, or soon will; the validator's reason or the time of expiry, in words.
  case bogus(String)
  /// The target of an alias does not exist.
  case dangling(target: DomainName)
  /// What is served invites misuse, whatever was declared; the fact in a few words.
  case unsafe(String)

  public enum How: String, Hashable, Sendable, CaseIterable {
    case replaced, added, removed, ttl, lame, unsigned, bogus, dangling, unsafe
  }

  public var how: How {
    switch self {
    case .replaced: .replaced
    case .added: .added
    case .removed: .removed
    case .ttl: .ttl
    case .lame: .lame
    case .unsigned: .unsigned
    case .bogus: .bogus
    case .dangling: .dangling
    case .unsafe: .unsafe
    }
  }
}

/// In which way a server that should answer with authority for a zone does not (RFC 8499 §7, "lame delegation").
public enum Lameness: Hashable, Sendable {
  case refused
  case notAuthoritative
  case serverFailure
  /// It sends the asker elsewhere, often to the root.
  case referral(to: DomainName)
  case responseCode(ResponseCode)
}

/// Why a verdict could not be reached.
public enum Obstacle: Hashable, Sendable {
  case silent(Silence)
  case responseCode(ResponseCode)
  /// The server does not answer for the zone, so what it says of the record is no evidence; it has a finding of its own.
  case lame
  /// Too few resolvers gave a usable answer for a decision: `needed` of `of` must agree.
  case noQuorum(answered: Int, needed: Int, of: Int)
  /// The host's address could not be found, so nobody could be asked.
  case noAddress(of: DomainName, DeadEnd)
  /// The parent zone's servers could not be found or reached.
  case noParent(DeadEnd)
  case validation(String)
  /// The answer was cut short and TCP did not bring the rest.
  case truncated
  /// An address that is not declared answers TLS for the name with a trusted certificate: perhaps the provider's new one.
  case unconfirmed(IPAddress)
  /// Nothing could be found out beside DNS that the judgement needs: an origin AS, a handshake, a page; the edge's words.
  case inquiry(String)
}

/// Where the way down from the roots ended before its goal.
public enum DeadEnd: Error, Hashable, Sendable {
  /// No server of the zone said anything; the last one's silence.
  case silent(zone: DomainName, last: Server, Silence)
  /// No server of the zone answered for it, with authority or by sending the asker down; what the last one said.
  case useless(zone: DomainName, last: Server, ResponseCode)
  /// The zone's delegation names no server, or none that has an address.
  case noServer(zone: DomainName)
  /// The host stands in a zone that has no address record of it.
  case noAddressRecord(host: DomainName)
  /// Each zone on the way needs the address of a server in the next.
  case circular(host: DomainName)
}

/// How bad a finding is. The directive's order of work: NS and DS first, then MX and key services, then the rest.
public enum Severity: String, Hashable, Sendable, CaseIterable, Comparable {
  case critical, high, medium, low, info

  /// Worse is greater.
  public static func < (left: Severity, right: Severity) -> Bool {
    (allCases.firstIndex(of: left) ?? 0) > (allCases.firstIndex(of: right) ?? 0)
  }
}

/// Whether DNSSEC vouches for what was seen.
public enum Proof: String, Hashable, Sendable { case signed, unsigned, bogus, unknown }

/// A check's verdict worth telling: what, where, how, since when.
public struct Finding: Hashable, Sendable {
  public var check: CheckID
  public var severity: Severity
  /// The declared domain that it is about.
  public var domain: DomainName?
  /// Never ``Verdict/match``.
  public var verdict: Verdict
  public var name: DomainName
  public var type: RRType?
  public var place: Place
  /// The intended and the observed values in presentation form.
  public var intended: [String]
  public var observed: [String]
  public var proof: Proof
  /// When it was first seen so; the store knows.
  public var since: Timestamp
  public var evidence: EvidenceID?
  public var declaredAt: SourcePosition?
  /// The query whose observation this rests on.
  public var query: Query?

  public init(
    _ check: CheckID, _ severity: Severity, _ verdict: Verdict, _ name: DomainName, _ type: RRType?, at place: Place,
    intended: [String] = [], observed: [String] = [], proof: Proof = .unknown, since: Timestamp,
    declaredAt: SourcePosition? = nil, query: Query? = nil
  ) {
    (self.check, self.severity, self.verdict, self.name, self.type, self.place) = (check, severity, verdict, name, type, place)
    (self.intended, self.observed, self.proof, self.since) = (intended, observed, proof, since)
    (self.declaredAt, self.query) = (declaredAt, query)
  }
}

/// What became of all expectations: `expected = match + mismatch + couldNotTell`, always.
public struct Totals: Hashable, Sendable {
  public private(set) var match = 0
  public private(set) var mismatch = 0
  public private(set) var couldNotTell = 0
  /// Departures that a declared exception covers: counted apart, in none of the others.
  public private(set) var excepted = 0

  public init() {}

  /// Totals that were counted before.
  public init(match: Int, mismatch: Int, couldNotTell: Int, excepted: Int = 0) {
    (self.match, self.mismatch, self.couldNotTell, self.excepted) = (match, mismatch, couldNotTell, excepted)
  }

  public var expected: Int { match + mismatch + couldNotTell }

  public mutating func count(_ verdict: Verdict) {
    switch verdict {
    case .match: match += 1
    case .mismatch: mismatch += 1
    case .couldNotTell: couldNotTell += 1
    }
  }

  public mutating func countException() { excepted += 1 }
  public mutating func countMatches(_ count: Int) { match += count }
  public mutating func countUntold(_ count: Int) { couldNotTell += count }

  public mutating func add(_ other: Totals) {
    match += other.match
    mismatch += other.mismatch
    couldNotTell += other.couldNotTell
    excepted += other.excepted
  }
}
