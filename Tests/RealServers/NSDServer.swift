public import Names

/// NSD: serves zones from files as they are, checks nothing, or follows a primary.
public actor NSDServer: SecondaryServer {
  private let daemon: Daemon
  public private(set) var sources: [ZoneSource]
  private let key: SharedKey?
  private var process: ServerProcess?

  public nonisolated var name: String { daemon.name }
  public nonisolated var address: SocketAddress { daemon.endpoint.address }
  public nonisolated var log: String { daemon.log }
  public var processIdentifier: Int32? { process?.pid }

  /// - Parameter key: Who may transfer zones, and with what it transfers them itself; all on loopback if there is none.
  public init(_ name: String = "NSD", at endpoint: Endpoint, serving sources: [ZoneSource], key: SharedKey? = nil) throws {
    daemon = Daemon(name: name, endpoint: endpoint, folder: try Folder())
    (self.sources, self.key) = (sources, key)
  }

  public func start() async throws {
    guard process == nil else { return }
    try configure()
    process = try await daemon.start(
      ["nsd", "-d", "-c", daemon.folder("nsd.conf")], until: .serves(sources.map(\.origin)))
  }

  public func stop() async {
    await process?.stop()
    process = nil
  }

  public func serve(_ sources: [ZoneSource]) async throws {
    self.sources = sources
    guard process != nil else { return }
    await stop()
    try await start()
  }

  public func follow(_ zone: String, to serial: UInt32) async throws { try await daemon.follow(zone, to: serial) }
  public func serial(of zone: String) async throws -> UInt32? { try await daemon.serial(of: zone) }
  public func transfer(_ zone: String) async throws -> Zone { try await daemon.transfer(zone, key: key) }

  private func configure() throws {
    let folder = daemon.folder
    let endpoint = daemon.endpoint
    // NSD keeps what it transferred in these; a start begins afresh.
    for file in ["xfrd.state", "zone.list"] { Folder.remove(folder(file)) }
    var zones = key.map { "key:\n  name: \"\($0.name)\"\n  algorithm: \($0.algorithm)\n  secret: \"\($0.secret)\"\n" } ?? ""
    for source in sources {
      zones +=
        "zone:\n  name: \"\(source.origin)\"\n  zonefile: \"\(source.file)\"\n  provide-xfr: 127.0.0.0/8 \(key?.name ?? "NOKEY")\n"
      switch source {
      case .file(let zone): try folder.write(zone.text, to: source.file)
      case .transfer(_, let primary):
        Folder.remove(folder(source.file))
        zones +=
          "  request-xfr: AXFR \(primary.host)@\(primary.port) \(key?.name ?? "NOKEY")\n  allow-notify: 127.0.0.0/8 NOKEY\n"
        zones += "  outgoing-interface: \(endpoint.host)\n"
      }
    }
    try folder.write(
      """
      server:
        ip-address: \(endpoint.host)@\(endpoint.port)
        server-count: 1
        username: ""
        chroot: ""
        database: ""
        zonesdir: "\(folder.path)"
        pidfile: "\(folder("nsd.pid"))"
        xfrdfile: "\(folder("xfrd.state"))"
        zonelistfile: "\(folder("zone.list"))"
        xfrdir: "\(folder.path)"
        xfrd-reload-timeout: 0
        rrl-ratelimit: 0
        round-robin: yes
        verbosity: 2
      remote-control:
        control-enable: no
      \(zones)
      """, to: "nsd.conf")
  }
}
