import Hunt
import Indicators
import Names
import Testing

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
}
