import Names

/// What all servers have in common: a name, a place, a folder, and how one sees that they are ready.
struct Daemon: Sendable {
  let name: String
  let endpoint: Endpoint
  let folder: Folder

  var log: String { folder("log") }
  var logTail: String { Folder.tail(log) }

  /// What a server must do to count as started.
  enum Readiness {
    case serves([String])
    case answers
  }

  /// Starts a server and waits until it is ready.
  func start(_ command: [String], until readiness: Readiness, limit: Duration = .seconds(40)) async throws -> ServerProcess {
    // Else whoever is there would answer for it.
    guard endpoint.isVacant else { throw ServerFault.placeTaken(server: name, place: "\(endpoint.host):\(endpoint.port)") }
    let process = try await ServerProcess(command, log: log)
    let deadline = ContinuousClock.now + limit
    let zones = if case .serves(let zones) = readiness, !zones.isEmpty { zones } else { ["."] }
    let mustServe = if case .serves(let zones) = readiness { !zones.isEmpty } else { false }
    for zone in zones {
      while true {
        let reply = try await SOAQuestion.ask(zone, at: endpoint.host, port: endpoint.port)
        if let reply, !mustServe || (reply.responseCode == 0 && reply.isAuthoritative && reply.serial != nil) { break }
        if process.ended != nil { throw ServerFault.ended(server: name, log: logTail) }
        guard ContinuousClock.now < deadline else {
          await process.stop()
          let last = reply.map { "its last answer had response code \($0.responseCode)" } ?? "no answer"
          throw ServerFault.notReady(server: name, waiting: "asked for the SOA of \(zone), \(last)", log: logTail)
        }
        try await Task.sleep(for: .milliseconds(5))
      }
    }
    return process
  }

  /// Waits until the server serves a zone with this serial.
  func follow(_ zone: String, to serial: UInt32, limit: Duration = .seconds(40)) async throws {
    let deadline = ContinuousClock.now + limit
    while true {
      let reply = try await SOAQuestion.ask(zone, at: endpoint.host, port: endpoint.port)
      if reply?.serial == serial { return }
      guard ContinuousClock.now < deadline else {
        throw ServerFault.notFollowed(server: name, zone: zone, wanted: serial, served: reply?.serial, log: logTail)
      }
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  /// The serial that the server serves now.
  ///
  /// - Returns: nil when it gave none, or no answer to any of ten questions.
  func serial(of zone: String) async throws -> UInt32? {
    for _ in 1...10 {
      if let reply = try await SOAQuestion.ask(zone, at: endpoint.host, port: endpoint.port, limit: .seconds(2)) {
        return reply.serial
      }
    }
    return nil
  }

  /// The zone as the server hands it out in a transfer, signatures included.
  func transfer(_ zone: String, key: SharedKey? = nil) async throws -> Zone {
    let command =
      ["kdig", "@\(endpoint.host)", "-p", String(endpoint.port)]
      + (key.map { ["-y", "\($0.algorithm):\($0.name):\($0.secret)"] } ?? []) + [zone, "AXFR", "+noall", "+answer"]
    let text = try await Program.run(command, in: folder)
    guard let contents = Zone(zone, transferred: text) else {
      throw ServerFault.toolFailed(command: command.joined(separator: " "), status: 0, output: text)
    }
    return contents
  }
}
