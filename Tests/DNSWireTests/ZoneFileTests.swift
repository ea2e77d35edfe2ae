import DNSWire
import Names
import Testing

/// A zone read from text, as most of these tests need it.
func zone(
  _ text: String, origin: String = "example.", defaultTTL: UInt32? = nil, files: [String: String] = [:]
) throws -> ZoneFile {
  struct NoSuchFile: Error, CustomStringConvertible { var description: String { "there is no such file" } }
  return ZoneFile(octets: Array(text.utf8), file: "zone", origin: try DomainName(origin), defaultTTL: defaultTTL) { path, _ in
    guard let file = files[path] else { throw NoSuchFile() }
    return Array(file.utf8)
  }
}

/// Records as master-file lines.
func lines(_ zone: ZoneFile) -> [String] { zone.records.map { "\($0.record)" } }

@Suite("RFC 1035 §5 Master files") struct MasterFiles {
  static let venera = """
    @   IN  SOA     VENERA      Action\\.domains (
                                     20     ; SERIAL
                                     7200   ; REFRESH
                                     600    ; RETRY
                                     3600000; EXPIRE
                                     60)    ; MINIMUM

            NS      A.ISI.EDU.
            NS      VENERA
            NS      VAXA
            MX      10      VENERA
            MX      20      VAXA

    A       A       26.3.0.103

    VENERA  A       10.1.0.52
            A       128.9.0.32

    VAXA    A       10.2.0.27
            A       128.9.0.33


    $INCLUDE <SUBSYS>ISI-MAILBOXES.TXT
    """
  static let mailboxes = """
    MOE     MB      A.ISI.EDU.
    LARRY   MB      A.ISI.EDU.
    CURLEY  MB      A.ISI.EDU.
    STOOGES MG      MOE
            MG      LARRY
            MG      CURLEY
    """

