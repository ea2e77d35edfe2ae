public import Names

/// BIND: serves zones from files, or follows a primary.
public actor BINDServer: SecondaryServer {
  private let daemon: Daemon
  public private(set) var sources: [ZoneSource]
  private let key: SharedKey?
  private var process: ServerProcess?

  public nonisolated var name: String { daemon.name }
  public nonisolated var address: SocketAddress { daemon.endpoint.address }
  public nonisolated var log: String { daemon.log }
  public var processIdentifier: Int32? { process?.pid }

  /// - Parameters:
  ///   - endpoint: Must be on 127.0.0.1: BIND listens on addresses that an interface has, and on no others.
  ///   - key: Who may transfer zones, and with what it transfers them itself; all on loopback if there is none.
  public init(_ name: String = "BIND", at endpoint: Endpoint, serving sources: [ZoneSource], key: SharedKey? = nil) throws {
    daemon = Daemon(name: name, endpoint: endpoint, folder: try Folder())
    (self.sources, self.key) = (sources, key)
  }

  public func start() async throws {
    guard process == nil else { return }
    try configure()
    let named = try await Program.unconfined("named", in: daemon.folder)
    process = try await daemon.start(
      [named, "-g", "-n", "1", "-c", daemon.folder("named.conf")], until: .serves(sources.map(\.origin)))
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
    var zones = key.map { "key \"\($0.name)\" { algorithm \($0.algorithm); secret \"\($0.secret)\"; };\n" } ?? ""
    for source in sources {
      switch source {
      case .file(let zone):
        try folder.write(zone.text, to: source.file)
        zones += "zone \"\(source.origin)\" { type primary; file \"\(source.file)\"; check-names ignore; check-integrity no; };\n"
      case .transfer(_, let primary):
        // What was transferred before the stop is forgotten: a start begins afresh.
        let file = "transferred-" + source.file
        for suffix in ["", ".jnl"] { Folder.remove(folder(file + suffix)) }
        zones += "zone \"\(source.origin)\" { type secondary; file \"\(file)\"; masterfile-format text; "
        let signed = key.map { " key \"\($0.name)\"" } ?? ""
        zones += "primaries { \(primary.host) port \(primary.port)\(signed); }; };\n"
      }
    }
    try folder.write(
      """
      options {
      \(BINDOptions.common(folder, endpoint, asking: endpoint.port))
        recursion no;
        allow-transfer { \(key.map { "key \"\($0.name)\"" } ?? "127.0.0.0/8"); };
        allow-notify { 127.0.0.0/8; };
        transfer-source \(endpoint.host);
        notify no;
        dnssec-validation no;
        rrset-order { order cyclic; };
      };
      controls { };
      \(zones)
      """, to: "named.conf")
  }
}

/// What both kinds of BIND say in their configuration.
enum BINDOptions {
  /// - Parameter port: Where named asks other servers, so that a resolver follows the delegations of a hierarchy.
  static func common(_ folder: Folder, _ endpoint: Endpoint, asking port: UInt16) -> String {
    """
      directory "\(folder.path)";
      port \(port);
      listen-on port \(endpoint.port) { \(endpoint.host); };
      listen-on-v6 { none; };
      pid-file "\(folder("named.pid"))";
      session-keyfile "\(folder("session.key"))";
      lock-file none;
      empty-zones-enable no;
      allow-query { 127.0.0.0/8; };
    """
  }
}
