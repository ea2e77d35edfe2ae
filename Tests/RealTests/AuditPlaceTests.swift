import RealServers
import Testing

/// Faults of a place rather than of one record: of the parent, of a server, of a resolver.
extension Planted {
  static let asIntended = Planted(says: "all as intended", expected: [], code: 0)

  private static let noResolvers = Owner.Intentions(resolvers: false)

  static let parent: [Planted] = [
    Planted(
      says: "the parent's NS RRset replaced: the delegation leads to a copy with another mail server",
      attacker: { zone in
        zone.replace("agency.gov.", "NS", with: ["ns.evil.gov."])
        zone.replace("mail.agency.gov.", "A", with: ["192.0.2.66"])
      },
      change: { hierarchy in
        let host = try hierarchy.vacancy(0).host
        try await hierarchy.editTLD { zone in
          zone.replace("agency.gov.", "NS", with: ["ns.evil.gov."])
          zone.replace("ns.evil.gov.", "A", with: [host])
        }
      },
      // Unbound goes where its stub zones send it; BIND follows the delegation.
      expected: [
        Expected("delegation-differs", "agency.gov.", "NS", "replaced", at: .tld),
        Expected("record-differs", "agency.gov.", "NS", "replaced", at: .vacancy(0)),
        Expected("record-differs", "mail.agency.gov.", "A", "replaced", at: .vacancy(0)),
        Expected("resolver-differs", "agency.gov.", "NS", "replaced", at: .bindResolver),
        Expected("resolver-differs", "mail.agency.gov.", "A", "replaced", at: .bindResolver),
      ]),
    Planted(
      says: "the parent's NS RRset has one more, which serves a true copy", attacker: { _ in },
      change: { hierarchy in
        let host = try hierarchy.vacancy(0).host
        try await hierarchy.editTLD { zone in
          zone.add("agency.gov.", "NS", "ns.evil.gov.")
          zone.replace("ns.evil.gov.", "A", with: [host])
        }
      }, expected: [Expected("delegation-differs", "agency.gov.", "NS", "added", at: .tld)]),
    Planted(
      says: "the parent's NS RRset has one less",
      change: { try await $0.editTLD { $0.remove("agency.gov.", "NS", "ns3.agency.gov.") } },
      expected: [Expected("delegation-differs", "agency.gov.", "NS", "removed", at: .tld)]),
    Planted(
      says: "the delegation removed at the parent",
      intentions: noResolvers,
      change: { try await $0.editTLD { $0.records.removeAll { $0.owner.hasSuffix("agency.gov.") } } },
      // Mail goes to hosts below the domain, and for the world there is none now.
      expected: [
        Expected("delegation-differs", "agency.gov.", "NS", "removed", at: .tld),
        Expected("alias-dangling", "agency.gov.", "MX", "dangling"), Expected("alias-dangling", "agency.gov.", "MX", "dangling"),
        Expected("alias-dangling", "portal.agency.gov.", "CNAME", "dangling"),
      ]),
    Planted(
      says: "a glue address replaced: it leads to a copy with another mail server", intentions: noResolvers,
      attacker: { $0.replace("mail.agency.gov.", "A", with: ["192.0.2.66"]) },
      change: { hierarchy in
        let host = try hierarchy.vacancy(0).host
        try await hierarchy.editTLD { $0.replace("ns1.agency.gov.", "A", with: [host]) }
      },
      expected: [
        Expected("glue-differs", "ns1.agency.gov.", "A", "replaced", at: .tld),
        Expected("record-differs", "mail.agency.gov.", "A", "replaced", at: .vacancy(0)),
      ]),
    Planted(
      says: "a glue address replaced: it leads nowhere", intentions: noResolvers,
      change: { hierarchy in
        let host = try hierarchy.vacancy(1).host
        try await hierarchy.editTLD { $0.replace("ns2.agency.gov.", "A", with: [host]) }
      }, expected: [Expected("glue-differs", "ns2.agency.gov.", "A", "replaced", at: .tld)], hidesSome: true),
    Planted(
      says: "a second glue address", intentions: noResolvers,
      attacker: { _ in },
      change: { hierarchy in
        let host = try hierarchy.vacancy(0).host
        try await hierarchy.editTLD { $0.add("ns2.agency.gov.", "A", host) }
      }, expected: [Expected("glue-differs", "ns2.agency.gov.", "A", "added", at: .tld)]),
    Planted(
      says: "an IPv6 address added to the glue",
      intentions: .init(network: ["ipv6": "true"], resolvers: false),
      change: { try await $0.editTLD { $0.add("ns1.agency.gov.", "AAAA", "2001:db8:bad::66") } },
      expected: [Expected("glue-differs", "ns1.agency.gov.", "AAAA", "added", at: .tld)], hidesSome: true),
    Planted(
      says: "a glue address removed", intentions: noResolvers,
      change: { try await $0.editTLD { $0.remove("ns2.agency.gov.", "A") } },
      expected: [Expected("glue-differs", "ns2.agency.gov.", "A", "removed", at: .tld)]),
  ]

