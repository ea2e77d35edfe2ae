import Foundation
import Names
import RealServers
import Testing

/// What an audit asks of servers that are not DNS: proofs by TLS, certificates that TLSA records promise, policies of MTA-STS.
@Suite("Services behind the records", .serialized) struct ServiceTests {
  private static let stage = Stage(.init(signed: true, powerDNS: false, unbound: false))
  private static let host = "127.0.0.1"

  private func with(
    _ kind: EndpointServer.Kind, for name: String, _ body: (Hierarchy, EndpointServer) async throws -> Void
  ) async throws {
    let hierarchy = try await Self.stage.hierarchy
    let server = try EndpointServer(kind, at: .vacant(), certificateName: name)
    let outcome: Result<Void, any Error>
    do {
      try await server.start()
      outcome = .success(try await body(hierarchy, server))
    } catch { outcome = .failure(error) }
    await server.stop()
    try await hierarchy.restore()
    try outcome.get()
  }

  private func intentions(_ server: EndpointServer, _ said: [Owner.Said] = [], lines: [String] = []) -> Owner.Intentions {
    let port = server.address.port
    return Owner.Intentions(
      network: ["ports": "{https: \(port), smtp: \(port)}", "tlsAuthorities": server.authorities], resolvers: false,
      said: said, lines: lines)
  }

  // MARK: Proof by TLS

  private static let web = EndpointServer.Kind.web(path: "/", text: "ours")
  private static func proved(_ name: String) -> [Owner.Said] { [.init(name, "A", "{within: [192.0.2.0/24], tlsProof: true}")] }

  @Test func `a foreign address that proves the name by TLS cannot be told`() async throws {
    try await with(Self.web, for: "www.agency.gov") { hierarchy, server in
      let owner = try Owner(hierarchy, intentions(server, Self.proved("www")))
      try await owner.finds([])
      try await hierarchy.edit(only: .nsd) { $0.add("www.agency.gov.", "A", Self.host) }
      let document = try await owner.finds([Expected("record-differs", "www.agency.gov.", "A", at: .nsd)], code: 4)
      #expect(document.findings.map(\.verdict) == ["couldNotTell"])
      #expect(document.totals.mismatch == 0)
      // Without the consent to ask, the same is a departure.
      try owner.declare(intentions(server, [.init("www", "A", "{within: [192.0.2.0/24]}")]))
      try await owner.finds(alone("www.agency.gov.", "A", "added", at: .nsd))
    }
  }

  @Test(arguments: ["mail.agency.gov", "www.agency.example"])
  func `a foreign address that proves another name is a departure`(name: String) async throws {
    try await with(Self.web, for: name) { hierarchy, server in
      try await hierarchy.edit(only: .nsd) { $0.add("www.agency.gov.", "A", Self.host) }
      let owner = try Owner(hierarchy, intentions(server, Self.proved("www")))
      try await owner.finds(alone("www.agency.gov.", "A", "added", at: .nsd))
    }
  }

  @Test func `a certificate that no declared authority signed proves nothing`() async throws {
    try await with(Self.web, for: "www.agency.gov") { hierarchy, server in
      try await hierarchy.edit(only: .nsd) { $0.add("www.agency.gov.", "A", Self.host) }
      var intentions = intentions(server, Self.proved("www"))
      intentions.network["tlsAuthorities"] = nil
      let owner = try Owner(hierarchy, intentions)
      try await owner.finds(alone("www.agency.gov.", "A", "added", at: .nsd))
    }
  }

  @Test func `nobody there proves nothing`() async throws {
    try await with(Self.web, for: "www.agency.gov") { hierarchy, server in
      try await hierarchy.edit(only: .nsd) { $0.replace("www.agency.gov.", "A", with: ["127.0.0.99"]) }
      let owner = try Owner(hierarchy, intentions(server, Self.proved("www")))
      try await owner.finds(alone("www.agency.gov.", "A", "replaced", at: .nsd))
    }
  }

