import Indicators
import Names
import Testing

@Suite("What a pattern looks for, for tables") struct PatternObservablesTests {
  static let md5 = "cead3f77f6cda6ec00f57d76c9a6879f"

  @Test(
    arguments: [
      ("[domain-name:value = 'Evil.Example']", ["domain-name evil.example whole +"]),
      (
        "[domain-name:value = 'evil[.]example' OR ipv4-addr:value = '192.0.2.1']",
        ["domain-name evil.example whole +", "ipv4-addr 192.0.2.1 +"]
      ),
      (
        "[domain-name:value = 'a.example'] OR [domain-name:value = 'b.example']",
        ["domain-name a.example whole +", "domain-name b.example whole +"]
      ),
      (
        "[domain-name:value = 'a.example'] AND [domain-name:value = 'b.example']",
        ["domain-name a.example whole", "domain-name b.example whole"]
      ),
      (
        "[domain-name:value = 'a.example'] FOLLOWEDBY [domain-name:value = 'b.example']",
        ["domain-name a.example whole", "domain-name b.example whole"]
      ),
      (
        "[domain-name:value = 'a.example' AND domain-name:resolves_to_refs[*].value = '198.51.100.1/32']",
        ["domain-name a.example whole", "ipv4-addr 198.51.100.1"]
      ),
      ("[domain-name:value = 'a.example'] REPEATS 2 TIMES", ["domain-name a.example whole"]),
      ("[domain-name:value = 'a.example'] REPEATS 1 TIMES WITHIN 5 SECONDS", ["domain-name a.example whole +"]),
      (
        "[domain-name:value = 'a.example'] START t'2026-01-01T00:00:00Z' STOP t'2026-02-01T00:00:00Z'",
        ["domain-name a.example whole"]
      ),
      ("[domain-name:value != 'a.example' OR domain-name:value NOT = 'b.example' OR domain-name:value NOT IN ('c.example')]", []),
      ("[domain-name:value IN ('a.example', 'b.example')]", ["domain-name a.example whole +", "domain-name b.example whole +"]),
      ("[domain-name:value LIKE '%.a.example']", ["domain-name a.example below +"]),
      ("[domain-name:value LIKE '%a.example' OR domain-name:value LIKE '%.a%' OR domain-name:value MATCHES 'a']", []),
      (
        "[ipv4-addr:value = '192.0.2.0/24' OR ipv6-addr:value ISSUBSET '2001:db8::1/32']",
        ["ipv4-addr 192.0.2.0/24 +", "ipv6-addr 2001:db8::/32 +"]
      ),
      ("[network-traffic:dst_ref.value = '192.0.2.9']", ["ipv4-addr 192.0.2.9 +"]),
      ("[network-traffic:dst_ref.value = 'a.example']", ["domain-name a.example whole +"]),
      ("[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '192.0.2.9']", ["ipv4-addr 192.0.2.9 +"]),
      (
        "[network-traffic:dst_ref.type = 'ipv6-addr' AND network-traffic:dst_ref.value = '192.0.2.9']",
        ["other ipv6-addr", "ipv4-addr 192.0.2.9"]
      ),
      (
        "[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '192.0.2.9' AND network-traffic:dst_port = 443]",
        ["ipv4-addr 192.0.2.9", "other 443"]
      ),
      ("[url:value = 'http://a.example/x']", ["url http://a.example/x +"]),
      ("[email-message:from_ref.value = 'A@a.example' OR email-addr:value = 'a@a.example']", ["email-addr a@a.example +"]),
      ("[email-message:to_refs[*].value = 'b@a.example']", ["email-addr b@a.example +"]),
      ("[file:hashes.MD5 = '\(md5.uppercased())' OR file:hashes.'md5' = '\(md5)']", ["file \(md5) +"]),
      ("[process:image_ref.hashes.MD5 = '\(md5)']", ["file \(md5) +"]),
      ("[x509-certificate:hashes.MD5 = '\(md5)']", ["x509-certificate \(md5) +"]),
      ("[file:extensions.'windows-pebinary-ext'.sections[*].hashes.MD5 = '\(md5)']", ["other \(md5) +"]),
      ("[file:hashes[*] = '\(md5)']", ["other \(md5) +"]),
      ("[file:name = 'foo.dll' AND file:size = 12]", ["other foo.dll", "other 12"]),
      ("[file:name = '' OR EXISTS file:name]", []),
      (
        "[domain-name:value = 'a.example'] AND [domain-name:value = 'a.example'] OR [domain-name:value = 'a.example']",
        ["domain-name a.example whole +"]
      ),
    ] as [(String, [String])])
  func `values by equality, in order, each once, and whether one is enough`(text: String, lines: [String]) throws {
    let found = try Pattern(text).observables.map { observable, isSufficient in
      let reach =
        if case .name(_, let reach) = observable { " \(reach.rawValue)" } else { "" }
      let type =
        if case .other = observable { "other" } else { observable.type }
      return "\(type) \(observable.value)\(reach)" + (isSufficient ? " +" : "")
    }
    #expect(found == lines)
  }

