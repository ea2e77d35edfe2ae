import Estate
import Foundation
import Names
import Testing

@testable import Connectors

/// A policy as RFC 8461 §3.2 has it.
private let policy = "version: STSv1\r\nmode: enforce\r\nmx: mx.example.gov\r\nmax_age: 604800\r\n"

private func answer(_ fields: String, _ body: String = "") -> [UInt8] {
  Array("HTTP/1.1 200 OK\r\n\(fields)\r\n\(body)".utf8)
}

/// Says this when a request is whole.
private func says(_ octets: [UInt8], then: LoopbackServer.Reaction...) -> LoopbackServer.Conduct {
  { heard in String(decoding: heard, as: UTF8.self).hasSuffix("\r\n\r\n") ? [.say(octets)] + then : [] }
}

@Suite("RFC 9112 A page over HTTP/1.1", .timeLimit(.minutes(2))) struct Pages {
  private func get(
    path: String = "/", most: Int = 65_536, timeout: Duration = .seconds(20), _ conduct: @escaping LoopbackServer.Conduct
  ) async throws -> (Result<PageReply, EndpointFailure>, [String]) {
    let probe = EndpointProbe(timeout: timeout) { Timestamp(seconds: 0) }
    return try await LoopbackServer.with(conduct) { server in
      let host = try DomainName("www.example.gov")
      let page = WebPage(server.address, host: host, path: path, isSecure: false)
      return (await probe.page(page, most: most), server.heard)
    }
  }

  @Test func `asks for the path at the host, and takes what comes`() async throws {
    let octets = answer("Content-Type: Text/HTML; charset=utf-8\r\nContent-Length: 5\r\n", "hello")
    let (outcome, heard) = try await get(path: "/a?b=%20c", says(octets))
    #expect(outcome.value == PageReply(status: 200, mediaType: "text/html", body: Array("hello".utf8)))
    let lines = try #require(heard.first).split(separator: "\r\n").map(String.init)
    #expect(lines.first == "GET /a?b=%20c HTTP/1.1")
    #expect(lines.filter { $0.lowercased().hasPrefix("host:") } == ["Host: www.example.gov"])
  }

  @Test(
    arguments: [
      ("Transfer-Encoding: chunked\r\n", "3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n", true),
      // The end of the connection is the end of the body (RFC 9112 §6.3).
      ("", "hello", true), ("Content-Length: 9\r\n", "hello", false),
      ("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n", false),
    ] as [(String, String, Bool)])
  func `a body ends as its fields say`(fields: String, body: String, isWhole: Bool) async throws {
    let (outcome, _) = try await get(says(answer(fields, body), then: .close))
    #expect(outcome.value?.body == (isWhole ? Array("hello".utf8) : nil), "\(outcome)")
    #expect(outcome.failure == (isWhole ? nil : .http("the server closed the connection before the end of its answer")))
  }

  @Test func `a redirect is told and not followed`() async throws {
    let moved = Array("HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n".utf8)
    let (outcome, heard) = try await get(says(moved))
    #expect(outcome.value?.status == 301)
    #expect(heard.count == 1)
  }

  @Test func `interim answers are passed over`() async throws {
    let octets = Array("HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n".utf8) + answer("Content-Length: 2\r\n", "ok")
    let (outcome, _) = try await get(says(octets))
    #expect(outcome.value?.status == 200)
    #expect(outcome.value?.body == Array("ok".utf8))
  }

  @Test(
    arguments: [
      (["text/plain"], "text/plain"), ([" TEXT/plain ; charset=utf-8"], "text/plain"), (["text/plain;"], "text/plain"), ([], nil),
      (["text"], nil), (["text/plain, text/html"], nil), (["text/plain", "text/html"], nil), ([""], nil), (["/"], nil),
      (["text/pl\u{1B}ain"], nil), (["a/" + String(repeating: "b", count: 200)], nil),
    ] as [([String], String?)])
  func `a media type is one type and subtype`(fields: [String], type: String?) {
    #expect(PageReader.mediaType(fields) == type)
  }

  @Test func `a body is taken up to the most that was asked for`() async throws {
    let octets = answer("Content-Length: 100000\r\n", String(repeating: "x", count: 100_000))
    for (most, count) in [(65_536, 65_536), (100_000, 100_000), (7, 7), (0, 0)] {
      let (outcome, _) = try await get(most: most, says(octets))
      #expect(outcome.value?.body.count == count)
    }
    let flooded = try await get(says(answer(""), then: .flood(Array(repeating: 0x78, count: 60_000)))).0
    #expect(flooded.value?.body.count == 65_536)
  }

  @Test func `chunks that are more frame than body are cut off`() async throws {
    let flood = [UInt8](repeatElement(Array("1\r\nx\r\n".utf8), count: 10_000).joined())
    let (outcome, _) = try await get(says(answer("Transfer-Encoding: chunked\r\n"), then: .flood(flood)))
    #expect(outcome.failure == .http("the answer is longer than 131072 octets"))
  }

  @Test(
    arguments: [
      (Array("X-More: and more\r\n".utf8), "the fields of the answer are longer than they may be"),
      (Array("x".utf8), "the fields of the answer are longer than they may be"),
    ] as [([UInt8], String)])
  func `fields that never end are cut off`(more: [UInt8], fault: String) async throws {
    let flood = [UInt8](repeatElement(more, count: 60_000 / more.count).joined())
    let (outcome, _) = try await get(says(Array("HTTP/1.1 200 OK\r\nX: ".utf8), then: .flood(flood)))
    #expect(outcome.failure == .http(fault), "\(outcome)")
  }

  @Test(
    arguments: [
      Array("HTTP/1.1 103 Early Hints\r\n\r\n".utf8), Array("\r\n".utf8),
    ])
  func `an answer that never begins is cut off`(more: [UInt8]) async throws {
    let flood = [UInt8](repeatElement(more, count: 60_000 / more.count).joined())
    let (outcome, _) = try await get(says([], then: .flood(flood)))
    guard case .http? = outcome.failure else {
      Issue.record("\(outcome)")
      return
    }
  }

  @Test(arguments: ["220 mx ESMTP\r\n", "HTTP/9.9.9 x\r\n\r\n", "\u{16}\u{03}\u{01}", "HTTP/1.1 99999 OK\r\n\r\n"])
  func `what is no HTTP is said so`(text: String) async throws {
    let (outcome, _) = try await get(says(Array(text.utf8), then: .close))
    guard case .http? = outcome.failure else {
      Issue.record("\(outcome)")
      return
    }
  }

  @Test(arguments: ["", "a", "/a b", "/a\r\nX: y", "/\u{E9}", "http://www.example.gov/"])
  func `a path that is none is not asked for`(path: String) async throws {
    let (outcome, heard) = try await get(path: path, says(answer("")))
    guard case .http? = outcome.failure else {
      Issue.record("\(outcome)")
      return
    }
    #expect(heard == [])
  }

  @Test func `an answer that drips is given up when the time is over`() async throws {
    let limit = Duration.milliseconds(400)
    let start = ContinuousClock.now
    let (outcome, _) = try await get(
      timeout: limit, says(answer("Content-Length: 60000\r\n"), then: .drip([0x78], milliseconds: 10)))
    #expect(outcome.failure == .timedOut(limit))
    #expect(ContinuousClock.now - start < .seconds(10))
  }
}

