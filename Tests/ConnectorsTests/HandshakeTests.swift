import Estate
import Foundation
import NIOSSL
import Names
import Testing

@testable import Connectors

extension EndpointProbe {
  /// One that trusts a test's authority only, and judges as of so many days from now.
  static func trusting(_ authority: TestAuthority, days: Int64 = 0, timeout: Duration = .seconds(20)) -> EndpointProbe {
    let moment = Timestamp(seconds: Int64(Date().timeIntervalSince1970) + days * 86_400)
    return EndpointProbe(timeout: timeout, authoritiesFile: authority.file) { moment }
  }

  func handshake(_ server: LoopbackServer, _ name: String, _ start: Start = .atOnce) async throws -> HandshakeOutcome {
    await handshake(server.address, name: try DomainName(name), start: start)
  }
}

extension HandshakeOutcome {
  var handshake: Handshake? { if case .shaken(let handshake) = self { handshake } else { nil } }
  var failure: EndpointFailure? { if case .failed(let failure) = self { failure } else { nil } }
}

@Suite("RFC 9525, RFC 5280 A certificate and the name it is shown for", .timeLimit(.minutes(2))) struct Handshakes {
  private func shake(
    _ name: String, _ identity: TestAuthority.Identity, _ probe: EndpointProbe
  ) async throws -> HandshakeOutcome {
    try await LoopbackServer.with(tls: identity.context()) { _ in
      []
    } while: {
      try await probe.handshake($0, name)
    }
  }

  @Test(
    arguments: [
      ("DNS:www.example.gov", "www.example.gov", .trusted), ("DNS:*.example.gov", "www.example.gov", .trusted),
      ("DNS:WWW.Example.GOV", "www.example.gov", .trusted), ("DNS:www.example.gov", "WWW.example.gov", .trusted),
      ("DNS:a.example.net,DNS:www.example.gov", "www.example.gov", .trusted),
      ("DNS:www.example.gov", "mail.example.gov", .distrusted(.otherName)),
      ("DNS:*.example.gov", "a.www.example.gov", .distrusted(.otherName)),
      ("DNS:*.example.gov", "example.gov", .distrusted(.otherName)),
      ("DNS:w*.example.gov", "www.example.gov", .distrusted(.otherName)),
      ("IP:127.0.0.1", "www.example.gov", .distrusted(.otherName)),
    ] as [(String, String, Trust)])
  func `its name is the one that was asked for`(names: String, name: String, trust: Trust) async throws {
    let authority = try TestAuthority()
    let outcome = try await shake(name, try authority.identity(names), .trusting(authority))
    #expect(outcome.handshake?.trust == trust, "\(outcome)")
  }

  @Test func `the subject is no place for a name`() async throws {
    let authority = try TestAuthority()
    let identity = try authority.identity("IP:192.0.2.1", subject: "/CN=www.example.gov")
    let outcome = try await shake("www.example.gov", identity, .trusting(authority))
    #expect(outcome.handshake?.trust == .distrusted(.otherName))
  }

  @Test(
    arguments: [(-2, .distrusted(.notYetValid)), (29, .trusted), (31, .distrusted(.expired))] as [(Int64, Trust)])
  func `it is judged by the clock that is given`(days: Int64, trust: Trust) async throws {
    let authority = try TestAuthority()
    // Valid for 30 days from now.
    let identity = try authority.identity("DNS:www.example.gov")
    let outcome = try await shake("www.example.gov", identity, .trusting(authority, days: days))
    #expect(outcome.handshake?.trust == trust, "\(outcome)")
  }

  @Test func `one signed by itself, by another authority, or through one that is not shown is not trusted`() async throws {
    let (authority, other) = (try TestAuthority(), try TestAuthority())
    let name = "DNS:www.example.gov"
    let cases: [(TestAuthority.Identity, Trust)] = [
      (try authority.selfSigned(name), .distrusted(.selfSigned)),
      (try other.identity(name), .distrusted(.unknownAuthority)),
      (try authority.identityThroughIntermediate(name, shown: false), .distrusted(.unknownAuthority)),
      (try authority.identityThroughIntermediate(name), .trusted),
    ]
    for (identity, trust) in cases {
      let outcome = try await shake("www.example.gov", identity, .trusting(authority))
      #expect(outcome.handshake?.trust == trust)
      // Shown in any case, as it is.
      #expect(try outcome.handshake?.chain.map(\.certificate) == identity.ders)
    }
  }

  @Test func `authorities that cannot be read decide nothing`() async throws {
    let authority = try TestAuthority()
    let probe = EndpointProbe(authoritiesFile: "/nonexistent/authorities.pem") { Timestamp(seconds: 0) }
    let outcome = try await shake("www.example.gov", try authority.identity("DNS:www.example.gov"), probe)
    #expect(
      outcome.handshake?.trust == .undecided("the authorities in /nonexistent/authorities.pem could not be read"))
    #expect(outcome.handshake?.chain.count == 1)
  }

  @Test func `the public key is the one that openssl gives`() async throws {
    let authority = try TestAuthority()
    let identity = try authority.identityThroughIntermediate("DNS:www.example.gov")
    let outcome = try await shake("www.example.gov", identity, .trusting(authority))
    let keys = [try authority.publicKey(of: "server"), try authority.publicKey(of: "between")]
    #expect(outcome.handshake?.chain.map(\.publicKey) == keys)
  }
}