  @Test func `reads the example of RFC 1035 §5.3`() throws {
    let zone = try zone(Self.venera, origin: "ISI.EDU", files: ["<SUBSYS>ISI-MAILBOXES.TXT": Self.mailboxes])
    #expect(zone.faults == [])
    #expect(
      lines(zone) == [
        "isi.edu. 60 IN SOA venera.isi.edu. action\\.domains.isi.edu. 20 7200 600 3600000 60",
        "isi.edu. 60 IN NS a.isi.edu.", "isi.edu. 60 IN NS venera.isi.edu.", "isi.edu. 60 IN NS vaxa.isi.edu.",
        "isi.edu. 60 IN MX 10 venera.isi.edu.", "isi.edu. 60 IN MX 20 vaxa.isi.edu.",
        "a.isi.edu. 60 IN A 26.3.0.103",
        "venera.isi.edu. 60 IN A 10.1.0.52", "venera.isi.edu. 60 IN A 128.9.0.32",
        "vaxa.isi.edu. 60 IN A 10.2.0.27", "vaxa.isi.edu. 60 IN A 128.9.0.33",
        "moe.isi.edu. 60 IN MB a.isi.edu.", "larry.isi.edu. 60 IN MB a.isi.edu.", "curley.isi.edu. 60 IN MB a.isi.edu.",
        "stooges.isi.edu. 60 IN MG moe.isi.edu.", "stooges.isi.edu. 60 IN MG larry.isi.edu.",
        "stooges.isi.edu. 60 IN MG curley.isi.edu.",
      ])
    #expect(zone.records[0].position == SourcePosition(file: "zone", line: 1, column: 1))
    #expect(zone.records[1].position == SourcePosition(file: "zone", line: 8, column: 9))
    #expect(zone.records[11].position == SourcePosition(file: "<SUBSYS>ISI-MAILBOXES.TXT", line: 1, column: 1))
  }

  @Test(arguments: [
    ("a 300 IN A 192.0.2.1", "TTL before class"), ("a IN 300 A 192.0.2.1", "class before TTL"),
    ("a 300 A 192.0.2.1", "no class"), ("a 5m in a 192.0.2.1", "lower case and units"),
    ("\ta 300 A 192.0.2.1".dropFirst().description, "no blank"), ("a.example. 300 A 192.0.2.1", "an absolute name"),
    ("A 300 A 192.0.2.1", "an owner that is spelled like a type"), ("a\t300\tIN\tA\t192.0.2.1\r\n", "tabs and CR LF"),
    ("a 300 CLASS1 TYPE1 192.0.2.1", "RFC 3597 names for class and type"),
    ("a 300 A \\# 4 c0000201", "RFC 3597 data"), ("a 300 A \\# 4 c0 00 (\n02 01 )", "RFC 3597 data over two lines"),
    ("$TTL 300\na A 192.0.2.1", "$TTL"), ("$ttl 5M\na A 192.0.2.1", "a directive in lower case"),
    ("$TTL 1\na 300 A 192.0.2.1", "a TTL that goes before $TTL"),
    ("$ORIGIN a.example.\n@ 300 A 192.0.2.1", "@"), ("$ORIGIN a\n@ 300 A 192.0.2.1", "a relative origin"),
    ("$ORIGIN .\na.example 300 A 192.0.2.1", "the root as origin"),
    ("( a 300\nA\n192.0.2.1 )", "parentheses around all"), ("a ( 300 ( IN ) ) A ( 192.0.2.1 )", "nested parentheses"),
    ("a 300 A (192.0.2.1)", "parentheses without blanks"), ("a 300 A 192.0.2.1;comment", "a comment without a blank"),
    ("; comment\n\n  \n\t; another\na 300 A 192.0.2.1 ; \" ( \u{0}", "what stands in a comment"),
    ("a 300 A ( ; first )\n192.0.2.1 ; second\n)", "comments inside parentheses"), ("\\097 300 A 192.0.2.1", "\\DDD"),
    ("\\a 300 A 192.0.2.1", "\\X"), ("\"a\" 300 A 192.0.2.1", "a quoted owner"),
    ("\u{FEFF}a 300 A 192.0.2.1", "a byte order mark"), ("a 300 A 192.0.2.1\r", "CR alone"),
  ])
  func `reads one record in every spelling`(text: String, spelling: String) throws {
    let zone = try zone(text)
    #expect(zone.faults == [], "\(spelling)")
    #expect(lines(zone) == ["a.example. 300 IN A 192.0.2.1"], "\(spelling)")
  }

  @Test(
    arguments: [
      (#"TXT "a b" c"#, [3, 97, 32, 98, 1, 99]), (#"TXT a"b"c"#, [1, 97, 1, 98, 1, 99]),
      (#"TXT foo="bar baz""#, [4, 102, 111, 111, 61, 7, 98, 97, 114, 32, 98, 97, 122]),
      (#"TXT """#, [0]), (#"TXT "\"""#, [1, 34]), (#"TXT \""#, [1, 34]), (#"TXT "a;b(c)""#, [6, 97, 59, 98, 40, 99, 41]),
      (#"TXT a\;b"#, [3, 97, 59, 98]), (#"TXT "\010\255""#, [2, 10, 255]), (#"TXT a\ b"#, [3, 97, 32, 98]),
      (#"TXT "\\""#, [1, 92]), ("TXT (\n \"a\"\n \"b\" )", [1, 97, 1, 98]), ("TXT \"a\tb\"", [3, 97, 9, 98]),
      ("MX 10 @", [0, 10, 7, 101, 120, 97, 109, 112, 108, 101, 0]), ("NS \\@", [1, 64, 7, 101, 120, 97, 109, 112, 108, 101, 0]),
      ("NS a.", [1, 97, 0]), ("NS .", [0]), ("AAAA 2001:db8::1", [0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
      ("TYPE65280 \\# 2 abcd", [0xAB, 0xCD]), ("TYPE65280 \\# 0", []),
      ("SVCB 1 . alpn=\"h2,h3\" port=53", [0, 1, 0, 0, 1, 0, 6, 2, 104, 50, 2, 104, 51, 0, 3, 0, 2, 0, 53]),
    ] as [(String, [UInt8])])
  func `reads the fields of the data`(text: String, octets: [UInt8]) throws {
    let zone = try zone("a 1 \(text)\n")
    #expect(zone.faults == [])
    #expect(zone.records.map(\.record.rdata.octets) == [octets])
  }

  @Test func `a blank owner is the one before, also over comments and directives`() throws {
    let zone = try zone("a 1 A 192.0.2.1\n ; nothing\n 2 TXT x\n$ORIGIN b.example.\n\t3 NS c\n")
    #expect(zone.faults == [])
    #expect(lines(zone) == ["a.example. 1 IN A 192.0.2.1", "a.example. 2 IN TXT \"x\"", "a.example. 3 IN NS c.b.example."])
  }

  @Test func `a record written twice is one record, and is counted`() throws {
    let zone = try zone("a 1 A 192.0.2.1\nA.EXAMPLE. 1 A 192.0.2.1\nb 1 A 192.0.2.1\na 1 A 192.0.2.2\na 1 A 192.0.2.1\n")
    #expect(zone.faults == [])
    #expect(zone.duplicateCount == 2)
    #expect(lines(zone) == ["a.example. 1 IN A 192.0.2.1", "b.example. 1 IN A 192.0.2.1", "a.example. 1 IN A 192.0.2.2"])
  }

  @Test func `a record written twice is found in large sets and under crowded owners`() throws {
    let addresses = (0..<100).map { "a 1 A 192.0.2.\($0)\n" }.joined()
    let types = (65280..<65380).map { "b 1 TYPE\($0) \\# 1 00\n" }.joined()
    let zone = try zone(addresses + types + addresses + types)
    #expect(zone.faults == [])
    #expect(zone.records.count == 200)
    #expect(zone.duplicateCount == 200)
  }
}

@Suite("RFC 1035 §5.1 $INCLUDE") struct Includes {
  @Test func `gives origin and owner to the file and takes them back`() throws {
    let zone = try zone(
      "a 1 A 192.0.2.1\n$INCLUDE \"the file\" sub\n 1 A 192.0.2.2\nb 1 A 192.0.2.3\n",
      files: ["the file": " 1 TXT first\nc 1 TXT second\n$ORIGIN deep.sub.example.\nd 1 TXT third"])
    #expect(zone.faults == [])
    #expect(
      lines(zone) == [
        "a.example. 1 IN A 192.0.2.1", "a.example. 1 IN TXT \"first\"", "c.sub.example. 1 IN TXT \"second\"",
        "d.deep.sub.example. 1 IN TXT \"third\"", "a.example. 1 IN A 192.0.2.2", "b.example. 1 IN A 192.0.2.3",
      ])
  }

  @Test func `keeps the file's $TTL afterwards, as BIND does`() throws {
    let zone = try zone("$TTL 1\n$INCLUDE f\na A 192.0.2.1\n", files: ["f": "$TTL 2\n"])
    #expect(lines(zone) == ["a.example. 2 IN A 192.0.2.1"])
  }

  @Test func `reads twenty files deep and no deeper`() throws {
    var files = [String: String]()
    for depth in 1...21 { files["f\(depth)"] = "a\(depth) 1 A 192.0.2.1\n$INCLUDE f\(depth + 1)\n" }
    let zone = try zone("$INCLUDE f1\n", files: files)
    #expect(zone.records.count == 20)
    #expect(
      zone.faults.map(\.description) == [
        "f20:2:10: This file is included 21 levels deep: at most 20 are allowed. Include it from a file further up."
      ])
  }

  @Test func `stops at a file that includes itself`() throws {
    let zone = try zone("$INCLUDE f\na 1 A 192.0.2.1\n", files: ["f": "$INCLUDE g\n", "g": "b 1 A 192.0.2.1\n$INCLUDE f\n"])
    #expect(zone.faults.map(\.description) == ["g:2:10: \"f\" includes itself. Remove this $INCLUDE."])
    #expect(lines(zone) == ["b.example. 1 IN A 192.0.2.1", "a.example. 1 IN A 192.0.2.1"])
  }

  @Test func `stops after a thousand files`() throws {
    let zone = try zone(String(repeating: "$INCLUDE f\n", count: 1002), files: ["f": ""])
    #expect(
      zone.faults.map(\.description) == [
        "zone:1001:10: More than 1000 files are included. Merge some of them.",
        "zone:1002:10: More than 1000 files are included. Merge some of them.",
      ])
  }
}
