import Fixtures
import Indicators
import Names
import Notation
import Testing

@Suite("US-CERT's comma-separated indicators") struct USCERTTests {
  static func read(_ text: String) throws -> Publication { try USCERT.read(Array(text.utf8)) }

  static func fixture(_ path: String) throws -> Publication {
    try USCERT.read(Fixture.octets("ioc/us-cert/" + path))
  }

  static func values(_ publication: Publication) -> [[String]] {
    publication.indicators.map { $0.observables.map { "\($0.observable.type) \($0.observable.value)" } }
  }

  /// The counts are those of a plain reading of the two files with Python's csv module.
  @Test func `JAR-16-20296A: the defanged and the refanged file hold the same`() throws {
    let (defanged, refanged) = (try Self.fixture("JAR-16-20296A.defanged.csv"), try Self.fixture("JAR-16-20296A.refanged.csv"))
    #expect(Self.values(defanged) == Self.values(refanged))
    // 911 rows; the 19 without a value have a hash in their comment.
    #expect(defanged.indicators.count == 911 && defanged.indicators.allSatisfy { $0.marking == .clear })
    let first = defanged.indicators.compactMap { $0.observables.first?.observable }
    // 892 values that stand in the first column, and 19 that stand in a comment alone.
    #expect(Set(first).count == 892 + 19)
    let types = Dictionary(grouping: first, by: \.type).mapValues(\.count)
    #expect(types == ["ipv4-addr": 876, "domain-name": 10, "url": 1, "file": 24])
    #expect(!first.contains { $0.value.isEmpty } && defanged.remarks.isEmpty)
  }

