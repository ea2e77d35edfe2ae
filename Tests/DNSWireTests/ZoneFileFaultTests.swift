import DNSWire
import Names
import Testing

@Suite("What a person reads about a broken zone file") struct ZoneFaults {
  static let sentences: [(text: String, sentences: [String])] = [
    ("a 1 AAA ::1", [#"zone:1:5: "AAA" is not a record type. Did you mean AAAA?"#]),
    ("a 1 CNMAE b", [#"zone:1:5: "CNMAE" is not a record type. Did you mean CNAME?"#]),
    ("a 1 FOOBAR b", [#"zone:1:5: "FOOBAR" is not a record type. Write one such as A or MX, or TYPE and its number."#]),
    (
      "x 1 A 192.0.2.1\n  www 1 A 192.0.2.1",
      [#"zone:2:3: "www" is not a record type. Remove the blank before it if it is an owner name."#]
    ),
    (
      "MX 10 mail",
      [#"zone:1:7: "mail" is not a record type. Write one such as A or MX, or TYPE and its number."#]
    ),
    (
      "A 192.0.2.1",
      [
        #"zone:1:3: "192.0.2.1" is not a record type. Begin the line with a blank if A is the type and the owner "#
          + #"is the one above."#
      ]
    ),
    ("a 1 ANY x", ["zone:1:5: ANY stands only in messages, never in a zone. Remove this record."]),
    ("a 1 IN", [#"zone:1:5: "a" has no record type. Write TYPE and data after it, such as A 192.0.2.1."#]),
    ("a", [#"zone:1:1: "a" has no record type. Write TYPE and data after it, such as A 192.0.2.1."#]),
    (
      " 1 A 192.0.2.1",
      [
        "zone:1:2: The first record has no owner name. Write one in the first column, or @ for "
          + "the zone itself."
      ]
    ),
    ("a 1 A 192.0.2.1\nb 1 CH TXT x", ["zone:2:5: The class is CH in a zone of class IN. Remove the class, or write IN."]),

    ("a..b 1 A 192.0.2.1", [#"zone:1:3: "a..b" is not a domain name: a label is empty. Remove one of the dots."#]),
    (
      String(repeating: "a", count: 64) + " 1 A 192.0.2.1",
      [
        "zone:1:64: \"\(String(repeating: "a", count: 64))\" is not a domain name: "
          + "a label is longer than 63 octets. Shorten it."
      ]
    ),
    (
      String(repeating: "a.", count: 128) + " 1 A 192.0.2.1",
      [
        "zone:1:255: \"\(String(repeating: "a.", count: 32))…\" is not a domain name: "
          + "it is longer than 255 octets with its origin. Shorten it."
      ]
    ),
    (
      #"a\2 1 A 192.0.2.1"#,
      [
        #"zone:1:2: "a\2" is not a domain name: a backslash is followed by neither three digits up to 255 nor a "#
          + #"character. Write \\ for a backslash."#
      ]
    ),
    (
      #""exa mple" 1 A 192.0.2.1"#,
      [
        #"zone:1:5: "exa mple" is not a domain name: a label holds a space. Remove "#
          + #"it, or write \032."#
      ]
    ),

    (
      "a 1 A 192.0.2.300",
      [#"zone:1:7: The data of this A is wrong: "192.0.2.300" is not an IPv4 address such as 192.0.2.1. Correct it."#]
    ),
    (
      "a 1 MX mail",
      [#"zone:1:8: The data of this MX is wrong: "mail" is not a number from 0 to 65535. Correct it."#]
    ),
    ("a 1 MX 10", ["zone:1:8: The data of this MX is wrong: the record ends where a domain name is wanted. Add it."]),
    (
      "a 1 MX 10 m x",
      [
        #"zone:1:13: The data of this MX is wrong: "x" follows the last field of the record. Remove it, or put "#
          + #"quotes around text that belongs together."#
      ]
    ),
    (
      "a 1 NS a..b",
      [#"zone:1:10: "a..b" is not a domain name: a label is empty. Remove one of the dots."#]
    ),
    (
      "a 1 TXT \(String(repeating: "x", count: 256))",
      [
        "zone:1:9: The data of this TXT is wrong: a string of 256 octets: at most 255 are allowed; split it into "
          + "several strings. Write \"…\" \"…\"."
      ]
    ),
    (
      "a 1 A \\# 4 c00002",
      ["zone:1:12: The data of this A is wrong: \\# promises 4 octets, but 3 follow. Correct the length or the digits."]
    ),

    ("a 1 TXT ( x\nb 1 A 192.0.2.1", [#"zone:1:9: This "(" is never closed. Add a ")" after the last field of the record."#]),
    ("a 1 TXT x )", [#"zone:1:11: This ")" closes nothing. Remove it, or add the "(" that it belongs to."#]),
    ("a 1 TXT \"x\nb 1 A 192.0.2.1", [#"zone:1:9: This quoted string does not end on its line. Add a " at its end."#]),
    ("a 1 TXT x\u{0}y", [#"zone:1:10: The file holds a NUL octet. Remove it, or write \000 if it is meant."#]),

    (
      "a.example.org. 1 A 192.0.2.1",
      [
        "zone:1:1: a.example.org. is outside the zone example. Move it to its own zone, or remove the final dot "
          + "if example. is to be appended."
      ]
    ),
    (
      "a 1 SOA a b 1 2 3 4 5",
      [
        "zone:1:1: The SOA stands at a.example. but the zone is example. Write @ or the "
          + "zone's name as its owner."
      ]
    ),
    (
      "@ 1 SOA a b 1 2 3 4 5\n@ 1 SOA a b 2 2 3 4 5",
      ["zone:2:1: This is a second SOA; the first is at zone:1:1. A zone has one: remove one of them."]
    ),
    (
      "a 1 CNAME b\na 1 CNAME c",
      ["zone:2:1: a.example. has a second CNAME; the first is at zone:1:1. A name has at most one: remove one of them."]
    ),
    (
      "a 1 CNAME b\na 1 A 192.0.2.1\na 1 TXT x",
      [
        "zone:2:1: a.example. has a CNAME and also A, at zone:1:1. An alias has no other data (RFC 2181 §10.1): "
          + "remove one of them."
      ]
    ),
    (
      "a 1 TXT x\nb 1 A 192.0.2.1\na 1 CNAME b",
      [
        "zone:3:1: a.example. has a CNAME and also TXT, at zone:1:1. An alias has no other data (RFC 2181 "
          + "§10.1): remove one of them."
      ]
    ),

    (
      "$FOO x",
      [
        #"zone:1:1: "$FOO" is not a directive. Write $ORIGIN, $TTL, $INCLUDE or $GENERATE, or \$ for an "#
          + #"owner name that starts with $."#
      ]
    ),
    ("$ORIGIN", ["zone:1:1: $ORIGIN lacks a name. Write $ORIGIN example.gov."]),
    ("$ORIGIN a b", [#"zone:1:11: $ORIGIN takes nothing more, but "b" follows. Remove it."#]),
    ("$TTL", ["zone:1:1: $TTL lacks a time. Write $TTL 3600."]),
    ("$INCLUDE", ["zone:1:1: $INCLUDE lacks a file. Write $INCLUDE FILE or $INCLUDE FILE ORIGIN."]),
    ("$INCLUDE f", [#"zone:1:10: "f" cannot be included: there is no such file. Correct the path, or provide the file."#]),
    ("$GENERATE 1-2 a$ A", ["zone:1:1: $GENERATE lacks data. Write $GENERATE START-STOP OWNER TYPE DATA."]),
    ("$GENERATE 1-2", ["zone:1:1: $GENERATE lacks an owner name. Write $GENERATE START-STOP OWNER TYPE DATA."]),
  ]

  @Test(arguments: sentences)
  func `says where, what is wrong and what to write`(text: String, sentences: [String]) throws {
    let zone = try zone(text + "\n")
    #expect(zone.faults.map(\.description) == sentences)
    #expect(zone.faultCount == sentences.count)
  }

  @Test func `tells all faults at once and still reads what is right`() throws {
    let text = "$TTL 1\na A 192.0.2.1\nb AAA ::1\nc MX (\nd A 192.0.2.2\ne TXT \"x\nf A 192.0.2.3 )\ng A 192.0.2.4\n"
    let zone = try zone(text)
    #expect(zone.faults.map(\.position.line) == [3, 6])
    #expect(lines(zone) == ["a.example. 1 IN A 192.0.2.1", "g.example. 1 IN A 192.0.2.4"])
  }

  @Test func `goes on after a parenthesis that is never closed`() throws {
    let zone = try zone("$TTL 1\na TXT ( x\nb A 192.0.2.1\nc AAA ::1\n")
    #expect(zone.faults.map(\.position.line) == [2, 4])
    #expect(lines(zone) == ["b.example. 1 IN A 192.0.2.1"])
  }

  @Test func `stops when too many parentheses are never closed`() throws {
    let zone = try zone(String(repeating: "a 1 TXT ( x\n", count: 1000))
    #expect(zone.faultCount == 10)
    #expect(
      zone.faults.last?.message
        == "Too many parentheses are never closed; the file was not read beyond here. Close those above first.")
  }

  @Test func `keeps a hundred faults and counts the rest`() throws {
    let zone = try zone(String(repeating: "a 1 AAA ::1\n", count: 250))
    #expect(zone.faults.count == 100)
    #expect(zone.faultCount == 250)
  }

  @Test func `DNSSEC's own types stand beside an alias`() throws {
    let zone = try zone(
      "a 1 CNAME b\na 1 NSEC b CNAME\na 1 RRSIG CNAME 13 2 1 20300101000000 20200101000000 1 example. AAAA\n")
    #expect(zone.faults == [])
    #expect(zone.records.count == 3)
  }

  @Test func `names the octet that is no UTF-8, and its column`() throws {
    let octets = Array("a 1 A 192.0.2.1\nm".utf8) + [0xFC] + Array("nchen 1 A 192.0.2.1\n".utf8)
    let zone = ZoneFile(octets: octets, file: "zone", origin: try DomainName("example."))
    #expect(
      zone.faults.map(\.description) == [
        #"zone:2:2: "m\252nchen" is not a domain name: octet 252 is no UTF-8 text. Save the file as UTF-8, or "#
          + #"write \252 if it is meant."#
      ])
  }

  @Test func `warns of Unicode names, which are served as raw octets`() throws {
    let zone = try zone("bücher 1 A 192.0.2.1\n")
    #expect(zone.faults == [])
    #expect(
      zone.warnings.map(\.description) == [
        #"zone:1:1: "b\195\188cher" is served as raw UTF-8 octets, which no one asks for. Write xn--bcher-kva"#
      ])
    #expect(zone.records[0].record.name.octets == [7, 98, 195, 188, 99, 104, 101, 114, 7] + Array("example".utf8) + [0])
  }

  @Test(arguments: [[0xFF, 0xFE, 0x61, 0x00], [0xFE, 0xFF, 0x00, 0x61]] as [[UInt8]])
  func `refuses UTF-16`(octets: [UInt8]) throws {
    let zone = ZoneFile(octets: octets, file: "zone", origin: .root)
    #expect(zone.faults.map(\.description) == ["zone:1:1: The file is UTF-16 text. Save it as UTF-8."])
  }

  @Test func `shows no control character of the file`() throws {
    let zone = try zone("a 1 \u{1B}[31mA 192.0.2.1\n")
    #expect(
      zone.faults.map(\.message) == [
        #""\027[31mA" is not a record type. Write one such as A or MX, or TYPE and its number."#
      ])
  }
}
