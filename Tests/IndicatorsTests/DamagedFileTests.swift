import Fixtures
import Indicators
import Notation
import Testing

/// What a network, a disk or a hostile hand makes of a file. The seeds are fixed, so that what fails once fails again.
@Suite("Files that were cut short or changed") struct DamagedFileTests {
  /// A file of each format.
  static let files = [
    "us-cert/TA-17-164A_csv.excerpt.csv", "campaign/campaign_iocs_verified.csv",
    "stix1-elevator/xml/malicious-email-indicator-with-attachment.xml", "us-cert/TA-17-164A_stix.excerpt.xml",
    "stix2-oasis/indicators-for-C2-with-COA.json", "misp-stix/test_event1_stix21.json", "misp-stix/test_events_collection_1.json",
    "openioc/APT18_0ae061d7-c624-4a84-8adf-00281b97797b.ioc",
  ]

  /// Two lists: one of values, one that another program reads as addresses of hosts.
  static let lists = [
    "# names\n.evil.example\nhxxp://evil[.]example/a?b#c\n192.0.2.0/24 # a net\nd41d8cd98f00b204e9800998ecf8427e\na@evil.example\n",
    "127.0.0.1 localhost evil.example worse.example\n::1 bad.example\n",
  ].map { Array($0.utf8) }

  static let warninglist = Array(
    #"{"name": "N", "description": "D", "type": "cidr", "version": 1, "list": ["192.0.2.0/24", "2001:db8::/32"]}"#.utf8)

  static func octets(_ file: String) throws -> [UInt8] { try Fixture.octets("ioc/" + file) }

  static func isTree(_ octets: [UInt8]) -> Bool {
    octets.first { $0 > 0x20 && $0 < 0x80 }.map { "<{[".utf8.contains($0) } ?? false
  }

  /// Reads octets: what comes out is a publication, or a fault with a place that the file has.
  private func read(_ octets: [UInt8]) -> Publication? {
    do { return try Publication(octets) } catch {
      let lines = octets.count { $0 == 0x0A || $0 == 0x0D } + 1
      #expect(error.place.line >= 1 && error.place.line <= lines && error.place.column >= 1, "\(error)")
      #expect(error.place.column <= octets.count + 1 && error.sentence.hasSuffix("."), "\(error)")
      return nil
    }
  }

  @Test(arguments: files.indices) func `cut short, a tree is refused, and of rows the whole ones are read`(index: Int) throws {
    var octets = try Self.octets(Self.files[index])
    while let last = octets.last, last <= 0x20 { octets.removeLast() }
    let whole = try Publication(octets)
    #expect(!whole.indicators.isEmpty)
    var generator = SplitMix64(state: UInt64(index))
    let cuts =
      [0, 1, 2, 3, 4, octets.count / 2, octets.count - 1]
      + (0..<120).map { _ in
        Int.random(in: 0..<octets.count, using: &generator)
      }
    for cut in cuts {
      let publication = read(Array(octets.prefix(cut)))
      if Self.isTree(octets) {
        // What is left of a mark alone says nothing of what it was.
        #expect(publication == nil || cut < 4, "\(cut)")
      } else if let publication {
        #expect(publication.indicators.count <= whole.indicators.count)
        // The last row may have lost its end.
        #expect(
          publication.indicators.dropLast().map(\.pattern)
            == whole.indicators.prefix(max(0, publication.indicators.count - 1)).map(\.pattern))
      }
    }
  }

  @Test(arguments: [0, 1]) func `of a list that was cut short, the whole lines are read`(index: Int) throws {
    let octets = Self.lists[index]
    let whole = try Publication(octets).indicators.map(\.pattern)
    #expect(whole.count >= 3)
    for cut in 1..<octets.count {
      // Before the first value is whole, there may be none at all.
      let values = read(Array(octets.prefix(cut)))?.indicators.map(\.pattern) ?? []
      #expect(values.dropLast().elementsEqual(whole.prefix(max(0, values.count - 1))), "\(cut)")
    }
  }

