import DNSWire
import Estate
import Foundation
import NIOSSL
import Names
import Testing

@testable import Probe

/// An authority of the test's own and certificates signed by it, made by openssl.
struct Authority {
  let folder: URL
  var file: String { folder.appending(path: "ca.pem").path }

  struct Failed: Error { var words: String }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "nameward-tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try openssl(
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "ca.key", "-out",
      "ca.pem",
      "-subj", "/CN=Test authority", "-days", "2")
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  /// A server's TLS with a certificate for these names.
  func serverContext(_ names: String) throws -> NIOSSLContext {
    try openssl(
      "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "server.key", "-out", "server.csr",
      "-subj", "/CN=server")
    try Data("subjectAltName=\(names)".utf8).write(to: folder.appending(path: "names.cnf"))
    try openssl(
      "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "1", "-extfile",
      "names.cnf", "-out", "server.pem")
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMFile(folder.appending(path: "server.pem").path).map { .certificate($0) },
      privateKey: .privateKey(try NIOSSLPrivateKey(file: folder.appending(path: "server.key").path, format: .pem)))
    // A server that speaks "dot" and nothing else.
    configuration.applicationProtocols = ["dot"]
    return try NIOSSLContext(configuration: configuration)
  }

  private func openssl(_ arguments: String...) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = arguments
    process.currentDirectoryURL = folder
    let pipe = Pipe()
    (process.standardError, process.standardOutput) = (pipe, pipe)
    try process.run()
    let words = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failed(words: String(decoding: words, as: UTF8.self)) }
  }
}

@Suite("RFC 7858, RFC 8310 DNS over TLS", .timeLimit(.minutes(5))) struct OverTLS {
  private func ask(
    names: String, authenticationName: String?, trusted: Bool = true, _ check: (Observation, FaultServer) -> Void
  ) async throws {
    let authority = try Authority()
    let other = try Authority()
    defer {
      authority.remove()
      other.remove()
    }
    let context = try authority.serverContext(names)
    try await FaultServer.with(tls: context) {
      [.reply(Reply.to($0.octets))]
    } while: { server in
      let probe = Probe(.quick.with { $0.authoritiesFile = trusted ? authority.file : other.file })
      let place = Server(address: server.address, transport: .tls(authenticationName: authenticationName))
      check(try await probe.ask("www.example.gov", at: place), server)
    }
  }

  @Test(
    arguments: [
      ("DNS:dns.example.net", "dns.example.net"), ("DNS:*.example.net", "dns.example.net"), ("IP:127.0.0.1", nil),
    ] as [(String, String?)])
  func `asks a server whose certificate is its own`(names: String, authenticationName: String?) async throws {
    try await ask(names: names, authenticationName: authenticationName) { observation, server in
      #expect(observation.addresses == [1])
      #expect(observation.path == .tls)
      #expect(server.questions.map(\.isTCP) == [true])
      // RFC 8467 §4.1: questions are padded to 128 octets.
      #expect(server.questions.map(\.octets.count) == [128])
    }
  }

  @Test(
    arguments: [
      ("DNS:dns.example.net", "other.example.net", true), ("DNS:dns.example.net", nil, true), ("IP:127.0.0.2", nil, true),
      ("DNS:dns.example.net", "dns.example.net", false),
    ] as [(String, String?, Bool)])
  func `does not ask a server whose certificate proves nothing`(names: String, authenticationName: String?, trusted: Bool)
    async throws
  {
    try await ask(names: names, authenticationName: authenticationName, trusted: trusted) { observation, server in
      guard case .tls(let words)? = observation.silence else {
        Issue.record("\(observation.outcome)")
        return
      }
      #expect(words == (trusted ? "the certificate is for another name" : "the handshake failed: certificate verify failed"))
      #expect(observation.path == .tls)
      #expect(server.questions.isEmpty)
    }
  }

  @Test func `a server is not asked more often than it may be, over one connection`() async throws {
    let authority = try Authority()
    defer { authority.remove() }
    let context = try authority.serverContext("IP:127.0.0.1")
    try await FaultServer.with(tls: context) { question in
      [.reply(Reply.to(question.octets))]
    } while: { server in
      let settings = ProbeSettings.patient.with {
        ($0.authoritiesFile, $0.perServerRate, $0.perServerBurst) = (authority.file, 100, 5)
      }
      let place = Server(address: server.address, transport: .tls(authenticationName: nil))
      let queries = try (0..<45).map { Query(try DomainName("n\($0).example.gov"), .a, at: place) }
      let observations = await Probe(settings).ask(queries)
      #expect(observations.allSatisfy { $0.addresses == [1] })
      // 5 at once, 40 at 100 a second: 400 ms, less what the first was held up.
      #expect(server.span >= .milliseconds(300))
      #expect(Set(server.questions.map(\.port)).count == 1)
    }
  }

  @Test func `a server without TLS is a fault of TLS, not of the network`() async throws {
    try await FaultServer.with {
      [.reply(Reply.to($0.octets))]
    } while: { server in
      let place = Server(address: server.address, transport: .tls(authenticationName: "dns.example.net"))
      let observation = try await Probe(.quick.with { $0.streamTimeout = .milliseconds(500) }).ask("www.example.gov", at: place)
      guard case .tls? = observation.silence else {
        Issue.record("\(observation.outcome)")
        return
      }
    }
  }

  @Test func `nobody there is unreachable`() async throws {
    let address = try await FaultServer.quietAddress()
    let observation = try await Probe(.quick).ask(
      "www.example.gov", at: Server(address: address, transport: .tls(authenticationName: nil)))
    #expect(observation.silence == .unreachable("Connection refused"))
  }

  @Test func `authorities that cannot be read are said`() async throws {
    try await FaultServer.with {
      [.reply(Reply.to($0.octets))]
    } while: { server in
      let probe = Probe(.quick.with { $0.authoritiesFile = "/nonexistent/authorities.pem" })
      let observation = try await probe.ask(
        "www.example.gov", at: Server(address: server.address, transport: .tls(authenticationName: nil)))
      #expect(observation.silence == .tls("the file of authorities could not be read"))
    }
  }
}
