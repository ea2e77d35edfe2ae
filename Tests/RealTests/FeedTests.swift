import Fixtures
import Foundation
import Glibc
import RealServers
import Testing

/// Feeds of MISP as their publishers lay them out: `manifest.json`, and `UUID.json` for each event.
@Suite("nameward indicators: feeds of MISP") struct FeedTests {
  private static let events = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"]

  private static func event(_ number: Int, _ values: [String]) -> String {
    let attributes = values.enumerated().map { index, value in
      #"{"uuid": "0000000\#(number)-0000-4000-8000-00000000000\#(index)", "type": "ip-dst", "category": "Network activity", "#
        + #""to_ids": true, "timestamp": "1550500000", "value": "\#(value)"}"#
    }
    return #"{"Event": {"uuid": "\#(events[number])", "info": "event \#(number)", "date": "2019-02-18", "#
      + #""timestamp": "1550500000", "Attribute": [\#(attributes.joined(separator: ", "))]}}"#
  }

  private static func manifest(_ stamps: [Int]) -> String {
    let entries = zip(events, stamps).map { #""\#($0)": {"info": "i", "date": "2019-02-18", "timestamp": "\#($1)"}"# }
    return "{" + entries.joined(separator: ", ") + "}"
  }

  private static func indicators(_ arguments: String..., in place: Scratch) async throws -> Executable.Ending {
    try await Executable.run(["indicators", arguments[0], "--state", "state"] + arguments.dropFirst(), in: place.path)
  }

  private static func publish(_ place: Scratch) throws {
    try FileManager.default.createDirectory(atPath: place("feed"), withIntermediateDirectories: true)
    try place.write(manifest([1, 1]), to: "feed/manifest.json")
    try place.write(event(0, ["192.0.2.1", "192.0.2.2"]), to: "feed/\(events[0]).json")
    try place.write(event(1, ["192.0.2.3"]), to: "feed/\(events[1]).json")
  }

  /// Serves a folder as Python does, with Last-Modified, and takes note of what is asked for.
  private static func serving(_ place: Scratch, while work: (_ url: String, _ asked: () throws -> [String]) async throws -> Void)
    async throws
  {
    let program = """
      import functools, http.server, sys
      class Handler(http.server.SimpleHTTPRequestHandler):
          def log_message(self, form, *parts):
              with open(sys.argv[2], "a") as log: log.write(self.path + " " + str(parts[1]) + "\\n")
      server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=sys.argv[1]))
      open(sys.argv[3], "w").write(str(server.server_port) + "\\n")
      server.serve_forever()
      """
    try place.write("", to: "asked")
    try await PythonServer.serving(program, [place("feed"), place("asked")], in: place) { origin in
      try await work("\(origin)/manifest.json") {
        let lines = try place.text("asked").split(separator: "\n").map(String.init)
        try place.write("", to: "asked")
        return lines
      }
    }
  }

  @Test func `a feed over HTTP is asked for again only where its manifest says something else`() async throws {
    let place = try Scratch()
    try Self.publish(place)
    try await Self.serving(place) { url, asked in
      let taken = try await Self.indicators("import", url, in: place)
      #expect(taken.output == "\(url): revision 1: 3 added, 0 changed, 0 withdrawn, 3 in all\n", "\(taken.talk)")
      #expect(try asked().sorted() == ["/\(Self.events[0]).json 200", "/\(Self.events[1]).json 200", "/manifest.json 200"])
      let again = try await Self.indicators("refresh", in: place)
      #expect(again.output == "\(url): unchanged, revision 1 with 3\n", "\(again.talk)")
      #expect(try asked() == ["/manifest.json 304"])

      try place.write(Self.event(1, ["192.0.2.4"]), to: "feed/\(Self.events[1]).json")
      try place.write(Self.manifest([1, 2]), to: "feed/manifest.json")
      // Python's dates are of whole seconds.
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: 5)], ofItemAtPath: place("feed/manifest.json"))
      let changed = try await Self.indicators("refresh", in: place)
      #expect(changed.output == "\(url): revision 2: 0 added, 1 changed, 0 withdrawn, 3 in all\n", "\(changed.talk)")
    }
  }

  @Test func `of an event that cannot be had all stays, the others are whole, and it is told and asked for again`() async throws {
    let place = try Scratch()
    try Self.publish(place)
    #expect(try await Self.indicators("import", "feed/manifest.json", in: place).status == 0)
    try FileManager.default.removeItem(atPath: place("feed/\(Self.events[1]).json"))
    try place.write(Self.event(0, ["192.0.2.1"]), to: "feed/\(Self.events[0]).json")
    try place.write(Self.manifest([2, 1]), to: "feed/manifest.json")
    for what in ["revision 2: 0 added, 0 changed, 1 withdrawn, 2 in all", "unchanged, revision 2 with 2"] {
      let missed = try await Self.indicators("refresh", "--quiet", in: place)
      #expect(missed.status == 4 && missed.output == "feed/manifest.json: \(what)\n", "\(missed.output)\(missed.talk)")
      #expect(
        missed.talk.hasPrefix(
          "nameward: feed/manifest.json: 1 of the feed's 2 events could not be read, and what stood of it stays: ")
          && missed.talk.hasSuffix("/\(Self.events[1]).json: there is no such file.\n"), "\(missed.talk)")
    }
    let left = try await Self.indicators("list", in: place)
    #expect(!left.output.contains("192[.]0[.]2[.]2") && left.output.contains("192[.]0[.]2[.]3"), "\(left.output)")
    // Where something else is an error, the code is that of it.
    try place.write("<html></html>", to: "bad.xml")
    let worse = try await Self.indicators("import", "--quiet", "feed/manifest.json", "bad.xml", in: place)
    #expect(worse.status == 1 && worse.talk.split(separator: "\n").count == 2, "\(worse.talk)")
    try place.write(Self.event(1, ["192.0.2.3"]), to: "feed/\(Self.events[1]).json")
    let whole = try await Self.indicators("refresh", in: place)
    #expect(
      whole.status == 0 && whole.output == "feed/manifest.json: unchanged, revision 2 with 2\n", "\(whole.output)\(whole.talk)")
  }

  @Test func `an answer may take as long as the call allows`() async throws {
    let place = try Scratch()
    try Self.publish(place)
    // Whoever opens it to read waits for one who writes; the path is passed with its final zero.
    let isMade = unsafe mkfifo(place("feed/slow"), 0o600) == 0
    #expect(isMade)
    try await Self.serving(place) { url, _ in
      let slow = url.replacing("manifest.json", with: "slow")
      let late = try await Self.indicators("import", "--timeout", "1", slow, in: place)
      let sentence = "it was not done within 1.0 seconds. Try again later, or allow more time with --timeout SECONDS."
      #expect(late.status == 1 && late.talk == "nameward: \(slow): \(sentence)\n", "\(late.talk)")
    }
    for seconds in ["0", "3601"] {
      let never = try await Self.indicators("import", "--timeout", seconds, "http://127.0.0.1:1/", in: place)
      #expect(never.status == 2 && never.talk.contains("--timeout is 1 to 3600 seconds."), "\(never.talk)")
    }
  }

  @Test func `where no event can be had, or the manifest leads nowhere, the old stays`() async throws {
    let place = try Scratch()
    try Self.publish(place)
    #expect(try await Self.indicators("import", "feed/manifest.json", in: place).status == 0)
    for event in Self.events { try FileManager.default.removeItem(atPath: place("feed/\(event).json")) }
    try place.write(Self.manifest([3, 3]), to: "feed/manifest.json")
    let gone = try await Self.indicators("refresh", in: place)
    #expect(gone.status == 1 && gone.talk.contains("none of the feed's 2 events could be read"), "\(gone.talk)")
    try place.write(#"{"\#(Self.events[0])": {"#, to: "feed/manifest.json")
    let cut = try await Self.indicators("refresh", in: place)
    #expect(cut.status == 1 && cut.talk.contains("feed/manifest.json:1:"), "\(cut.talk)")
    #expect(try await Self.indicators("list", "--format", "jsonl", in: place).output.split(separator: "\n").count == 3)
    let match = try await Executable.run(
      ["indicators", "match", "--indicators", "feed/manifest.json", "feed/manifest.json"], in: place.path)
    #expect(match.status == 2 && match.talk.contains("Take the feed in with"), "\(match.talk)")
  }
}
