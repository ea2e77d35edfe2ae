public import Names

/// BIND as a validating resolver that follows delegations from the hierarchy's root, on the hierarchy's port.
public actor BINDResolver: RealResolver {
  private let daemon: Daemon
  private let control: Endpoint
  private let root: Endpoint
  private let rootSigner: String?
  private var process: ServerProcess?

  public nonisolated var name: String { daemon.name }
  public nonisolated var address: SocketAddress { daemon.endpoint.address }
  public nonisolated var log: String { daemon.log }
  public var processIdentifier: Int32? { process?.pid }

  /// - Parameters:
  ///   - endpoint: Must be on 127.0.0.1, at another port than the root's.
  ///   - control: Where `rndc` reaches it.
  ///   - root: A server of the root zone; its port is where all other servers are asked.
  ///   - rootSigner: The data of the root's DS record, or nil to validate nothing.
  public init(
    _ name: String = "BIND, resolver", at endpoint: Endpoint, control: Endpoint, root: Endpoint, rootSigner: String?
  ) throws {
    daemon = Daemon(name: name, endpoint: endpoint, folder: try Folder())
    (self.control, self.root, self.rootSigner) = (control, root, rootSigner)
  }

  public func start() async throws {
    guard process == nil else { return }
    let folder = daemon.folder
    // Anyone on this machine could read a fixed key here; what it opens is a cache of loopback names.
    try folder.write("key \"rndc\" { algorithm hmac-sha256; secret \"bG9vcGJhY2sgb25seQ==\"; };\n", to: "rndc.key")
    try folder.write(". 3600 IN NS ns.root.\nns.root. 3600 IN A \(root.host)\n", to: "root.hints")
    let anchor = rootSigner.map { signer in
      let fields = signer.split(separator: " ")
      return "trust-anchors { . static-ds \(fields[..<3].joined(separator: " ")) \"\(fields[3])\"; };\n"
    }
    try folder.write(
      """
      include "\(folder("rndc.key"))";
      options {
      \(BINDOptions.common(folder, daemon.endpoint, asking: root.port))
        recursion yes;
        dnssec-validation \(anchor == nil ? "no" : "yes");
        query-source address \(daemon.endpoint.host);
        max-cache-size 16m;
      };
      controls { inet \(control.host) port \(control.port) allow { 127.0.0.0/8; } keys { "rndc"; }; };
      zone "." { type hint; file "root.hints"; };
      \(anchor ?? "")
      """, to: "named.conf")
    let named = try await Program.unconfined("named", in: folder)
    process = try await daemon.start([named, "-g", "-n", "1", "-c", folder("named.conf")], until: .answers)
  }

  public func stop() async {
    await process?.stop()
    process = nil
  }

  public func flush() async throws {
    guard process != nil else { return }
    let rndc = ["rndc", "-s", control.host, "-p", String(control.port), "-k", daemon.folder("rndc.key")]
    try await Program.run(rndc + ["flush"], in: daemon.folder)
  }
}
