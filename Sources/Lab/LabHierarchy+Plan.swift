import DNSWire
public import Names

extension LabHierarchy {
  /// Which zones each seat serves at the start.
  struct Plan {
    var victim: DomainName
    var parent: DomainName
    var zones: [Seat: [Zone]] = [:]

    init(_ zone: Zone, ds: [RData]) throws {
      guard let parent = zone.apex.parent, parent != .root else { throw Refusal.tooHigh(zone.apex) }
      (victim, self.parent) = (zone.apex, parent)
      let delegation =
        zone.records(victim, .ns) + ds.map { ResourceRecord(name: zone.apex, ttl: 3600, rdata: $0) }
      let hosts = zone.records(victim, .ns).compactMap { NS($0.rdata)?.nameServer }
      let glue = zone.records.filter { hosts.contains($0.name) && ($0.type == .a || $0.type == .aaaa) }
      let topHost = try DomainName("a.nic", origin: parent)
      let rootHost = try DomainName("a.root-servers.net.")
      let topAddress = ResourceRecord(name: topHost, ttl: 3600, rdata: .address(Seat.topLevel.address))
      let topLevel = try Zone(
        apex: parent, records: Self.apexRecords(parent, topHost) + [topAddress] + delegation + glue)
      let root = try Zone(
        apex: .root,
        records: Self.apexRecords(.root, rootHost) + [
          ResourceRecord(name: rootHost, ttl: 3600, rdata: .address(Seat.root.address)),
          ResourceRecord(name: parent, ttl: 3600, rdata: NS(nameServer: topHost).rdata), topAddress,
        ])
      zones = [.root: [root], .topLevel: [topLevel], .first: [zone], .second: [zone]]
    }

    private static func apexRecords(_ apex: DomainName, _ host: DomainName) throws -> [ResourceRecord] {
      let soa = SOA(
        primary: host, mailbox: try DomainName("hostmaster.invalid."), serial: 1, refresh: 1800, retry: 900, expire: 604_800,
        minimum: 300)
      return [
        ResourceRecord(name: apex, ttl: 3600, rdata: soa.rdata),
        ResourceRecord(name: apex, ttl: 3600, rdata: NS(nameServer: host).rdata),
      ]
    }
  }

  /// A victim's zone with what the campaign of AA19-024A went after: name servers, mail, a web site, an alias.
  public static func sampleZone(_ apex: DomainName) throws -> Zone {
    func record(_ name: String, _ type: RRType, _ text: String) throws -> ResourceRecord {
      let owner = name == "@" ? apex : try DomainName(name, origin: apex)
      return ResourceRecord(name: owner, ttl: 300, rdata: try RData(type: type, text: text, origin: apex))
    }
    return try Zone(
      apex: apex,
      records: [
        record("@", .soa, "ns1 hostmaster 2026112301 1800 900 604800 300"),
        record("@", .ns, "ns1"), record("@", .ns, "ns2"),
        record("@", .mx, "10 mail"), record("@", .a, "192.0.2.80"), record("@", .txt, "\"v=spf1 mx -all\""),
        record("@", .caa, "0 issue \"ca.example\""),
        record("ns1", .a, "\(Seat.first.address)"), record("ns2", .a, "\(Seat.second.address)"),
        record("mail", .a, "192.0.2.25"), record("mail", .aaaa, "2001:db8::25"),
        record("www", .a, "192.0.2.80"), record("webmail", .cname, "mail"), record("vpn", .a, "192.0.2.44"),
      ])
  }
}

extension RData {
  /// A for IPv4, AAAA for IPv6.
  static func address(_ address: IPAddress) -> RData {
    RData(type: address.isV6 ? .aaaa : .a, canonical: address.octets)
  }
}
