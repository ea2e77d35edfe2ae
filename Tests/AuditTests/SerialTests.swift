import Audit
import DNSWire
import Estate
import Lab
import Names
import Testing

/// Serials of two, three and five servers; who is behind does not depend on the order in which the servers are declared.
@Suite("RFC 1982 §3.2: serials of a zone's servers") struct SerialTests {
  /// Serials by server, and which servers are told of.
  static let rows: [([UInt32], Set<Int>)] = [
    ([7, 7], []),
    ([7, 8], [0]),
    ([0xFFFF_FFFF, 0], [0]),  // RFC 1982 §5.2: 0 follows 2^32 − 1
    ([0, 0x7FFF_FFFF], [0]),
    ([0, 0x8000_0000], [0, 1]),  // exactly half the circle: no order is defined
    ([0x8000_0001, 0], [0]),  // 2^31 − 1 before
    ([5, 7, 7], [0]),
    ([7, 5, 6], [1, 2]),
    ([0, 0x6000_0000, 0xC000_0000], [0, 1, 2]),  // each is newer than one and older than another
    ([1, 2, 3, 4, 5], [0, 1, 2, 3]),
    ([9, 9, 9, 9, 8], [4]),
  ]

  @Test(arguments: rows) func `whoever is behind the newest is told, and all where there is no newest`(
    serials: [UInt32], told: Set<Int>
  ) throws {
    for turn in serials.indices {
      let order = serials.indices.map { ($0 + turn) % serials.count }
      let addresses = try Self.addresses(serials.count)
      let survey = try Self.audited(serials.map { Self.soa($0) }, declaring: order.map { addresses[$0] })
      #expect(Self.told(survey, addresses) == told, "declared in the order \(order)")
      #expect(try survey.verdicts("servers-disagree", "example.gov.", .soa).count == serials.count)
    }
  }

  /// What each server gives for one undeclared record (the SOA's mailbox), and which are told of.
  static let ties: [([Int], Set<Int>)] = [
    ([1, 1], []), ([1, 2], [0, 1]), ([1, 1, 2], [2]), ([1, 2, 3], [0, 1, 2]), ([1, 1, 2, 2, 3], [0, 1, 2, 3, 4]),
    ([2, 1, 2, 1, 2], [1, 3]),
  ]

  @Test(arguments: ties) func `under one serial the majority is usual, and without a majority all are told`(
    versions: [Int], told: Set<Int>
  ) throws {
    for turn in versions.indices {
      let order = versions.indices.map { ($0 + turn) % versions.count }
      let addresses = try Self.addresses(versions.count)
      let survey = try Self.audited(versions.map { Self.soa(7, mailbox: "v\($0)") }, declaring: order.map { addresses[$0] })
      #expect(Self.told(survey, addresses) == told, "declared in the order \(order)")
    }
  }

  private static func addresses(_ count: Int) throws -> [IPAddress] {
    try (0..<count).map { try #require(IPAddress("192.0.2.\(100 + $0)")) }
  }

  private static func soa(_ serial: UInt32, mailbox: String = "h") -> String {
    "example.gov. SOA ns1.example.gov. \(mailbox).example.gov. \(serial) 7200 3600 1209600 3600"
  }

  private static func told(_ survey: Survey, _ addresses: [IPAddress]) -> Set<Int> {
    Set(survey.findings("servers-disagree").compactMap { $0.place.server?.address.address }.compactMap(addresses.firstIndex))
  }

  private static func audited(_ soas: [String], declaring order: [IPAddress]) throws -> Survey {
    var estate = try ModelEstate()
    estate.declaration.resolvers = Resolvers()
    let zone = try #require(estate.authorities[ModelEstate.primary]?.zones.values.first)
    for (address, soa) in zip(try addresses(soas.count), soas) {
      var copy = zone
      try copy.replace(ModelEstate.domain, .soa, with: ModelEstate.records(soa).map(\.rdata))
      estate.authorities[address] = Authority(zones: [copy])
    }
    estate.declaration.domains[0].nameServers = []
    estate.declaration.domains[0].secondaries = order.map { SocketAddress(address: $0, port: 53) }
    var scope = AuditScope()
    scope.walks = false
    return estate.survey(scope: scope)
  }
}
