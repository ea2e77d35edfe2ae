import Audit
import DNSWire
import Estate
import Names

extension ModelEstate {
  /// An audit of the estate after a change.
  static func audited(scope: AuditScope? = nil, _ change: (inout ModelEstate) throws -> Void) throws -> Survey {
    var estate = try ModelEstate()
    try change(&estate)
    return estate.survey(scope: scope)
  }

  /// Lies in the replies of one server to questions for one name, or for any.
  mutating func tamper(
    _ address: IPAddress, _ name: String? = nil, _ type: RRType? = nil, _ change: @escaping (inout Message) throws -> Void
  ) throws {
    let name = try name.map { try DomainName($0) }
    let before = lie
    lie = { query, observation in
      var observation = before(query, observation)
      guard query.server.address.address == address, name == nil || query.name == name, type == nil || query.type == type,
        case .replied(var message) = observation.outcome
      else { return observation }
      // A change that cannot be made shows as silence, which no test takes for a success.
      do { try change(&message) } catch { return Observation(query, .silent(.mangled("\(error)")), at: observation.at) }
      observation.outcome = .replied(message)
      return observation
    }
  }

  mutating func fail(_ address: IPAddress, _ name: String? = nil, _ type: RRType? = nil, _ silence: Silence) throws {
    let name = try name.map { try DomainName($0) }
    let before = lie
    lie = { query, observation in
      let isHit =
        query.server.address.address == address && (name == nil || query.name == name) && (type == nil || query.type == type)
      return isHit ? Observation(query, .silent(silence), at: observation.at) : before(query, observation)
    }
  }
}

extension Survey {
  /// The verdicts of a check on a name and type, by server.
  func verdicts(_ check: CheckID, _ name: String, _ type: RRType, at address: IPAddress? = nil) throws -> [Verdict] {
    let name = try DomainName(name)
    return verdicts.filter { judged in
      guard let expectation = judged.expectation else { return false }
      return expectation.check == check && expectation.name == name && expectation.type == type
        && (address == nil || expectation.place.server?.address.address == address)
    }.map(\.verdict)
  }

  func findings(_ check: CheckID) -> [Finding] { findings.filter { $0.check == check } }

  /// What an audit says, in lines, for comparison and for a failed expectation.
  var summary: [String] {
    findings.map { "\($0.check) \($0.name) \($0.type.map(\.description) ?? "-") \($0.place) \($0.verdict)" }
  }
}

extension Verdict {
  var kind: String {
    switch self {
    case .match: "match"
    case .mismatch: "mismatch"
    case .couldNotTell: "could not tell"
    }
  }

  var how: Departure.How? { if case .mismatch(let departure) = self { departure.how } else { nil } }
}
