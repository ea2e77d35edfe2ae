import RealServers
import Testing

/// Each record type of interest, with what an attacker or a mistake makes of it.
enum RecordChange: CaseIterable, Sendable {
  case replacesA, addsA, removesA, replacesAAAA, addsAAAA, removesAAAA, replacesMX, addsMX, removesMX
  case replacesNS, addsNS, removesNS, replacesTXT, addsTXT, removesTXT, replacesCAA, addsCAA, removesCAA

  var name: String {
    switch self {
    case .replacesA, .addsA, .removesA, .replacesAAAA, .addsAAAA, .removesAAAA: "www.agency.gov."
    default: "agency.gov."
    }
  }

  var type: String {
    switch self {
    case .replacesA, .addsA, .removesA: "A"
    case .replacesAAAA, .addsAAAA, .removesAAAA: "AAAA"
    case .replacesMX, .addsMX, .removesMX: "MX"
    case .replacesNS, .addsNS, .removesNS: "NS"
    case .replacesTXT, .addsTXT, .removesTXT: "TXT"
    case .replacesCAA, .addsCAA, .removesCAA: "CAA"
    }
  }

  var how: String {
    switch self {
    case .replacesA, .replacesAAAA, .replacesMX, .replacesNS, .replacesTXT, .replacesCAA: "replaced"
    case .addsA, .addsAAAA, .addsMX, .addsNS, .addsTXT, .addsCAA: "added"
    case .removesA, .removesAAAA, .removesMX, .removesNS, .removesTXT, .removesCAA: "removed"
    }
  }

  func apply(to zone: inout Zone) {
    switch self {
    case .replacesA: zone.replace(name, type, with: ["192.0.2.66"])
    case .addsA: zone.add(name, type, "192.0.2.66")
    // A zone without its last server, and a host without its last address, are other faults: one value of several goes.
    case .removesA: zone.remove(name, type, "192.0.2.81")
    case .replacesAAAA: zone.replace(name, type, with: ["2001:db8:bad::66"])
    case .addsAAAA: zone.add(name, type, "2001:db8:bad::66")
    case .removesAAAA: zone.remove(name, type)
    case .replacesMX: zone.replace(name, type, with: ["10 mx.evil.example."])
    case .addsMX: zone.add(name, type, "5 mx.evil.example.")
    case .removesMX: zone.remove(name, type)
    case .replacesNS: zone.replace(name, type, with: ["ns1.agency.gov.", "ns.evil.example."])
    case .addsNS: zone.add(name, type, "ns.evil.example.")
    case .removesNS: zone.remove(name, type, "ns3.agency.gov.")
    case .replacesTXT: zone.replace(name, type, with: ["\"v=spf1 ip4:192.0.2.66 -all\""])
    case .addsTXT: zone.add(name, type, "\"google-site-verification=evil\"")
    case .removesTXT: zone.remove(name, type)
    case .replacesCAA: zone.replace(name, type, with: ["0 issue \"evil.example\""])
    case .addsCAA: zone.add(name, type, "0 issue \"evil.example\"")
    case .removesCAA: zone.remove(name, type)
    }
  }

  /// The change at the primary: its secondaries follow, and the resolvers with them.
  var atPrimary: Planted {
    Planted(
      says: "\(how): \(name) \(type), at the primary", change: { try await $0.editChild { apply(to: &$0) } },
      expected: each(Spot.authoritative, "record-differs", name, type, how)
        + each(Spot.resolvers, "resolver-differs", name, type, how))
  }

  /// The change at one secondary, under the same serial. Whether a resolver happens to ask that server is chance, so none is asked.
  func at(_ secondary: Hierarchy.Secondary) -> Planted {
    let spot: Spot = secondary == .nsd ? .nsd : .bind
    return Planted(
      says: "\(how): \(name) \(type), at \(secondary) only", intentions: .init(resolvers: false),
      change: { try await $0.edit(only: secondary) { apply(to: &$0) } },
      expected: [
        Expected("record-differs", name, type, how, at: spot), Expected("servers-disagree", name, type, "replaced", at: spot),
      ])
  }
}

@Suite("An audit of real servers: records changed at the primary", .serialized) struct AuditPrimaryTests {
  private static let stage = Stage(.init(signed: false, bindResolver: true))

  @Test(arguments: RecordChange.allCases.map(\.atPrimary))
  func `finds what was planted and no more`(planted: Planted) async throws {
    try await planted.audit(in: Self.stage.hierarchy)
  }
}

@Suite("An audit of real servers: records changed at one secondary", .serialized) struct AuditSecondaryTests {
  private static let stage = Stage(.init(signed: false, unbound: false))

  /// Each change at one of the two, in turn.
  private static let all = RecordChange.allCases.enumerated().map { $1.at($0 % 2 == 0 ? .nsd : .bind) }

  @Test(arguments: all)
  func `finds what was planted and no more`(planted: Planted) async throws {
    try await planted.audit(in: Self.stage.hierarchy)
  }
}
