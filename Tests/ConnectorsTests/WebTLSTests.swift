import Connectors
import NIOSSL
import Names
import Testing

@Suite("RFC 9110 §4.2.2 https", .timeLimit(.minutes(2))) struct WebTLS {
  private func fetch(
    _ context: NIOSSLContext, authorities: String?, answer: [UInt8] = Web.answer("safe")
  ) async throws -> Result<HTTPFeed.Outcome, WebFailure> {
    try await LoopbackServer.with(tls: context) { heard in
      String(decoding: heard, as: UTF8.self).hasSuffix("\r\n\r\n") ? [.say(answer), .close] : []
    } while: { server in
      var options = webOptions
      (options.authoritiesFile, options.timeout) = (authorities, .seconds(20))
      let address = try WebAddress("https://localhost:\(server.address.port)/")
      let feed = HTTPFeed(address, credentials: WebCredentials.basic(user: "u", password: "p").bound(to: address))
      return try await WebClient.use(options) { web -> Result<HTTPFeed.Outcome, WebFailure> in
        do throws(WebFailure) { return .success(try await feed.fetch(web)) } catch { return .failure(error) }
      }
    }
  }

  @Test func `a server is believed that an authority of the file signed, for its name`() async throws {
    let authority = try TestAuthority()
    let good = try authority.identity("DNS:localhost").context()
    guard case .body(let octets, _) = try await fetch(good, authorities: authority.file).get() else {
      Issue.record("body")
      return
    }
    #expect(octets == Array("safe".utf8))
    let other = try authority.identity("DNS:other.example").context()
    for (context, file) in [(good, nil), (other, authority.file)] as [(NIOSSLContext, String?)] {
      guard case .failure(let failure) = try await fetch(context, authorities: file) else {
        Issue.record("believed")
        return
      }
      guard case .tls = failure.cause else {
        Issue.record("\(failure)")
        return
      }
      #expect(failure.sentence.contains("TLS failed: "))
    }
  }

  @Test func `what is secure does not lead to what is not`() async throws {
    let authority = try TestAuthority()
    let answer = Web.reply("302 Found", ["Location: http://127.0.0.1:9/"])
    let result = try await fetch(authority.identity("DNS:localhost").context(), authorities: authority.file, answer: answer)
    guard case .failure(let failure) = result else {
      Issue.record("followed")
      return
    }
    #expect(failure.cause == .downgraded)
  }

  @Test(arguments: ["/nowhere/ca.pem", "/etc/hostname"]) func `a file without authorities is told`(file: String) async throws {
    var options = webOptions
    options.authoritiesFile = file
    let settled = options
    let failure = await #expect(throws: WebFailure.self) { try await WebClient.use(settled) { _ in } }
    #expect(failure?.sentence.contains("the authorities in \"\(file)\" cannot be read") == true)
  }
}
