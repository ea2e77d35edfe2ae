import Estate
import NIOSSL
import Names
import Synchronization
import Testing

@testable import Connectors

@Suite("A server that is not what it should be", .timeLimit(.minutes(2))) struct HostileEndpoints {
  private func shake(
    _ start: TLSService.Beginning, timeout: Duration = .seconds(20), tls: NIOSSLContext? = nil,
    _ conduct: @escaping LoopbackServer.Conduct
  ) async throws -> Result<Handshake, EndpointFailure> {
    try await LoopbackServer.with(tls: tls, conduct) { server in
      let probe = EndpointProbe(timeout: timeout) { Timestamp(seconds: 0) }
      return try await probe.handshake(server, "www.example.gov", start)
    }
  }

  @Test(
    arguments: [
      ("220 mx.example.gov ESMTP\r\n", "the handshake failed: wrong version number"),
      ("HTTP/1.1 400 Bad Request\r\n\r\n", "the handshake failed: wrong version number"),
      // A fatal alert: handshake_failure.
      ("\u{15}\u{03}\u{03}\u{00}\u{02}\u{02}\u{28}", "the handshake failed: sslv3 alert handshake failure"),
    ])
  func `what is no TLS is said so`(text: String, fault: String) async throws {
    let outcome = try await shake(.atOnce) { _ in [.say(text.unicodeScalars.map { UInt8($0.value) })] }
    #expect(outcome.failure == .tls(fault))
  }

  @Test func `one that speaks an old TLS only is not spoken with (RFC 8996)`() async throws {
    let authority = try TestAuthority()
    let identity = try authority.identity("DNS:www.example.gov")
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: identity.chain.map { .certificate($0) }, privateKey: .privateKey(identity.key))
    (configuration.minimumTLSVersion, configuration.maximumTLSVersion) = (.tlsv1, .tlsv11)
    let outcome = try await shake(.atOnce, tls: try NIOSSLContext(configuration: configuration)) { _ in [] }
    guard case .tls(let words)? = outcome.failure else {
      Issue.record("\(outcome)")
      return
    }
    #expect(words.contains("protocol version"), "\(words)")
  }

  @Test func `one that wants a certificate of ours shows its own all the same`() async throws {
    let authority = try TestAuthority()
    let identity = try authority.identity("DNS:www.example.gov")
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: identity.chain.map { .certificate($0) }, privateKey: .privateKey(identity.key))
    configuration.certificateVerification = .noHostnameVerification
    let outcome = try await shake(.atOnce, tls: try NIOSSLContext(configuration: configuration)) { _ in [] }
    #expect(try outcome.value?.chain.map(\.octets) == identity.ders, "\(outcome)")
  }

  @Test(arguments: [.atOnce, .smtp] as [TLSService.Beginning])
  func `one that closes at once is told so`(start: TLSService.Beginning) async throws {
    let closed: EndpointFailure =
      start == .smtp ? .smtp("the server closed the connection") : .tls("the server closed the connection in the middle")
    let outcome = try await shake(start) { _ in [.close] }
    // Which of the two the system tells goes by what was on its way meanwhile.
    #expect(outcome.failure == closed || outcome.failure == .unreachable("Connection reset by peer"), "\(outcome)")
  }

  @Test(arguments: [.atOnce, .smtp] as [TLSService.Beginning])
  func `one that says nothing, or drips, is given up when the time is over`(start: TLSService.Beginning) async throws {
    let limit = Duration.milliseconds(300)
    let begun = ContinuousClock.now
    #expect(try await shake(start, timeout: limit) { _ in [] }.failure == .timedOut(limit))
    let hello: [UInt8] = start == .smtp ? Array("220-more\r\n".utf8) : [22, 3, 3, 0x40, 0, 2, 0, 0x3F, 0xFC, 3, 3, 0]
    let dripped = try await shake(start, timeout: limit) { $0.isEmpty ? [.drip(hello, milliseconds: 20)] : [] }
    #expect(dripped.failure == .timedOut(limit), "\(dripped)")
    #expect(ContinuousClock.now - begun < .seconds(10))
  }

  @Test(
    arguments: [
      (String(repeating: "2", count: 65_536), "the server sent a line of more than 2048 octets"),
      (String(repeating: "220-more\r\n", count: 5000), "the server sent a reply of more than 100 lines"),
    ])
  func `a mail server that never comes to an end is cut off`(text: String, fault: String) async throws {
    let outcome = try await shake(.smtp) { $0.isEmpty ? [.flood(Array(text.utf8))] : [] }
    #expect(outcome.failure == .smtp(fault))
  }

  @Test func `nobody there is unreachable`() async throws {
    let address = try await LoopbackServer.with { _ in
      []
    } while: {
      $0.address
    }
    let probe = EndpointProbe { Timestamp(seconds: 0) }
    let name = try DomainName("www.example.gov")
    let refused = EndpointFailure.unreachable("Connection refused")
    #expect(await probe.handshake(TLSService(address, name: name)).failure == refused)
    #expect(await probe.page(WebPage(address, host: name, path: "/", isSecure: false)).failure == refused)
  }

  @Test func `the name is sent, in its wire spelling and without its final dot (RFC 6066 §3)`() async throws {
    try await LoopbackServer.with {
      $0.isEmpty ? [] : [.close]
    } while: { server in
      let probe = EndpointProbe { Timestamp(seconds: 0) }
      _ = try await probe.handshake(server, "WWW.xn--bcher-kva.example.", .atOnce)
      // extension 0: list of one entry of type 0, host name; lengths in front of each.
      let name = "www.xn--bcher-kva.example"
      let length = UInt8(name.utf8.count)
      let wanted = [0, 0, 0, length + 5, 0, length + 3, 0, 0, length] + Array(name.utf8)
      let hello = try #require(server.octets.first)
      #expect(hello.indices.contains { hello[$0...].starts(with: wanted) })
    }
  }

  @Test(arguments: [".", "192.0.2.1", "a\\000b.example.gov", "a\\.b.example.gov", "*.example.gov", "_mta\\032sts.example.gov"])
  func `a name that is none of a host's is no danger`(name: String) async throws {
    let authority = try TestAuthority()
    let tls = try authority.identity("DNS:www.example.gov").context()
    let (handshake, page) = try await LoopbackServer.with(tls: tls) { _ in
      [.close]
    } while: { server in
      let (probe, host) = (EndpointProbe.trusting(authority), try DomainName(name))
      return (
        await probe.handshake(TLSService(server.address, name: host)),
        await probe.page(WebPage(server.address, host: host, path: "/", isSecure: true))
      )
    }
    #expect(handshake.failure != nil || handshake.value?.distrust == "the certificate is for another name")
    #expect(page.value == nil)
  }
}

