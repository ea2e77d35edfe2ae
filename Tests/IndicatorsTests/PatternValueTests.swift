import Indicators
import Names
import Notation
import Testing

@Suite("STIX 2.1 §9.3, 9.5, 9.6 what is compared with what") struct PatternValueTests {
  /// One observed data of STIX 2.1 with objects, the first of which it holds.
  static func observed(_ objects: String, roots: String = #""a--1""#) throws -> [ObservedData] {
    try ObservedData.read(
      PatternVectors.json(
        """
        {"type":"bundle","objects":[{"type":"observed-data","first_observed":"2026-01-01T00:00:00Z",
        "last_observed":"2026-01-01T00:00:00Z","number_observed":1,"object_refs":[\(roots)]},\(objects)]}
        """))
  }

  static let address = #"{"type":"ipv4-addr","id":"a--1","value":"192.0.2.7"}"#
  static let block = #"{"type":"ipv6-addr","id":"a--1","value":"2001:db8:1::/48"}"#
  static let traffic =
    #"{"type":"network-traffic","id":"a--1","dst_ref":"b--1","dst_port":443},{"type":"ipv4-addr","id":"b--1","value":"192.0.2.7"}"#

  @Test(arguments: [
    (address, "[ipv4-addr:value = '192.0.2.0/24']", false, true),
    (address, "[ipv4-addr:value = '192.0.2.9/24']", false, true),
    (address, "[ipv4-addr:value = '192.0.3.0/24']", false, false),
    (address, "[ipv4-addr:value = '192.0.2.7/32']", false, true),
    (address, "[ipv4-addr:value = '192.0.2.7']", true, true),
    (address, "[ipv4-addr:value != '192.0.2.0/24']", true, false),
    (address, "[ipv4-addr:value IN ('198.51.100.0/24', '192.0.2.0/24')]", false, true),
    (address, "[ipv4-addr:value NOT IN ('198.51.100.0/24')]", true, true),
    (address, "[ipv4-addr:id = '192.0.2.0/24']", false, false),
    (block, "[ipv6-addr:value = '2001:db8::/32']", false, true),
    (block, "[ipv6-addr:value = '2001:db8:1::/48']", true, true),
    (block, "[ipv6-addr:value = '2001:db8:1::/49']", false, false),
    (traffic, "[network-traffic:dst_ref.value = '192.0.2.0/24']", false, true),
    (traffic, "[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_port = 443]", true, true),
  ]) func `= with a prefix is equality, and containment where that is asked for`(
    objects: String, pattern: String, isEqual: Bool, isContained: Bool
  ) throws {
    let observed = try Self.observed(objects)
    #expect((try Pattern(pattern).matches(observed) != nil) == isEqual)
    #expect((try Pattern(pattern).matches(observed, lenient: true) != nil) == isContained)
  }