  static let observables: [Observable] =
    [
      .address(.v4(0xC000_0201)), .prefix(IPPrefix("2001:db8::/32")!), .url("http://a.example/it's"),
      .emailAddress("a@a.example"),
      .fileHash(.md5, md5), .fileHash(.sha256, String(repeating: "ab", count: 32)),
      .certificateHash(.sha1, String(repeating: "cd", count: 20)),
      .other(ObjectPath("file", ["name"]), value: #"C:\x"#),
    ] + [Observable.Reach.whole, .below].compactMap { reach in (try? DomainName("a.example")).map { .name($0, reach) } }

  @Test(arguments: observables)
  func `a pattern made of an observable reads back and gives it again`(observable: Observable) throws {
    let pattern = Pattern(observable)
    #expect(try Pattern(pattern.description) == pattern)
    #expect(pattern.observables.map(\.observable) == [observable])
    #expect(pattern.observables.map(\.isSufficient) == [true])
  }

  @Test(arguments: [
    ("[domain-name:value = 'a.example' OR domain-name:value MATCHES 'b']", true),
    ("[domain-name:value = 'a.example'] OR [domain-name:value LIKE '%b']", true),
    ("[domain-name:value IN ('a.example', '')]", true), ("[domain-name:value = 'a.example' OR EXISTS file:name]", true),
    ("[domain-name:value = 'a.example' OR (domain-name:value MATCHES 'b' AND file:size > 1)]", true),
    ("[domain-name:value = 'a.example'] AND [url:value = 'b' OR url:value MATCHES 'b']", false),
    ("[domain-name:value = 'a.example' AND domain-name:value MATCHES 'b']", false),
    ("[domain-name:value = 'a.example' OR domain-name:value LIKE '%.b.example']", false),
    ("[domain-name:value MATCHES 'a' OR domain-name:value MATCHES 'b']", false),
  ])
  func `an alternative that no table holds is told`(text: String, isPartly: Bool) throws {
    #expect(try Pattern(text).isPartlyLookedFor == isPartly)
  }

  @Test(.timeLimit(.minutes(5))) func `of thousands that one AND joins each is held against its own path alone`() {
    let values = (0..<30_000).map {
      ComparisonExpression.equal(ObjectPath("network-traffic", ["dst_ref", "value"]), "n\($0).example")
    }
    let types = (0..<30_000).map { ComparisonExpression.equal(ObjectPath("network-traffic", ["x\($0)_ref", "type"]), "t") }
    let implied = ComparisonExpression.equal(ObjectPath("network-traffic", ["dst_ref", "type"]), "domain-name")
    #expect(Pattern(.and(values + types + [implied])).observables.count == 60_000)
  }

  @Test func `a name and all below it are two tests, each enough`() throws {
    let name = try DomainName("a.example")
    let pattern = Pattern(.name(name, .wholeAndBelow) as Observable)
    #expect(pattern.description == "[domain-name:value = 'a.example' OR domain-name:value LIKE '%.a.example']")
    #expect(pattern.observables.map(\.observable) == [.name(name, .whole), .name(name, .below)])
  }

  /// An object that has the value, and one of each kind that can refer to it.
  private static func seen(_ observable: Observable) throws -> [ObservedData] {
    let object =
      switch observable {
      case .name(_, .whole): #"{"type":"domain-name","value":"\#(observable.value)"}"#
      case .name: #"{"type":"domain-name","value":"www.\#(observable.value)"}"#
      case .address, .prefix: #"{"type":"\#(observable.type)","value":"\#(observable.value.prefix { $0 != "/" })"}"#
      case .url, .emailAddress: #"{"type":"\#(observable.type)","value":"\#(observable.value)"}"#
      case .fileHash(let algorithm, _), .certificateHash(let algorithm, _):
        #"{"type":"\#(observable.type)","hashes":{"\#(algorithm.rawValue)":"\#(observable.value)"}}"#
      case .other(let path, _): #"{"type":"\#(path.objectType)","name":"\#(observable.value)"}"#
      }
    return try ObservedData.read(
      PatternVectors.json(
        """
        {"type":"observed-data","first_observed":"2026-01-01T00:00:00Z","last_observed":"2026-01-01T00:00:00Z","number_observed":1,
        "objects":{"0":\(object),"1":{"type":"network-traffic","src_ref":"0","dst_ref":"0"},
        "2":{"type":"domain-name","value":"z.example","resolves_to_refs":["0"]},
        "3":{"type":"email-message","from_ref":"0","to_refs":["0"]},"4":{"type":"process","image_ref":"0"}}}
        """))
  }

  @Test(arguments: [
    "[domain-name:value = 'a.example'] OR [ipv4-addr:value = '192.0.2.0/24' OR ipv6-addr:value ISSUBSET '2001:db8::/32']",
    "[domain-name:value LIKE '%.a.example'] WITHIN 5 SECONDS OR [url:value = 'http://a.example/'] AND [file:name = 'x']",
    "[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '192.0.2.9']",
    "[network-traffic:src_ref.value IN ('192.0.2.9', '198.51.100.0/24') OR domain-name:resolves_to_refs[*].value = '192.0.2.1']",
    "[email-message:from_ref.value = 'a@a.example' OR email-message:to_refs[*].value = 'b@a.example' AND file:name = 'y']",
    "[process:image_ref.hashes.MD5 = '\(md5)' OR x509-certificate:hashes.MD5 = '\(md5)' OR file:hashes.MD5 = '\(md5)']",
    "[file:name = 'foo.dll' OR file:size = 5 AND file:name = 'bar.dll']",
  ]) func `one that is sufficient makes the pattern true alone, and no other does`(text: String) throws {
    let pattern = try Pattern(text)
    #expect(!pattern.observables.isEmpty)
    for (observable, isSufficient) in pattern.observables {
      let match = try pattern.matches(Self.seen(observable), lenient: true)
      #expect((match != nil) == isSufficient, "\(observable)")
    }
  }
}
