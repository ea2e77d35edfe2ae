import Foundation

/// A server that a test writes in Python, on a port of loopback that it chooses.
enum PythonServer {
  /// - Parameters:
  ///   - program: Writes its port and an end of line to the file that its last argument names, and serves until it is killed.
  ///   - arguments: Those before that file.
  ///   - work: Gets where it listens, as `http://127.0.0.1:8080`.
  static func serving(
    _ program: String, _ arguments: [String], in place: Scratch, while work: (_ origin: String) async throws -> Void
  ) async throws {
    try place.write(program, to: "server.py")
    let server = Process()
    server.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    server.arguments = [place("server.py")] + arguments + [place("port")]
    (server.standardOutput, server.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    try server.run()
    // It inherits what this process does not listen to, SIGTERM among it.
    defer { kill(server.processIdentifier, SIGKILL) }
    var port = ""
    for _ in 0..<200 where !port.hasSuffix("\n") {
      try await Task.sleep(for: .milliseconds(50))
      port = (try? place.text("port")) ?? ""
    }
    try await work("http://127.0.0.1:\(port.dropLast())")
  }
}
