import Foundation
import Names
import RealServers
import Testing

/// Logs as BIND, Unbound and dnsmasq write them of the questions that `dig` asks, and their dnstap.
@Suite("nameward indicators match: logs of real servers", .timeLimit(.minutes(2))) struct QueryLogTests {
  static let addresses: KeyValuePairs = [
    "evil.example": "192.0.2.10", "www.evil.example": "192.0.2.66", "tree.example": "192.0.2.11",
    "www.tree.example": "192.0.2.12",
    "nottree.example": "192.0.2.13", "good.example": "192.0.2.14",
  ]

  /// One name alone, one with all below it, an address of an answer, and one that asks.
  static let indicators = "evil.example\n.tree.example\n192.0.2.66\n"
  /// A list holds no address of this host; who wrote this object meant it.
  static let client =
    #"{"type":"indicator","id":"indicator--00000000-0000-4000-8000-000000000001","pattern_type":"stix","#
    + #""pattern":"[ipv4-addr:value = '127.0.0.9']"}"#

  /// What is asked, and from where.
  static let questions = [
    ("evil.example", "127.0.0.1"), ("EVIL.Example", "127.0.0.1"), ("www.evil.example", "127.0.0.1"),
    ("tree.example", "127.0.0.1"), ("www.tree.example", "127.0.0.1"), ("nottree.example", "127.0.0.1"),
    ("good.example", "127.0.0.1"), ("good.example", "127.0.0.9"),
  ]

  /// Runs a server, asks all questions and stops it, so that its files are whole.
  private static func asked(_ kind: LoggingServer.Kind) async throws -> LoggingServer {
    let server = try LoggingServer(kind, addresses: addresses)
    try await server.start()
    do {
      for (name, asker) in questions {
        let answer = try await dig(server.address, name, "A", "-b", asker)
        #expect(answer == addresses.first { $0.key == name.lowercased() }?.value)
      }
    } catch {
      await server.stop()
      throw error
    }
    await server.stop()
    return server
  }

  /// What was found in a log: line, field, value and manner.
  private static func found(
    in log: String, _ place: Scratch, input: String? = nil
  ) async throws -> (sightings: [String], ending: Executable.Ending) {
    struct Line: Decodable {
      var file: String
      var line: Int
      var field: String
      var value: String
      var match: String
      var indicator: String
    }
    try place.write(indicators, to: "list")
    try place.write(client, to: "client.json")
    let ending = try await Executable.run(
      ["indicators", "match", "--indicators", "list", "client.json", "--format", "jsonl", log], in: place.path, input: input)
    let lines = try ending.output.split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    #expect(lines.allSatisfy { $0.file == log } && ending.status == (lines.isEmpty ? 0 : 3), "\(ending.talk)")
    return (lines.map { "\($0.line) \($0.field) \($0.value) \($0.match) \($0.indicator)" }, ending)
  }

  /// A text that stands in the lines that are to be found, and what is to be found in them.
  struct Row: Sendable {
    var text: String
    var sighting: String
    var lines = 1

    init(_ text: String, _ sighting: String, lines: Int = 1) {
      (self.text, self.sighting, self.lines) = (text, sighting, lines)
    }
  }

  /// What is to be found by the lines that have these texts, which stand in as many lines as a row says.
  private static func expected(_ rows: [Row], in text: String) -> [String] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for row in rows { #expect(lines.count { $0.contains(row.text) } == row.lines, "\(row.text)\n\(text)") }
    return lines.enumerated().flatMap { number, line in
      rows.filter { line.contains($0.text) }.map { "\(number + 1) \($0.sighting)" }
    }
  }

  static let logs: [(LoggingServer.Kind, String, [Row])] = [
    (
      .bind, "bind",
      [
        Row("query: evil.example IN A", "query evil.example whole evil.example"),
        Row("query: EVIL.Example IN A", "query EVIL.Example whole evil.example"),
        Row("query: tree.example IN A", "query tree.example whole tree.example"),
        Row("query: www.tree.example IN A", "query www.tree.example below tree.example"),
        Row(" 127.0.0.9#", "client 127.0.0.9 whole 127.0.0.9"),
      ]
    ),
    (
      .unbound, "unbound",
      [  // A line for the question, and one for the reply.
        Row(" evil.example. A IN", "query evil.example. whole evil.example", lines: 2),
        Row(" EVIL.Example. A IN", "query EVIL.Example. whole evil.example", lines: 2),
        Row(" tree.example. A IN", "query tree.example. whole tree.example", lines: 2),
        Row(" www.tree.example. A IN", "query www.tree.example. below tree.example", lines: 2),
        Row(" 127.0.0.9 ", "client 127.0.0.9 whole 127.0.0.9", lines: 2),
      ]
    ), (.dnsmasq, "dnsmasq", dnsmasq), (.dnsmasqExtra, "dnsmasq", dnsmasq),
  ]

  private static let dnsmasq = [
    Row("query[A] evil.example from", "query evil.example whole evil.example"),
    Row("config evil.example is", "query evil.example whole evil.example"),
    Row("query[A] EVIL.Example from", "query EVIL.Example whole evil.example"),
    Row("config EVIL.Example is", "query EVIL.Example whole evil.example"),
    Row("www.evil.example is 192.0.2.66", "answer 192.0.2.66 whole 192.0.2.66"),
    Row("query[A] tree.example from", "query tree.example whole tree.example"),
    Row("config tree.example is", "query tree.example whole tree.example"),
    Row("query[A] www.tree.example from", "query www.tree.example below tree.example"),
    Row("config www.tree.example is", "query www.tree.example below tree.example"),
    Row("from 127.0.0.9", "client 127.0.0.9 whole 127.0.0.9"),
  ]

  @Test(arguments: logs) func `the questions that were listed are found in their lines, and no others`(
    kind: LoggingServer.Kind, form: String, rows: [Row]
  ) async throws {
    let (server, place) = (try await Self.asked(kind), try Scratch())
    let text = try String(contentsOfFile: server.queryLog, encoding: .utf8)
    let (sightings, ending) = try await Self.found(in: server.queryLog, place)
    #expect(sightings == Self.expected(rows, in: text))
    #expect(ending.talk.contains("as \(form))"), "\(ending.talk)")
  }

  @Test(arguments: [LoggingServer.Kind.bind, .unbound])
  func `dnstap: both messages of a question are found by their frame, as dnstap-read of BIND counts them`(
    kind: LoggingServer.Kind
  ) async throws {
    let (server, place) = (try await Self.asked(kind), try Scratch())
    // A frame a line: "27-Nov-2026 10:00:00.000 CQ 127.0.0.1:5300 -> 127.0.0.1:53 UDP 53b evil.example/IN/A".
    let frames = try await Program.output(of: ["dnstap-read", server.dnstap]).split(separator: "\n")
    var expected: [String] = []
    for (number, frame) in frames.enumerated() {
      let words = frame.split(separator: " ")
      let (isAnswer, name) = (words[2] == "CR" || words[2] == "AR", words[8].split(separator: "/")[0])
      func add(_ field: String, _ value: String, _ indicator: String) {
        expected.append("\(number + 1) \(field) \(value) \(value.hasPrefix("www.") ? "below" : "whole") \(indicator)")
      }
      if words[3].hasPrefix("127.0.0.9:") { add("query_address", "127.0.0.9", "127.0.0.9") }
      let listed = ["evil.example": "evil.example", "tree.example": "tree.example", "www.tree.example": "tree.example"]
      // An answer names it again, which says no more.
      if let indicator = listed[name.lowercased()] { add("query", name.lowercased(), indicator) }
      if isAnswer, name == "www.evil.example" { add("rdata", "192.0.2.66", "192.0.2.66") }
    }
    // Four listed names, in a question and in its answer; two messages of 127.0.0.9; one address that came.
    #expect(expected.count == 11)
    #expect(try await Self.found(in: server.dnstap, place).sightings == expected)
  }

  @Test func `a log is the same when it is compressed, or comes by standard input`() async throws {
    let (server, place) = (try await Self.asked(.bind), try Scratch())
    _ = try await Program.output(of: ["cp", server.queryLog, place("log")])
    _ = try await Program.output(of: ["cp", server.dnstap, place("dnstap")])
    let plain = try await Self.found(in: "log", place).sightings
    let frames = try await Self.found(in: "dnstap", place).sightings
    #expect(plain.count == 5 && !frames.isEmpty)
    #expect(try await Self.found(in: "-", place, input: "log").sightings == plain)
    #expect(try await Self.found(in: "-", place, input: "dnstap").sightings == frames)
    for (tool, suffix) in [("gzip", ".gz"), ("zstd", ".zst")] {
      _ = try await Program.output(of: [tool, "--keep", "--quiet", place("log"), place("dnstap")])
      #expect(try await Self.found(in: "log" + suffix, place).sightings == plain)
      #expect(try await Self.found(in: "-", place, input: "log" + suffix).sightings == plain)
      #expect(try await Self.found(in: "dnstap" + suffix, place).sightings == frames)
    }
  }
}