  @Test func `of a warninglist that was cut short, nothing is read`() throws {
    #expect(try Publication(Self.warninglist).warninglists.map(\.values.count) == [2])
    for cut in 0..<Self.warninglist.count { #expect(read(Array(Self.warninglist.prefix(cut)))?.warninglists.isEmpty ?? true) }
  }

  @Test(arguments: files.indices) func `with octets changed, it is read, remarked or refused, and nothing traps`(index: Int)
    throws
  {
    let octets = try Self.octets(Self.files[index])
    var generator = SplitMix64(state: 1000 + UInt64(index))
    for _ in 0..<120 {
      var changed = octets
      for _ in 0..<Int.random(in: 1...20, using: &generator) {
        let place = Int.random(in: 0..<changed.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: changed[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: changed[place] = UInt8.random(in: 0...255, using: &generator)
        case 2: changed[place] = Array("<>{}[]\"',\\/&;:#\0\r\n".utf8).randomElement(using: &generator) ?? 0
        default: changed.removeSubrange(place..<min(changed.count, place + Int.random(in: 1...40, using: &generator)))
        }
      }
      guard let publication = read(changed) else { continue }
      for indicator in publication.indicators {
        guard let pattern = indicator.pattern else { continue }
        #expect(throws: Never.self) { try Pattern("\(pattern)") }
      }
      #expect(publication.remarks.allSatisfy { $0.place.line >= 1 && !$0.cause.sentence.isEmpty })
    }
  }

  @Test func `octets without any order are refused or remarked`() {
    var generator = SplitMix64(state: 7)
    for count in [1, 2, 3, 4, 10, 100, 1000, 70_000] {
      for _ in 0..<20 {
        let octets = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
        #expect(read(octets)?.indicators.isEmpty ?? true)
      }
    }
  }
}

@Suite("Files in another encoding") struct EncodingTests {
  static let csv = "INDICATOR_VALUE,TYPE,COMMENT\nevil.example,FQDN,caf\u{E9}\nworse.example,FQDN,\n"

  private static func fault(_ octets: [UInt8]) -> Publication.Fault? {
    do { _ = try Publication(octets) } catch { return error }
    return nil
  }

  /// In UTF-16, with a byte order mark or without.
  private static func wide(_ text: String, bigEndian: Bool, mark: Bool) -> [UInt8] {
    ((mark ? "\u{FEFF}" : "") + text).utf16.flatMap { unit in
      let (high, low) = (UInt8(unit >> 8), UInt8(truncatingIfNeeded: unit))
      return bigEndian ? [high, low] : [low, high]
    }
  }

  @Test(arguments: [
    csv, "evil.example\n", "<?xml version=\"1.0\"?><stix:STIX_Package xmlns:stix=\"http://stix.mitre.org/stix-1\"/>",
    "{\"type\": \"bundle\", \"objects\": []}",
  ]) func `UTF-16 is named, with a byte order mark and without, in either order`(text: String) {
    for (bigEndian, mark) in [(true, true), (true, false), (false, true), (false, false)] {
      let fault = Self.fault(Self.wide(text, bigEndian: bigEndian, mark: mark))
      #expect(fault?.place == .start && fault?.sentence == "The file is UTF-16. Save it as UTF-8.", "\(bigEndian) \(mark)")
    }
  }

  @Test(arguments: [("\0\0\0\0", 0), ("a\0\0\0b", 1), ("\0\0a\0", 0)]) func `NUL that does not alternate is no UTF-16`(
    text: String, offset: Int
  ) {
    #expect(Self.fault(Array(text.utf8))?.sentence.hasPrefix("Octet \(offset) is NUL: this is no text.") == true)
  }

  @Test func `one octet of Latin-1 in a comment is told with its place, and the rest is read`() throws {
    let publication = try Publication(Self.csv.unicodeScalars.map { UInt8($0.value) })
    #expect(publication.indicators.map(\.context) == [["caf\u{FFFD}"], []])
    let remark = try #require(publication.remarks.first)
    #expect(publication.remarkCount == 1 && remark.place == TextPlace(line: 2, column: 22))
    #expect(
      remark.cause.sentence
        == "Octet 50 of the file is 0xE9, which is not UTF-8; what is not is read as U+FFFD. Save the file as UTF-8.")
    #expect(try Publication(Array(Self.csv.utf8)).remarkCount == 0)
  }

  @Test func `a name in Latin-1 is no name, and is told with its place`() throws {
    let publication = try Publication(Array("evil.example\nb".utf8) + [0xFC] + Array("cher.example\nworse.example\n".utf8))
    #expect(publication.indicators.map(\.place.line) == [1, 3])
    #expect(publication.remarks.map(\.place) == [TextPlace(line: 2, column: 1), TextPlace(line: 2, column: 2)])
  }

  @Test func `JSON and XML with an octet that is not UTF-8 are refused where it stands`() {
    let json = Self.fault(Array("{\"type\": \"bundle\",\n \"id\": \"".utf8) + [0xFF] + Array("\"}".utf8))
    #expect(json?.place == TextPlace(line: 2, column: 9))
    #expect(json?.sentence == "Octet 27 of the file is 0xFF, which is not UTF-8 here. Save the file as UTF-8.")
    let xml = Self.fault(Array("<a>\n<b>".utf8) + [0xFF] + Array("</b></a>".utf8))
    #expect(xml?.place == TextPlace(line: 2, column: 4))
    #expect(xml?.sentence == "Octet 7 of the file is 0xFF, which is not UTF-8 here. Save the file as UTF-8.")
  }

  @Test(arguments: [
    ("evil.example\nwor\0se.example\n", TextPlace(line: 2, column: 4)),
    ("INDICATOR_VALUE,TYPE\nevil.example,FQDN\n\"caf\u{E9}\n\0\",FQDN\n", TextPlace(line: 4, column: 1)),
  ]) func `NUL in text is told where it stands`(text: String, place: TextPlace) {
    #expect(Self.fault(Array(text.utf8))?.place == place)
  }
}

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}

