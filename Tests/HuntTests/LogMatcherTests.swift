import Hunt
import Indicators
import Names
import Notation
import Telemetry
import Testing

@Suite("Indicators in logs: what meets what") struct LogMatcherTests {
  static func indicator(_ observable: Observable, _ change: (inout Indicator) -> Void = { _ in }) -> Indicator {
    var indicator = Indicator(
      id: observable.value, place: TextPlace(line: 1, column: 1), criterion: .pattern(Pattern(observable.comparison)))
    change(&indicator)
    return indicator
  }

  static func watchlist(_ values: [String], below: Bool = false) throws -> Watchlist {
    var watchlist = Watchlist()
    watchlist.add(
      try values.map { indicator(try #require(Observable.detect($0))) }, source: 0, at: Timestamp(seconds: 1_800_000_000),
      below: below)
    return watchlist
  }

  /// `line field value manner indicator`, in the order of the log.
  static func hits(_ values: [String], in log: String, below: Bool = false) throws -> [String] {
    let octets = Array(log.utf8)
    let (reader, watchlist) = (LogReader(head: octets), try watchlist(values, below: below))
    var (fields, hits) = ([LogField](), [LogMatcher.Hit]())
    _ = reader.read(octets.span, &fields)
    LogMatcher(watchlist).match(octets.span, fields, &hits)
    return hits.map { "\($0.line + 1) \($0.value) \($0.manner.rawValue) \(watchlist.entries[$0.entry].observable.value)" }
  }

  @Test(
    arguments: [
      // Names: whole, or below at a label's border where the indicator says so; in any case, with a final dot or without.
      ("evil.example", "evil.example", ["1 evil.example whole evil.example"]),
      ("evil.example", "EVIL.Example.", ["1 EVIL.Example whole evil.example"]),
      ("evil.example", "www.evil.example", []), ("evil.example", "notevil.example", []), ("evil.example", "evil.example.org", []),
      (".evil.example", "www.evil.example", ["1 www.evil.example below evil.example"]),
      (".evil.example", "evil.example", ["1 evil.example whole evil.example"]), (".evil.example", "notevil.example", []),
      ("*.evil.example", "a.b.evil.example", ["1 a.b.evil.example below evil.example"]), ("*.evil.example", "evil.example", []),
      // Addresses, exactly or by prefix; with a port.
      ("192.0.2.66", "from 192.0.2.66:443 to", ["1 192.0.2.66 whole 192.0.2.66"]), ("192.0.2.66", "192.0.2.6", []),
      ("192.0.2.6", "192.0.2.66", []), ("192.0.2.66", "1192.0.2.66", []), ("192.0.2.66", "192.0.2.066", []),
      ("192.0.2.0/24", "x=192.0.2.66,", ["1 192.0.2.66 prefix 192.0.2.0/24"]), ("192.0.2.0/24", "192.0.3.66", []),
      ("2001:db8::66", "[2001:DB8:0::66]:443", ["1 2001:DB8:0::66 whole 2001:db8::66"]),
      ("2001:db8::/32", "2001:db8:1::1", ["1 2001:db8:1::1 prefix 2001:db8::/32"]), ("2001:db8::/32", "2001:db9::1", []),
      // URLs: as they are, and by their host.
      ("http://evil.example/a", "get http://evil.example/a ok", ["1 http://evil.example/a whole http://evil.example/a"]),
      ("http://evil.example/a", "get http://evil.example/b", ["1 evil.example host http://evil.example/a"]),
      ("http://evil.example/a", "evil.example", ["1 evil.example host http://evil.example/a"]),
      ("http://192.0.2.66:8080/a", "192.0.2.66", ["1 192.0.2.66 host http://192.0.2.66:8080/a"]),
      ("evil.example", "https://u@evil.example:8443/x?y=z", ["1 evil.example whole evil.example"]),
      // Hashes and fingerprints, in any case, with colons or without.
      (
        "d41d8cd98f00b204e9800998ecf8427e", "md5=D41D8CD98F00B204E9800998ECF8427E",
        ["1 D41D8CD98F00B204E9800998ECF8427E whole d41d8cd98f00b204e9800998ecf8427e"]
      ),
      (
        "da39a3ee5e6b4b0d3255bfef95601890afd80709", "DA:39:A3:EE:5E:6B:4B:0D:32:55:BF:EF:95:60:18:90:AF:D8:07:09",
        ["1 DA:39:A3:EE:5E:6B:4B:0D:32:55:BF:EF:95:60:18:90:AF:D8:07:09 whole da39a3ee5e6b4b0d3255bfef95601890afd80709"]
      ),
      ("d41d8cd98f00b204e9800998ecf8427e", "d41d8cd98f00b204e9800998ecf8427ee", []),
      // A key before a value, and what stands around one.
      ("192.0.2.66", "src:192.0.2.66", ["1 192.0.2.66 whole 192.0.2.66"]),
      ("192.0.2.66", "{udp:192.0.2.66:53}", ["1 192.0.2.66 whole 192.0.2.66"]),
      ("evil.example", "DNS:evil.example, include:other.example", ["1 evil.example whole evil.example"]),
      (
        "evil.example", "say “evil.example” or «Evil.example», evil.example",
        ["1 evil.example whole evil.example", "1 Evil.example whole evil.example"]
      ),
      (
        "d41d8cd98f00b204e9800998ecf8427e", "md5:d41d8cd98f00b204e9800998ecf8427e",
        ["1 d41d8cd98f00b204e9800998ecf8427e whole d41d8cd98f00b204e9800998ecf8427e"]
      ),
      ("192.0.2.66", "IP 10.0.0.5.53412 > 192.0.2.66.53: 1234+ A? x.example. (32)", ["1 192.0.2.66 whole 192.0.2.66"]),
      ("192.0.2.66", "forward to 192.0.2.66@53 now", ["1 192.0.2.66 whole 192.0.2.66"]),
      // IPv6: mapped (RFC 4291 §2.5.5.2), of a zone (RFC 4007 §11), with its last groups left away.
      ("192.0.2.66", "client ::ffff:192.0.2.66 asks", ["1 ::ffff:192.0.2.66 whole 192.0.2.66"]),
      ("::ffff:192.0.2.66", "client 192.0.2.66 asks", ["1 192.0.2.66 whole ::ffff:192.0.2.66"]),
      ("2001:db8::66", "via 2001:db8::66%eth0 out", ["1 2001:db8::66 whole 2001:db8::66"]),
      ("2001:db8:9::", "net 2001:db8:9::, so", ["1 2001:db8:9:: whole 2001:db8:9::"]),
      ("2001:db8::66", "get http://[2001:db8::66]:8080/x", ["1 2001:db8::66 whole 2001:db8::66"]),
      // The same URL, written otherwise (RFC 3986 §6.2.2, §6.2.3); without its scheme; behind a key; in another.
      (
        "http://Evil.example:80/A?q#f", "get HTTP://evil.EXAMPLE/A?q ok",
        ["1 HTTP://evil.EXAMPLE/A?q whole http://Evil.example:80/A?q#f"]
      ),
      ("http://evil.example/A", "get http://evil.example/a ok", ["1 evil.example host http://evil.example/A"]),
      ("evil.example/a.zip", "get https://evil.example/a.zip", ["1 https://evil.example/a.zip whole evil.example/a.zip"]),
      ("http://evil.example/a", "url:http://evil.example/a", ["1 http://evil.example/a whole http://evil.example/a"]),
      (
        "http://evil.example/a", "http://b.example/?to=http://evil.example/a",
        ["1 http://evil.example/a whole http://evil.example/a"]
      ),
      // A name in its displayed form.
      ("bücher.example", "see bücher.example and", ["1 bücher.example whole xn--bcher-kva.example"]),
      ("xn--bcher-kva.example", "http://Bücher.example/a", ["1 Bücher.example whole xn--bcher-kva.example"]),
      // E-mail addresses, and the host of one.
      ("a@evil.example", "to=<A@Evil.Example>", ["1 A@Evil.Example whole a@evil.example"]),
      ("evil.example", "to=<b@evil.example>", ["1 evil.example whole evil.example"]),
    ] as [(String, String, [String])])
  func `a value in a line of words`(value: String, line: String, expected: [String]) throws {
    #expect(try Self.hits([value], in: "first\n" + line).map { "1" + $0.drop { $0 != " " } } == expected)
    #expect(try Self.hits([value], in: "first\n" + line).allSatisfy { $0.hasPrefix("2 ") })
    // Far from both ends of the text, where a value is not read unless its hash is known.
    let inside = "the first line\n\(line)\nand the line behind it"
    #expect(try Self.hits([value], in: inside).map { "1" + $0.drop { $0 != " " } } == expected)
  }

  @Test(arguments: UInt8.min...UInt8.max)
  func `letters, digits, plus, tilde and what is beyond ASCII go on with a word; all else ends it`(
    octet: UInt8
  ) throws {
    let goesOn = octet >= 0x80 || (octet | 0x20) &- 0x61 < 26 || octet &- 0x30 < 10 || "_+~".utf8.contains(octet)
    let log = Array("a line\nin another line ".utf8) + [octet] + Array("evil.example".utf8) + [octet] + Array(" here\nend".utf8)
    let watchlist = try Self.watchlist(["evil.example"])
    var (fields, hits) = ([LogField](), [LogMatcher.Hit]())
    _ = LogReader(head: []).read(log.span, &fields)
    LogMatcher(watchlist).match(log.span, fields, &hits)
    #expect(hits.map(\.value) == (goesOn ? [] : ["evil.example"]))
  }

  @Test func `a name of digits alone is found among addresses`() throws {
    let name = try DomainName("77.12345")
    var watchlist = Watchlist()
    watchlist.add([Self.indicator(.name(name, .wholeAndBelow))], source: 0, at: Timestamp(seconds: 1_800_000_000))
    let log = Array("a line of text\n8.77.12345 77.12345 78.12345 7.7.7.7\nand the line behind it".utf8)
    var (fields, hits) = ([LogField](), [LogMatcher.Hit]())
    _ = LogReader(head: []).read(log.span, &fields)
    LogMatcher(watchlist).match(log.span, fields, &hits)
    #expect(hits.map { "\($0.value) \($0.manner.rawValue)" } == ["8.77.12345 below", "77.12345 whole"])
  }

  @Test func `a name may be looked for by itself, below another, and as a host, each for its own indicator`() throws {
    let values = ["a.evil.example", ".evil.example", "http://a.evil.example/x", "*.example"]
    #expect(
      try Self.hits(values, in: "a.evil.example").sorted() == [
        "1 a.evil.example below evil.example", "1 a.evil.example below example", "1 a.evil.example host http://a.evil.example/x",
        "1 a.evil.example whole a.evil.example",
      ])
  }

  @Test(.timeLimit(.minutes(5))) func `a line of nothing but URLs in one another takes no longer than its length`() throws {
    let line = String(repeating: "http://a.example/", count: 50_000) + "http://evil.example/x"
    let hits = try Self.hits(["evil.example", "http://b.example/"], in: "a line\n" + line)
    #expect(hits == ["2 evil.example whole evil.example"])
  }

  /// 39 digits and colons: as long as a hash.
  @Test func `a long IPv6 address is found beside hashes`() throws {
    let values = ["2001:db8:1111:2222:3333:4444:5555:6666", "d41d8cd98f00b204e9800998ecf8427e"]
    #expect(
      try Self.hits(values, in: "a line\nfrom 2001:0db8:1111:2222:3333:4444:5555:6666 to\nanother") == [
        "2 2001:0db8:1111:2222:3333:4444:5555:6666 whole 2001:db8:1111:2222:3333:4444:5555:6666"
      ])
  }