@Suite("RFC 8461 §3.3 A policy over HTTPS", .timeLimit(.minutes(2))) struct SecurePages {
  private let fields = "Content-Type: text/plain\r\nContent-Length: \(policy.utf8.count)\r\n"

  private func get(
    _ identity: TestAuthority.Identity, _ probe: EndpointProbe, protocols: [String] = ["http/1.1"],
    _ conduct: @escaping LoopbackServer.Conduct
  ) async throws -> Result<PageReply, EndpointFailure> {
    try await LoopbackServer.with(tls: identity.context(protocols: protocols), conduct) { server in
      await probe.page(try page(server, "/.well-known/mta-sts.txt"))
    }
  }

  private func page(_ server: LoopbackServer, _ path: String) throws -> WebPage {
    WebPage(server.address, host: try DomainName("mta-sts.example.gov"), path: path, isSecure: true)
  }

  @Test func `the page comes with the certificate that it came under`() async throws {
    let (authority, other) = (try TestAuthority(), try TestAuthority())
    let cases: [(String, EndpointProbe, String?)] = [
      ("DNS:mta-sts.example.gov", .trusting(authority), nil),
      ("DNS:mail.example.gov", .trusting(authority), "the certificate is for another name"),
      ("DNS:mta-sts.example.gov", .trusting(authority, days: 31), "a certificate has expired"),
      ("DNS:mta-sts.example.gov", .trusting(other), "no authority that is trusted here signed the certificate"),
    ]
    for (names, probe, distrust) in cases {
      let reply = try await get(try authority.identity(names), probe, says(answer(fields, policy))).value
      #expect(reply == PageReply(status: 200, mediaType: "text/plain", body: Array(policy.utf8), distrust: distrust))
    }
  }

  @Test func `authorities that cannot be read decide nothing`() async throws {
    let authority = try TestAuthority()
    let probe = EndpointProbe(authoritiesFile: "/nonexistent/authorities.pem") { Timestamp(seconds: 0) }
    let outcome = try await get(try authority.identity("DNS:mta-sts.example.gov"), probe, says(answer(fields, policy)))
    #expect(outcome.failure == .unjudged("the authorities in /nonexistent/authorities.pem could not be read"))
  }

  @Test func `a server without ALPN is spoken with too`() async throws {
    let authority = try TestAuthority()
    let identity = try authority.identity("DNS:mta-sts.example.gov")
    let outcome = try await get(identity, .trusting(authority), protocols: [], says(answer(fields, policy)))
    #expect(outcome.value?.status == 200, "\(outcome)")
  }

  @Test func `what is no TLS is said so`() async throws {
    let authority = try TestAuthority()
    let outcome = try await LoopbackServer.with { _ in
      [.say(Array("HTTP/1.1 400 Bad\r\n\r\n".utf8))]
    } while: { server in
      await EndpointProbe.trusting(authority).page(try page(server, "/"))
    }
    #expect(outcome.failure == .tls("the handshake failed: wrong version number"))
  }
}
