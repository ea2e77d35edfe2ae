import DNSWire
import Foundation
import Notation
import Testing

@testable import Estate

@Suite("RFC 8259 JSON, as what is written and where") struct JSONTests {
  static func read(_ octets: [UInt8]) -> (written: Written?, faults: [DeclarationFault]) {
    var faults = FaultList()
    let written = JSONText.read(octets, file: "f.json", faults: &faults)
    return (written, faults.inReadingOrder())
  }

  static func read(_ text: String) -> (written: Written?, faults: [DeclarationFault]) { read(Array(text.utf8)) }

  /// What was read, with the place of each value, on one line.
  static func outline(_ written: Written) -> String {
    let place = "\(written.position.line):\(written.position.column)"
    return switch written.content {
    case .nothing: "\(place) nothing"
    case .text(let text): "\(place) \(text)"
    case .list(let items): "\(place) [\(items.map(outline).joined(separator: ", "))]"
    case .mapping(let entries):
      "\(place) {\(entries.map { "\($0.position.line):\($0.position.column) \($0.key)= \(outline($0.value))" }.joined(separator: ", "))}"
    }
  }

  // MARK: §13 Examples

  @Test func `the object of §13`() throws {
    let text = """
      {
        "Image": {
            "Width":  800,
            "Title":  "View from 15th Floor",
            "Animated" : false,
            "IDs": [116, 943]
          }
      }
      """
    let written = try #require(Self.read(text).written)
    #expect(
      Self.outline(written)
        == "1:1 {2:3 Image= 2:12 {3:7 Width= 3:17 800, 4:7 Title= 4:17 View from 15th Floor, 5:7 Animated= 5:20 false, "
        + "6:7 IDs= 6:14 [6:15 116, 6:20 943]}}")
  }

  @Test(arguments: [("\"Hello world!\"", "Hello world!"), ("42", "42"), ("true", "true")])
  func `the values alone of §13`(text: String, expected: String) {
    #expect(Self.read(text).written?.text == expected)
  }

  // MARK: The grammar

  @Test(arguments: [
    "[]", "{}", " [] ", "[[]   ]", "[\"\"]", "[\"a\"]", "[false]", "[null, 1, \"1\", {}]", "[null]", "[1\n]", " [1]",
    "[1,null,null,2]",
    "[2] ", "[0e+1]", "[0e1]", "[ 4]", "[-0.000000000000000000000000000000000000001]", "[20e1]", "[-0]", "[-123]", "[-1]",
    "[1E22]",
    "[1E-2]", "[1E+2]", "[123e45]", "[123.456e78]", "[1e-2]", "[1e+2]", "[123.456789]", "[123]",
    "{\"asd\":\"sdf\", \"dfg\":\"fgh\"}",
    "{\"\":0}", "{\"foo\\u0000bar\": 42}", "{\"a\":[]}", "{\n\"a\": \"b\"\n}", "[\"\\u0060\\u012a\\u12AB\"]",
    "[\"\\uD801\\udc37\"]",
    "[\"\\ud83d\\ude39\\ud83d\\udc8d\"]", "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]", "[\"\\\\u0000\"]", "[\"\\\"\"]",
    "[\"a/*b*/c/*d//e\"]",
    "[\"\\\\a\"]", "[\"\\\\n\"]", "[\"\\u0012\"]", "[\"\\uFFFF\"]", "[ \"asd\"]", "[\"\u{10FFFF}\"]", "[\"\u{FFFF}\"]",
    "[\"\\u0000\"]",
    "[\"\\u002c\"]", "[\"π\"]", "[\"\u{2028}\u{2029}\"]", "[\"\u{7F}\"]", "\" \"", "[\"new\\u000Aline\"]", "false", "-0.1",
    "null", "\"\"",
    "[true]\n", "\t[]\r\n", "\u{FEFF}{}",
  ])
  func `reads what the grammar allows, as Foundation does`(text: String) throws {
    let reading = Self.read(text)
    #expect(reading.faults.isEmpty)
    let written = try #require(reading.written)
    let other = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
    #expect(agree(written, other))
  }

  @Test(arguments: [
    "[1 true]", "[\"\": 1]", "[\"\"],", "[,1]", "[1,,2]", "[\"x\",,]", "[\"x\"]]", "[\"\",]", "[\"x\"", "[x", "[3[4]]", "[1:2]",
    "[,]",
    "[-]", "[   , \"\"]", "[\"a\",\n4\n,1,", "[1,]", "[*]", "[1,\n1\n,1", "[{}", "[fals]", "[nul]", "[tru]", "[++1234]", "[+1]",
    "[+Inf]", "[-01]", "[-1.0.]", "[-2.]", "[-NaN]", "[.-1]", "[.2e-3]", "[0.1.2]", "[0.3e+]", "[0.3e]", "[0.e1]", "[0E+]",
    "[0E]",
    "[1.0e+]", "[1.0e-]", "[1.0e]", "[1 000.0]", "[1eE2]", "[2.e+3]", "[9.e+]", "[Inf]", "[NaN]", "[１]", "[1+2]", "[0x1]",
    "[0x42]",
    "[Infinity]", "[-Infinity]", "[-foo]", "[- 1]", "[-012]", "[-.123]", "[1ea]", "[1.]", "[.123]", "[1.2a-3]", "[012]",
    "[\"x\", truth]", "{[: \"x\"}\n", "{\"x\", null}", "{\"x\"::\"b\"}", "{\"a\":\"a\" 123}", "{key: 'value'}", "{\"a\" b}",
    "{:\"b\"}",
    "{\"a\" \"b\"}", "{\"a\":", "{\"a\"", "{1:1}", "{9999E9999:1}", "{null:null}", "{\"id\":0,,,,,}", "{'a':0}", "{\"id\":0,}",
    "{\"a\":\"b\"}/**/", "{\"a\":\"b\"}//", "{\"a\":/*comment*/\"b\"}", "{\"a\":\"b\",,\"c\":\"d\"}", "{a: \"b\"}", "{\"a\":\"a",
    "{ \"foo\" : \"bar\", \"a\" }", "{\"a\":\"b\"}#", " ", "[\"\\uD800\\\"]", "[\"\\uD800\\u\"]", "[\"\\uD800\\u1\"]",
    "[\"\\uD800\\u1x\"]", "[é]", "[\"\\x00\"]", "[\"\\\\\\\"]", "[\"\\\t\"]", "[\"\\🌀\"]", "[\"\\\"]", "[\"\\u00A\"]",
    "[\"\\uD834\\uDd\"]", "[\"\\uD800\\uD800\\x\"]", "[\"\\a\"]", "[\"\\uqqqq\"]", "[\\u0020\"asd\"]", "[\\n]", "\"",
    "['single quote']",
    "abc", "[\"a\u{0}a\"]", "[\"new\nline\"]", "[\"\t\"]", "\"\\UA66D\"", "\"\"x", "<.>", "[<null>]", "[1]x", "[1]]", "[\"asd]",
    "aå",
    "[True]", "1]", "{\"x\": true,", "[][]", "]", "{]", "2@", "{}}", "{\"\":", "{\"a\": true} \"x\"", "[", "*",
    "{\"a\":\"b\"}#{}", "[\u{C}]",
    "[\"asd", "å", "[True", "[1", "{\"asd\":\"asd\"", "\u{2060}[]", "", "\u{FEFF}", "[\"\\ud800\"]", "[\"\\udc00\"]",
    "[\"\\uDd1ea\"]",
    "[\"\\ud800\\ud800\"]", "\u{A0}1",
  ])
  func `refuses what the grammar does not allow`(text: String) {
    let reading = Self.read(text)
    #expect(reading.written == nil)
    #expect(reading.faults.count == 1)
  }

  @Test(
    arguments: [
      ([0x5B, 0x22, 0xFF, 0x22, 0x5D], 2), ([0x5B, 0x22, 0xC0, 0xAF, 0x22, 0x5D], 2),
      ([0x5B, 0x22, 0xED, 0xA0, 0x80, 0x22, 0x5D], 2),
      ([0x5B, 0x22, 0xE0, 0xFF, 0x22, 0x5D], 2), ([0x22, 0x61, 0xF4, 0x90, 0x80, 0x80, 0x22], 2), ([0x22, 0xC3], 1), ([0xE5], 0),
      ([0x5B, 0xFF, 0x5D], 1), ([0x22, 0x5C, 0xE5, 0x22], 2), ([0xEF, 0xBB, 0x7B, 0x7D], 0),
    ] as [([UInt8], Int)])
  func `octets that are no UTF-8`(octets: [UInt8], offset: Int) {
    let reading = Self.read(octets)
    #expect(reading.written == nil)
    #expect(reading.faults.map(\.cause) == [.notUTF8(octet: octets[offset], offset: offset)])
  }

  @Test(arguments: [String.Encoding.utf16, .utf16BigEndian, .utf16LittleEndian, .utf32BigEndian])
  func `other encodings`(encoding: String.Encoding) throws {
    let octets = Array(try #require("{\"a\": 1}".data(using: encoding)))
    #expect(Self.read(octets).faults.map(\.cause) == [.utf16])
  }

  // MARK: What a person reads

  @Test(arguments: [
    ("", "1:1: The file is empty where JSON belongs. Write the file again with the tool that makes it."),
    (
      "{\n  \"é\": 1,\n}",
      "3:1: This is not JSON: \"}\" stands where a key in double quotes belongs. Write the file again with the tool that makes it."
    ),
    (
      "[\"é\", x]", "1:7: This is not JSON: \"x\" stands where a value belongs. Write the file again with the tool that makes it."
    ),
    (
      "[1\r\n2]",
      "2:1: This is not JSON: \"2\" stands where a comma or ] belongs. Write the file again with the tool that makes it."
    ),
    (
      "{\"a\"\r:1",
      "2:3: The file ends where a comma or } belongs: it may be cut short. Write the file again with the tool that makes it."
    ),
    (
      "{\"a",
      "1:4: The file ends where a closing quote belongs: it may be cut short. Write the file again with the tool that makes it."
    ),
    ("{\"a\" 1}", "1:6: This is not JSON: \"1\" stands where a colon belongs. Write the file again with the tool that makes it."),
    ("{} {}", "1:4: \"{\" follows the end of the JSON text. Remove what follows."),
    ("[\"a\tb\"]", "1:4: The control character U+0009 may not stand in a JSON string. Write it as \\u0009."),
    ("[\"\\x\"]", "1:3: A backslash before \"x\" is no escape of JSON. Write two backslashes where one is meant."),
    ("[\"\\u12G4\"]", "1:3: Four hexadecimal digits belong after \\u. Write them all, as in \\u00E9."),
    ("[\"é\\uD800\"]", "1:4: \\uD800 is half of a character. Write both halves, as in \\uD83D\\uDE00."),
    ("[012]", "1:2: This is not a number as JSON writes it. Write digits without a leading zero, as in 300 or -1.5e3."),
    ("{\"a\": 1,\n \"\\u0061\": 2}", "2:2: \"a\" stands twice, first at f.json:1:2. Keep one of the two."),
  ])
  func `sentences`(text: String, line: String) {
    #expect(Self.read(text).faults.map(\.description) == ["f.json:\(line)"])
  }

  @Test func `every key that stands twice is told`() {
    let reading = Self.read("{\"a\": {\"b\": 1, \"b\": 2, \"b\": 3}, \"a\": [], \"c\": [{\"d\": 1}, {\"d\": 1}]}")
    #expect(reading.written == nil)
    #expect(reading.faults.map(\.position.column) == [16, 24, 33])
  }

  // MARK: Bounds

  @Test(arguments: ["[", "{\"a\":", "[{\"a\":"]) func `nesting without end`(piece: String) {
    let reading = Self.read(String(repeating: piece, count: 100_000))
    #expect(reading.faults.map(\.cause) == [.json(.tooDeep(limit: 64))])
    #expect(
      reading.faults.first?.description.hasSuffix("Lists and mappings are nested deeper than 64 levels. Flatten them.") == true)
  }

  @Test func `the deepest that is read`() {
    let deepest = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
    #expect(Self.read(deepest).written != nil)
    #expect(Self.read("[\(deepest)]").written == nil)
  }

  @Test func `larger than the limit`() {
    let reading = Self.read([UInt8](repeating: 0x20, count: 256 << 20 | 1))
    #expect(
      reading.faults.map(\.description) == [
        "f.json:1:1: The file has 268435457 octets; at most 268435456 are read. Write less to it, or split it."
      ])
  }

  @Test func `more values than the limit`() {
    // The list itself is a value too.
    let text = Array("[1, {\"a\": 2}, [3]]".utf8)
    var faults = FaultList()
    #expect(JSONText.read(text, file: "f.json", mostValues: 6, faults: &faults) != nil)
    #expect(JSONText.read(text, file: "f.json", mostValues: 5, faults: &faults) == nil)
    #expect(
      faults.inReadingOrder().map(\.description) == [
        "f.json:1:16: The file holds more than 5 values. Write less to it, or split it."
      ])
  }

  @Test func `one long string, and a long blank`() {
    let text = String(repeating: "é", count: 1 << 20)
    let reading = Self.read("\"\(text)\"" + String(repeating: " ", count: 1 << 20) + "x")
    #expect(reading.faults.map(\.position.column) == [2 << 20 | 3])
    #expect(Self.read("\"\(text)\"").written?.text == text)
  }

  // MARK: Any octets

  @Test(arguments: 0..<8) func `changed at random: read as Foundation reads it, or refused`(seed: UInt64) throws {
    var random = HostileDeclarationTests.Sequence(state: seed)
    let whole = Array(
      "{\"a\": [1, -2.5e3, \"x\\u00e9\\ud83d\\ude00\", null], \"é\": {\"b\": true, \"c\": {}}, \"d\": \"\\\"\"}\n".utf8)
    let grit = Array("\n\t \"\\{}[]:,-+.0eEu/tfné\u{FEFF}".utf8) + [0x00, 0xFF, 0xC3, 0xED]
    for round in 0..<1000 {
      var octets = whole
      for _ in 0...Int.random(in: 0..<4, using: &random) {
        let at = Int.random(in: 0..<octets.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: octets[at] = grit.randomElement(using: &random) ?? 0
        case 1: octets.insert(grit.randomElement(using: &random) ?? 0, at: at)
        default: octets.removeSubrange(at..<min(octets.count, at + Int.random(in: 1..<10, using: &random)))
        }
        if octets.isEmpty { octets = [0x0A] }
      }
      let (written, faults) = Self.read(octets)
      #expect((written == nil) == !faults.isEmpty, "seed \(seed), round \(round)")
      guard let written else { continue }
      let other = try JSONSerialization.jsonObject(with: Data(octets), options: .fragmentsAllowed)
      #expect(agree(written, other), "seed \(seed), round \(round)")
    }
  }

  @Test func `octets at random`() {
    var random = HostileDeclarationTests.Sequence(state: 8259)
    for _ in 0..<5000 {
      let octets = (0..<Int.random(in: 0..<40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      let (written, faults) = Self.read(octets)
      #expect((written == nil) == (faults.count == 1))
    }
  }

  /// Whether Foundation read the same from a document.
  private func agree(_ written: Written, _ other: Any) -> Bool {
    switch written.content {
    case .nothing: other is NSNull
    case .text("true") where (other as? String) == nil: (other as? NSNumber)?.boolValue == true
    case .text("false") where (other as? String) == nil: (other as? NSNumber)?.boolValue == false
    case .text(let text):
      (other as? String).map { $0 == text } ?? (other as? NSNumber).map { isNear($0.doubleValue, text) } ?? false
    case .list(let items):
      (other as? [Any]).map { $0.count == items.count && zip(items, $0).allSatisfy { agree($0, $1) } } ?? false
    case .mapping(let entries):
      (other as? [String: Any]).map { other in
        other.count == entries.count && entries.allSatisfy { entry in other[entry.key].map { agree(entry.value, $0) } ?? false }
      } ?? false
    }
  }
  /// Foundation's number may be the neighbour of the nearest.
  private func isNear(_ value: Double, _ text: String) -> Bool {
    Double(text).map { abs($0 - value) <= abs($0) * 1e-15 } ?? false
  }
}
