public import Names

/// Knot: a primary that signs its zones if told to, each with one key (ECDSAP256SHA256), and notifies secondaries.
///
/// A zone's own serial is ignored: Knot raises it with every change.
public actor KnotServer: AuthoritativeServer {
  private let daemon: Daemon
  private let secondaries: [Endpoint]
  private let isSigned: Bool
  private let denial: Denial
  private let key: SharedKey?
  private var zones: [Zone]
  private var steered: [SteeredName]
  private var process: ServerProcess?
  private var signers: [String: String] = [:]

  /// How a signed zone proves that a name does not exist.
  public enum Denial: CaseIterable, Sendable {
    case nsec
    case nsec3
    /// Signed at each answer, with NSEC records that are made up (RFC 4470).
    case minimal
  }

  public nonisolated var name: String { daemon.name }
  public nonisolated var address: SocketAddress { daemon.endpoint.address }
  public nonisolated var log: String { daemon.log }
  public var processIdentifier: Int32? { process?.pid }

  /// - Parameters:
  ///   - secondaries: Who is told of changes.
  ///   - key: Who may transfer zones; all on loopback if there is none.
  ///   - steered: Names of its zones that it answers for by other rules than the zone's (Debian's knot-module-geoip).
  public init(
    _ name: String = "Knot", at endpoint: Endpoint, zones: [Zone], signed: Bool, denial: Denial = .nsec,
    secondaries: [Endpoint] = [], key: SharedKey? = nil, steered: [SteeredName] = []
  ) throws {
    daemon = Daemon(name: name, endpoint: endpoint, folder: try Folder())
    (self.zones, self.secondaries, isSigned, self.denial, self.key) = (zones, secondaries, signed, denial, key)
    self.steered = steered
  }

  /// The DS record's data (SHA-256) for the parent of a signed zone. May be asked before the start: the key is made then.
  public func delegationSigner(of zone: String) async throws -> String {
    if let signer = signers[zone] { return signer }
    try configure()
    let keymgr = ["keymgr", "-c", daemon.folder("knot.conf"), zone]
    try await Program.run(keymgr + ["generate", "algorithm=ecdsap256sha256", "ksk=yes", "zsk=yes"], in: daemon.folder)
    let output = try await Program.run(keymgr + ["ds"], in: daemon.folder)
    for line in output.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count == 6, fields[1] == "DS", fields[4] == "2" else { continue }
      let signer = fields[2...].joined(separator: " ")
      signers[zone] = signer
      return signer
    }
    throw ServerFault.toolFailed(command: keymgr.joined(separator: " ") + " ds", status: 0, output: output)
  }

  /// What the server holds of a zone, before signing.
  public func contents(of zone: String) throws -> Zone {
    guard let contents = zones.first(where: { $0.origin == zone }) else { throw ServerFault.notInHierarchy(zone) }
    return contents
  }

  public func start() async throws {
    guard process == nil else { return }
    try configure()
    if isSigned, denial != .minimal { for zone in zones { _ = try await delegationSigner(of: zone.origin) } }
    for zone in zones { try daemon.folder.write(zone.text, to: ZoneSource.file(of: zone.origin)) }
    process = try await daemon.start(["knotd", "-c", daemon.folder("knot.conf")], until: .serves(zones.map(\.origin)))
  }

  public func stop() async {
    await process?.stop()
    process = nil
  }

  public func reload(_ zone: Zone) async throws {
    guard let index = zones.firstIndex(where: { $0.origin == zone.origin }) else {
      throw ServerFault.notInHierarchy(zone.origin)
    }
    zones[index] = zone
    guard process != nil else { return }
    try daemon.folder.write(zone.text, to: ZoneSource.file(of: zone.origin))
    // `-b` returns when the zone is loaded, signed and served.
    try await Program.run(["knotc", "-s", daemon.folder("knot.sock"), "-b", "zone-reload", zone.origin], in: daemon.folder)
  }

  /// Steers by these rules from now on; there must have been some of each kind at the start.
  public func steer(_ steered: [SteeredName]) async throws {
    self.steered = steered
    guard process != nil else { return }
    try writeRules()
    try await Program.run(["knotc", "-s", daemon.folder("knot.sock"), "-b", "reload"], in: daemon.folder)
  }

  private func writeRules() throws {
    for rules in SteeredName.Kind.allCases {
      try daemon.folder.write(SteeredName.rules(rules, of: steered), to: "\(rules).rules")
    }
  }

  public func serial(of zone: String) async throws -> UInt32? { try await daemon.serial(of: zone) }

  /// The zone as it is served, signatures included.
  public func transfer(_ zone: String) async throws -> Zone { try await daemon.transfer(zone, key: key) }

  private func configure() throws {
    let folder = daemon.folder
    let endpoint = daemon.endpoint
    let remotes = secondaries.enumerated().map {
      "  - id: secondary\($0.offset)\n    address: \($0.element.host)@\($0.element.port)\n    via: \(endpoint.host)\n"
    }
    let notify =
      secondaries.isEmpty ? "" : "    notify: [\(secondaries.indices.map { "secondary\($0)" }.joined(separator: ", "))]\n"
    let signing =
      !isSigned ? "" : denial == .minimal ? "    module: mod-onlinesign\n" : "    dnssec-signing: on\n    dnssec-policy: single\n"
    let keys = key.map { "key:\n  - id: \($0.name)\n    algorithm: \($0.algorithm)\n    secret: \($0.secret)\n" } ?? ""
    try writeRules()
    let modules = SteeredName.Kind.allCases.filter { kind in steered.contains { $0.kind == kind } }
    let steering = modules.map { "  - id: \($0)\n    config-file: \(folder("\($0).rules"))\n    mode: \($0)\n    ttl: 60\n" }
    let steeredZone = modules.isEmpty ? "" : "    module: [\(modules.map { "mod-geoip/\($0)" }.joined(separator: ", "))]\n"
    // The file is the truth and is never written back; the journal holds the difference to what is served.
    try folder.write(
      """
      server:
          rundir: \(folder.path)
          pidfile: \(folder("knot.pid"))
          listen: \(endpoint.host)@\(endpoint.port)
          udp-workers: 1
          tcp-workers: 1
          background-workers: 1
          # Of half a second, by default, a client that has no processor loses its transfer.
          tcp-io-timeout: 20000
      log:
        - target: stderr
          any: info
      control:
          listen: \(folder("knot.sock"))
      database:
          storage: \(folder("db"))
          journal-db-max-size: 16M
          kasp-db-max-size: 16M
          timer-db-max-size: 4M
      policy:
        - id: single
          algorithm: ecdsap256sha256
          single-type-signing: on
          ksk-lifetime: 0
          zsk-lifetime: 0
          cds-cdnskey-publish: none
          nsec3: \(denial == .nsec3 ? "on" : "off")
      \(steering.isEmpty ? "" : "mod-geoip:\n" + steering.joined())
      \(remotes.isEmpty ? "" : "remote:\n" + remotes.joined())
      \(keys)acl:
        - id: loopback
          address: 127.0.0.0/8
      \(key.map { "    key: \($0.name)\n" } ?? "")\
          action: transfer
      template:
        - id: default
          storage: \(folder.path)
          zonefile-sync: -1
          zonefile-load: difference-no-serial
          journal-content: all
          semantic-checks: off
          acl: loopback
      \(signing)\(notify)\(steeredZone)zone:
      \(zones.map { "  - domain: \($0.origin)\n    file: \(ZoneSource.file(of: $0.origin))\n" }.joined())
      """, to: "knot.conf")
    try folder.makeFolder("db")
  }
}
