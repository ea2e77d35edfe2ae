import DNSWire
import Estate
import Names

/// What one reply says about one name and type, whoever sent it.
enum Reading {
  /// With authority: these records of the type, perhaps none; the smallest TTL among them.
  case data([RData], ttl: UInt32?)
  /// With authority: the name is an alias, so no record of the type stands there.
  case alias(RData)
  /// With authority: the name does not exist (RFC 8020).
  case noSuchName
  /// The server sends the asker to these servers, for a zone at this name (RFC 1034 §4.3.2 step 3b).
  case referral(zone: DomainName, nameServers: [RData])
  /// Data, and no claim of authority.
  case notAuthoritative([RData])
  case responseCode(ResponseCode)
  case silent(Silence)

  /// Reads an answer to `name` and `type`. A resolver's answer carries no authority and is read as if it did.
  init(_ observation: Observation, _ name: DomainName, _ type: RRType, fromResolver: Bool = false) {
    let message: Message
    switch observation.outcome {
    case .silent(let silence):
      self = .silent(silence)
      return
    case .replied(let reply): message = reply
    }
    let code = message.header.responseCode
    guard code == .noError || code == .nameError else {
      self = .responseCode(code)
      return
    }
    let here = message.answers.filter { $0.name == name }
    let records = here.filter { $0.type == type }
    let isAuthoritative = message.header.authoritative || fromResolver
    if !records.isEmpty {
      self = isAuthoritative ? .data(records.map(\.rdata), ttl: records.map(\.ttl).min()) : .notAuthoritative(records.map(\.rdata))
    } else if isAuthoritative, let alias = here.first(where: { $0.type == .cname }) ?? Self.redirection(message, above: name) {
      self = .alias(alias.rdata)
    } else if isAuthoritative {
      self = code == .nameError ? .noSuchName : .data([], ttl: nil)
    } else if code == .noError, let cut = message.authorities.first(where: { $0.type == .ns }) {
      self = .referral(zone: cut.name, nameServers: message.authorities.filter { $0.type == .ns && $0.name == cut.name }.map(\.rdata))
    } else {
      self = .notAuthoritative([])
    }
  }

  private static func redirection(_ message: Message, above name: DomainName) -> ResourceRecord? {
    message.answers.first { $0.type == .dname && name.isBelow($0.name) }
  }
}

extension Message {
  /// The delegation of `zone` in this reply: the NS records of a referral, or of an answer where one server holds both zones.
  func delegation(of zone: DomainName) -> [ResourceRecord] {
    let referred = authorities.filter { $0.type == .ns && $0.name == zone }
    return referred.isEmpty ? answers.filter { $0.type == .ns && $0.name == zone } : referred
  }

  /// The addresses that come along for a host (glue, RFC 9471), of one family.
  func glue(of host: DomainName, _ type: RRType) -> [RData] {
    (additionals + answers).filter { $0.name == host && $0.type == type }.map(\.rdata)
  }
}

extension Departure {
  /// How a set departs from the intended one; nil where they are equal. Order and repetition say nothing (RFC 2181 §5).
  init?(intended: [RData], observed: [RData]) {
    let wanted = Set(intended)
    let seen = Set(observed)
    if wanted == seen { return nil }
    let strange = observed.filter { !wanted.contains($0) }
    if strange.isEmpty {
      self = .removed(intended.filter { !seen.contains($0) })
    } else if wanted.isSubset(of: seen) {
      self = .added(strange)
    } else {
      self = .replaced(observed)
    }
  }
}
