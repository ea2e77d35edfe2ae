import Indicators
import Names
import Notation
import Testing

/// Lines as published lists have them.
@Suite("Lists as they are published") struct PlainListFormsTests {
  static func read(_ text: String) -> Publication { PlainList.read(Array(text.utf8)) }

  /// What a text says; `.name` is a name and all below it, `*.name` what is below it.
  static func values(_ text: String) -> [String] {
    read(text).indicators.map { indicator in
      guard case .value(let observable) = indicator.criterion else { return "" }
      return switch observable {
      case .name(_, .below): "*." + observable.value
      case .name(_, .wholeAndBelow): "." + observable.value
      default: observable.value
      }
    }
  }

  /// Spamhaus DROP, and lists that people write.
  @Test(arguments: [
    (
      "; Spamhaus DROP List 2024/05/02\n1.10.16.0/20 ; SBL256894\n2001:678:738::/48 ; SBL632164\n",
      ["1.10.16.0/20", "2001:678:738::/48"]
    ),
    ("198.51.100.0/24 # c", ["198.51.100.0/24"]), ("198.51.100.0/24 ;c", ["198.51.100.0/24"]),
    ("evil.example // c", ["evil.example"]), ("http://evil.example/a#b # c", ["http://evil.example/a#b"]),
    ("http://evil.example//a", ["http://evil.example//a"]), ("\"evil.example\",", ["evil.example"]),
  ]) func `what follows a blank and the mark of a comment is one`(text: String, expected: [String]) {
    #expect(Self.values(text) == expected && Self.read(text).remarks.isEmpty)
  }

  @Test(arguments: [
    ("10.1.0.0/16, 192.168.0.0/16", ["10.1.0.0/16", "192.168.0.0/16"]), ("a.example,b.example", ["a.example", "b.example"]),
    ("a.example b.example\tc.example", ["a.example", "b.example", "c.example"]),
    ("\"a.example\", \"b.example\",", ["a.example", "b.example"]), ("203.0.113.1 203.0.113.2", ["203.0.113.1", "203.0.113.2"]),
    ("185.20.187.8 mail.gov.example", ["185.20.187.8", "mail.gov.example"]),
    ("2001:db8::1 mail2.gov.example", ["2001:db8::1", "mail2.gov.example"]),
    ("http://a.example/x,http://b.example/y", ["http://a.example/x", "http://b.example/y"]),
    // The commas are the URL's.
    ("http://a.b.evil.test/x,y?q=1", ["http://a.b.evil.test/x,y?q=1"]),
  ]) func `several values of one kind are each one`(text: String, expected: [String]) {
    #expect(Self.values(text) == expected && Self.read(text).remarks.isEmpty)
  }

  /// The first is of Bambenek's feeds: name, description, day, and a page about it.
  @Test(arguments: [
    (
      "evil.example,Domain used by banjori,2024-05-02 00:07,http://osint.bambenekconsulting.com/manual/banjori.txt",
      "evil.example"
    ),
    ("198.51.100.0/24,c", "198.51.100.0/24"), ("evil.example,http://reference.example/x", "evil.example"),
    ("\"evil.example\",\"2024-05-02\",\"http://reference.example/x\"", "evil.example"),
    ("efax[.]evil[.]example/eFax/37486[.]ZIP,URL,,URL WATCHLIST,,,TLP:WHITE,what it is", "efax.evil.example/eFax/37486.ZIP"),
  ]) func `of a row the first field is the value, and the rest is told once`(row: String, expected: String) {
    #expect(Self.values(row) == [expected])
    let publication = Self.read(row + "\nworse.example,high\n")
    #expect(publication.indicators.count == 2)
    #expect(publication.remarks.map(\.cause) == [.unsupported("what follows the first comma, in this line and below")])
  }

