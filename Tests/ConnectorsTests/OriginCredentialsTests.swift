import Connectors
import Testing

@Suite("RFC 6454 §4 Credentials are for one origin", .timeLimit(.minutes(5))) struct OriginCredentialsTests {
  private let secret = WebCredentials.bearer(token: "secret-token")

  @Test func `an API root of another origin is asked without them, one of the same with them`() async throws {
    let answer: @Sendable (String) -> [UInt8] = { _ in Web.answer("{}") }
    try await Web.with(answer) { named, address in
      try await Web.with(answer) { other, elsewhere in
        try await WebClient.use(webOptions) { web in
          let client = TAXIIClient(web, credentials: secret.bound(to: address))
          _ = try await client.collections(of: elsewhere)
          _ = try await client.objects(of: "c", of: elsewhere) { _ in }
          _ = try await client.collections(of: address)
        }
        #expect(other.heard.count == 2 && !other.heard.contains { $0.contains("Authorization") })
        #expect(named.heard.count == 1 && named.heard.allSatisfy { $0.contains("Authorization: Bearer secret-token\r\n") })
      }
    }
  }

  @Test func `an event of a feed that stands elsewhere is fetched without them`() async throws {
    let answer: @Sendable (String) -> [UInt8] = { _ in Web.answer("{}") }
    try await Web.with(answer) { _, manifest in
      try await Web.with(answer) { other, event in
        try await WebClient.use(webOptions) { web in
          _ = try await HTTPFeed(event, credentials: secret.bound(to: manifest)).fetch(web)
        }
        #expect(other.heard.count == 1 && !other.heard.contains { $0.contains("secret-token") })
      }
    }
  }

  @Test(arguments: [
    ("https://a.example/x", "https://A.example:443/y", true), ("https://a.example/", "http://a.example/", false),
    ("https://a.example/", "https://a.example:8443/", false), ("https://a.example/", "https://b.a.example/", false),
  ])
  func `scheme, host and port make an origin`(one: String, other: String, isSame: Bool) throws {
    #expect(try WebAddress(one).isSameOrigin(as: WebAddress(other)) == isSame)
  }
}
