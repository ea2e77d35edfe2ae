/// medallion, the reference server of TAXII 2.1, on loopback: with a file of data, in memory, so that each has its own.
public actor MedallionServer {
  private let folder: Folder
  private let endpoint: Endpoint
  private let data: String
  private let pageSize: Int
  private var process: ServerProcess?

  /// Its one user and the password.
  public static let user = "admin"
  public static let password = "Password0"

  /// `http://127.0.0.1:…/`
  public nonisolated var url: String { "http://\(endpoint.host):\(endpoint.port)/" }

  /// - Parameters:
  ///   - data: A JSON file in medallion's form.
  ///   - pageSize: Objects that it gives at once, at most.
  public init(data: String, pageSize: Int = 100) throws {
    (self.data, self.pageSize) = (data, pageSize)
    folder = try Folder()
    endpoint = try Endpoint.vacant()
  }

  /// Starts the server and returns when it takes connections.
  public func start() async throws {
    guard process == nil else { return }
    try folder.write(
      """
      {"backend": {"module": "medallion.backends.memory_backend", "module_class": "MemoryBackend", "filename": "\(data)"},
       "users": {"\(Self.user)": "\(Self.password)"}, "taxii": {"max_page_size": \(pageSize)}}
      """, to: "config.json")
    let command = [
      try PythonPackages.interpreter(), "-m", "medallion.scripts.run", "--host", endpoint.host, "--port", "\(endpoint.port)",
      folder("config.json"),
    ]
    let process = try await ServerProcess(command, log: folder("log"))
    self.process = process
    let deadline = ContinuousClock.now + .seconds(40)
    while true {
      if let socket = try? Socket(.connections, connectedTo: endpoint) { return socket.close() }
      if process.ended != nil { throw ServerFault.ended(server: "medallion", log: Folder.tail(folder("log"))) }
      guard ContinuousClock.now < deadline else {
        throw ServerFault.notReady(server: "medallion", waiting: "nobody listens", log: Folder.tail(folder("log")))
      }
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  public func stop() async {
    await process?.stop()
    process = nil
  }
}