  /// URLhaus, PhishTank and ThreatFox as tables, a rule of an intrusion detection system, a user agent, and prose.
  @Test(arguments: [
    "\"2830001\",\"2024-05-02 09:30:08\",\"http://117.194.220.31:42317/i\",\"online\",\"https://urlhaus.abuse.ch/url/2830001/\"",
    "8563561,https://evil.example/a,http://www.phishtank.com/phish_detail.php?phish_id=8563561,yes,Other",
    "\"2024-05-02 09:30:21\", \"1266001\", \"45.9.74.12:8080\", \"ip:port\", \"https://search.censys.io/hosts/45.9.74.12\"",
    "alert ip [1.10.16.0/20,1.19.0.0/16] any -> $HOME_NET any (reference:url,www.spamhaus.org/drop/drop.lasso;)",
    "Mozilla/5.0 (Windows NT 10.0)", "Mozilla/5.0", "192.168.0.0/16 is private",
    "Rate limit exceeded. Try again at http://x.example/help", "See our blog post at https://blog.talosintelligence.com/x",
    "See https://www.cisa.gov/tlp", "evil.example, which is seen at http://x.example/", "evil.example http://reference.example/x",
    "http://evil.example/a b", "http://evil.example/\"a\"", "domain: evil.example", "| 192.0.2.66 | C2 |",
    "45.143.200.0\t45.143.200.255\t24\t5123\tEVIL-NET\tNL\tabuse@evilhost.example",
  ]) func `what is no value and no row of one is told, and gives nothing`(line: String) {
    let publication = Self.read(line)
    #expect(publication.indicators.isEmpty)
    #expect(publication.remarks.map(\.cause) == [.notOfType(type: "", value: line)])
  }

  /// The head of StevenBlack's list.
  static let hosts = """
    127.0.0.1 localhost
    127.0.0.1 localhost.localdomain
    127.0.0.1 local
    255.255.255.255 broadcasthost
    ::1 localhost
    ::1 ip6-localhost
    ::1 ip6-loopback
    fe80::1%lo0 localhost
    ff00::0 ip6-localnet
    ff02::1 ip6-allnodes
    0.0.0.0 0.0.0.0

    """

  @Test func `the head of a hosts file means no host, and the names below it are blocked`() {
    let publication = Self.read(Self.hosts)
    #expect(publication.indicators.isEmpty && publication.remarkCounts == [.unsupported: 11])
    #expect(publication.remarks.first?.cause.sentence == "This cannot be looked for: localhost means no host on the net.")
    #expect(
      Self.values(Self.hosts + "0.0.0.0 ads.evil.example\n0.0.0.0 b.example c.example # d\n127.0.0.1\te.example\n:: f.example\n")
        == ["ads.evil.example", "b.example", "c.example", "e.example", "f.example"])
  }

  @Test(arguments: ["0.0.0.0", "127.0.0.1", "127.1.2.3", "::", "::1", "255.255.255.255", "127.0.0.0/8", "localhost."])
  func `what means no host on the net is told`(value: String) throws {
    let cause = Publication.Remark.Cause.unsupported((value.hasSuffix(".") ? "localhost" : value) + " means no host on the net")
    #expect(Self.read(value).remarks.map(\.cause) == [cause] && Self.values(value).isEmpty)
    let table = try USCERTTests.read("INDICATOR_VALUE,TYPE\n\(value),\(value.hasPrefix("l") ? "FQDN" : "IP")\n")
    #expect(table.remarks.map(\.cause) == [cause] && table.indicators.isEmpty)
  }

  @Test(arguments: ["*.com", ".gov", "com."]) func `one label means a whole top-level domain, and is told`(name: String) throws {
    let label = name.contains("com") ? "com" : "gov"
    let cause = Publication.Remark.Cause.unsupported(label + " means a whole top-level domain")
    #expect(Self.read(name).remarks.map(\.cause) == [cause] && Self.values(name).isEmpty)
    let table = try USCERTTests.read("INDICATOR_VALUE,TYPE\n\(name),FQDN\n\(label),FQDN\n")
    #expect(table.remarks.map(\.cause) == [cause, cause] && table.indicators.isEmpty)
  }

  static let blocks: [(String, [String])] = [
    // dnsmasq(8): a name means all below it too.
    ("address=/evil1.example/", [".evil1.example"]), ("address=/evil2.example/0.0.0.0", [".evil2.example"]),
    ("address=/evil3.example/#", [".evil3.example"]), ("server=/a.example/b.example/", [".a.example", ".b.example"]),
    ("local=/evil5.example/", [".evil5.example"]), ("address=/www.example/192.0.2.1", []),
    ("server=/corp.example/10.0.0.1", []), ("address=/#/", []),
    // Ad blockers: what is let through, is for some pages only, or hides a part of a page, blocks nothing.
    ("[Adblock Plus]\n! Homepage: https://gitlab.com/malware-filter\n||evil1.example^\n", [".evil1.example"]),
    ("||evil2.example^$all", [".evil2.example"]), ("||192.0.2.44^", ["192.0.2.44"]), ("@@||good.example^", []),
    ("||ads.example^$domain=a.example", []), ("||evil.example/path^", []), ("evil.example##.ad", []),
    // Response policy zones: no such name, no data, no answer; and what lets through, or is another trigger than a name.
    ("evil1.example CNAME . ; Malware, see https://urlhaus.abuse.ch/host/evil1.example/", ["evil1.example"]),
    ("*.evil2.example 300 IN CNAME *.", ["*.evil2.example"]), ("evil3.example cname rpz-drop.", ["evil3.example"]),
    ("evil3.example CNAME rpz-passthru.", []), ("24.0.100.51.198.rpz-ip CNAME .", []),
    ("ns.evil.example.rpz-nsdname CNAME .", []),
    ("evil.example.rpz.zone. CNAME .", []), ("$TTL 30", []),
    ("@ SOA rpz.urlhaus.abuse.ch. hostmaster.urlhaus.abuse.ch. 2405020931 300 1800 604800 30", []),
  ]

  @Test(arguments: blocks) func `what another program blocks is read where it blocks a name`(text: String, expected: [String]) {
    #expect(Self.values(text) == expected)
    #expect(Self.read(text).remarkCount == (expected.isEmpty ? 1 : 0))
  }
}

