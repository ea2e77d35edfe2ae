import DNSWire
import Estate
import Names

// The one place where facts become words.

extension Verdict {
  var words: String {
    switch self {
    case .match: "as intended"
    case .mismatch(let departure): departure.words
    case .couldNotTell(let obstacle): obstacle.words
    }
  }

  /// The contract's word for the kind of verdict.
  var kind: String {
    switch self {
    case .match: "match"
    case .mismatch: "mismatch"
    case .couldNotTell: "couldNotTell"
    }
  }

  var how: String? {
    if case .mismatch(let departure) = self { departure.how.rawValue } else { nil }
  }
}

extension Departure {
  var words: String {
    switch self {
    case .replaced: "replaced"
    case .added: "added"
    case .removed: "removed"
    case .ttl(let served, let declared): "TTL \(served) s, declared \(declared) s"
    case .lame(let lameness): lameness.words
    case .unsigned: "not signed"
    case .bogus(let why): "bogus: \(why.printable)"
    case .dangling(let target): "\(target.displayed) does not exist"
    case .unsafe(let fact): fact.printable
    }
  }
}

extension Lameness {
  var words: String {
    switch self {
    case .refused: "lame: it refuses (REFUSED)"
    case .notAuthoritative: "lame: it answers without authority"
    case .serverFailure: "lame: it fails (SERVFAIL)"
    case .referral(let zone): "lame: it sends the asker to the servers of \(zone.displayed)"
    case .responseCode(let code): "lame: it says \(code)"
    }
  }
}

extension Obstacle {
  var words: String {
    switch self {
    case .silent(let silence): silence.words
    case .responseCode(let code): "it answered \(code)"
    case .lame: "it does not answer for the zone"
    case .noQuorum(let answered, let needed, let of): "\(answered) of \(of) resolvers answered, \(needed) must agree"
    case .noAddress(let name, let why): "no address of \(name.displayed) could be found: \(why.words)"
    case .noParent(let why): "the servers of the parent zone could not be asked: \(why.words)"
    case .validation(let why): "not validated: \(why.printable)"
    case .unconfirmed(let address):
      "\(address) is not declared, and it proves by TLS to serve the name: perhaps the provider's new address"
    case .inquiry(let why): why.printable
    case .truncated: "the answer was cut short, and TCP did not bring the rest"
    }
  }
}

extension DeadEnd {
  var words: String {
    switch self {
    case .silent(let zone, let last, let silence): "no server of \(zone.displayed) answered (\(last): \(silence.words))"
    case .useless(let zone, let last, let code):
      "no server of \(zone.displayed) answers for it (\(last) said \(code)\(code == .noError ? ", without authority" : ""))"
    case .noServer(let zone): "the delegation of \(zone.displayed) leads to no server with an address"
    case .noAddressRecord(let host): "\(host.displayed) has no address record"
    case .circular(let host): "the delegations on the way to \(host.displayed) lead in circles"
    }
  }
}

extension Silence {
  var words: String {
    switch self {
    case .timedOut(let attempts): "no answer to \(attempts) attempt\(attempts == 1 ? "" : "s")"
    case .unreachable(let why): "unreachable: \(why.printable)"
    case .mangled(let why): "no usable answer: \(why.printable)"
    case .tls(let why): "no TLS: \(why.printable)"
    case .notAsked(let why): "not asked: \(why.printable)"
    }
  }
}

extension Place {
  /// `192.0.2.53:53 (ns1.example.gov., authoritative)`
  var words: String {
    let host = nameServer.map { "\($0.displayed), " } ?? ""
    let role =
      switch kind {
      case .parent: "parent \(zone.displayed)"
      case .endpoint: "target"
      default: kind.rawValue
      }
    return server.map { "\($0) (\(host)\(role))" } ?? "\(host)\(role)"
  }
}
