import Connectors
import Estate
import Foundation
import Names
import RealServers
import Testing

@Suite("RFC 3207, RFC 8461 Endpoints of aiosmtpd and Python", .timeLimit(.minutes(5))) struct Endpoints {
  private func with(
    _ kind: EndpointServer.Kind, _ body: (EndpointServer, EndpointProbe) async throws -> Void
  ) async throws {
    let server = try EndpointServer(kind, at: .vacant(), certificateName: "mx.example.gov")
    do {
      try await server.start()
      let probe = EndpointProbe(authoritiesFile: server.authorities) {
        Timestamp(seconds: Int64(Date().timeIntervalSince1970))
      }
      try await body(server, probe)
    } catch {
      await server.stop()
      throw error
    }
    await server.stop()
  }

  @Test func `a mail server shows its chain after STARTTLS`() async throws {
    try await with(.mail(tls: true)) { server, probe in
      let name = try DomainName("mx.example.gov")
      guard case .shaken(let handshake) = await probe.handshake(server.address, name: name, start: .smtp) else {
        Issue.record("no handshake")
        return
      }
      #expect(handshake.trust == .trusted)
      #expect(handshake.chain.count == 2)
      let other = EndpointProbe(authoritiesFile: "/etc/ssl/certs/ca-certificates.crt") {
        Timestamp(seconds: Int64(Date().timeIntervalSince1970))
      }
      #expect(other.trust(handshake.chain, name: name, anchor: handshake.chain[1].certificate) == .trusted)
      // TLS at once is not what it speaks.
      guard case .failed(.tls) = await probe.handshake(server.address, name: name, start: .atOnce) else {
        Issue.record("TLS at once")
        return
      }
    }
  }

  @Test func `a mail server for another name proves nothing for this one`() async throws {
    try await with(.mail(tls: true)) { server, probe in
      let outcome = await probe.handshake(server.address, name: try DomainName("mx.example.net"), start: .smtp)
      guard case .shaken(let handshake) = outcome else {
        Issue.record("\(outcome)")
        return
      }
      #expect(handshake.trust == .distrusted(.otherName))
    }
  }

  @Test func `a mail server without TLS is told so`() async throws {
    try await with(.mail(tls: false)) { server, probe in
      let outcome = await probe.handshake(server.address, name: try DomainName("mx.example.gov"), start: .smtp)
      #expect(outcome == .failed(.smtp("the server does not offer STARTTLS")))
    }
  }

  @Test func `a policy is taken with the certificate that it came under`() async throws {
    let (path, text) = ("/.well-known/mta-sts.txt", "version: STSv1\r\nmode: testing\r\nmx: mx.example.gov\r\nmax_age: 60\r\n")
    try await with(.web(path: path, text: text)) { server, probe in
      let name = try DomainName("mx.example.gov")
      guard case .answered(let page) = await probe.page(server.address, host: name, path: path, secure: true) else {
        Issue.record("no page")
        return
      }
      #expect(page.status == 200)
      #expect(page.mediaType == "text/plain")
      #expect(page.body == Array(text.utf8))
      #expect(page.isWhole)
      #expect(page.trust == .trusted)
      guard case .answered(let missing) = await probe.page(server.address, host: name, path: "/", secure: true) else {
        Issue.record("no page")
        return
      }
      #expect(missing.status == 404)
    }
  }
}