@Suite("TLP 2.0: a marking at the head of a list or a table") struct HeadMarkingTests {
  static func markings(_ text: String) throws -> [TLP?] {
    let publication = try Publication(Array(text.utf8))
    return [publication.marking] + publication.indicators.map(\.marking)
  }

  @Test(
    arguments: [
      ("# TLP:AMBER\n# Do not share\n", .amber), ("TLP:AMBER\n", .amber), ("; tlp: green\n", .green),
      ("# TLP:AMBER+STRICT (members)\n", .amberStrict), ("TLP:AMBER STRICT\n", .amberStrict), ("TLP:RED//NOFORN\n", .red),
      ("## TLP:CLEAR        #\n", .clear), ("# TLP:GREEN - Community only\n", .green), ("# TLP:GREEN\n# TLP:RED\n", .red),
      // A label that is none may go nowhere.
      ("# TLP:PURPLE\n", .red),
      // Spoken of.
      ("# See https://www.cisa.gov/tlp for TLP\n", nil), ("# TLP:RED means that it stays here\n", nil),
      ("# TLP: see below\n", nil),
      ("# This is TLP:AMBER\n", nil), ("# Red\n", nil), ("tlp.example\n", nil),
    ] as [(String, TLP?)])
  func `marks all below it that has no marking of its own`(head: String, marking: TLP?) throws {
    #expect(try Self.markings(head + "evil.example\n").allSatisfy { $0 == marking })
    let table = "INDICATOR_VALUE,TYPE,HANDLING\nevil.example,FQDN,\nworse.example,FQDN,TLP:CLEAR\n"
    let read = try Self.markings(head + table)
    #expect(read.dropFirst() == [marking, .clear] && read[0] == (marking ?? .clear))
  }

  @Test func `a label that is none is told`() throws {
    for rest in ["evil.example\n", "INDICATOR_VALUE,TYPE\nevil.example,FQDN\n"] {
      let publication = try Publication(Array(("# TLP:PURPLE\n" + rest).utf8))
      #expect(publication.remarks.map(\.cause) == [.unreadableMarking("TLP:PURPLE")])
    }
  }
}
