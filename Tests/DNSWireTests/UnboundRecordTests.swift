import DNSWire
import Names
import Testing

/// NLnet Labs' own test data for unbound: 7,851 records, each in wire form and as unbound prints it.
@Suite("Records: wire form and text, against unbound") struct UnboundRecordTests {
  /// Where we differ on purpose.
  static let differences: [(type: String, reason: String)] = [
    ("TSIG", "No RFC gives TSIG a presentation form, and none may stand in a zone (RFC 8945 §4.2): it stays opaque"),
    ("NSAP-PTR", "unbound writes a character-string; RFC 1348 §3 and BIND a domain name"),
    ("ATMA", "An ATM Forum type without an RFC: it stays opaque (RFC 3597)"),
  ]

  static func isDifferent(_ text: String) -> Bool {
    differences.contains { difference in text.split(separator: "\t").dropFirst(3).first.map { $0 == difference.type } ?? false }
  }

  @Test func `every record of the files is there`() {
    #expect(FixtureData.unboundPairs.count == 7851)
    #expect(FixtureData.unboundPairs.count { Self.isDifferent($0.text) } == 9)
  }

  @Test(arguments: 1...5) func `text becomes unbound's wire form`(file: Int) throws {
    for pair in FixtureData.unboundPairs where pair.file == file && !Self.isDifferent(pair.text) {
      var place = 0
      let expected = try ResourceRecord(pair.wire.span, at: &place)
      #expect(place == pair.wire.count)
      let columns = pair.text.split(separator: "\t", maxSplits: 4, omittingEmptySubsequences: false)
      let type = try #require(RRType(columns[3]))
      do {
        let record = ResourceRecord(
          name: try DomainName(columns[0]), recordClass: try #require(RRClass(columns[2])), ttl: try #require(UInt32(columns[1])),
          rdata: try RData(type: type, text: Self.readable(String(columns.count > 4 ? columns[4] : "")), origin: nil))
        #expect(record == expected, "\(pair.text)")
      } catch {
        Issue.record("\(error): \(pair.text)")
      }
    }
  }

  @Test(arguments: 1...5) func `the wire form becomes unbound's text`(file: Int) throws {
    for pair in FixtureData.unboundPairs where pair.file == file && !Self.isDifferent(pair.text) {
      var place = 0
      let record = try ResourceRecord(pair.wire.span, at: &place)
      let columns = pair.text.split(separator: "\t", maxSplits: 4, omittingEmptySubsequences: false)
      let words = Self.normal(String(columns.count > 4 ? columns[4] : ""), type: record.type)
      // RKEY (57) has a form of its own since unbound's file was made: unbound prints \# and we print its fields.
      if record.type.rawValue != 57 {
        #expect(Self.normal(record.rdata.text, type: record.type) == words, "\(pair.text)")
      }
      #expect(record.name == (try DomainName(columns[0])))
      #expect(record.type == RRType(columns[3]))
      #expect(try RData(type: record.type, text: record.rdata.text, origin: nil) == record.rdata)
    }
  }

  /// Spellings in which we and unbound differ while both mean the same. Hexadecimal digits and names count without case.
  static let spellings: [(type: String, theirs: String, ours: String, reason: String)] = [
    ("GPOS", "23.67 23.67 23.67", "\"23.67\" \"23.67\" \"23.67\"", "RFC 1712 §3: three character-strings; we quote every one"),
    ("MX", "10 \"foo.", "10 \\\"foo.", "RFC 1035 §5.1: a quote opens a string unless it is escaped"),
    ("CAA", "\t", "\\009", "a tab is escaped, so that the text stays on one line of words"),
    ("APL", "2:ff00:0000:0000:0000:0000:0000:0000:0000/8", "2:ff00::/8", "RFC 5952: one form for IPv6"),
    ("LOC", "0.00m 10m", "0m 10m", "no fraction where it is zero, in every field"),
    (
      "NINFO", "\\# 27 1a54686973207a6f6e65206973206578706572696d656e74616c2e", "\"this zone is experimental.\"",
      "IANA names type 56"
    ),
  ]

  /// unbound prints a quote in a name as it is, which no reader of master files can take.
  static func readable(_ text: String) -> String { text == "10 \"foo." ? "10 \\\"foo." : text }

  /// The words of record data in the spelling that both sides share.
  static func normal(_ text: String, type: RRType) -> [String] {
    var text = text
    // unbound adds key tags as a comment.
    if let comment = text.ranges(of: " ;{").first { text = String(text[..<comment.lowerBound]) }
    text = text.lowercased()
    for spelling in spellings where spelling.type == type.description {
      text = text.replacing(spelling.theirs, with: spelling.ours)
    }
    // IANA has named these two since.
    text = text.replacing("type56", with: "ninfo").replacing("type57", with: "rkey")
    return text.split(separator: " ").map(String.init)
  }
}

/// What unbound read to make those records: the same data in the spellings of several signers and authors.
@Suite("Zone text: unbound's input") struct UnboundInputTests {
  /// Lines of a file that we refuse, lines that we read otherwise, and how many of unbound's records are missing so.
  static let differences: [(file: Int, refused: [Int], otherwise: [Int], missing: Int, reason: String)] = [
    (1, [], [], 0, ""),
    (2, [2, 1431], [], 2, "the file is a transfer of nlnetlabs.nl, read here as a zone of the root: its SOA does not belong"),
    (3, [1], [], 1, "the same for types-signed.wb.sidnlabs.nl"),
    (4, [33, 38, 39], [], 3, "`42N` is no LOC by RFC 1876 §3, which wants a space; ATMA has no RFC"),
    (
      5, [57, 149, 150, 151, 152, 153], [143, 177, 178], 9,
      """
      a label with a bare space; TSIG in class ANY, never in a zone; two strings without a space between them, which unbound takes \
      for one; NSAP-PTR, which unbound writes as a string
      """
    ),
  ]

  @Test(arguments: differences)
  func `each line gives unbound's record`(file: Int, refused: [Int], otherwise: [Int], missing: Int, reason: String) throws {
    let text = try FixtureData.lines("dns/unbound-wire/test_ldnsrr.\(file)").joined(separator: "\n")
    let zone = ZoneFile(octets: Array(text.utf8), file: "in", origin: .root, defaultTTL: 3600)
    #expect(zone.faults.map(\.position.line) == refused, "\(reason)")
    let expected = FixtureData.unboundPairs.filter { $0.file == file }.map { pair -> RData? in
      var place = 0
      return (try? ResourceRecord(pair.wire.span, at: &place))?.rdata
    }
    let known = Set(expected)
    #expect(zone.records.filter { !known.contains($0.record.rdata) }.map(\.position.line) == otherwise, "\(reason)")
    let read = Set(zone.records.map { Optional($0.record.rdata) })
    #expect(expected.count { !read.contains($0) } == missing, "\(reason)")
  }
}
