import Testing

/// Lines as these programs write them, by their documentation or source.
@Suite("Indicators in logs: values with something before, behind or between them") struct JoinedValuesTests {
  static let values = [
    "evil.example", ".wild.example", "192.0.2.7", "2001:db8:1::7", "198.51.100.0/24", "2001:db8:2::/48",
    "http://bad.example/path/x", "d41d8cd98f00b204e9800998ecf8427e", "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "phish@mail.example", "::ffff:203.0.113.0/120",
  ]

  @Test(
    arguments: [
      // Squid, Java, Cisco ASA, git.
      ("1 TCP_TUNNEL/200 1 CONNECT good.example:443 - HIER_DIRECT/192.0.2.7 -", ["192.0.2.7"]),
      ("1 TCP_MISS/200 1 GET x - FIRSTUP_PARENT/2001:db8:1::7 -", ["2001:db8:1::7"]),
      ("Connection to localhost/192.0.2.7:8080 refused", ["192.0.2.7"]),
      ("%ASA-4-106023: Deny tcp src outside:192.0.2.7/4242 dst inside:10.0.0.1/22", ["192.0.2.7"]),
      ("%ASA-6-302013: Built for outside:2001:db8:1::7/443 (2001:db8:1::7/443)", ["2001:db8:1::7"]),
      ("objects/d41d8cd98f00b204e9800998ecf8427e/x", ["d41d8cd98f00b204e9800998ecf8427e"]),
      // SPF (RFC 7208 §5), routes.
      (
        "v=spf1 ip4:198.51.100.0/24 ip6:2001:db8:2::/48 include:evil.example -all",
        ["198.51.100.0", "2001:db8:2::", "evil.example"]
      ),
      ("inet6 2001:db8:1::7/64 scope global", ["2001:db8:1::7"]),
      // RFC 5321 §4.1.3, tcpdump, HAProxy, Unbound.
      ("relay=[IPv6:2001:db8:1::7], dsn=2.0.0", ["2001:db8:1::7"]),
      ("IP6 2001:db8:1::7.53 > 2001:db8::1.4242: 1 A", ["2001:db8:1::7"]),
      ("haproxy[1]: 2001:db8:1::7:51234 [28/Nov/2026] http-in", ["2001:db8:1::7"]),
      ("ads.test. inform 2001:db8:1::7@1234 x.test. A IN", ["2001:db8:1::7"]),
      ("addr:2001:db8:1::7 src:2001:db8:1::7", ["2001:db8:1::7"]),
      // Numbers that are part of another value.
      ("192.0.2.7.test:53 192.0.2.7.99999 192.0.2.7.1:53", []),
      // Mail.
      ("rua=mailto:phish@mail.example SMTP:Phish@mail.example", ["phish@mail.example", "Phish@mail.example"]),
      // Hashes: sshd, files, Zeek's extracted files.
      ("RSA MD5:d4:1d:8c:d9:8f:00:b2:04:e9:80:09:98:ec:f8:42:7e", ["d4:1d:8c:d9:8f:00:b2:04:e9:80:09:98:ec:f8:42:7e"]),
      (
        "SHA1:DA:39:A3:EE:5E:6B:4B:0D:32:55:BF:EF:95:60:18:90:AF:D8:07:09",
        ["DA:39:A3:EE:5E:6B:4B:0D:32:55:BF:EF:95:60:18:90:AF:D8:07:09"]
      ),
      ("d41d8cd98f00b204e9800998ecf8427e.exe", ["d41d8cd98f00b204e9800998ecf8427e"]),
      ("extract-d41d8cd98f00b204e9800998ecf8427e md5_d41d8cd98f00b204e9800998ecf8427e", ["d41d8cd98f00b204e9800998ecf8427e"]),
      (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855.exe",
        ["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"]
      ),
      ("d41d8cd98f00b204e9800998ecf8427ee.exe xd41d8cd98f00b204e9800998ecf8427e", []),
      // A block of mapped addresses (RFC 4291 §2.5.5.2).
      ("from 203.0.113.5 and ::ffff:203.0.113.9", ["203.0.113.5", "::ffff:203.0.113.9"]),
      // Escapes: rsyslog, nginx, URLs, JSON in a text, terminals.
      ("a#011evil.example#011192.0.2.7", ["evil.example", "192.0.2.7"]),
      (#""x\x22evil.example" \x2c192.0.2.7"#, ["evil.example", "192.0.2.7"]),
      ("url=http%3A%2F%2Fevil.example%2F", ["evil.example"]),
      (#"msg="a\nphish@mail.example\tevil.example \u003cevil.example\u003e""#, ["phish@mail.example", "evil.example"]),
      ("\u{1B}[31mevil.example\u{1B}[0m \u{1B}[1;32m192.0.2.7", ["evil.example", "192.0.2.7"]),
      (#"nevil.example C:\nevil.example.txt"#, []),
      // One value of one field is told once.
      ("evil.example evil.example http://evil.example/", ["evil.example"]),
    ] as [(String, [String])])
  func `are found without it`(line: String, expected: [String]) throws {
    for log in [line, "first\n\(line)\nand the line behind it"] {
      let found = try LogMatcherTests.hits(Self.values, in: log).map { $0.split(separator: " ")[1] }
      #expect(found.map(String.init) == expected)
    }
  }

  static let zeek = "#separator \\x09\n#path\tdns\n#fields\tts\tquery\n#types\ttime\tstring\n"

  /// Labels with octets that no host has: tunnels use them (RFC 1035 §5.1, Zeek's own escapes).
  @Test(
    arguments: [
      (zeek + #"1.0"# + "\t" + #"\xbc\xc8a.wild.example"#, [#"\xbc\xc8a.wild.example"#]),
      (zeek + "1.0\ta b.wild.example", ["a b.wild.example"]), (zeek + "1.0\ta/b.wild.example", ["a/b.wild.example"]),
      (zeek + "1.0\tx/wild.example", []), (zeek + #"1.0"# + "\t" + #"x\.wild.example"#, []),
      (#"client @0x1 10.0.0.1#1 (a): query: \188\200a.wild.example IN NULL"#, [#"\188\200a.wild.example"#]),
      (#"client @0x1 10.0.0.1#1 (a): query: a\.b.wild.example IN A"#, [#"a\.b.wild.example"#]),
      ("dnsmasq[1]: query[A] a/b.wild.example from 10.0.0.1", ["a/b.wild.example"]),
      // Lines of dnsmasq that have its words in another sense, and texts in answers.
      (
        "dnsmasq[1]: query[A] a.test from 10.0.0.1\ndnsmasq[1]: nameserver 192.0.2.7 refused to do a recursive query",
        ["192.0.2.7"]
      ),
      ("dnsmasq[1]: reply foo.test is v=spf1 include:evil.example ip4:192.0.2.7", ["evil.example", "192.0.2.7"]),
      (
        "dnsmasq[1]: not giving name evil.example to the DHCP lease of 192.0.2.7 because the name exists",
        ["evil.example", "192.0.2.7"]
      ),
      ("dnsmasq[1]: forwarded evil.example to 192.0.2.7", ["evil.example", "192.0.2.7"]),
      // Lines that begin as JSON and go on otherwise.
      (#"{"p":"C:\","b":"evil.example"}"#, ["evil.example"]), (#"{"a":"5" disk","host":"evil.example"}"#, ["evil.example"]),
      (#"{"a":"b","c":evil.example}"#, ["evil.example"]), (#"{"a":"b","c":192.0.2.7}"#, ["192.0.2.7"]),
      (#"{"":"192.0.2.7"}"#, ["192.0.2.7"]), (#"{"a":"b","""":"192.0.2.7"}"#, ["192.0.2.7"]),
      (#"{"a":1.5e3,"b":true,"c":null,"d":false,"e":-1E+2,"f":"evil.example"}"#, ["evil.example"]),
    ])
  func `are found in fields as they are spelled`(log: String, expected: [String]) throws {
    let found = try LogMatcherTests.hits(Self.values, in: log + "\n").map { hit in
      String(hit.drop { $0 != " " }.dropFirst().prefix { _ in true })
    }
    #expect(found.map { value in expected.first { value.hasPrefix($0 + " ") } ?? value } == expected)
  }
}
