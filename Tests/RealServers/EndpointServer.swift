public import Names

/// A server on loopback for what is not DNS: mail by aiosmtpd (Debian's python3-aiosmtpd), or pages over HTTPS by Python itself.
///
/// Its certificate is signed through an authority in between, that it shows, by an authority of its own; openssl makes them all.
public actor EndpointServer {
  public enum Kind: Sendable {
    /// Offers STARTTLS, or does not.
    case mail(tls: Bool)
    /// Over TLS: a path and what stands there, as text/plain; 404 for any other.
    case web(path: String, text: String)
  }

  private let kind: Kind
  private let certificateName: String
  private let folder: Folder
  private let endpoint: Endpoint
  private var process: ServerProcess?

  public nonisolated var address: SocketAddress { endpoint.address }
  /// A PEM file with the one authority.
  public nonisolated var authorities: String { folder("ca.pem") }
  /// A PEM file with its own certificate, once it was started.
  public nonisolated var certificate: String { folder("server.pem") }

  public init(_ kind: Kind, at endpoint: Endpoint, certificateName: String) throws {
    (self.kind, self.endpoint, self.certificateName) = (kind, endpoint, certificateName)
    folder = try Folder()
  }

  /// Starts the server and returns when it takes connections.
  public func start() async throws {
    guard process == nil else { return }
    try await makeCertificates()
    guard endpoint.isVacant else { throw ServerFault.placeTaken(server: "\(kind)", place: "\(endpoint.host):\(endpoint.port)") }
    let script: String
    var arguments = [endpoint.host, String(endpoint.port), folder("chain.pem"), folder("server.key")]
    switch kind {
    case .mail(let tls): (script, arguments) = (Self.mail, arguments + [tls ? "tls" : "plain"])
    case .web(let path, let text): (script, arguments) = (Self.web, arguments + [path, text])
    }
    try folder.write(script, to: "server.py")
    let process = try await ServerProcess(["/usr/bin/python3", folder("server.py")] + arguments, log: folder("log"))
    self.process = process
    let deadline = ContinuousClock.now + .seconds(40)
    while true {
      if let socket = try? Socket(.connections, connectedTo: endpoint) { return socket.close() }
      if process.ended != nil { throw ServerFault.ended(server: "\(kind)", log: Folder.tail(folder("log"))) }
      guard ContinuousClock.now < deadline else {
        throw ServerFault.notReady(server: "\(kind)", waiting: "nobody listens", log: Folder.tail(folder("log")))
      }
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  public func stop() async {
    await process?.stop()
    process = nil
  }

  private func makeCertificates() async throws {
    let key = ["-newkey", "rsa:2048", "-nodes"]
    try await openssl(
      ["req", "-x509"] + key + ["-keyout", folder("ca.key"), "-out", folder("ca.pem"), "-subj", "/CN=Root", "-days", "9"])
    try await sign("between", by: "ca", "basicConstraints=critical,CA:TRUE", key)
    try await sign("server", by: "between", "subjectAltName=DNS:\(certificateName)", key)
    let parts = ["server", "between"].map { Folder.tail(folder("\($0).pem"), octets: 1 << 20) }
    try folder.write(parts.joined(), to: "chain.pem")
  }

  private func sign(_ name: String, by signer: String, _ extensions: String, _ key: [String]) async throws {
    try folder.write(extensions, to: "\(name).cnf")
    try await openssl(
      ["req"] + key + ["-keyout", folder("\(name).key"), "-out", folder("\(name).csr"), "-subj", "/CN=\(name)"])
    try await openssl([
      "x509", "-req", "-in", folder("\(name).csr"), "-CA", folder("\(signer).pem"), "-CAkey", folder("\(signer).key"),
      "-CAcreateserial", "-days", "9", "-extfile", folder("\(name).cnf"), "-out", folder("\(name).pem"),
    ])
  }

  private func openssl(_ arguments: [String]) async throws { try await Program.run(["openssl"] + arguments, in: folder) }

  private static let mail = """
    import ssl, sys, threading
    from aiosmtpd.controller import Controller
    from aiosmtpd.handlers import Sink

    host, port, chain, key, mode = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    Controller(Sink(), hostname=host, port=int(port), tls_context=context if mode == "tls" else None).start()
    threading.Event().wait()
    """

  private static let web = """
    import ssl, sys
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    host, port, chain, key, path, text = sys.argv[1:]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            if self.path != path:
                return self.send_error(404)
            octets = text.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(octets)))
            self.end_headers()
            self.wfile.write(octets)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    server = ThreadingHTTPServer((host, int(port)), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.serve_forever()
    """
}