  static let servers: [Planted] = [
    Planted(
      says: "NSD is lame", change: { try await $0.makeLame(.nsd) },
      expected: [Expected("server-lame", "agency.gov.", "SOA", "lame", at: .nsd)], hidesSome: true),
    Planted(
      says: "BIND is lame", change: { try await $0.makeLame(.bind) },
      expected: [Expected("server-lame", "agency.gov.", "SOA", "lame", at: .bind)], hidesSome: true),
    Planted(
      says: "NSD is down", change: { await $0.nsd.stop() },
      expected: [Expected("name-server-unreachable", "ns2.agency.gov.", at: .nsd)], code: 4),
    Planted(
      says: "PowerDNS, the only server of its zone, is down",
      change: { hierarchy in
        await hierarchy.powerDNS?.stop()
        try await hierarchy.flush()
      },
      expected: [Expected("name-server-unreachable", "ns1.unsigned.gov.", at: .powerDNS)]
        + each(Spot.resolvers, "name-server-unreachable", "unsigned.gov."), code: 4),
    Planted(
      says: "the parent's only server is down", intentions: .init(resolvers: false),
      change: { await $0.tld.stop() },
      // Of two domains below it, and told once.
      expected: [Expected("name-server-unreachable", "a.nic.gov.", at: .tld)], code: 4),
    Planted(
      says: "NSD is stale: an old serial and old data", intentions: noResolvers,
      declared: { $0.replace("mail.agency.gov.", "A", with: ["192.0.2.77"]) },
      change: { hierarchy in
        try await hierarchy.freeze(.nsd)
        try await hierarchy.editChild { $0.replace("mail.agency.gov.", "A", with: ["192.0.2.77"]) }
      },
      expected: [
        Expected("record-differs", "mail.agency.gov.", "A", "replaced", at: .nsd),
        Expected("servers-disagree", "agency.gov.", "SOA", "replaced", at: .nsd),
      ]),
    Planted(
      says: "NSD is stale: an old serial, and nothing that is declared has changed",
      change: { hierarchy in
        try await hierarchy.freeze(.nsd)
        try await hierarchy.editChild { $0.add("unheard-of.agency.gov.", "A", "192.0.2.99") }
      }, expected: [Expected("servers-disagree", "agency.gov.", "SOA", "replaced", at: .nsd)]),
    Planted(
      says: "PowerDNS serves another MX",
      change: { try await $0.editUnsignedChild { $0.replace("unsigned.gov.", "MX", with: ["10 mx.evil.example."]) } },
      expected: [Expected("record-differs", "unsigned.gov.", "MX", "replaced", at: .powerDNS)]
        + each(Spot.resolvers, "resolver-differs", "unsigned.gov.", "MX", "replaced")),
    Planted(
      says: "an alias in the place of addresses",
      change: { hierarchy in
        try await hierarchy.editChild { zone in
          zone.remove("www.agency.gov.", "A")
          zone.remove("www.agency.gov.", "AAAA")
          zone.add("www.agency.gov.", "CNAME", "www.evil.example.")
        }
      },
      expected: ["A", "AAAA"].flatMap { type in
        each(Spot.authoritative, "record-differs", "www.agency.gov.", type, "replaced")
          + each(Spot.resolvers, "resolver-differs", "www.agency.gov.", type, "replaced")
      }),
    Planted(
      says: "an address at a host that has none declared of its family",
      change: { try await $0.editChild { $0.add("relay.agency.gov.", "AAAA", "2001:db8:bad::66") } },
      expected: each(Spot.authoritative, "record-differs", "relay.agency.gov.", "AAAA", "added")
        + each(Spot.resolvers, "resolver-differs", "relay.agency.gov.", "AAAA", "added")),
    Planted(
      says: "the last record of a mail server removed",
      change: { try await $0.editChild { $0.remove("relay.agency.gov.", "A") } },
      expected: each(Spot.authoritative, "record-differs", "relay.agency.gov.", "A", "removed")
        + each(Spot.resolvers, "resolver-differs", "relay.agency.gov.", "A", "removed")
        + [Expected("alias-dangling", "agency.gov.", "MX", "dangling")]),
    Planted(
      says: "a TTL of a day instead of five minutes",
      change: { try await $0.editChild { $0.replace("www.agency.gov.", "A", with: ["192.0.2.80", "192.0.2.81"], ttl: 86_400) } },
      expected: each(Spot.authoritative, "ttl-above-declared", "www.agency.gov.", "A", "ttl")),
    Planted(
      says: "one string of a large TXT RRset replaced",
      change: { hierarchy in
        try await hierarchy.editChild { zone in
          zone.remove("big.agency.gov.", "TXT", zone.data("big.agency.gov.", "TXT")[0])
          zone.add("big.agency.gov.", "TXT", "\"0" + String(repeating: "x", count: 229) + "y\"")
        }
      },
      expected: each(Spot.authoritative, "record-differs", "big.agency.gov.", "TXT", "replaced")
        + each(Spot.resolvers, "resolver-differs", "big.agency.gov.", "TXT", "replaced")),
    poisoned,
    Planted(
      says: "one resolver of two is poisoned, and one is enough", intentions: .init(agree: 1), change: poisoned.change,
      undo: poisoned.undo, expected: [], code: 0),
  ]

  static let poisoned = Planted(
    says: "one resolver of two is poisoned",
    change: { hierarchy in
      let records = ["mail.agency.gov. 60 IN A 192.0.2.66", "mail.agency.gov. 60 IN AAAA 2001:db8::25"]
      try await hierarchy.unbound?.poison("mail.agency.gov.", with: records)
    }, undo: { try await $0.unbound?.cure("mail.agency.gov.") },
    expected: [Expected("resolver-differs", "mail.agency.gov.", "A", "replaced", at: .unbound)])
}

@Suite("An audit of real servers: the parent, servers and resolvers", .serialized) struct AuditPlaceTests {
  private static let stage = Stage(.init(signed: false, bindResolver: true))

  @Test(arguments: [Planted.asIntended] + Planted.parent + Planted.servers)
  func `finds what was planted and no more`(planted: Planted) async throws {
    try await planted.audit(in: Self.stage.hierarchy)
  }
}
