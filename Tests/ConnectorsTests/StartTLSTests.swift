import Estate
import NIOSSL
import Names
import Testing

@testable import Connectors

@Suite("RFC 3207 §4, RFC 5321 §4.2 STARTTLS, as a dialogue") struct StartTLSDialogues {
  /// What the client does after all of it came, each piece by itself.
  private func last(_ pieces: String...) -> StartTLSDialogue.Action {
    var dialogue = StartTLSDialogue(clientName: "[192.0.2.1]")
    var action = StartTLSDialogue.Action.wait
    for piece in pieces { action = dialogue.received(Array(piece.utf8)) }
    return action
  }

  private let greeting = "220 mx.example.gov ESMTP\r\n"
  private let offer = "250-mx.example.gov\r\n250-SIZE 1000\r\n250-STARTTLS\r\n250 HELP\r\n"

  @Test func `greets, asks for TLS, and shakes hands`() {
    #expect(last(greeting) == .send("EHLO [192.0.2.1]\r\n"))
    #expect(last(greeting, offer) == .send("STARTTLS\r\n"))
    #expect(last(greeting, offer, "220 2.0.0 Ready to start TLS\r\n") == .shakeHands)
  }

  @Test func `takes a greeting of many lines, lower case, bare line feeds, and crumbs`() {
    #expect(last("220-one\r\n220-two\r\n220 three\r\n") == .send("EHLO [192.0.2.1]\r\n"))
    #expect(last(greeting, "250-mx\n250 starttls\n") == .send("STARTTLS\r\n"))
    #expect(last("220\r\n") == .send("EHLO [192.0.2.1]\r\n"))
    #expect(last("2", "20", " mx", "\r", "\n") == .send("EHLO [192.0.2.1]\r\n"))
  }

  @Test func `octets behind the 220 are refused (CVE-2011-0411)`() {
    let refused = StartTLSDialogue.Action.fail("the server went on speaking after its reply, before it was asked")
    #expect(last(greeting, offer, "220 go\r\n250 injected\r\n") == refused)
    #expect(last(greeting, offer, "220 go\r\n\u{16}\u{03}\u{03}") == refused)
    #expect(last(greeting + offer) == refused)
    #expect(last(greeting, offer + "220 go\r\n") == refused)
  }

  @Test func `what is no offer of TLS is said`() {
    #expect(last(greeting, "250-mx\r\n250 SIZE\r\n") == .fail("the server does not offer STARTTLS"))
    // The first line is the server's name, whatever that is.
    #expect(last(greeting, "250 STARTTLS\r\n") == .fail("the server does not offer STARTTLS"))
    #expect(last("554 5.7.1 no\r\n") == .fail("the server greets with \"554 5.7.1 no\""))
    #expect(last("421-busy\r\n421 later\r\n") == .fail("the server greets with \"421 later\""))
    #expect(last(greeting, "502 what?\r\n") == .fail("the server answers EHLO with \"502 what?\""))
    #expect(last(greeting, offer, "454 not now\r\n") == .fail("the server answers STARTTLS with \"454 not now\""))
  }

  @Test func `what is no SMTP is refused, and shown without its control characters`() {
    #expect(last("SSH-2.0-x\r\n") == .fail("the server does not speak SMTP: \"SSH-2.0-x\""))
    #expect(last("22\r\n") == .fail("the server does not speak SMTP: \"22\""))
    #expect(last("220_mx\r\n") == .fail("the server does not speak SMTP: \"220_mx\""))
    #expect(last("\r\n") == .fail("the server does not speak SMTP: \"\""))
    #expect(last("\u{1B}[2J\"\\\u{7F}\u{0}é\n") == .fail(#"the server does not speak SMTP: "\027[2J\"\\\127\000\195\169""#))
    #expect(last("220-a\r\n250 b\r\n") == .fail("the server changed its mind within one reply"))
  }

  @Test func `neither a line nor a reply goes on for ever`() {
    #expect(last(String(repeating: "2", count: 65_536)) == .fail("the server sent a line of more than 2048 octets"))
    #expect(last("220 " + String(repeating: "x", count: 2042) + "\r\n") == .send("EHLO [192.0.2.1]\r\n"))
    let lines = String(repeating: "220-more\r\n", count: 10_000)
    #expect(last(lines) == .fail("the server sent a reply of more than 100 lines"))
    #expect(last(String(repeating: "220-more\r\n", count: 99) + "220 end\r\n") == .send("EHLO [192.0.2.1]\r\n"))
  }
}

/// Replies of a mail server, for tests that change one of them.
private struct MailServer {
  var greeting = "220 mx.example.gov ESMTP\r\n"
  var offer = "250-mx.example.gov\r\n250 STARTTLS\r\n"
  var ready = "220 go\r\n"
  var tls: NIOSSLContext

  var conduct: LoopbackServer.Conduct {
    let server = self
    return { heard in
      switch String(decoding: heard, as: UTF8.self) {
      case "": [.say(Array(server.greeting.utf8))]
      case let text where text.hasSuffix("STARTTLS\r\n"): [.say(Array(server.ready.utf8)), .startTLS(server.tls)]
      case let text where text.hasSuffix("\r\n"): [.say(Array(server.offer.utf8))]
      default: []
      }
    }
  }
}

@Suite("RFC 3207 §4 STARTTLS, over sockets", .timeLimit(.minutes(2))) struct StartTLS {
  private func shake(_ change: (inout MailServer) -> Void = { _ in }) async throws -> (
    Result<Handshake, EndpointFailure>, [String]
  ) {
    let authority = try TestAuthority()
    var mail = MailServer(tls: try authority.identity("DNS:mx.example.gov").context())
    change(&mail)
    return try await LoopbackServer.with(mail.conduct) { server in
      let outcome = try await EndpointProbe.trusting(authority).handshake(server, "mx.example.gov", .smtp)
      return (outcome, server.heard)
    }
  }

  @Test func `shakes hands, and says no more than it must`() async throws {
    let (outcome, heard) = try await shake()
    #expect(outcome.value?.distrust == nil, "\(outcome)")
    #expect(outcome.value?.chain.count == 1)
    #expect(heard == ["EHLO [127.0.0.1]\r\nSTARTTLS\r\n"])
  }

  @Test func `octets put in before TLS end it`() async throws {
    let (outcome, _) = try await shake { $0.ready = "220 go\r\n250 injected\r\n" }
    #expect(outcome.failure == .smtp("the server went on speaking after its reply, before it was asked"))
  }

  @Test func `a server that does not offer TLS is told so`() async throws {
    let (outcome, heard) = try await shake { $0.offer = "250 mx.example.gov\r\n" }
    #expect(outcome.failure == .smtp("the server does not offer STARTTLS"))
    #expect(heard == ["EHLO [127.0.0.1]\r\n"])
  }
}