@Suite("Files that are none of indicators") struct OtherFileTests {
  private static func fault(_ text: String) -> Publication.Fault? {
    do { _ = try Publication(Array(text.utf8)) } catch { return error }
    return nil
  }

  @Test(arguments: [
    "<!DOCTYPE html>\n<html><head><title>404</title></head></html>", "<!doctype HTML><p>Not found", "<html><body><br></html>",
    "<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"x\"><html/>", "<html/>",
  ]) func `a web page is called one`(text: String) {
    #expect(
      Self.fault(text)?.sentence == "This is a web page, not a file of indicators. Look at what the address gives.")
  }

  @Test(arguments: [
    ("\nDear colleagues,\nplease find nothing here\n", 2), ("name;age\nAda;36\n", 1),
    ("INDICATOR_VALUE,TYPE\n\nword,IPV4ADDR\n", 3),
  ]) func `without any value it is an error and no empty list, which would take away what was there`(text: String, line: Int) {
    let fault = Self.fault(text)
    #expect(fault?.place.line == line && fault?.sentence.hasPrefix("No line holds a value to look for:") == true)
  }

  @Test(arguments: ["# nothing any more\n", "INDICATOR_VALUE,TYPE\n", "; a\n\n// b\n"])
  func `comments and a header alone may be a list from which all was taken`(text: String) throws {
    #expect(try Publication(Array(text.utf8)).indicators.isEmpty)
  }

  @Test(arguments: ["0.0.0.0/0", "::/0"]) func `what means every address is told and not taken, in each form`(block: String)
    throws
  {
    let type = block.hasPrefix("0") ? "ipv4-addr" : "ipv6-addr"
    let texts = [
      block + "\nevil.example\n", "INDICATOR_VALUE,TYPE\n\(block),IPV4ADDR\nevil.example,FQDN\n",
      """
      [{"type": "indicator", "id": "indicator--1", "pattern": "[\(type):value = '\(block)' OR url:value = 'http://evil.example/']"},
       {"type": "indicator", "id": "indicator--2", "pattern": "[domain-name:value = 'evil.example']"}]
      """,
      """
      [{"type": "ip-dst", "value": "\(block)", "to_ids": true, "uuid": "a"},
       {"type": "domain", "value": "evil.example", "to_ids": true, "uuid": "b"}]
      """,
    ]
    for text in texts {
      let publication = try Publication(Array(text.utf8))
      #expect(publication.indicators.count == 1)
      #expect(publication.remarks.map(\.cause).contains(.unsupported("\(block) means every address")), "\(publication.remarks)")
    }
  }

  @Test func `a block of all addresses that does not tell it alone stays`() throws {
    let text = """
      [{"type": "indicator", "id": "indicator--1", "pattern": "[network-traffic:dst_ref.value = '0.0.0.0/0' AND \
      network-traffic:dst_port = 4444]"}]
      """
    #expect(try Publication(Array(text.utf8)).indicators.count == 1)
  }
}
