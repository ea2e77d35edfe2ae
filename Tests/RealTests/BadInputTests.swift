import Foundation
import Testing

/// What was taken in before stays, whatever a source gives next.
@Suite("nameward indicators: a source that turns bad") struct BadSourceTests {
  private static func run(_ arguments: [String], in place: Scratch) async throws -> Executable.Ending {
    try await Executable.run(["indicators", arguments[0], "--state", "state"] + arguments.dropFirst(), in: place.path)
  }

  private static let header = "INDICATOR_VALUE,TYPE\n"
  private static func rows(_ count: Int) -> String { (0..<count).map { "host\($0).example,FQDN\n" }.joined() }

  /// A source that gave twenty indicators, once its file holds something else.
  private static func turning(
    _ place: Scratch, to change: (URL) throws -> Void, _ more: [String] = []
  ) async throws -> (before: String, refreshed: Executable.Ending, after: String) {
    try place.write(header + rows(20), to: "feed")
    let taken = try await run(["import", "feed"], in: place)
    #expect(taken.output == "feed: revision 1: 20 added, 0 changed, 0 withdrawn, 20 in all\n", "\(taken.talk)")
    let before = try await run(["list"], in: place).output
    try change(URL(fileURLWithPath: place("feed")))
    let refreshed = try await run(["refresh"] + more, in: place)
    return (before, refreshed, try await run(["list"], in: place).output)
  }

  private static let bundle = #"{"type":"bundle","objects":["#
  /// As gzip compresses `evil.example` and a line feed, cut short, and with its sum changed.
  private static func gzip(_ change: (inout [UInt8]) -> Void) throws -> [UInt8] {
    let place = try Scratch()
    try place.write("evil.example\n", to: "a")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/gzip")
    process.arguments = [place("a")]
    try process.run()
    process.waitUntilExit()
    var octets = try [UInt8](Data(contentsOf: URL(fileURLWithPath: place("a.gz"))))
    change(&octets)
    return octets
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var octets: [UInt8]
    /// After the name of the file; of XML the line, since a column is where its parser stands.
    var place: String
    var sentence: String

    init(_ name: String, _ octets: [UInt8], _ place: String, _ sentence: String) {
      (testDescription, self.octets, self.place, self.sentence) = (name, octets, place, sentence)
    }
    init(_ name: String, _ text: String, _ place: String, _ sentence: String) {
      self.init(name, Array(text.utf8), place, sentence)
    }

    func isTold(in talk: String) -> Bool { talk.contains("feed\(place)") && talk.contains(sentence) }
  }

