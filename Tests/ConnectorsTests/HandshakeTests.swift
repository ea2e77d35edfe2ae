import Estate
import Foundation
import NIOSSL
import Names
import Testing

@testable import Connectors

extension EndpointProbe {
  /// One that trusts a test's authority only, and judges as of so many days from now.
  static func trusting(_ authority: TestAuthority, days: Int64 = 0, timeout: Duration = .seconds(20)) -> EndpointProbe {
    // An hour later: on a busy machine a certificate is made after this and would not be valid yet.
    let moment = Timestamp(seconds: Int64(Date().timeIntervalSince1970) + days * 86_400 + 3600)
    return EndpointProbe(timeout: timeout, authoritiesFile: authority.file) { moment }
  }

  func handshake(
    _ server: LoopbackServer, _ name: String, _ begins: TLSService.Beginning = .atOnce
  ) async throws -> Result<Handshake, EndpointFailure> {
    await handshake(TLSService(server.address, name: try DomainName(name), begins: begins))
  }
}

extension Result {
  var value: Success? { if case .success(let value) = self { value } else { nil } }
  var failure: Failure? { if case .failure(let failure) = self { failure } else { nil } }
}

private let otherName = "the certificate is for another name"

@Suite("RFC 9525, RFC 5280 A certificate and the name it is shown for", .timeLimit(.minutes(2))) struct Handshakes {
  private func shake(
    _ name: String, _ identity: TestAuthority.Identity, _ probe: EndpointProbe
  ) async throws -> Result<Handshake, EndpointFailure> {
    try await LoopbackServer.with(tls: identity.context()) { _ in
      []
    } while: {
      try await probe.handshake($0, name)
    }
  }

  @Test(
    arguments: [
      ("DNS:www.example.gov", "www.example.gov", nil), ("DNS:*.example.gov", "www.example.gov", nil),
      ("DNS:WWW.Example.GOV", "www.example.gov", nil), ("DNS:www.example.gov", "WWW.example.gov", nil),
      ("DNS:a.example.net,DNS:www.example.gov", "www.example.gov", nil),
      ("DNS:www.example.gov", "mail.example.gov", otherName),
      ("DNS:*.example.gov", "a.www.example.gov", otherName),
      ("DNS:*.example.gov", "example.gov", otherName),
      ("DNS:w*.example.gov", "www.example.gov", otherName),
      ("IP:127.0.0.1", "www.example.gov", otherName),
    ] as [(String, String, String?)])
  func `its name is the one that was asked for`(names: String, name: String, distrust: String?) async throws {
    let authority = try TestAuthority()
    let outcome = try await shake(name, try authority.identity(names), .trusting(authority))
    #expect(outcome.value?.distrust == distrust, "\(outcome)")
  }

  @Test func `the subject is no place for a name`() async throws {
    let authority = try TestAuthority()
    let identity = try authority.identity("IP:192.0.2.1", subject: "/CN=www.example.gov")
    let outcome = try await shake("www.example.gov", identity, .trusting(authority))
    #expect(outcome.value?.distrust == otherName)
  }

  @Test(
    arguments: [(-2, "a certificate is not valid yet"), (29, nil), (31, "a certificate has expired")] as [(Int64, String?)])
  func `it is judged by the clock that is given`(days: Int64, distrust: String?) async throws {
    let authority = try TestAuthority()
    // Valid for 30 days from now.
    let identity = try authority.identity("DNS:www.example.gov")
    let outcome = try await shake("www.example.gov", identity, .trusting(authority, days: days))
    #expect(outcome.value?.distrust == distrust, "\(outcome)")
    #expect(outcome.value?.chain.count == 1)
  }

  @Test func `one signed by itself, by another authority, or through one that is not shown is not trusted`() async throws {
    let (authority, other) = (try TestAuthority(), try TestAuthority())
    let name = "DNS:www.example.gov"
    let unknown = "no authority that is trusted here signed the certificate"
    let cases: [(TestAuthority.Identity, String?)] = [
      (try authority.selfSigned(name), "the certificate is signed by itself"), (try other.identity(name), unknown),
      (try authority.identityThroughIntermediate(name, shown: false), unknown),
      (try authority.identityThroughIntermediate(name), nil),
    ]
    for (identity, distrust) in cases {
      let handshake = try #require(try await shake("www.example.gov", identity, .trusting(authority)).value)
      #expect(handshake.distrust == distrust)
      // Shown in any case, as it is.
      #expect(try handshake.chain.map(\.octets) == identity.ders)
    }
  }

  @Test func `authorities that cannot be read decide nothing`() async throws {
    let authority = try TestAuthority()
    let probe = EndpointProbe(authoritiesFile: "/nonexistent/authorities.pem") { Timestamp(seconds: 0) }
    let outcome = try await shake("www.example.gov", try authority.identity("DNS:www.example.gov"), probe)
    #expect(outcome.failure == .unjudged("the authorities in /nonexistent/authorities.pem could not be read"))
  }

  @Test func `the public key is the one that openssl gives`() async throws {
    let authority = try TestAuthority()
    let identity = try authority.identityThroughIntermediate("DNS:www.example.gov")
    let outcome = try await shake("www.example.gov", identity, .trusting(authority))
    let keys = [try authority.publicKey(of: "server"), try authority.publicKey(of: "between")]
    #expect(outcome.value?.chain.map(\.publicKey) == keys)
  }
}

