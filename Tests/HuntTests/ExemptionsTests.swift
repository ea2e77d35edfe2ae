import Indicators
import Names
import Testing

@testable import Hunt

@Suite("Own names and warninglists never alert") struct ExemptionsTests {
  @Test(
    arguments: [
      ("mail.example.gov", .own), ("example.gov", .own), ("notexample.gov", nil), ("192.0.2.7", .warninglist("prefixes")),
      ("192.0.3.7", nil), ("198.51.100.1", .warninglist("prefixes")), ("a.cdn.example", .warninglist("hosts")),
      ("cdn.example", .warninglist("hosts")), ("xcdn.example", nil), ("exact.example", .warninglist("strings")),
      ("a.exact.example", nil), ("some-part-here.example", .warninglist("parts")), ("n123.example", .warninglist("expressions")),
      ("n123.example.org", nil), ("N7.IN.example", .warninglist("marked")), ("n7.in.example.org", nil),
      // Of a URL the host counts (as in MISP); of an address of mail, one's own host alone.
      ("https://mail.example.gov/login", .own), ("boss@example.gov", .own), ("http://203.0.113.9:8080/x", .own),
      ("203.0.113.9", .own), ("203.0.114.9", nil), ("http://192.0.2.7/x", .warninglist("prefixes")),
      ("http://a.cdn.example/x?y=notexample.gov", .warninglist("hosts")), ("mallory@cdn.example", nil),
      ("http://notexample.gov/example.gov", nil),
    ] as [(String, Exemptions.Reason?)])
  func `each kind of list does what MISP says of it`(value: String, reason: Exemptions.Reason?) throws {
    func list(_ name: String, _ kind: Warninglist.Kind, _ values: String...) -> Warninglist {
      Warninglist(name: name, description: "", kind: kind, values: values)
    }
    let exemptions = try Exemptions(
      own: [try DomainName("example.gov")], ownPrefixes: [try #require(IPPrefix("203.0.113.0/24"))],
      warninglists: [
        list("prefixes", .cidr, "192.0.2.0/24", "198.51.100.1"), list("hosts", .hostname, "cdn.example", ".other.example"),
        list("strings", .string, "Exact.example"), list("parts", .substring, "-part-"),
        list("expressions", .regex, "^n[0-9]+\\.example$"), list("marked", .regex, "/^n[0-9]+\\.in\\.example$/i"),
      ])
    #expect(exemptions.reason(for: value) == reason)
  }

  private func exemptions(_ kind: Warninglist.Kind, _ values: String...) throws(Exemptions.Fault) -> Exemptions {
    try Exemptions(
      own: [], warninglists: [Warninglist(name: "list", description: "", kind: kind, values: values)])
  }

  @Test(
    arguments: [
      (.hostname, ".", "every name is below it. Take it out."), (.hostname, "..", "every name is below it. Take it out."),
      (.cidr, "0.0.0.0/0", "every address is in it. Take it out."), (.cidr, "::/0", "every address is in it. Take it out."),
      (.cidr, "192.0.2.7/0", "every address is in it. Take it out."),
      (.cidr, "192.0.2.0/33", "this is no address and no block. Write it as in 192.0.2.0/24."),
      (.cidr, "cdn.example", "this is no address and no block. Write it as in 192.0.2.0/24."),
    ] as [(Warninglist.Kind, String, String)])
  func `a value that would silence everything, or can be no address, is a fault of its list`(
    kind: Warninglist.Kind, value: String, reason: String
  ) {
    #expect(throws: Exemptions.Fault(list: "list", value: value, reason: reason)) {
      try exemptions(kind, "192.0.2.0/24", value)
    }
  }

  @Test func `what is no name silences nothing, and the rest of its list counts`() throws {
    let exemptions = try exemptions(.hostname, "a..example", "cdn.example")
    #expect(exemptions.reason(for: "cdn.example") == .warninglist("list"))
    #expect(exemptions.reason(for: "a.example") == nil)
  }

  @Test func `an address is no name, whatever its last number`() throws {
    // The name 66 is above the name 192.0.2.66.
    let names = try exemptions(.hostname, "66", "192.0.2.67")
    #expect(names.reason(for: "192.0.2.66") == nil)
    #expect(names.reason(for: "http://192.0.2.66/") == nil)
    #expect(names.reason(for: "192.0.2.67") == .warninglist("list"))
    #expect(names.reason(for: "a.66") == .warninglist("list"))
  }

  @Test func `a block covers what it holds, however it is written`() throws {
    let blocks = try exemptions(.cidr, "192.0.2.7/24", "2001:DB8::1/32")
    #expect(blocks.reason(for: "192.0.2.66") == .warninglist("list"))
    #expect(blocks.reason(for: "192.0.3.66") == nil)
    #expect(blocks.reason(for: "2001:db8:1::") == .warninglist("list"))
  }
}
