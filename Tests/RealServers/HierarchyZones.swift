/// What the zones of a hierarchy hold at its start, without signatures and without DS records.
struct HierarchyZones {
  var root: Zone
  var tld: Zone
  var child: Zone
  var unsigned: Zone
  var expired: Zone
  var test: Zone
  /// A delivery network's.
  var network: Zone

  init(_ loopback: Loopback, _ options: Hierarchy.Options) {
    typealias Record = Zone.Record
    root = Zone(
      ".", primary: "ns.root.",
      records: [
        Record(".", "NS", "ns.root."),
        Record("ns.root.", "A", loopback[Host.root]),
        Record("gov.", "NS", "a.nic.gov."),
        Record("a.nic.gov.", "A", loopback[Host.tld]),
      ])
    tld = Zone(
      Hierarchy.tld, primary: "a.nic.gov.",
      records: [
        Record("gov.", "NS", "a.nic.gov."),
        Record("a.nic.gov.", "A", loopback[Host.tld]),
        Record("agency.gov.", "NS", "ns1.agency.gov."),
        Record("agency.gov.", "NS", "ns2.agency.gov."),
        Record("agency.gov.", "NS", "ns3.agency.gov."),
        Record("ns1.agency.gov.", "A", loopback[Host.primary]),
        Record("ns2.agency.gov.", "A", loopback[Host.nsd]),
        Record("ns3.agency.gov.", "A", Loopback.interface),
      ])
    if options.powerDNS {
      tld.add("unsigned.gov.", "NS", "ns1.unsigned.gov.")
      tld.add("ns1.unsigned.gov.", "A", loopback[Host.powerDNS])
    }
    if options.delivery {
      root.add("test.", "NS", "a.nic.test.")
      root.add("a.nic.test.", "A", loopback[Host.tld])
    }
    if options.expired {
      tld.add("expired.gov.", "NS", "ns1.expired.gov.")
      tld.add("ns1.expired.gov.", "A", loopback[Host.expired])
    }
    child = Zone(
      Hierarchy.child, primary: "ns1.agency.gov.",
      records: [
        Record("agency.gov.", "NS", "ns1.agency.gov."),
        Record("agency.gov.", "NS", "ns2.agency.gov."),
        Record("agency.gov.", "NS", "ns3.agency.gov."),
        Record("ns1.agency.gov.", "A", loopback[Host.primary]),
        Record("ns2.agency.gov.", "A", loopback[Host.nsd]),
        Record("ns3.agency.gov.", "A", Loopback.interface),
        Record("agency.gov.", "A", "192.0.2.10"),
        Record("agency.gov.", "AAAA", "2001:db8::10"),
        Record("agency.gov.", "MX", "10 mail.agency.gov."),
        Record("agency.gov.", "MX", "20 relay.agency.gov."),
        Record("agency.gov.", "TXT", "\"v=spf1 mx -all\""),
        Record("agency.gov.", "CAA", "0 issue \"letsencrypt.org\""),
        Record("mail.agency.gov.", "A", "192.0.2.25"),
        Record("mail.agency.gov.", "AAAA", "2001:db8::25"),
        Record("relay.agency.gov.", "A", "192.0.2.26"),
        Record("www.agency.gov.", "A", "192.0.2.80", ttl: 300),
        Record("www.agency.gov.", "A", "192.0.2.81", ttl: 300),
        Record("www.agency.gov.", "AAAA", "2001:db8::80", ttl: 300),
        Record("portal.agency.gov.", "CNAME", "www.agency.gov."),
        Record("*.apps.agency.gov.", "A", "192.0.2.90"),
      ]
        // About 2,400 octets of answer: more than a UDP answer holds.
        + (0..<10).map { Record("big.agency.gov.", "TXT", "\"\($0)" + String(repeating: "x", count: 230) + "\"") })
    if options.delivery {
      child.records += [
        Record("geo.agency.gov.", "A", "198.51.100.1", ttl: 60),
        Record("near.agency.gov.", "A", "192.0.2.91", ttl: 60),
        Record("shop.agency.gov.", "CNAME", "shop.edge.cdn.test.", ttl: 300),
      ]
      child.records += (1...6).map { Record("pool.agency.gov.", "A", "192.0.2.\(100 + $0)", ttl: 60) }
    }
    test = Zone(
      "test.", primary: "a.nic.test.",
      records: [
        Record("test.", "NS", "a.nic.test."),
        Record("a.nic.test.", "A", loopback[Host.tld]),
        Record("cdn.test.", "NS", "ns1.cdn.test."),
        Record("ns1.cdn.test.", "A", loopback[Host.powerDNS]),
        // Somebody else's.
        Record("www.foreign.test.", "A", "203.0.113.66"),
        Record("loop.foreign.test.", "CNAME", "node7.pop.cdn.test."),
      ])
    network = Zone(
      Hierarchy.network, primary: "ns1.cdn.test.",
      records: [
        Record("cdn.test.", "NS", "ns1.cdn.test."),
        Record("ns1.cdn.test.", "A", loopback[Host.powerDNS]),
        Record("shop.edge.cdn.test.", "CNAME", "node7.pop.cdn.test.", ttl: 60),
        Record("node7.pop.cdn.test.", "A", "198.51.100.7", ttl: 20),
        Record("node7.pop.cdn.test.", "A", "198.51.100.8", ttl: 20),
      ])
    unsigned = Zone(
      Hierarchy.unsignedChild, primary: "ns1.unsigned.gov.",
      records: [
        Record("unsigned.gov.", "NS", "ns1.unsigned.gov."),
        Record("ns1.unsigned.gov.", "A", loopback[Host.powerDNS]),
        Record("unsigned.gov.", "A", "192.0.2.110"),
        Record("unsigned.gov.", "MX", "10 mail.unsigned.gov."),
        Record("mail.unsigned.gov.", "A", "192.0.2.125"),
        Record("www.unsigned.gov.", "A", "192.0.2.180"),
      ])
    expired = Zone(
      Hierarchy.expiredChild, primary: "ns1.expired.gov.",
      records: [
        Record("expired.gov.", "NS", "ns1.expired.gov."),
        Record("ns1.expired.gov.", "A", loopback[Host.expired]),
        Record("www.expired.gov.", "A", "192.0.2.200"),
      ])
  }

  /// What the primary steers: `geo` by chance, `near` by who asks; the resolver is another than the rest.
  static func steered(_ loopback: Loopback) -> [SteeredName] {
    [
      SteeredName(
        "geo.agency.gov.",
        [
          .weight(3, ["198.51.100.1"]), .weight(2, ["198.51.100.2"]), .weight(2, ["198.51.100.3", "198.51.100.4"]),
        ]),
      SteeredName(
        "near.agency.gov.",
        [.from(prefix: "127.0.0.0/8", ["192.0.2.91"]), .from(prefix: "\(loopback[Host.unbound])/32", ["192.0.2.92"])]),
    ]
  }
}
