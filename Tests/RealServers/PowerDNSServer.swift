public import Names

/// PowerDNS with an SQLite database.
public actor PowerDNSServer: AuthoritativeServer {
  private let daemon: Daemon
  private var zones: [Zone]
  private var process: ServerProcess?

  public nonisolated var name: String { daemon.name }
  public nonisolated var address: SocketAddress { daemon.endpoint.address }
  public nonisolated var log: String { daemon.log }
  public var processIdentifier: Int32? { process?.pid }

  public init(_ name: String = "PowerDNS", at endpoint: Endpoint, zones: [Zone]) throws {
    daemon = Daemon(name: name, endpoint: endpoint, folder: try Folder())
    self.zones = zones
  }

  public func contents(of zone: String) throws -> Zone {
    guard let contents = zones.first(where: { $0.origin == zone }) else { throw ServerFault.notInHierarchy(zone) }
    return contents
  }

  public func start() async throws {
    guard process == nil else { return }
    let folder = daemon.folder
    let endpoint = daemon.endpoint
    try folder.write(
      """
      launch=gsqlite3
      gsqlite3-database=\(folder("pdns.sqlite3"))
      gsqlite3-pragma-synchronous=0
      local-address=\(endpoint.host)
      local-port=\(endpoint.port)
      socket-dir=\(folder.path)
      daemon=no
      guardian=no
      disable-syslog=yes
      write-pid=no
      receiver-threads=1
      distributor-threads=1
      cache-ttl=0
      query-cache-ttl=0
      negquery-cache-ttl=0
      zone-cache-refresh-interval=0
      security-poll-suffix=
      disable-axfr=yes

      """, to: "pdns.conf")
    Folder.remove(folder("pdns.sqlite3"))
    let schema = "/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql"
    try await Program.run(["sqlite3", folder("pdns.sqlite3"), "PRAGMA synchronous=OFF;", ".read \(schema)"], in: folder)
    for zone in zones { try await load(zone) }
    process = try await daemon.start(
      ["pdns_server", "--config-dir=\(folder.path)"], until: .serves(zones.map(\.origin)))
  }

  public func stop() async {
    await process?.stop()
    process = nil
  }

  public func reload(_ zone: Zone) async throws {
    zones.removeAll { $0.origin == zone.origin }
    zones.append(zone)
    if process != nil { try await load(zone) }
  }

  public func serial(of zone: String) async throws -> UInt32? { try await daemon.serial(of: zone) }

  private func load(_ zone: Zone) async throws {
    let file = ZoneSource.file(of: zone.origin)
    try daemon.folder.write(zone.text, to: file)
    // One transaction replaces the whole zone; with the caches off the next answer shows it.
    try await Program.run(
      ["pdnsutil", "--config-dir=\(daemon.folder.path)", "load-zone", zone.origin, daemon.folder(file)], in: daemon.folder)
  }
}
