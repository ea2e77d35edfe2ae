import DNSWire
import Estate
import Names

extension Walk {
  /// What the first server of a name's own zone that could be used says of it.
  struct Told {
    var observation: Observation
    var nameServer: DomainName?
  }

  /// Asks the zone that holds a name, found from the roots.
  ///
  /// - Parameter errand: Shared by all the names that one alias leads to, so that their cost has one bound.
  func ask(_ name: DomainName, _ type: RRType, on errand: Errand, _ knowledge: inout Knowledge) -> Found<Told> {
    switch descend(towards: name, labels: name.labelCount, errand, &knowledge) {
    case .pending: return .pending
    case .failed(let why): return .failed(why)
    case .found(let zone):
      switch observeAny(of: zone, name, type, errand, &knowledge) {
      case .pending: return .pending
      case .failed(let why): return .failed(why)
      case .found(let observation):
        let host = zone.servers.first { server($0.address) == observation.query.server }
        return .found(Told(observation: observation, nameServer: host?.name))
      }
    }
  }
}