  @Test func `JAR-16-20296A: a comment's other hashes belong to the row`() throws {
    let all = Self.values(try Self.fixture("JAR-16-20296A.defanged.csv"))
    #expect(
      all.contains([
        "file 8f154d23ac2071d7f179959aaba37ad5", "file 8ccaa941af229cf57a0a97327d99a46f989423f0",
        "file 55058d3427ce932d8efcbe54dccf97c9a8d1e85c767814e34f4b2b6a6b305641",
      ]))
    #expect(all.contains(["file 9cb7716d83c0d06ab356bdfa52def1af64bc5210"]))
  }

  @Test func `TA-17-164A: three columns and one without a name`() throws {
    let publication = try Self.fixture("TA-17-164A_csv.excerpt.csv")
    let values = Self.values(publication)
    #expect(values.contains(["ipv4-addr 2.93.238.35"]) && values.contains(["file 8f4fc2e10b6ec15a01e0af24529040dd"]))
    #expect(publication.indicators.first?.labels == ["IP Watchlist"] && publication.marking == nil)
    #expect(publication.remarks.contains { if case .repeated = $0.cause { true } else { false } })
  }

  static let header = "INDICATOR_VALUE,TYPE,COMMENT,ROLE,ATTACK_PHASE,OBSERVED_DATE,HANDLING,DESCRIPTION\n"

  @Test(
    arguments: [
      ("evil[.]example,FQDN,,C2,C2,2018-09-13,TLP:AMBER,What it is", ["domain-name evil.example"]),
      ("evil(dot)example,fqdn,,,,,,", ["domain-name evil.example"]),
      ("hxxp://evil[.]example/a,URL,,,,,,", ["url http://evil.example/a"]),
      ("evil.example/a,URL,,,,,,", ["url evil.example/a"]), (" 192.0.2.66 ,IPV4ADDR,,,,,,", ["ipv4-addr 192.0.2.66"]),
      ("192[.]0[.]2[.]0/24,IPV4ADDR,,,,,,", ["ipv4-addr 192.0.2.0/24"]),
      ("2001:db8::66,IPV6ADDR,,,,,,", ["ipv6-addr 2001:db8::66"]),
      ("a[@]evil[.]example,EMAIL,,,,,,", ["email-addr a@evil.example"]),
      ("C:\\X\\a.dll,filepath,,,,,,", ["file C:\\X\\a.dll"]),
      // In the wrong column, or of another type than is said.
      ("D41D8CD98F00B204E9800998ECF8427E,SHA1,,,,,,", ["file d41d8cd98f00b204e9800998ecf8427e"]),
      ("192.0.2.66,FQDN,,,,,,", ["ipv4-addr 192.0.2.66"]), ("evil.example,IPV4ADDR,,,,,,", ["domain-name evil.example"]),
      // Nothing.
      (",FQDN,look at it,,,,,", nil), ("\"  \",IPV4ADDR,,,,,,", nil), ("n/a,MD5,,,,,,", nil), ("unknown,MD5,,,,,,", nil),
      (
        ",MD5,FILE:a|sha256=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855,,,,,",
        ["file e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"]
      ),
      ("evil.example,FQDN,\"MD5:D41D8CD98F00B204E9800998ECF8427E\",,,,,", ["domain-name evil.example"]),
    ] as [(String, [String]?)])
  func `a row`(row: String, expected: [String]?) throws {
    #expect(Self.values(try Self.read(Self.header + row + "\n")) == (expected.map { [$0] } ?? []))
  }

  @Test func `what a row says of its value is kept`() throws {
    let publication = try Self.read(
      Self.header + "evil[.]example,FQDN,SRC:report,C2,DELIVERY,2018-09-13,TLP:AMBER,\"two\nlines, and \"\"more\"\"\"\n")
    let indicator = try #require(publication.indicators.first)
    #expect(indicator.id == "row 1" && indicator.place == TextPlace(line: 2, column: 1))
    #expect(indicator.labels == ["C2", "DELIVERY"] && indicator.context == ["SRC:report"] && indicator.marking == .amber)
    #expect(indicator.description == "two\nlines, and \"more\"" && indicator.firstSeen == Timestamp("2018-09-13"))
    #expect(publication.marking == .amber)
  }

  @Test(
    arguments: [
      ("TLP:AMBER - partners only", .amber, nil), ("TLP:AMBER (STRICT)", .amberStrict, nil), ("", nil, nil),
      ("for partners", .red, "for partners"), ("TLP:PURPLE", .red, "TLP:PURPLE"),
    ] as [(String, TLP?, String?)])
  func `how far a row may go is a label of TLP, or counts as the strictest and is told`(
    handling: String, marking: TLP?, told: String?
  ) throws {
    let publication = try Self.read(Self.header + "evil.example,FQDN,,,,,\(handling),\n")
    #expect(publication.indicators.map(\.marking) == [marking])
    #expect(publication.marking == marking)
    let remarks = told.map { [Publication.Remark.Cause.unreadableMarking($0)] } ?? []
    #expect(publication.remarks.map(\.cause) == remarks)
  }

  @Test(
    arguments: [
      "type,Indicator_Value,x\nFQDN,evil.example,\n", "\u{FEFF}TYPE,INDICATOR VALUE\r\nFQDN,evil.example\r\n",
      "A notice\n\nIndicator Value;,Type\nevil.example,FQDN\n",
      "INDICATOR_VALUE,TYPE,INDICATOR_VALUE\nevil.example,FQDN,other.example\n",
    ])
  func `columns are found by what the header calls them`(text: String) throws {
    #expect(Self.values(try Self.read(text)) == [["domain-name evil.example"]])
  }

  @Test func `a file without a header, or with an open quote, is refused with a sentence`() {
    #expect(throws: USCERT.Fault.noHeader) { try Self.read("192.0.2.66,x\n") }
    #expect(throws: USCERT.Fault.noHeader) { try Self.read("") }
    let fault = #expect(throws: USCERT.Fault.self) { try Self.read(Self.header + "\"evil.example,FQDN\n") }
    #expect(fault?.place == TextPlace(line: 2, column: 1))
  }

  @Test func `an empty value is never an indicator`() throws {
    let publication = try Self.read(Self.header + ",,,,,,,\n,FQDN,,,,,,\n\" \",URL,,,,,,\n\u{200B},FQDN,,,,,,\n")
    #expect(publication.indicators.isEmpty && publication.remarkCount == 4)
    #expect(publication.remarks.allSatisfy { $0.cause == .noValue })
  }

  @Test func `rows keep what is theirs, however many words there are and however often each stands`() throws {
    let rows = 0..<3000
    let text = rows.map { row in
      let word = row % 700
      return "n\(row).example,FQDN,SRC:\(word),role \(word),phase \(row % 3),\(2000 + word)-01-02,"
        + "\(["TLP:WHITE", "", "TLP:RED"][row % 3]),\"what \"\"\(word)\"\" is, at length\"\n"
    }
    let publication = try Self.read(Self.header + text.joined())
    #expect(publication.indicators.count == rows.count && publication.remarks.isEmpty && publication.marking == .red)
    for (row, indicator) in publication.indicators.enumerated() {
      let word = row % 700
      #expect(indicator.id == "row \(row + 1)" && indicator.context == ["SRC:\(word)"])
      #expect(indicator.labels == ["role \(word)", "phase \(row % 3)"])
      #expect(indicator.firstSeen == Timestamp("\(2000 + word)-01-02"))
      #expect(indicator.marking == [.clear, nil, .red][row % 3])
      #expect(indicator.description == "what \"\(word)\" is, at length")
    }
  }

  @Test func `a value that stands again is told with the place of the first, however many stand between`() throws {
    let names = (0..<2000).map { "n\($0).example,FQDN\n" }.joined()
    let values = names + (0..<2000).map { "192.0.\($0 >> 8).\($0 & 255),IPV4ADDR\n" }.joined()
    let publication = try Self.read("INDICATOR_VALUE,TYPE\n" + values + values)
    #expect(publication.remarkCount == 4000 && publication.indicators.count == 8000)
    for (row, remark) in publication.remarks.enumerated() {
      #expect(remark.place.line == row + 4002 && remark.cause == .repeated(first: TextPlace(line: row + 2, column: 1)))
    }
  }

  @Test func `a hash that a comment alone named is known when it stands again`() throws {
    let hash = "d41d8cd98f00b204e9800998ecf8427e"
    let others = "SHA1:da39a3ee5e6b4b0d3255bfef95601890afd80709"
    let publication = try Self.read(Self.header + ",MD5,MD5:\(hash)|\(others)|MD5:\(hash),,,,,\n\(hash),MD5,,,,,,\n")
    #expect(Self.values(publication)[0] == ["file \(hash)", "file da39a3ee5e6b4b0d3255bfef95601890afd80709"])
    #expect(publication.remarks.map(\.cause) == [.repeated(first: TextPlace(line: 2, column: 1))])
  }

  @Test(.timeLimit(.minutes(5)))
  func `a row of thousands of hashes costs once what it costs, however often its first one stands again`() throws {
    func hash(_ number: Int) -> String { String(repeating: "0", count: 32 - "\(number)".count) + "\(number)" }
    let comment = (0..<20_000).map { "MD5:\(hash($0))" }.joined(separator: "|")
    let rows = String(repeating: "\(hash(0)),MD5,,,,,,\n", count: 20_000)
    let publication = try Self.read(Self.header + ",MD5,\(comment),,,,,\n" + rows)
    #expect(publication.remarkCount == 20_000 && publication.indicators.count == 20_001)
  }

  /// A file that is read in many stretches, several at a time.
  @Test func `rows keep their numbers, places and remarks, however many there are`() throws {
    // Each hundredth line is empty, each seventh row of a thousand repeats a value of the first thousand, each eighth has none.
    var (lines, ids, values, remarks) = (["INDICATOR_VALUE,TYPE,DESCRIPTION"], [String](), [String](), [Publication.Remark]())
    var row = 0
    while row < 150_000 {
      let line = lines.count + 1
      if line % 100 == 0 {
        lines.append("")
        continue
      }
      row += 1
      let isRepeated = row > 1000 && row % 1000 == 7
      let value = isRepeated ? "host\(row / 1000).example" : "host\(row).example"
      if row % 1000 == 8 {
        lines.append(",FQDN,\"nothing\"")
        remarks.append(.init(TextPlace(line: line, column: 1), .noValue))
        continue
      }
      lines.append("\(value),FQDN,\"\"\"\(row)\"\"\"")
      ids.append("row \(row)")
      values.append(value)
      guard isRepeated else { continue }
      // Row n of the first hundreds stands behind the header, and from line 100 on behind an empty line.
      let first = row / 1000 < 99 ? row / 1000 + 1 : row / 1000 + 2
      remarks.append(.init(TextPlace(line: line, column: 1), .repeated(first: TextPlace(line: first, column: 1))))
    }
    let publication = try Self.read(lines.joined(separator: "\n"))
    #expect(publication.indicators.count == ids.count)
    // One by one: the difference of two long lists takes the square of their lengths.
    let wrong = publication.indicators.indices.first { index in
      let indicator = publication.indicators[index]
      return indicator.id != ids[index] || indicator.observables.first?.observable.value != values[index]
        || indicator.description != "\"\(ids[index].dropFirst(4))\""
    }
    #expect(wrong.map { publication.indicators[$0] } == nil)
    // A value that stands in a row without one is none that is repeated.
    let expected = remarks.filter { remark in
      if case .repeated(let first) = remark.cause {
        !remarks.contains { $0.place == first && $0.cause == .noValue }
      } else {
        true
      }
    }
    #expect(publication.remarks == expected)
    #expect(publication.remarkCount == expected.count)
  }

  @Test(.timeLimit(.minutes(5))) func `rows of nothing but separators have nothing, and are counted`() throws {
    let row = String(repeating: ",", count: 999)
    let lines = ["INDICATOR_VALUE,TYPE"] + Array(repeating: row, count: 300) + ["a.example,FQDN", row]
    let publication = try Self.read(lines.joined(separator: "\n"))
    #expect(publication.indicators.map(\.id) == ["row 301"])
    #expect(publication.remarkCount == 301)
  }
}
