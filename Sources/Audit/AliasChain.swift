import DNSWire
import Names

/// Where one or more answers lead from a name: the aliases on the way (RFC 1034 §3.6.2, RFC 6672 §3) and the values that were
/// found, each with the name that owns it.
struct AliasChain {
  /// Longer chains are followed by nobody: BIND and Unbound give up sooner.
  static let mostLinks = 16

  struct Link: Hashable {
    var owner: DomainName
    var target: DomainName
    /// As it was given: a CNAME, or a DNAME that no CNAME was made from.
    var data: RData
  }

  struct Value: Hashable {
    var owner: DomainName
    var data: RData
  }

  let name: DomainName
  var links: [Link] = []
  var values: [Value] = []
  /// It comes back to a name where it was, or is longer than anybody follows.
  var isEndless = false
  /// The least TTL of what stands at ``name`` itself, in seconds.
  private(set) var ttl: UInt32?

  /// Values that stand at the name itself.
  init(_ values: [RData], at name: DomainName) {
    self.name = name
    self.values = values.map { Value(owner: name, data: $0) }
  }

  /// Follows the records of one answer to a question for `type`. Where a name has several aliases, each is followed.
  init(_ message: Message, from name: DomainName, _ type: RRType) {
    self.name = name
    var records: [DomainName: [ResourceRecord]] = [:]
    var redirections: [ResourceRecord] = []
    for record in message.answers where record.recordClass == .in {
      switch record.type {
      case .dname where redirections.count < Self.mostLinks: redirections.append(record)
      case .cname, type: records[record.name, default: []].append(record)
      default: break
      }
    }
    var ways = [name]
    var seen: Set<DomainName> = [name]
    while let here = ways.popLast() {
      let own = records[here] ?? []
      if type != .cname { values += own.filter { $0.type == type }.map { Value(owner: here, data: $0.rdata) } }
      var next = own.compactMap { record in
        CNAME(record.rdata).map { Link(owner: here, target: $0.target, data: record.rdata) }
      }
      for redirection in redirections where here.isBelow(redirection.name) {
        guard let target = DNAME(redirection.rdata)?.target, let moved = here.moved(from: redirection.name, to: target),
          !next.contains(where: { $0.target == moved })
        else { continue }
        next.append(Link(owner: here, target: moved, data: redirection.rdata))
      }
      if here == name { ttl = (own + redirections.filter { name.isBelow($0.name) }).map(\.meantTTL).min() }
      for link in Set(next).sorted(by: { $0.target < $1.target }) {
        guard links.count < Self.mostLinks else {
          isEndless = true
          return
        }
        links.append(link)
        // Two ways may meet; a way that meets itself does not end.
        if seen.insert(link.target).inserted {
          ways.append(link.target)
        } else if leads(link.target, to: here) {
          isEndless = true
        }
      }
    }
  }

  /// Whether the links lead from one name to another.
  private func leads(_ start: DomainName, to goal: DomainName) -> Bool {
    var reached: Set<DomainName> = [start]
    var ways = [start]
    while let here = ways.popLast() {
      if here == goal { return true }
      for link in links where link.owner == here && reached.insert(link.target).inserted { ways.append(link.target) }
    }
    return false
  }

  /// Each once, in an order that does not change with the server's.
  var orderedValues: [Value] {
    Set(values).sorted { one, other in
      one.data == other.data ? one.owner < other.owner : one.data.octets.lexicographicallyPrecedes(other.data.octets)
    }
  }

  /// Every alias, then every value, as it was given.
  var data: [RData] {
    var told: Set<RData> = []
    return (links.map(\.data) + values.map(\.data).inCanonicalOrder).filter { told.insert($0).inserted }
  }
}

extension DomainName {
  /// What a DNAME makes of a name below it (RFC 6672 §2.2); nil where that would be too long.
  func moved(from owner: DomainName, to target: DomainName) -> DomainName? {
    var name = target
    for label in labels().dropLast(owner.labelCount).reversed() {
      guard let longer = try? name.prepending(label: Array(label)) else { return nil }
      name = longer
    }
    return name
  }
}
