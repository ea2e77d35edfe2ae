import Estate
import Names
import Testing

@Suite("How a server is written") struct ServerTests {
  @Test(arguments: [
    ("192.0.2.53", "192.0.2.53:53"), ("192.0.2.53:5353", "192.0.2.53:5353"), ("2001:db8::53", "[2001:db8::53]:53"),
    ("[2001:db8::53]", "[2001:db8::53]:53"), ("[2001:db8::53]:5353", "[2001:db8::53]:5353"),
    ("tls://9.9.9.9", "tls://9.9.9.9:853"), ("tls://9.9.9.9#dns.quad9.net", "tls://9.9.9.9:853#dns.quad9.net"),
    ("tls://[2620:fe::fe]:8853#dns.quad9.net", "tls://[2620:fe::fe]:8853#dns.quad9.net"),
    ("tls://2620:fe::fe", "tls://[2620:fe::fe]:853"),
  ])
  func `reads and prints`(text: String, printed: String) throws {
    let server = try #require(Server(text))
    #expect("\(server)" == printed)
    #expect(Server(printed) == server)
  }

  @Test(arguments: [
    "", "dns.google", "192.0.2.256", "192.0.2.53:65536", "192.0.2.53:", "tls://", "tls://9.9.9.9#", "tls://dns.google",
    "https://9.9.9.9", "[::1",
  ])
  func `refuses what is no address`(text: String) { #expect(Server(text) == nil) }

  @Test func `orders by address, then by how to speak`() throws {
    let servers = try ["192.0.2.2", "tls://192.0.2.1:53", "192.0.2.1"].map { try #require(Server($0)) }
    #expect(servers.sorted().map(\.description) == ["192.0.2.1:53", "tls://192.0.2.1:53", "192.0.2.2:53"])
  }
}