  @Test func `no proof may soften the address of a mail exchanger or of a name server`() async throws {
    try await with(Self.web, for: "mail.agency.gov") { hierarchy, server in
      for (name, type) in [("mail", "an MX"), ("ns1", "an NS")] {
        let owner = try Owner(hierarchy, intentions(server, Self.proved(name)))
        let ending = try await owner.audit("--quiet", "--no-state")
        #expect(ending.status == 2)
        #expect(
          ending.talk.contains("tlsProof: cannot excuse \(name).agency.gov., which \(type) record names"), "\(ending.talk)")
      }
    }
  }

  // MARK: DANE

  /// SHA-256 of a certificate's public key, by openssl.
  private func digest(_ server: EndpointServer) async throws -> String {
    let script =
      "openssl x509 -in '\(server.certificate)' -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256 -r"
    let output = try await Program.output(of: ["sh", "-c", script])
    return try String(#require(output.split(separator: " ").first))
  }

  @Test(arguments: [
    (EndpointServer.Kind.web(path: "/", text: ""), "www.agency.gov.", "_443._tcp"),
    (EndpointServer.Kind.mail(tls: true), "mail.agency.gov.", "_25._tcp"),
  ]) func `the key that a service shows is the one that its TLSA record says`(
    kind: EndpointServer.Kind, host: String, service: String
  ) async throws {
    // Usage 3: the certificate's names do not matter (RFC 7671 §5.1).
    try await with(kind, for: "another.agency.gov") { hierarchy, server in
      let (name, key) = ("\(service).\(host)", try await digest(server))
      func publish(_ key: String) async throws -> Owner {
        try await hierarchy.editChild { zone in
          zone.replace(host, "A", with: [Self.host])
          zone.remove(host, "AAAA")
          zone.replace(name, "TLSA", with: ["3 1 1 \(key)"])
        }
        var intentions = intentions(server)
        intentions.child = try await hierarchy.primary.contents(of: Hierarchy.child)
        return try Owner(hierarchy, intentions)
      }
      try await publish(key).finds([], "--services")
      let other = String(key.reversed())
      let owner = try await publish(other)
      let expected = Row(
        check: "tlsa-differs", name: name, type: "TLSA", how: "replaced", server: "\(server.address)")
      let ending = try await owner.audit("--quiet", "--no-state", "--services")
      #expect(try AuditDocument(ending.output).findings.map(\.row) == [expected])
      #expect(ending.status == 3)
      // Unless it is told to, an audit connects to nobody.
      try await owner.finds([])
    }
  }

  // MARK: MTA-STS

  private static let policy =
    "version: STSv1\r\nmode: enforce\r\nmx: mail.agency.gov\r\nmx: relay.agency.gov\r\nmax_age: 86400\r\n"

  @Test(arguments: [
    (policy, "mta-sts.agency.gov", ""),
    (policy.replacing("enforce", with: "testing"), "mta-sts.agency.gov", "mode testing, declared enforce"),
    (policy.replacing("mx: relay.agency.gov\r\n", with: ""), "mta-sts.agency.gov", "covers relay.agency.gov."),
    (policy, "www.agency.gov", "its certificate is not trusted"),
  ]) func `a policy of MTA-STS is fetched as senders do it`(_ text: String, _ name: String, _ wrong: String) async throws {
    try await with(.web(path: "/.well-known/mta-sts.txt", text: text), for: name) { hierarchy, server in
      try await hierarchy.editChild { zone in
        zone.add("_mta-sts.agency.gov.", "TXT", "\"v=STSv1; id=20261123;\"")
        zone.add("mta-sts.agency.gov.", "A", Self.host)
      }
      var intentions = intentions(server, lines: ["mail: {mtaSTS: enforce}"])
      intentions.child = try await hierarchy.primary.contents(of: Hierarchy.child)
      let owner = try Owner(hierarchy, intentions)
      try await owner.finds([])
      let ending = try await owner.audit("--quiet", "--no-state", "--services")
      let findings = try AuditDocument(ending.output).findings
      #expect(ending.status == (wrong.isEmpty ? 0 : 3), "\(ending.talk)")
      #expect(findings.map(\.check) == (wrong.isEmpty ? [] : ["mta-sts-broken"]))
      #expect(findings.allSatisfy { $0.reason.contains(wrong) && $0.where.server == "\(server.address)" }, "\(findings)")
    }
  }
}
