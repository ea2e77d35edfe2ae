import DNSWire
import Names
import Testing

@testable import Audit

@Suite("RFC 7208 §4.5, §4.6, §5, §6, §7.1, §12: the grammar of SPF records") struct SPFRecordTests {
  @Test(arguments: [
    ("v=spf1", true), ("v=spf1 -all", true), ("V=SPF1 -all", true), ("v=spf1 ", true),
    ("v=spf10", false), ("v=spf1-all", false), ("v=spf2.0/pra -all", false), ("v=spf1\t-all", false), ("", false),
    (" v=spf1", false),
  ])
  func `a record begins with the version and a space or the end (§4.5)`(text: String, isOne: Bool) {
    #expect(SPFRecord.isOne(Array(text.utf8)) == isOne)
  }

  @Test(arguments: [
    "", " -all  ", "  a  -all", "ALL", "-aLL", "?all", "~all", "+mX",
    // §12: all-terms; qualifiers; lengths
    "a", "a:example.com", "a/24", "a//64", "a/24//64", "a:example.com/24//64", "a/0", "a//0", "a/32//128", "mx:example.com/24",
    "a:example.com.", "a:foo:bar/baz.example.com", "a:xn--bcher-kva.example.xn--zckzah", "a:_spf.example.com", "a:example.c-m",
    "ip4:192.0.2.1", "ip4:192.0.2.0/24", "ip4:0.0.0.0/0", "ip6:2001:db8::1", "ip6:2001:db8::/32", "ip6:::/0", "IP4:192.0.2.1",
    "ptr", "ptr:example.com", "exists:%{i}._spf.example.com", "include:example.com",
    // §7.1, §7.3
    "exists:%{ir}.%{l1r-}.%{d2}", "exists:%{S}.example.com", "exists:%{l1r+-/_=,.}.example.com", "exists:%%.example.com",
    "a:%{d}",
    "exists:example.com%{d}", "include:%{d1}.%_%-.example.com", "a:%{h}/24",
    // §6
    "redirect=example.com", "exp=explain.%{d}", "-all redirect=example.com", "moo=cow", "moo=", "a-b_c.d1=%{s}%%%_%{r}",
    "default=pass",
    "exp=a.example.com redirect=b.example.com",
  ])
  func `reads what the grammar allows`(terms: String) throws {
    _ = try SPFRecord(Array("v=spf1 \(terms)".utf8))
  }

  @Test(arguments: [
    // §5.1 to §5.7
    "all.", "all:example.com", "all/8", "-al", "moo", "-", "+", "include", "include:", "include:example.com/24", "include/24",
    "exists", "exists:", "exists:example.com/24", "exists/8", "ptr:", "ptr/0", "ptr:example.com/24", "redirect:example.com",
    "a:", "a:example", "a:museum.", "a:111.222.33.44", "a:example.com:8080", "a:example.-com", "a:example.com-", "a:foo..",
    "a/33", "a/-1", "a/024", "a//129", "a//0128", "a/", "a//", "a/24/64", "a:/24", "a:example.com/24x", "a:ex ample.com",
    "-redirect=a.b",
    "mx:", "mx/33", "mx//129", "mx:example",
    "ip4", "ip4:", "ip4:192.0.2", "ip4:192.0.2.1/33", "ip4:192.0.2.1/", "ip4:192.0.2.1/032", "ip4:192.0.2.1//32",
    "ip4:2001:db8::1",
    "ip4:192.0.2.1:8080", "ip4:192.0.2.01", "ip4/24", "ip6", "ip6:", "ip6:192.0.2.1", "ip6:2001:db8::1/129",
    "ip6:2001:db8::1//33",
    "ip6:::1%eth0", "ipv4:192.0.2.1",
    // §7.1
    "exists:%", "exists:%x.example.com", "exists:%{", "exists:%{}.example.com", "exists:%{i.example.com",
    "exists:%{a}.example.com",
    "exists:%{d0}.example.com", "exists:%{d00r}.example.com", "exists:%{dx}.example.com", "exists:%{dr2}.example.com",
    "exists:%{c}.example.com", "exists:%{t}.example.com", "exists:%(ir).example.com", "exists:%{d}com",
    // §6
    "redirect=", "redirect=example", "exp=", "redirect=a.example.com redirect=b.example.com", "exp=a.b exp=c.d", "=all", "1a=b",
    "moo=%", "moo=%abc", "moo=%{z}", "redirect=a.example.com/24",
    "a:b\u{00E9}.example.com", "-all\u{7F}", "a:\u{01}.example.com", "\u{00E9}", "-all\t",
  ])
  func `refuses what the grammar does not allow, and names the term`(terms: String) {
    let error = #expect(throws: SPFRecord.Fault.self) { try SPFRecord(Array("v=spf1 \(terms)".utf8)) }
    #expect(error.map { !$0.term.isEmpty } ?? false)
  }

  @Test func `what is read is what is written`() throws {
    let record = try SPFRecord(Array("v=spf1 ?a:w.example.com/25//65 ~mx -include:%{d}.b.example.com ip6:2001:db8::/32 all".utf8))
    let name = try DomainName("w.example.com")
    #expect(record.directives.map(\.qualifier) == [.neutral, .softFail, .fail, .pass, .pass])
    guard case .a(let host, v4: 25, v6: 65) = record.directives[0].mechanism,
      case .mx(nil, v4: 32, v6: 128) = record.directives[1].mechanism,
      case .include(let pattern) = record.directives[2].mechanism, case .ip(let prefix) = record.directives[3].mechanism
    else {
      Issue.record("\(record)")
      return
    }
    #expect(host?.name == name && pattern.name == nil && pattern.hasMacros)
    #expect(prefix == IPPrefix("2001:db8::/32") && record.directives[4].mechanism == .all)
  }

  @Test func `strings of a TXT record are put together without a space (§3.3)`() throws {
    let text = try RData(type: .txt, text: "\"v=spf1 ip4:192.0.2.1 -a\" \"ll\"", origin: nil)
    let record = try SPFRecord(try #require(TXT(text)).joined)
    #expect(record.refusesEverybody == false && record.directives.last?.mechanism == .all)
  }

  @Test func `a record of 65,000 octets is read, in reasonable time`() throws {
    let terms = Array(repeating: "ip4:192.0.2.1", count: 4500).joined(separator: " ")
    let start = ContinuousClock.now
    #expect(try SPFRecord(Array("v=spf1 \(terms) -all".utf8)).directives.count == 4501)
    #expect(start.duration(to: .now) < .seconds(5))
    for hostile in ["%", "%{", "a:", "/", ".", "=", "%{d", "a/"] {
      let text = Array("v=spf1 a:\(String(repeating: hostile, count: 19_999))".utf8)
      #expect(throws: SPFRecord.Fault.self) { try SPFRecord(text) }
    }
  }
}
