import Foundation
public import Names

/// A server that writes down what it is asked, for logs and dnstap as real programs write them. It knows some names and their
/// addresses, and nothing else.
public actor LoggingServer {
  public enum Kind: String, CaseIterable, Sendable {
    /// A channel for the category `queries`; dnstap goes into a file.
    case bind = "BIND"
    /// `log-queries` and `log-replies`, between what else it says; dnstap goes to a socket, where fstrm_capture listens.
    case unbound = "Unbound"
    /// `log-queries`.
    case dnsmasq
    /// `log-queries=extra`.
    case dnsmasqExtra = "dnsmasq, extra"
  }

  private let kind: Kind
  private let daemon: Daemon
  private let addresses: KeyValuePairs<String, String>
  private var process: ServerProcess?
  private var capture: ServerProcess?

  public nonisolated var address: SocketAddress { daemon.endpoint.address }
  /// What it was asked, a line each.
  public nonisolated var queryLog: String { kind == .unbound ? daemon.log : daemon.folder("queries.log") }
  /// Frames of the same; whole once the server was stopped. dnsmasq has none.
  public nonisolated var dnstap: String { daemon.folder("dnstap") }

  /// - Parameter addresses: Of names without the final dot, all below `example`.
  public init(_ kind: Kind, addresses: KeyValuePairs<String, String>) throws {
    (self.kind, self.addresses) = (kind, addresses)
    daemon = Daemon(name: kind.rawValue, endpoint: try .vacant(), folder: try Folder())
  }

  /// Starts the server and returns when it answers.
  public func start() async throws {
    switch kind {
    case .bind: try await startBIND()
    case .unbound: try await startUnbound()
    case .dnsmasq: try await startDnsmasq("--log-queries")
    case .dnsmasqExtra: try await startDnsmasq("--log-queries=extra")
    }
  }

  /// Stops the server and returns when all that it saw is in its files.
  public func stop() async {
    if let capture { await settle(capture) }
    await process?.stop()
    await capture?.stop()
    (process, capture) = (nil, nil)
  }

  /// Unbound holds frames back for a second and forgets them when it stops: waits, ten seconds at most, until the capture tells of a
  /// frame for each line about a question or its reply.
  private func settle(_ capture: ServerProcess) async {
    func count(_ text: String, in log: String) -> Int {
      Folder.tail(log, octets: 1 << 20).split(separator: "\n").count { $0.contains(text) }
    }
    let deadline = ContinuousClock.now + .seconds(10)
    while count("processing data frame", in: capture.log) < count("] info: 127.", in: queryLog), ContinuousClock.now < deadline {
      await pause(.milliseconds(20))
    }
  }

  private func startBIND() async throws {
    let folder = daemon.folder
    try folder.write(
      """
      example. 3600 IN SOA ns.example. hostmaster.example. 1 3600 600 1209600 300
      example. 3600 IN NS ns.example.
      ns.example. 3600 IN A \(daemon.endpoint.host)
      \(addresses.map { "\($0.key). 3600 IN A \($0.value)" }.joined(separator: "\n"))

      """, to: "example.zone")
    try folder.write(
      """
      options {
      \(BINDOptions.common(folder, daemon.endpoint, asking: daemon.endpoint.port))
        recursion no;
        dnssec-validation no;
        notify no;
        querylog yes;
        dnstap { client; auth; };
        dnstap-output file "\(dnstap)";
      };
      controls { };
      logging {
        channel queries { file "\(queryLog)"; print-time yes; print-category yes; print-severity yes; };
        category queries { queries; };
        category default { default_stderr; };
      };
      zone "example" { type primary; file "example.zone"; };
      """, to: "named.conf")
    let named = try await Program.unconfined("named", in: folder)
    // With `-g` all categories would go to standard error.
    process = try await daemon.start([named, "-f", "-n", "1", "-c", folder("named.conf")], until: .serves(["example"]))
  }

  private func startUnbound() async throws {
    let folder = daemon.folder
    let socket = folder("dnstap.sock")
    let capture = try await ServerProcess(
      ["fstrm_capture", "-dddddd", "-t", "protobuf:dnstap.Dnstap", "-u", socket, "-w", dnstap], log: folder("capture.log"))
    let deadline = ContinuousClock.now + .seconds(10)
    while !FileManager.default.fileExists(atPath: socket) {
      guard capture.ended == nil, ContinuousClock.now < deadline else {
        throw ServerFault.ended(server: "fstrm_capture", log: Folder.tail(capture.log))
      }
      try await Task.sleep(for: .milliseconds(5))
    }
    self.capture = capture
    try folder.write(
      """
      server:
        interface: \(daemon.endpoint.host)
        port: \(daemon.endpoint.port)
        do-ip6: no
        username: ""
        chroot: ""
        directory: "\(folder.path)"
        pidfile: "\(folder("unbound.pid"))"
        use-syslog: no
        logfile: ""
        num-threads: 1
        log-queries: yes
        log-replies: yes
        access-control: 127.0.0.0/8 allow
        module-config: "iterator"
        local-zone: "." static
      \(addresses.map { "  local-data: \"\($0.key). A \($0.value)\"" }.joined(separator: "\n"))
      dnstap:
        dnstap-enable: yes
        dnstap-socket-path: "\(socket)"
        dnstap-log-client-query-messages: yes
        dnstap-log-client-response-messages: yes
      remote-control:
        control-enable: no
      """, to: "unbound.conf")
    let unbound = try await Program.unconfined("unbound", in: folder)
    process = try await daemon.start([unbound, "-d", "-c", folder("unbound.conf")], until: .answers)
  }

  private func startDnsmasq(_ logging: String) async throws {
    // In this mode it keeps its user, and writes to the file all the same.
    let command = [
      "dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--no-hosts", "--no-resolv", "--bind-interfaces",
      "--listen-address=\(daemon.endpoint.host)", "--port=\(daemon.endpoint.port)", logging, "--log-facility=\(queryLog)",
    ]
    process = try await daemon.start(
      command + addresses.map { "--host-record=\($0.key),\($0.value)" }, until: .answers)
  }
}
