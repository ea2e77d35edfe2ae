import DNSWire
import Names
import Testing

@Suite("RFC 2308 §4 $TTL, RFC 2181 §8 and BIND's units") struct TTLs {
  @Test(
    arguments: [
      ("0", 0), ("3600", 3600), ("2147483647", 2_147_483_647), ("1w2d3h4m5s", 788_645), ("1W2D3H4M5S", 788_645), ("1h", 3600),
      ("1h1h", 7200), ("007", 7), ("3550w5d3h14m7s", 2_147_483_647),
    ] as [(String, UInt32)])
  func `reads seconds and units`(text: String, seconds: UInt32) throws {
    let zone = try zone("$TTL \(text)\na A 192.0.2.1\nb \(text) A 192.0.2.1\n")
    #expect(zone.faults == [])
    #expect(zone.records.map(\.record.ttl) == [seconds, seconds])
  }

  @Test(arguments: ["1h30", "h", "1x", "1.5h", "-1", "1hh", "1h ", "w1"].map { $0.trimmed })
  func `refuses what is neither`(text: String) throws {
    guard text != "1h" else { return }
    let zone = try zone("$TTL \(text)\n")
    #expect(
      zone.faults.map(\.description) == [
        "zone:1:6: \"\(text)\" is not a TTL. Write seconds such as 3600, or units such as 1h30m."
      ])
  }

  @Test(arguments: ["2147483648", "4294967296", "99999999999999999999999999", "3550w5d3h14m8s", "9999999999w"])
  func `refuses more than 31 bits`(text: String) throws {
    let zone = try zone("$TTL \(text)\na \(text) A 192.0.2.1\n")
    #expect(
      zone.faults.map(\.message)
        == Array(
          repeating: "The TTL \(text) is too large: at most 2147483647 seconds are allowed. Write a smaller one.", count: 2))
    #expect(zone.records.isEmpty)
  }

  @Test func `without a TTL the $TTL holds, and a record's own TTL does not last`() throws {
    let zone = try zone("$TTL 60\na 5 A 192.0.2.1\nb A 192.0.2.1\n$TTL 70\nc A 192.0.2.1\n")
    #expect(zone.records.map(\.record.ttl) == [5, 60, 70])
  }

  @Test func `without $TTL the last TTL holds (RFC 1035 §5.1)`() throws {
    let zone = try zone("a 5 A 192.0.2.1\nb A 192.0.2.1\nc 6 A 192.0.2.1\nd A 192.0.2.1\n")
    #expect(zone.faults == [])
    #expect(zone.records.map(\.record.ttl) == [5, 5, 6, 6])
  }

  @Test func `without any TTL the SOA's minimum holds, with a warning`() throws {
    let zone = try zone("@ SOA a b 1 2 3 4 77\n@ NS a\n")
    #expect(zone.faults == [])
    #expect(zone.records.map(\.record.ttl) == [77, 77])
    #expect(
      zone.warnings.map(\.description) == [
        "zone:1:1: There is no TTL for the SOA; its last field, 77, is used for the zone. Write $TTL 77 above it."
      ])
  }

  @Test func `without any TTL and SOA there is one fault`() throws {
    let zone = try zone("a A 192.0.2.1\nb A 192.0.2.1\n")
    #expect(
      zone.faults.map(\.description) == [
        "zone:1:1: There is no TTL for this record. Write $TTL 3600 above it, or a TTL before its type."
      ])
  }

  @Test func `the caller's default is as a $TTL`() throws {
    #expect(try zone("a A 192.0.2.1\n", defaultTTL: 9).records.map(\.record.ttl) == [9])
  }

  @Test func `an RRset has one TTL, the smallest (RFC 2181 §5.2)`() throws {
    let zone = try zone("a 9 A 192.0.2.1\nb 1 A 192.0.2.1\na 7 A 192.0.2.2\na 8 A 192.0.2.3\na 8 TXT x\n")
    #expect(zone.faults == [])
    #expect(zone.records.map(\.record.ttl) == [7, 1, 7, 7, 8])
    #expect(
      zone.warnings.map(\.description) == [
        "zone:3:1: a.example. A has TTL 7 here, and its set, from zone:1:1 on, 9. The smaller holds: write one TTL for the set.",
        "zone:4:1: a.example. A has TTL 8 here, and its set, from zone:1:1 on, 7. The smaller holds: write one TTL for the set.",
      ])
  }

  @Test func `RRSIGs of different types are different sets (RFC 4034 §3)`() throws {
    let signature = "13 2 300 20300101000000 20200101000000 1 example. AAAA"
    let zone = try zone("a 1 RRSIG A \(signature)\na 2 RRSIG TXT \(signature)\n")
    #expect(zone.faults == [])
    #expect(zone.warnings == [])
    #expect(zone.records.map(\.record.ttl) == [1, 2])
  }
}

extension String {
  fileprivate var trimmed: String { hasSuffix(" ") ? String(dropLast()) : self }
}

