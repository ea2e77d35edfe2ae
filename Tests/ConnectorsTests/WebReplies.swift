import Connectors
import Names

/// A server of HTTP on loopback: what it answers depends on the request line and header, as text.
enum Web {
  static func reply(
    _ status: String, _ fields: [String] = [], _ body: [UInt8] = []
  ) -> [UInt8] {
    let head = ["HTTP/1.1 \(status)"] + fields + ["Content-Length: \(body.count)", "Connection: close", "", ""]
    return Array(head.joined(separator: "\r\n").utf8) + body
  }

  static func answer(_ text: String, _ fields: [String] = []) -> [UInt8] { reply("200 OK", fields, Array(text.utf8)) }

  /// Answers each request once its header is there.
  static func with<Outcome>(
    _ respond: @escaping @Sendable (_ request: String) -> [UInt8],
    while body: (LoopbackServer, WebAddress) async throws -> Outcome
  ) async throws -> Outcome {
    try await LoopbackServer.with { heard in
      let text = String(decoding: heard, as: UTF8.self)
      guard text.hasSuffix("\r\n\r\n") else { return [] }
      return [.say(respond(text)), .close]
    } while: { server in
      try await body(server, WebAddress("http://127.0.0.1:\(server.address.port)/"))
    }
  }
}
