import Names
import Testing

@Suite("RFC 4291 §2.2 and RFC 5952 Addresses in text") struct AddressTests {
  @Test(
    arguments: [
      ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
      // RFC 4291 §2.2
      ("ABCD:EF01:2345:6789:ABCD:EF01:2345:6789", "abcd:ef01:2345:6789:abcd:ef01:2345:6789"),
      ("2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"), ("FF01:0:0:0:0:0:0:101", "ff01::101"),
      ("0:0:0:0:0:0:0:1", "::1"), ("0:0:0:0:0:0:0:0", "::"), ("::13.1.68.3", "::d01:4403"),
      ("::FFFF:129.144.52.38", "::ffff:129.144.52.38"),
      // RFC 5952 §1, 2.2, 4.2
      ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:0db8::0001:0000", "2001:db8::1:0"),
      ("2001:db8::0:1", "2001:db8::1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
      ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("1::", "1::"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
      ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
    ])
  func `an address has one text`(text: String, again: String) throws {
    let address = try #require(IPAddress(text))
    #expect(address.description == again)
    #expect(IPAddress(again) == address)
    let octets = address.octets
    #expect(IPAddress(octets: octets.span) == address)
    #expect(octets.count * 8 == address.bitWidth)
  }

  @Test(arguments: [
    "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", "1..2.3", "a.b.c.d", "1.2.3.-4", ":", ":::", "1::2::3",
    "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "12345::", "g::", "::1%eth0", "[::1]", "1:2:3:4:5:6:7:1.2.3.4",
    "::1.2.3", "1:", ":1", "::1:", "1.2.3.4::", "::ffff:1.2.3.4:5",
  ])
  func `what is no address is refused`(text: String) { #expect(IPAddress(text) == nil) }

  @Test func `loopback is the whole of 127, and ::1`() {
    for (text, isLoopback) in [
      ("127.0.0.1", true), ("127.255.0.9", true), ("128.0.0.1", false), ("::1", true), ("::2", false), ("::ffff:127.0.0.1", true),
      ("::ffff:192.0.2.1", false), ("1::1", false),
    ] { #expect(IPAddress(text)?.isLoopback == isLoopback) }
  }

  @Test(
    arguments: [
      ("192.0.2.0/24", "192.0.2.255", true), ("192.0.2.0/24", "192.0.3.0", false), ("0.0.0.0/0", "203.0.113.9", true),
      ("192.0.2.1/32", "192.0.2.1", true), ("192.0.2.1", "192.0.2.0", false), ("2001:db8::/32", "2001:db8:ffff::1", true),
      ("2001:db8::/32", "2001:db9::", false), ("2001:db8:0:0:8000::/65", "2001:db8::8000:0:0:1", true),
      ("2001:db8:0:0:8000::/65", "2001:db8::1", false), ("::/0", "::1", true), ("::/0", "0.0.0.0", false),
      ("::1/128", "::1", true), ("::1/128", "::2", false),
    ])
  func `a prefix holds its addresses and no others`(prefix: String, address: String, holds: Bool) throws {
    #expect(try #require(IPPrefix(prefix)).contains(#require(IPAddress(address))) == holds)
  }

  @Test(arguments: [
    "192.0.2.1/24", "192.0.2.0/33", "192.0.2.0/", "192.0.2.0/-1", "192.0.2.0/2x", "/24", "2001:db8::1/32", "::/129", "1/2/3",
  ])
  func `a prefix with bits past its length or without a legal length is refused`(text: String) { #expect(IPPrefix(text) == nil) }

  @Test(
    arguments: [
      ("192.0.2.53:5300", "192.0.2.53:5300"), ("192.0.2.53", "192.0.2.53:53"), ("[2001:db8::53]:853", "[2001:db8::53]:853"),
      ("2001:db8::53", "[2001:db8::53]:53"), ("[2001:db8::53]", "[2001:db8::53]:53"), ("192.0.2.53:0", "192.0.2.53:0"),
    ])
  func `a socket address has one text`(text: String, again: String) throws {
    let address = try #require(SocketAddress(text, defaultPort: 53))
    #expect(address.description == again)
    #expect(SocketAddress(again, defaultPort: 1) == address)
  }

  @Test(arguments: [
    "", ":53", "192.0.2.53:", "192.0.2.53:65536", "192.0.2.53:x", "192.0.2.53:+1", "[192.0.2.53]:53", "[2001:db8::53", "[::1]53",
    "[::1]:", "example.gov:53", "192.0.2.53:000053",
  ])
  func `what is no socket address is refused`(text: String) { #expect(SocketAddress(text, defaultPort: 53) == nil) }

  @Test func `IPv4 sorts before IPv6, each by value`() {
    let sorted = ["9.0.0.0", "10.0.0.0", "192.0.2.1", "::", "::1", "1::", "2001:db8::1"].compactMap { IPAddress($0) }
    #expect(sorted.reversed().sorted() == sorted && sorted.count == 7)
  }
}