@Suite("Many endpoints at once", .timeLimit(.minutes(2))) struct ManyEndpoints {
  @Test func `no more than the width are open, and all are answered in their order`() async throws {
    let authority = try TestAuthority()
    let names = ["www.example.gov", "mail.example.gov"]
    let tls = try authority.identity("DNS:www.example.gov").context()
    try await LoopbackServer.with(tls: tls) { _ in
      []
    } while: { server in
      let services = try (0..<200).map { TLSService(server.address, name: try DomainName(names[$0 % 2])) }
      let answers = await EndpointProbe.trusting(authority).answers(to: services)
      let areTrusted = answers.map { if case .handshake(let handshake) = $0 { handshake.distrust == nil } else { false } }
      #expect(areTrusted == (0..<200).map { $0 % 2 == 0 })
    }
    try await LoopbackServer.with { _ in
      []
    } while: { server in
      let page = WebPage(server.address, host: try DomainName("www.example.gov"), path: "/", isSecure: false)
      let probe = EndpointProbe(timeout: .milliseconds(500)) { Timestamp(seconds: 0) }
      let answers = await probe.answers(to: Array(repeating: page, count: 150))
      #expect(answers == Array(repeating: .failed("it was not done within 0.5 seconds"), count: 150))
      let most = server.mostOpen.withLock(\.most)
      #expect(most <= EndpointProbe.width + 8 && most > 8, "\(most)")
    }
  }

  @Test(arguments: [.atOnce, .smtp] as [TLSService.Beginning])
  func `a run that is ended ends them`(begins: TLSService.Beginning) async throws {
    try await LoopbackServer.with { _ in
      []
    } while: { server in
      let name = try DomainName("www.example.gov")
      let probe = EndpointProbe(timeout: .seconds(60)) { Timestamp(seconds: 0) }
      let begun = ContinuousClock.now
      let service = TLSService(server.address, name: name, begins: begins)
      let run = Task { await probe.answers(to: Array(repeating: service, count: 100)) }
      while server.mostOpen.withLock(\.most) == 0 { try await Task.sleep(for: .milliseconds(5)) }
      run.cancel()
      #expect(await run.value == Array(repeating: .failed("the run was ended before the answer"), count: 100))
      let page = Task { await probe.page(WebPage(server.address, host: name, path: "/", isSecure: false)) }
      page.cancel()
      #expect(await page.value.failure == .ended)
      #expect(ContinuousClock.now - begun < .seconds(20))
    }
  }
}
