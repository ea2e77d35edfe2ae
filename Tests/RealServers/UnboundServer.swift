public import Names

/// Unbound as a validating resolver.
///
/// It asks other servers on port 53 only, unless a stub zone names the port; so it must be told of every zone of a hierarchy
/// and does not follow a delegation that changes. ``BINDResolver`` does.
public actor UnboundServer: RealResolver {
  private let daemon: Daemon
  private let stubs: [(zone: String, servers: [Endpoint])]
  private let rootSigner: String?
  private var process: ServerProcess?

  public nonisolated var name: String { daemon.name }
  public nonisolated var address: SocketAddress { daemon.endpoint.address }
  public nonisolated var log: String { daemon.log }
  public var processIdentifier: Int32? { process?.pid }

  /// - Parameters:
  ///   - stubs: Every zone and who serves it.
  ///   - rootSigner: The data of the root's DS record, or nil to validate nothing.
  public init(
    _ name: String = "Unbound", at endpoint: Endpoint, stubs: [(zone: String, servers: [Endpoint])], rootSigner: String?
  ) throws {
    daemon = Daemon(name: name, endpoint: endpoint, folder: try Folder())
    (self.stubs, self.rootSigner) = (stubs, rootSigner)
  }

  public func start() async throws {
    guard process == nil else { return }
    let folder = daemon.folder
    let endpoint = daemon.endpoint
    let stubZones = stubs.map { stub in
      "stub-zone:\n  name: \"\(stub.zone)\"\n  stub-prime: no\n"
        + stub.servers.map { "  stub-addr: \($0.host)@\($0.port)\n" }.joined()
    }
    try folder.write(
      """
      server:
        interface: \(endpoint.host)
        port: \(endpoint.port)
        outgoing-interface: \(endpoint.host)
        do-ip6: no
        username: ""
        chroot: ""
        directory: "\(folder.path)"
        pidfile: "\(folder("unbound.pid"))"
        use-syslog: no
        logfile: ""
        verbosity: 1
        val-log-level: 2
        num-threads: 1
        do-not-query-localhost: no
        access-control: 127.0.0.0/8 allow
        module-config: "\(rootSigner == nil ? "iterator" : "validator iterator")"
        ede: yes
      \(rootSigner.map { "  trust-anchor: \". DS \($0)\"\n" } ?? "")
      remote-control:
        control-enable: yes
        control-interface: \(folder("control.sock"))
        control-use-cert: no
      \(stubZones.joined())
      """, to: "unbound.conf")
    let unbound = try await Program.unconfined("unbound", in: folder)
    process = try await daemon.start([unbound, "-d", "-c", folder("unbound.conf")], until: .answers)
  }

  public func stop() async {
    await process?.stop()
    process = nil
  }

  public func flush() async throws {
    guard process != nil else { return }
    // What it still asks would come to an end, and be remembered, after the rest was forgotten.
    try await control("flush_requestlist")
    try await control("flush_zone", ".")
    try await control("flush_infra", "all")
  }

  /// Answers falsely for one name from now on: with these records and no others.
  ///
  /// - Parameter records: Master-file lines that this name owns: "mail.agency.gov. 60 IN MX 10 mx.evil.example."
  public func poison(_ name: String, with records: [String]) async throws {
    try await control("local_zone", name, "static")
    for record in records { try await control("local_data", record) }
  }

  /// Ends the poisoning of a name.
  public func cure(_ name: String) async throws {
    try await control("local_zone_remove", name)
    try await flush()
  }

  private func control(_ words: String...) async throws {
    try await Program.run(["unbound-control", "-c", daemon.folder("unbound.conf")] + words, in: daemon.folder)
  }
}
