import Audit
import DNSWire
import Estate
import Foundation
import Lab
import Names
import Probe
import Store

/// The campaign of AA19-024A against a model agency on loopback: real questions to real sockets, no secret, nothing left behind.
struct Campaign {
  /// What the attacker, or the owner, does next, and what the audit must then say.
  struct Step {
    var title: String
    var technique: String
    /// Finding ids with types that must be there; none means clean.
    var expected: [Expected]
    var act: @Sendable (LabHierarchy) async throws -> Void
  }

  struct Expected: Hashable {
    var check: String
    var name: DomainName
    var type: RRType
  }

  let victim: DomainName
  let hierarchy: LabHierarchy
  let folder: URL

  /// Starts the model Internet and writes what the owner would write: a zone file and a declaration.
  static func begin() async throws -> Campaign {
    let victim = try DomainName("agency.gov.")
    let zone = try LabHierarchy.sampleZone(victim)
    let hierarchy = try await LabHierarchy.start(zone)
    let folder = FileManager.default.temporaryDirectory.appending(path: "nameward-drill-\(UUID().uuidString)")
    let campaign = Campaign(victim: victim, hierarchy: hierarchy, folder: folder)
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try ZoneFile.text(zone.records, origin: victim).write(
        to: folder.appending(path: "agency.gov.zone"), atomically: true, encoding: .utf8)
      // Positions in findings are then as short as the owner would see them.
      guard FileManager.default.changeCurrentDirectoryPath(folder.path) else { throw CocoaError(.fileReadNoPermission) }
      try campaign.declaration.write(to: folder.appending(path: "nameward.yaml"), atomically: true, encoding: .utf8)
      return campaign
    } catch {
      await campaign.end()
      throw error
    }
  }

  func end() async {
    await hierarchy.stop()
    // A folder that is someone's current one would not go away everywhere.
    _ = FileManager.default.changeCurrentDirectoryPath("/")
    try? FileManager.default.removeItem(at: folder)
  }

  private var declaration: String {
    func address(_ seat: LabHierarchy.Seat) -> String { "\(seat.address)" }
    return """
      version: 1
      organisation: Model Agency
      resolvers: ["\(hierarchy.address(of: .resolver))"]
      network: {roots: [\(address(.root))], port: \(hierarchy.port), ipv6: false, timeout: 500ms, perServerRate: 1000}
      domains:
        agency.gov:
          zone: agency.gov.zone
          nameservers: {ns1.agency.gov: [\(address(.first))], ns2.agency.gov: [\(address(.second))]}

      """
  }

  /// One audit of the model agency, as `nameward audit` would run it.
  func audit() async throws -> AuditResult {
    let started = Clock.second()
    let path = "nameward.yaml"
    let declaration = try await Reading.declaration(at: path, now: started, isQuiet: true)
    let store = try Store(folder: folder.appending(path: "state").path)
    let pass = Pass(
      declaration: declaration, scope: AuditScope(), now: started, settings: ProbeSettings(declaration.network).withoutLimits,
      isQuiet: true)
    return AuditResult(
      await pass.run(), declaration, in: store, scope: Scope(declaration: path), started: started, at: Clock.second())
  }

  static func steps(against victim: DomainName) throws -> [Step] {
    let mail = try DomainName("mail", origin: victim)
    let host = try DomainName("ns1.evil.example.")
    let foreign = IPAddress.v4(0xCB00_7142)  // 203.0.113.66
    let server = try DomainName("ns1", origin: victim)
    return [
      Step(
        title: "With a stolen DNS account, the attacker points mail to a server of theirs (MX and A)", technique: "a-record",
        expected: [
          Expected(check: "record-differs", name: victim, type: .mx), Expected(check: "record-differs", name: mail, type: .a),
        ]
      ) { hierarchy in
        let exchanger = MX(preference: 5, exchange: try DomainName("mx.evil.example.")).rdata
        try hierarchy.replace(victim, .mx, with: [exchanger], in: victim)
        try hierarchy.replace(mail, .a, with: [RData(type: .a, canonical: foreign.octets)], in: victim)
      },
      Step(
        title: "With a stolen registrar account, the attacker delegates the domain to a server of theirs (NS and glue)",
        technique: "ns-record",
        expected: [
          Expected(check: "delegation-differs", name: victim, type: .ns), Expected(check: "glue-differs", name: server, type: .a),
        ]
      ) { hierarchy in
        let zone = try LabHierarchy.sampleZone(victim)
        hierarchy.serve(zone, at: .hijacker)
        let hijacker = LabHierarchy.Seat.hijacker.address
        try hierarchy.delegate(to: [(host, [hijacker]), (server, [hijacker])])
      },
      Step(title: "The owner restores the zone and the delegation", technique: "recovery", expected: []) { hierarchy in
        try await hierarchy.restore()
      },
    ]
  }
}