  @Test func `of many that look for one value some are told, the value itself before the hosts of URLs, and the rest is counted`()
    throws
  {
    let watchlist = try Self.watchlist((0..<100).map { "http://evil.example/\($0)" } + ["evil.example"])
    let hits = LogMatcher(watchlist).hits(amongWordsOf: "evil.example")
    #expect(hits.count == LogMatcher.mostHitsAtPlace && hits.first?.manner == .whole)
    #expect(hits.dropLast().allSatisfy { $0.more == 0 } && hits.last?.more == 101 - LogMatcher.mostHitsAtPlace)
  }

  @Test func `a name that is meant with all below it is told once where all are`() throws {
    #expect(try Self.hits([".evil.example"], in: "www.evil.example", below: true) == ["1 www.evil.example below evil.example"])
  }

  @Test func `what is looked for below everything is found below everything`() throws {
    #expect(try Self.hits(["evil.example"], in: "www.evil.example", below: true) == ["1 www.evil.example below evil.example"])
  }

  @Test func `the escapes of JSON hide nothing`() throws {
    let line = #"{"q":"\u0065vil.example","u":"http:\/\/evil.example\/a"}"#
    #expect(
      try Self.hits(["evil.example", "http://evil.example/a"], in: line) == [
        "1 evil.example whole evil.example", "1 evil.example host http://evil.example/a",
        "1 http://evil.example/a whole http://evil.example/a",
        "1 evil.example whole evil.example",
      ])
  }

  @Test func `what is benign, revoked, expired or not yet valid is counted and not looked for`() throws {
    let observable = try #require(Observable.detect("evil.example"))
    let now = Timestamp(seconds: 1_800_000_000)
    var watchlist = Watchlist()
    watchlist.add(
      [
        Self.indicator(observable) { $0.isBenign = true }, Self.indicator(observable) { $0.isRevoked = true },
        Self.indicator(observable) { $0.validUntil = now },
        Self.indicator(observable) { $0.validFrom = Timestamp(seconds: 1_800_000_001) },
        Indicator(id: "s", place: TextPlace(line: 1, column: 1), criterion: .foreign(language: "snort", text: "alert")),
        Self.indicator(.other(ObjectPath("mutex", ["name"]), value: "m")),
      ], source: 0, at: now)
    #expect(watchlist.isEmpty && watchlist.count == 6)
    #expect(watchlist.passedOver == [.benign: 1, .revoked: 1, .expired: 1, .notYet: 1, .foreign: 1, .notInLogs: 1])
  }

  @Test(
    arguments: [
      ("[domain-name:value = 'evil.example' OR domain-name:value MATCHES '^re[0-9]+$']", 1),
      ("[domain-name:value = 'evil.example' OR url:value = 'http://a.example/']", 0),
      ("[domain-name:value = 'evil.example' AND domain-name:value MATCHES '^e']", 0),
    ])
  func `an indicator of which an alternative cannot be looked up is counted`(pattern: String, count: Int) throws {
    var watchlist = Watchlist()
    let indicator = Indicator(id: "i", place: TextPlace(line: 1, column: 1), criterion: .pattern(try Pattern(pattern)))
    watchlist.add([indicator], source: 0, at: Timestamp(seconds: 1_800_000_000))
    #expect(watchlist.partlyLookedFor == count)
  }

  /// Against a search that knows nothing of tables.
  @Test(arguments: [false, true]) func `many names and addresses, held against a plain search`(hasPrefixes: Bool) throws {
    var state: UInt64 = 42
    func random(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(truncatingIfNeeded: state >> 33) % below
    }
    func name() -> String {
      (0...random(3)).map { _ in ["a", "b", "cc", "evil", "x-1"][random(5)] }.joined(separator: ".") + ".example"
    }
    func address() -> String { "10.0.\(random(4)).\(random(64))" }
    func prefix() -> String { "10.0.\(random(4)).\(random(4) * 16)/28" }
    let values = Set(
      (0..<60).map { _ in [name, address, { "." + name() }, hasPrefixes ? prefix : address][random(4)]() })
    let seen = (0..<2000).map { _ in random(2) == 0 ? name() : address() }
    let found = Set(try Self.hits(Array(values), in: seen.joined(separator: "\n")).map { Int($0.prefix { $0 != " " })! - 1 })
    for (index, value) in seen.enumerated() {
      let isWanted = values.contains { wanted in
        if wanted.hasPrefix(".") { return value == wanted.dropFirst() || value.hasSuffix(wanted) }
        if let prefix = IPPrefix(wanted), wanted.contains("/") { return IPAddress(value).map { prefix.contains($0) } ?? false }
        return value == wanted
      }
      #expect(found.contains(index) == isWanted, "\(value)")
    }
    #expect(found.count > 100 && found.count < 1900)
  }
}
