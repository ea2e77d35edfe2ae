public import DNSWire
public import Names

/// One zone: its apex and the records in it, glue and occluded names too.
///
/// What stands in it is served as it stands: a zone may lack its SOA, its name servers or its signatures, because faults are what
/// the lab is for. A value: change a copy and hand it to a server.
public struct Zone: Hashable, Sendable {
  public let apex: DomainName
  /// Every name that exists, empty non-terminals among them (RFC 4592 §2.2.2), with its RRsets.
  private(set) var nodes: [DomainName: [RRType: [ResourceRecord]]]
  /// The owners of NSEC records in canonical order (RFC 4034 §6.1).
  private(set) var denials: [DomainName] = []

  /// Why records are not a zone.
  public enum Fault: Error, Equatable {
    /// The owner name stands neither at nor below the apex.
    case outside(ResourceRecord)
  }

  /// - Throws: ``Fault/outside(_:)`` at the first record that does not belong below the apex. Repeated records count once.
  public init(apex: DomainName, records: [ResourceRecord]) throws(Fault) {
    self.apex = apex
    nodes = [apex: [:]]
    for record in records {
      guard record.name.isAtOrBelow(apex) else { throw .outside(record) }
      insert(record)
    }
    sortDenials()
  }

  /// Takes what a zone file says; its faults are the caller's to look at first.
  public init(_ file: ZoneFile) throws(Fault) { try self.init(apex: file.origin, records: file.records.map(\.record)) }

  /// Every record, the SOA first, then in canonical order of names and by type.
  public var records: [ResourceRecord] {
    let all = nodes.keys.sorted().flatMap { name in
      (nodes[name] ?? [:]).sorted { $0.key < $1.key }.flatMap(\.value)
    }
    return all.filter { $0.type == .soa } + all.filter { $0.type != .soa }
  }

  /// The RRset that stands at a name; neither wildcards nor aliases are followed.
  public func records(_ name: DomainName, _ type: RRType) -> [ResourceRecord] { nodes[name]?[type] ?? [] }

  /// The serial number of the SOA (RFC 1035 §3.3.13).
  public var serial: UInt32? { records(apex, .soa).first.flatMap { SOA($0.rdata) }?.serial }

  /// Puts an RRset in the place of the one that stands there; none removes it.
  ///
  /// Signatures stay as they are: what changes in a signed zone is bogus, as an attacker without the key leaves it.
  ///
  /// - Parameter ttl: Seconds; by default that of the RRset replaced, or 300 where there is none.
  /// - Throws: ``Fault/outside(_:)``; the zone is then unchanged.
  public mutating func replace(
    _ name: DomainName, _ type: RRType, with rdata: [RData], ttl: UInt32? = nil
  ) throws(Fault) {
    let ttl = ttl ?? records(name, type).first?.ttl ?? 300
    let new = rdata.map { ResourceRecord(name: name, ttl: ttl, rdata: $0) }
    if let first = new.first, !name.isAtOrBelow(apex) { throw .outside(first) }
    guard new.isEmpty else {
      nodes[name]?[type] = nil
      for record in new { insert(record) }
      return sortDenials()
    }
    // A name that loses its last record may take empty non-terminals with it, so what exists is found anew.
    let rest = nodes.values.flatMap { $0.filter { $0.key != type || $0.value.first?.name != name }.values.joined() }
    nodes = [apex: [:]]
    for record in rest { insert(record) }
    sortDenials()
  }

  /// Adds to the serial number of the SOA by serial arithmetic (RFC 1982); nothing without an SOA.
  public mutating func advanceSerial(by step: UInt32 = 1) {
    guard let record = records(apex, .soa).first, var soa = SOA(record.rdata) else { return }
    soa.serial &+= step
    nodes[apex]?[.soa] = [ResourceRecord(name: apex, ttl: record.ttl, rdata: soa.rdata)]
  }

  private mutating func insert(_ record: ResourceRecord) {
    if nodes[record.name]?[record.type]?.contains(record) != true {
      nodes[record.name, default: [:]][record.type, default: []].append(record)
    }
    var above = record.name.parent
    while let name = above, name.isBelow(apex), nodes[name] == nil {
      nodes[name] = [:]
      above = name.parent
    }
  }

  private mutating func sortDenials() {
    denials = nodes.filter { $0.value[.nsec] != nil }.keys.sorted()
  }
}