@Suite("BIND 9 manual, $GENERATE") struct Generate {
  @Test func `makes the manual's reverse zone`() throws {
    let zone = try zone(
      "$TTL 1\n$GENERATE 1-2 @ NS SERVER$.EXAMPLE.\n$GENERATE 1-127 $ CNAME $.0\n", origin: "0.0.192.IN-ADDR.ARPA.")
    #expect(zone.faults == [])
    let expected =
      ["0.0.192.in-addr.arpa. 1 IN NS server1.example.", "0.0.192.in-addr.arpa. 1 IN NS server2.example."]
      + (1...127).map { "\($0).0.0.192.in-addr.arpa. 1 IN CNAME \($0).0.0.0.192.in-addr.arpa." }
    #expect(lines(zone) == expected)
    #expect(zone.records[100].position == SourcePosition(file: "zone", line: 3, column: 1))
  }

  @Test func `makes the manual's hosts`() throws {
    let zone = try zone("$TTL 1\n$GENERATE 1-3 HOST-$ A 1.2.3.$\n$GENERATE 1-3 HOST-$ MX \"0 .\"\n")
    #expect(zone.faults == [])
    #expect(
      lines(zone)
        == (1...3).map { "host-\($0).example. 1 IN A 1.2.3.\($0)" } + (1...3).map { "host-\($0).example. 1 IN MX 0 ." })
  }

  // The expected names are what named-compilezone 9.18 makes of the same lines.
  @Test(arguments: [
    ("d${-1,3,d}x${5,2,x}X${26,4,X}o${8,3,o}", "d000x06x001bo011"), ("n${159,0,N}", "n0.a"), ("n${15,3,n}", "n0.1"),
    ("neg${-3}", "neg-2"), ("neg${-3,4}", "neg-002"), ("x${-3,4,x}", "xfffffffe"), ("$-$", "1-1"), ("${0}", "1"), ("${+2}", "3"),
    ("a\\$b", "a\\$b"), ("a$$b", "a\\$b"), ("n${0,1,n}", "n1"), ("n${4660,1,n}", "n5.3.2.1"),
  ])
  func `fills in numbers as BIND does`(owner: String, name: String) throws {
    let zone = try zone("$GENERATE 1-1 \(owner) 5 IN A 192.0.2.1\n")
    #expect(zone.faults == [])
    #expect(zone.records.map { "\($0.record.name)" } == [name + ".example."])
  }

  @Test func `steps`() throws {
    let zone = try zone("$GENERATE 0-11/5 s$ 1 A 192.0.2.$\n")
    #expect(lines(zone).map { $0.prefix(3) } == ["s0.", "s5.", "s10"])
  }

  @Test func `takes data of several words, quoted as one or not`() throws {
    let zone = try zone("$GENERATE 1-1 a$ 1 MX 10 m$\n$GENERATE 1-1 b$ 1 TXT \"x y$\"\n$GENERATE 1-1 c$ 1 TXT \"x $\" \"y\"\n")
    #expect(zone.faults == [])
    #expect(
      lines(zone) == [
        "a1.example. 1 IN MX 10 m1.example.", "b1.example. 1 IN TXT \"x\" \"y1\"", "c1.example. 1 IN TXT \"x 1\" \"y\"",
      ])
  }

  @Test func `leaves the owner in hand to the last record made`() throws {
    let zone = try zone("$GENERATE 1-2 a$ 1 A 192.0.2.1\n 1 TXT x\n")
    #expect(lines(zone).last == "a2.example. 1 IN TXT \"x\"")
  }

  @Test func `makes a million records and not one more`() throws {
    let fault =
      "zone:1:11: $GENERATE makes more than 1000000 records, or records that are too long. Write a smaller "
      + "range, or a larger step."
    #expect(try zone("$GENERATE 1-1000001 a$ 1 A 192.0.2.1\n").faults.map(\.description) == [fault])
    #expect(try zone("$GENERATE 0-2147483647 a$ 1 A 192.0.2.1\n").faults.map(\.description) == [fault])
    let twice = try zone("$GENERATE 1-10 a$ 1 A 192.0.2.1\n$GENERATE 1-999991 b$ 1 A 192.0.2.1\n")
    #expect(twice.faults.count == 1)
    #expect(twice.records.count == 10)
    let long = String(repeating: "$-", count: 60)
    #expect(try zone("$GENERATE 1-900000 a 1 TXT \(long)\n").faults.map(\.description) == [fault])
  }

  @Test(arguments: ["1", "1-", "-1", "2-1", "1-2/0", "1-2/", "1-2/x", "a-b", "1--2", "1-2147483648", "1-99999999999999999999"])
  func `refuses what is no range`(range: String) throws {
    #expect(
      try zone("$GENERATE \(range) a$ 1 A 192.0.2.1\n").faults.map(\.description) == [
        "zone:1:11: \"\(range)\" is not a range. Write START-STOP or START-STOP/STEP, such as 1-254 or 0-100/2."
      ])
  }

  @Test(arguments: [
    "${", "${}", "${x}", "${1,}", "${1,2,}", "${1,2,q}", "${1,2,d,}", "${1,256}", "${1", "${--1}",
    "${99999999999}",
  ])
  func `refuses what is no format`(format: String) throws {
    #expect(
      try zone("$GENERATE 1-2 a\(format) 1 A 192.0.2.1\n").faults.map(\.message) == [
        "\"a\(format)\" holds no format that $GENERATE knows. Write $, or ${OFFSET,WIDTH,BASE} with BASE one of d "
          + "o x X n N, such as ${0,3,d}."
      ])
  }

  @Test func `tells a fault of its records once`() throws {
    #expect(try zone("$GENERATE 1-1000 a$ 1 A 192.0.2.300\n").faultCount == 1)
  }
}