@Suite("RFC 7671 §5.2 DANE-TA(2): a certificate of the chain as the one authority", .timeLimit(.minutes(2)))
struct Anchors {
  @Test func `an authority that is no root, and is shown or not, is enough; another is not`() async throws {
    let (authority, other) = (try TestAuthority(), try TestAuthority())
    let identity = try authority.identityThroughIntermediate("DNS:mx.example.gov")
    // Nothing but the anchor is trusted.
    let probe = EndpointProbe.trusting(other)
    let outcome = try await LoopbackServer.with(tls: identity.context()) { _ in
      []
    } while: {
      try await probe.handshake($0, "mx.example.gov")
    }
    let handshake = try #require(outcome.handshake)
    #expect(handshake.trust == .distrusted(.unknownAuthority))
    let name = try DomainName("mx.example.gov")
    #expect(probe.trust(handshake.chain, name: name, anchor: handshake.chain[1].certificate) == .trusted)
    #expect(probe.trust([handshake.chain[0]], name: name, anchor: handshake.chain[1].certificate) == .trusted)
    #expect(probe.trust(handshake.chain, name: name, anchor: try authority.der) == .trusted)
    #expect(probe.trust(handshake.chain, name: name, anchor: try other.der) == .distrusted(.unknownAuthority))
    #expect(
      probe.trust(handshake.chain, name: try DomainName("mx.example.net"), anchor: handshake.chain[1].certificate)
        == .distrusted(.otherName))
  }

  /// Who holds a certificate from anybody could show the owner's authority beside it.
  @Test func `an authority that is shown and has signed nothing proves nothing`() async throws {
    let (authority, other) = (try TestAuthority(), try TestAuthority())
    var identity = try other.identity("DNS:mx.example.gov")
    identity.chain.append(try authority.identityThroughIntermediate("DNS:a").chain[1])
    let shown = try identity.chain.map(PresentedCertificate.init)
    let probe = EndpointProbe.trusting(other)
    let name = try DomainName("mx.example.gov")
    #expect(probe.trust(shown, name: name) == .trusted)
    #expect(probe.trust(shown, name: name, anchor: shown[1].certificate) == .distrusted(.unknownAuthority))
  }

  @Test(arguments: [[0x30, 0x82], [0x00], Array(repeating: 0x30, count: 5000)] as [[UInt8]])
  func `octets that are no certificate are refused`(octets: [UInt8]) throws {
    let authority = try TestAuthority()
    let probe = EndpointProbe.trusting(authority)
    let garbage = PresentedCertificate(certificate: octets, publicKey: nil)
    let name = try DomainName("mx.example.gov")
    let refused = Trust.distrusted(.other("what the server shows is no certificate"))
    #expect(probe.trust([garbage], name: name) == refused)
    #expect(probe.trust([], name: name) == refused)
    let leaf = PresentedCertificate(certificate: try authority.der, publicKey: nil)
    #expect(probe.trust([leaf, garbage], name: name) == refused)
    #expect(probe.trust([leaf], name: name, anchor: octets) == refused)
    #expect(
      probe.trust([PresentedCertificate(certificate: leaf.certificate + [0], publicKey: nil)], name: name) == refused)
  }
}
