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
      let handshake = try await probe.handshake(TLSService(server.address, name: name, begins: .smtp)).get()
      #expect(handshake.distrust == nil)
      #expect(handshake.chain.map(\.isAnchor) == [false, true])
      // TLS at once is not what it speaks.
      guard case .failure(.tls) = await probe.handshake(TLSService(server.address, name: name)) else {
        Issue.record("TLS at once")
        return
      }
    }
  }

  @Test func `a mail server for another name proves nothing for this one`() async throws {
    try await with(.mail(tls: true)) { server, probe in
      let service = TLSService(server.address, name: try DomainName("mx.example.net"), begins: .smtp)
      #expect(try await probe.handshake(service).get().distrust == "the certificate is for another name")
    }
  }

  @Test func `a mail server without TLS is told so`() async throws {
    try await with(.mail(tls: false)) { server, probe in
      let service = TLSService(server.address, name: try DomainName("mx.example.gov"), begins: .smtp)
      #expect(await probe.handshake(service) == .failure(.smtp("the server does not offer STARTTLS")))
    }
  }

  @Test func `a policy is taken, and whose certificate it came under is known`() async throws {
    let (path, text) = ("/.well-known/mta-sts.txt", "version: STSv1\r\nmode: testing\r\nmx: mx.example.gov\r\nmax_age: 60\r\n")
    try await with(.web(path: path, text: text)) { server, probe in
      func page(_ host: String, _ path: String) async throws -> PageReply {
        try await probe.page(WebPage(server.address, host: try DomainName(host), path: path, isSecure: true)).get()
      }
      let policy = PageReply(status: 200, mediaType: "text/plain", body: Array(text.utf8))
      let (own, foreign) = (try await page("mx.example.gov", path), try await page("mx.example.net", path))
      #expect(own == policy)
      #expect(foreign.body == policy.body)
      #expect(foreign.distrust == "the certificate is for another name")
      let missing = try await page("mx.example.gov", "/")
      #expect(missing.status == 404)
    }
  }
}