  static let bad = [
    Bad("empty", "", ":1:1: ", "The file is empty. Fetch it again; what was taken in before stays."),
    Bad("a web page", "<html><body>Not found</body></html>", ":1:", "This is a web page, not a file of indicators."),
    Bad(
      "a cut CSV", header + rows(3) + "\"evil", ":5:1: ", "The quote that opens here is never closed: the file may be cut short."),
    Bad("cut JSON", bundle + "{\"id\":\"a", ":1:37: ", "The file ends where a closing quote belongs: it may be cut short."),
    Bad(
      "cut XML", "<a>\n<b>text", ":2:", "This is not well-formed XML: something follows the root element, or it is never closed."),
    Bad(
      "UTF-16", header.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), 0] }, ":1:1: ", "The file is UTF-16. Save it as UTF-8."),
    Bad("JSON in Latin-1", Array(bundle.utf8) + [0xE9], ":1:29: ", "Octet 28 of the file is 0xE9, which is not UTF-8 here."),
    Bad("NUL", header + "a\0b,FQDN\n", ":2:2: ", "Octet 22 is NUL: this is no text."),
    Bad("deep JSON", String(repeating: "[", count: 1_000_000), ":1:65: ", "Lists and mappings are nested deeper than 64 levels."),
    Bad("deep XML", String(repeating: "<a>", count: 1_000_000), ":1:", "Elements are nested deeper than 100 levels."),
    Bad(
      "billion laughs",
      "<?xml version=\"1.0\"?>\n<!DOCTYPE lolz [<!ENTITY a \"lol\">"
        + (0..<9).map { "<!ENTITY b\($0) \"\(String(repeating: "&a;", count: 10))\">" }.joined() + "]><lolz>&b8;</lolz>",
      ":2:1: ", "A document type declaration (<!DOCTYPE …>) stands here; it is not read"),
    Bad(
      "a file from outside", "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
      ":1:1: ", "A document type declaration"),
    Bad("JSON of nobody", "{\"a\": 1}", ":1:1: ", "This is JSON"),
    Bad("a suddenly empty CSV", header, ": ", "there were 20 indicators and now there would be 0, so nothing was taken"),
    Bad("a tenfold CSV", header + rows(200), ": ", "there were 20 indicators and now there would be 200, so nothing was taken"),
    Bad("a tenth of the CSV", header + rows(2), ": ", "there were 20 indicators and now there would be 2, so nothing was taken"),
  ]

  @Test(arguments: bad) func `is told with the place and the reason, and what was there stays`(bad: Bad) async throws {
    let place = try Scratch()
    let (before, refreshed, after) = try await Self.turning(place, to: { try Data(bad.octets).write(to: $0) })
    #expect(refreshed.status == 1 && refreshed.output.isEmpty)
    #expect(refreshed.talk.hasPrefix("nameward: ") && bad.isTold(in: refreshed.talk), "\(refreshed.talk)")
    #expect(after == before && before.split(separator: "\n").count == 20)
    // Who names the file looks for nothing, and is told why.
    guard !bad.sentence.contains("so nothing was taken") else { return }
    try place.write("host1.example\n", to: "a.log")
    let match = try await Self.run(["match", "--indicators", "feed", "--", "a.log"], in: place)
    #expect(match.status == 2 && match.output.isEmpty && bad.isTold(in: match.talk), "\(match.talk)")
  }

  @Test(arguments: [(0, "0 added, 0 changed, 20 withdrawn, 0 in all"), (200, "180 added, 0 changed, 0 withdrawn, 200 in all")])
  func `suddenly empty or tenfold, it is taken where that is forced`(count: Int, what: String) async throws {
    let place = try Scratch()
    let (_, refreshed, after) = try await Self.turning(
      place, to: { try Data((Self.header + Self.rows(count)).utf8).write(to: $0) }, ["--force"])
    #expect(refreshed.status == 0 && refreshed.output == "feed: revision 2: \(what)\n", "\(refreshed.talk)")
    #expect(after.split(separator: "\n").count == count)
  }

  @Test(arguments: ["", "\n", "# nothing today\n"])
  func `what holds nothing is taken where that is forced, and is no failure from then on`(text: String) async throws {
    let place = try Scratch()
    try place.write("evil.example\n", to: "feed")
    _ = try await Self.run(["import", "feed"], in: place)
    try place.write(text, to: "feed")
    let refused = try await Self.run(["refresh"], in: place)
    #expect(refused.status == 1 && refused.output.isEmpty && refused.talk.contains("before stays"), "\(refused.talk)")
    let forced = try await Self.run(["refresh", "--force"], in: place)
    #expect(
      forced.status == 0 && forced.output == "feed: revision 2: 0 added, 0 changed, 1 withdrawn, 0 in all\n", "\(forced.talk)")
    let again = try await Self.run(["refresh"], in: place)
    #expect(again.status == 0 && again.output == "feed: unchanged, revision 2 with 0\n", "\(again.talk)")
    let sources = try await Self.run(["list", "--sources"], in: place)
    #expect(sources.output.hasPrefix("feed: 0 indicators (list)"), "\(sources.output)")
  }

  @Test func `a file that vanished is told, holds up no other source, and its indicators stay`() async throws {
    let place = try Scratch()
    try place.write("evil.example\n", to: "other")
    _ = try await Self.run(["import", "other"], in: place)
    let (before, refreshed, after) = try await Self.turning(place, to: { try FileManager.default.removeItem(at: $0) })
    #expect(refreshed.status == 1 && refreshed.output == "other: unchanged, revision 1 with 1\n")
    #expect(refreshed.talk == "nameward: \(place("feed")): there is no such file.\n")
    #expect(after == before && after.contains("host19[.]example"))
  }

  @Test func `compressed data that is cut short or damaged is told`() async throws {
    let cut = try Self.gzip { $0.removeLast(9) }
    let damaged = try Self.gzip { $0[$0.count - 6] ^= 1 }
    for (octets, sentence) in [
      (cut, "feed: The file ends in the middle of its gzip data: it may be cut short. Fetch it again."),
      (damaged, "feed: The gzip data is damaged (incorrect data check). Fetch the file again."),
    ] {
      let place = try Scratch()
      let (before, refreshed, after) = try await Self.turning(place, to: { try Data(octets).write(to: $0) })
      #expect(refreshed.status == 1 && refreshed.talk.contains(sentence), "\(refreshed.talk)")
      #expect(after == before)
    }
  }

  @Test func `among several files of indicators, one that is broken is no log`() async throws {
    let place = try Scratch()
    try place.write("evil.example\n", to: "good.txt")
    try place.write("asked for evil.example\n", to: "a.log")
    for text in ["<stix:STIX_Package", "INDICATOR_VALUE,TYPE\n\"evil", "{\n\"type\": \"bundle\",\n\"objects\": ["] {
      try place.write(text, to: "broken")
      let match = try await Self.run(["match", "--indicators", "good.txt", "broken", "a.log"], in: place)
      #expect(match.status == 2 && match.output.isEmpty && match.talk.contains("broken:"), "\(match.talk)")
    }
    // What begins as these do, and is a log.
    for text in ["<30>Nov 27 10:00:00 a: evil.example\n", "[1764230400] info: evil.example\n", "{\"q\":\"evil.example\"}\n"] {
      try place.write(text, to: "b.log")
      let match = try await Self.run(["match", "--indicators", "good.txt", "b.log", "a.log"], in: place)
      #expect(match.status == 3 && match.output.split(separator: "\n").count == 2, "\(match.output)\(match.talk)")
    }
  }
}