  @Test(arguments: [
    (block, "[ipv6-addr:value ISSUBSET '2001:db8::/32']", true),
    (block, "[ipv6-addr:value ISSUBSET '2001:db8:1::/49']", false),
    (block, "[ipv6-addr:value ISSUPERSET '2001:db8:1:0:1::/64']", true),
    (block, "[ipv6-addr:value ISSUPERSET '2001:db8:2::1']", false),
    (block, "[ipv6-addr:value ISSUBSET '0.0.0.0/0']", false),
    (address, "[ipv4-addr:value ISSUBSET '0.0.0.0/0']", true),
    (address, "[ipv4-addr:value ISSUBSET '192.0.2.7']", true),
    (#"{"type":"ipv4-addr","id":"a--1","value":"none"}"#, "[ipv4-addr:value ISSUBSET '0.0.0.0/0']", false),
  ]) func `prefixes hold addresses and prefixes of their family`(objects: String, pattern: String, isMatch: Bool) throws {
    #expect((try Pattern(pattern).matches(Self.observed(objects)) != nil) == isMatch)
  }

  static let file = """
    {"type":"file","id":"a--1","name":"50% off_é.exe","size":12,"parent_directory_ref":"d--1","hashes":{"MD5":"aa","SHA-256":"bb"},
    "extensions":{"windows-pebinary-ext":{"sections":[{"name":".text","entropy":6.5},{"name":"UPX0","entropy":7.9}]}},
    "contains_refs":["d--1","x--9","a--1"],"x_hex":"zz","list":["a","b"],"x_null":null},{"type":"directory","id":"d--1","path":"C:\\\\Windows"}
    """

  @Test(arguments: [
    ("[file:extensions.'windows-pebinary-ext'.sections[*].entropy > 7.0]", true),
    ("[file:extensions.'windows-pebinary-ext'.sections[0].entropy > 7.0]", false),
    ("[file:extensions.'windows-pebinary-ext'.sections[1].name = 'UPX0']", true),
    ("[file:extensions.'windows-pebinary-ext'.sections[2].name = 'UPX0']", false),
    ("[file:extensions.'windows-pebinary-ext'.sections[-1].name = 'UPX0']", false),
    ("[file:parent_directory_ref.path = 'C:\\\\Windows']", true),
    ("[file:contains_refs[0].path LIKE 'C:%']", true),
    // What leads nowhere is passed over, so that the third reference is the second object.
    ("[file:contains_refs[1].size = 12]", true),
    ("[file:contains_refs[*].contains_refs[*].path = 'C:\\\\Windows']", true),
    ("[file:hashes[*] = 'bb']", true),
    ("[file:name LIKE '50%']", true),
    ("[file:name LIKE '50% off__.exe']", true),
    ("[file:name LIKE '50% off_.exe']", false),
    ("[file:name LIKE '%o%f%.e_e']", true),
    ("[file:name LIKE '']", false),
    ("[file:name LIKE '%']", true),
    ("[file:name LIKE '%e\u{301}.exe']", true),
    ("[file:name MATCHES '\\\\.(exe|dll)$']", true),
    ("[file:name MATCHES '^OFF']", false),
    ("[file:name MATCHES '(?i)OFF']", true),
    ("[file:size = 12.0]", true),
    ("[file:size = '12']", false),
    ("[file:size IN (1, 12)]", true),
    ("[file:list = 'a']", false),
    ("[file:list[*] = 'b']", true),
    ("[file:x_hex = 'zz']", true),
    ("[EXISTS file:hashes.MD5]", true),
    ("[EXISTS file:hashes.'SHA-1']", false),
    ("[NOT EXISTS file:hashes.'SHA-1']", true),
    ("[NOT EXISTS directory:path]", false),
    ("[file:size = 12 AND file:name LIKE '50%']", true),
    ("[file:none != 'x']", false),
    ("[file:x_null != 'x']", true),
    ("[directory:path != 'x']", false),
    ("[file:size NOT < 12]", true),
    ("[file:name NOT > 5]", false),
  ]) func `paths, wildcards and types`(pattern: String, isMatch: Bool) throws {
    #expect((try Pattern(pattern).matches(Self.observed(Self.file)) != nil) == isMatch)
  }

  @Test func `AND wants one object of a type, and of other types another one`() throws {
    let objects =
      #"{"type":"p","id":"a--1","n":1,"m":1},{"type":"p","id":"a--2","n":2,"m":2},{"type":"q","id":"a--3","n":3}"#
    let observed = try Self.observed(objects, roots: #""a--1","a--2","a--3""#)
    #expect(try Pattern("[p:n = 1 AND p:m = 2]").matches(observed) == nil)
    #expect(try Pattern("[p:n = 1 AND p:m = 1]").matches(observed) != nil)
    #expect(try Pattern("[p:n = 1 AND q:n = 3]").matches(observed) != nil)
    #expect(try Pattern("[p:n = 1 AND q:n = 3 AND p:m = 2]").matches(observed) == nil)
    #expect(try Pattern("[p:n = 1 AND q:n = 4]").matches(observed) == nil)
  }

  @Test func `the form of STIX 2.0 has its objects and references inside`() throws {
    let observed = try ObservedData.read(
      PatternVectors.json(
        """
        {"type":"observed-data","id":"observed-data--1","first_observed":"2026-01-01T00:00:00.000Z",
        "last_observed":"2026-01-01T00:00:05Z","number_observed":50,"objects":{"0":{"type":"domain-name","value":"a.example",
        "resolves_to_refs":["1"]},"1":{"type":"ipv4-addr","value":"192.0.2.1"}}}
        """))
    #expect(observed.first?.count == 50)
    let match = try Pattern("[domain-name:resolves_to_refs[*].value = '192.0.2.1'] REPEATS 50 TIMES").matches(observed)
    #expect(match?.uses.map { [$0.observed, $0.count] } == [[0, 50]])
    #expect(try Pattern("[ipv4-addr:value = '192.0.2.1'] REPEATS 51 TIMES").matches(observed) == nil)
  }

  @Test(arguments: [
    ("{}", "1:1: This is no observed data. Give a STIX bundle, an observed-data object, or a list of them."),
    (
      #"{"type":"observed-data"}"#,
      #"1:1: Observed data has no first_observed. Write it as in "2026-01-31T08:00:00Z"."#
    ),
    (
      #"{"type":"observed-data","first_observed":"today"}"#,
      #"1:42: first_observed is "today", which is no timestamp. Write it as in "2026-01-31T08:00:00Z"."#
    ),
    (
      #"{"type":"observed-data","first_observed":"2026-01-02T00:00:00Z","last_observed":"2026-01-01T00:00:00Z"}"#,
      "1:1: last_observed is before first_observed. Exchange them or correct one."
    ),
    (
      #"[{"type":"observed-data","first_observed":"2026-01-01T00:00:00Z","last_observed":"2026-01-01T00:00:00Z","number_observed":0}]"#,
      "1:123: number_observed is not a whole number from 1 to 999999999. Write how often it was observed."
    ),
  ]) func `what is no observed data is told with its place`(json: String, line: String) throws {
    let value = try PatternVectors.json(json)
    do {
      _ = try ObservedData.read(value)
      Issue.record("read: \(json)")
    } catch {
      #expect("\(error.place): \(error.sentence)" == line)
    }
  }

  @Test(arguments: [
    (
      "[file:name MATCHES '(a']",
      "file:name MATCHES cannot be run. At character 1 of the regular expression: the group that opens here is never closed. Write ) at its end, or \\( for a parenthesis."
    ),
    (
      "[file:name ISSUBSET 'x']",
      "file:name is held against \"x\", which is no address and no prefix. Write one as in 192.0.2.0/24."
    ),
    (
      "[file:name = t'2026-01-01T00:00:00Z']",
      "file:name is \"50% off_é.exe\" in observed data number 1, which is no timestamp. Correct it, or leave that data out."
    ),
  ]) func `what cannot be compared is told`(pattern: String, sentence: String) throws {
    let observed = try Self.observed(Self.file)
    do {
      _ = try Pattern(pattern).matches(observed)
      Issue.record("ran: \(pattern)")
    } catch let fault as MatchFault {
      #expect(fault.sentence == sentence)
    }
  }
}