@Suite("RFC 7671 §5.2 DANE-TA(2): a certificate of the chain as the one authority", .timeLimit(.minutes(2)))
struct Anchors {
  @Test func `an authority that is no root is enough, where it signed`() async throws {
    let (authority, other) = (try TestAuthority(), try TestAuthority())
    var identity = try authority.identityThroughIntermediate("DNS:mx.example.gov")
    // Who holds a certificate from anybody could show somebody else's authority beside it.
    identity.chain.append(try other.identityThroughIntermediate("DNS:a").chain[1])
    try await LoopbackServer.with(tls: identity.context()) { _ in
      []
    } while: { server in
      // Nothing else is trusted.
      let probe = EndpointProbe.trusting(other)
      let handshake = try #require(try await probe.handshake(server, "mx.example.gov").value)
      #expect(handshake.distrust == "no authority that is trusted here signed the certificate")
      #expect(handshake.chain.map(\.isAnchor) == [false, true, false])
      let elsewhere = try #require(try await probe.handshake(server, "mx.example.net").value)
      #expect(elsewhere.chain.map(\.isAnchor) == [false, false, false])
    }
  }

  @Test func `an authority need not be shown`() throws {
    let (authority, other) = (try TestAuthority(), try TestAuthority())
    let chain = try authority.identityThroughIntermediate("DNS:mx.example.gov").ders
    let name = try DomainName("mx.example.gov")
    func trust(_ chain: [[UInt8]], _ anchor: [UInt8]) -> Trust {
      let moment = Timestamp(seconds: Int64(Date().timeIntervalSince1970))
      return ChainJudge(authoritiesFile: other.file).trust(chain, name: name, anchor: anchor, at: moment)
    }
    #expect(trust([chain[0]], chain[1]) == .trusted)
    #expect(trust(chain, try authority.der) == .trusted)
    #expect(trust([chain[0]], try authority.der) == .distrusted(.unknownAuthority))
    #expect(trust(chain, try other.der) == .distrusted(.unknownAuthority))
  }

  @Test(arguments: [[0x30, 0x82], [0x00], Array(repeating: 0x30, count: 5000)] as [[UInt8]])
  func `octets that are no certificate are refused`(octets: [UInt8]) throws {
    let authority = try TestAuthority()
    let judge = ChainJudge(authoritiesFile: authority.file)
    let (name, moment) = (try DomainName("mx.example.gov"), Timestamp(seconds: 0))
    let leaf = try authority.der
    for chain in [[octets], [], [leaf, octets], [leaf + [0]]] {
      let trust = judge.trust(chain, name: name, anchor: nil, at: moment)
      #expect(trust == .distrusted(.other("what the server shows is no certificate")))
    }
    #expect(
      judge.trust([leaf], name: name, anchor: octets, at: moment)
        == .distrusted(.other("what the server shows is no certificate")))
  }
}
