import Fixtures
import Foundation
import Testing

@Suite("nameward indicators") struct IndicatorCommandTests {
  static let campaign = Fixture.path("ioc/campaign/campaign_iocs_verified.csv")

  /// A line of `match` or `show`, as far as it is looked at.
  private struct Line: Decodable {
    var file: String?
    var line: Int
    var field: String?
    var value: String?
    var match: String?
    var indicator: String?
    var id: String
    var source: String
    var tlp: String?
    var pattern: String?
  }

  private static func run(_ arguments: [String], in place: Scratch) async throws -> (ending: Executable.Ending, lines: [Line]) {
    let ending = try await Executable.run(["indicators"] + arguments, in: place.path)
    let lines = ending.output.split(separator: "\n").compactMap { try? JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    return (ending, lines)
  }

  /// What a sensor of passive DNS would have seen of the campaign, and of others.
  static let passiveDNS = """
    {"rrname":"mail.example.gov.","rrtype":"A","rdata":["192.0.2.25"],"time_first":1545091200,"time_last":1545177600}
    {"rrname":"mail.example.gov.","rrtype":"A","rdata":["185.20.187.8"],"time_first":1545177600,"time_last":1545181200}
    {"rrname":"example.gov.","rrtype":"NS","rdata":["ns1.intersecdns.com.","ns2.intersecdns.com."],"time_first":1545177600,"time_last":1545181200}
    {"rrname":"notns1.intersecdns.com.","rrtype":"A","rdata":["192.0.2.1"],"time_first":1,"time_last":2}

    """

  @Test func `match: each sighting is a line, with where it was and whose indicator it is`() async throws {
    let place = try Scratch()
    try place.write(Self.passiveDNS, to: "pdns.json")
    let (ending, lines) = try await Self.run(["match", "--indicators", Self.campaign, "pdns.json"], in: place)
    #expect(ending.status == 3)
    #expect(
      lines.map { "\($0.line) \($0.field ?? "") \($0.value ?? "") \($0.indicator ?? "") \($0.match ?? "")" } == [
        "2 rdata 185.20.187.8 185.20.187.8 whole", "3 rdata ns1.intersecdns.com ns1.intersecdns.com whole",
        "3 rdata ns2.intersecdns.com ns2.intersecdns.com whole",
      ])
    #expect(
      lines.allSatisfy {
        $0.file == "pdns.json" && $0.source == Self.campaign && $0.tlp == "TLP:CLEAR" && $0.id.hasPrefix("row ")
      })
    #expect(ending.talk.contains("3 sightings of 3 values in 2 of 4 lines (pdns.json as json-lines)"), "\(ending.talk)")
  }

  @Test func `match: for a person, values are defanged`() async throws {
    let place = try Scratch()
    try place.write(Self.passiveDNS, to: "pdns.json")
    let (ending, _) = try await Self.run(["match", "--format", "text", "--indicators", Self.campaign, "pdns.json"], in: place)
    #expect(ending.output.contains("pdns.json:2  rdata  185[.]20[.]187[.]8"), "\(ending.output)")
    #expect(!ending.output.contains("185.20.187.8") && !ending.output.contains("ns1.intersecdns.com"))
  }

  @Test func `match: several files of indicators and logs, told apart by their content`() async throws {
    let place = try Scratch()
    try place.write("evil.example\n", to: "names.txt")
    try place.write("192.0.2.1 asked for evil.example\n", to: "one.log")
    try place.write("185.20.187.8 connected\n", to: "two.log")
    let (ending, lines) = try await Self.run(
      ["match", "--quiet", "--indicators", Self.campaign, "names.txt", "one.log", "two.log"], in: place)
    #expect(ending.status == 3 && ending.talk.isEmpty)
    #expect(lines.map { "\($0.file ?? "") \($0.source == "names.txt" ? "list" : "csv")" } == ["one.log list", "two.log csv"])
  }

  @Test func `match: nothing seen is 0, and compressed logs are read`() async throws {
    let place = try Scratch()
    try place.write(String(repeating: "nothing to see 192.0.2.1\n", count: 100_000) + "185.20.187.8\n", to: "a.log")
    for (tool, suffix) in [("gzip", "gz")] {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/" + tool)
      process.arguments = [place("a.log")]
      try process.run()
      process.waitUntilExit()
      let (ending, lines) = try await Self.run(["match", "--indicators", Self.campaign, "a.log." + suffix], in: place)
      #expect(ending.status == 3 && lines.map(\.line) == [100_001])
      let cut = try Data(contentsOf: URL(fileURLWithPath: place("a.log." + suffix)))
      try cut.dropLast(20).write(to: URL(fileURLWithPath: place("cut.log")))
      let (short, _) = try await Self.run(["match", "--indicators", Self.campaign, "cut.log"], in: place)
      #expect(short.status == 1 && short.talk.contains("cut.log ends in the middle of its compressed data"), "\(short.talk)")
    }
    try place.write("nothing\n", to: "b.log")
    let (ending, lines) = try await Self.run(["match", "--indicators", Self.campaign, "b.log"], in: place)
    #expect(ending.status == 0 && lines.isEmpty && ending.talk.contains("0 sightings of 0 values in 0 of 1 lines"))
  }

  @Test func `match: own names and warninglists are counted and not told`() async throws {
    let place = try Scratch()
    try place.write("evil.example\nmail.example.gov\ncdn.example\n", to: "names.txt")
    try place.write("evil.example mail.example.gov cdn.example\n", to: "a.log")
    try place.write(#"{"name":"CDNs","description":"","type":"hostname","version":1,"list":["cdn.example"]}"#, to: "list.json")
    let (ending, lines) = try await Self.run(
      ["match", "--own", "example.gov", "--warninglist", "list.json", "--indicators", "names.txt", "a.log"], in: place)
    #expect(ending.status == 3 && lines.map(\.value) == ["evil.example"])
    #expect(ending.talk.contains("note: 1 more of your own names are not told"))
    #expect(ending.talk.contains("note: 1 more on the warninglist \"CDNs\" are not told"), "\(ending.talk)")
  }

  @Test(
    arguments: [
      ("", "bad:1:1: The file is empty."),
      ("<html><body>Not found</body></html>", "This is a web page, not a file of indicators."),
      ("<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>", "bad:1:1: A document type declaration"),
      ("{\"type\":\"bundle\"", "bad:1:17: "),
      ("abc\0d", "bad:1:4: Octet 3 is NUL"), ("<stix:STIX_Package", "bad:1:"), ("{\"a\":1,\"a\":2}", "bad:1:"),
      ("INDICATOR_VALUE,TYPE\n\"open,FQDN\n", "bad:2:1: The quote that opens here is never closed"),
    ])
  func `a bad file of indicators ends with its place and a sentence`(text: String, sentence: String) async throws {
    let place = try Scratch()
    try place.write(text, to: "bad")
    try place.write("x\n", to: "a.log")
    let (ending, _) = try await Self.run(["match", "--indicators", "bad", "a.log"], in: place)
    #expect(ending.status == 2 && ending.output.isEmpty && ending.talk.contains(sentence), "\(ending.talk)")
  }

  @Test func `show: the files of CISA and OASIS, with their patterns`() async throws {
    let place = try Scratch()
    let (ending, lines) = try await Self.run(
      ["show", "--format", "jsonl", Self.campaign, Fixture.path("ioc/stix2-oasis/indicator-for-c2-ip-address.json")], in: place)
    #expect(ending.status == 0 && lines.count == 28)
    #expect(
      lines.first?.pattern == "[ipv4-addr:value = '185.20.187.8']" && lines.last?.pattern == "[ipv4-addr:value = '10.0.0.0']")
  }

  @Test func `pattern: checks say where, matches say what`() async throws {
    let place = try Scratch()
    try place.write("[a:b = 1]\n[a:b = ]\n", to: "patterns")
    let (check, _) = try await Self.run(["pattern", "--check", "patterns"], in: place)
    #expect(check.status == 3 && check.output == "[a:b = 1]\n" && check.talk.hasPrefix("patterns:2:8: "), "\(check.talk)")
    try place.write(
      """
      {"type":"bundle","id":"bundle--1","objects":[{"type":"observed-data","id":"observed-data--1","first_observed":"2026-11-27T08:00:00Z",
      "last_observed":"2026-11-27T08:00:00Z","number_observed":1,"objects":{"0":{"type":"ipv4-addr","value":"192.0.2.66"}}}]}
      """, to: "observed.json")
    for (pattern, lenient, status) in [
      ("[ipv4-addr:value = '192.0.2.66']", false, 3), ("[ipv4-addr:value = '192.0.2.0/24']", false, 0),
      ("[ipv4-addr:value = '192.0.2.0/24']", true, 3), ("[ipv4-addr:value ISSUBSET '192.0.2.0/24']", false, 3),
    ] as [(String, Bool, Int32)] {
      let (ending, _) = try await Self.run(
        ["pattern", "--match", pattern, "--observed", "observed.json"] + (lenient ? ["--lenient"] : []), in: place)
      #expect(ending.status == status, "\(pattern) \(ending.talk)")
      if status == 3 { #expect(ending.output.hasPrefix("observed-data--1, 1 of 1")) }
    }
  }

  @Test func `export: what is stricter than the export stays, and what leaves comes back the same`() async throws {
    let place = try Scratch()
    try place.write(
      "INDICATOR_VALUE,TYPE,HANDLING\nevil.example,FQDN,TLP:CLEAR\n192.0.2.66,IPV4ADDR,TLP:GREEN\n198.51.100.7,IPV4ADDR,\n",
      to: "in.csv")
    for format in ["csv", "stix", "misp", "list"] {
      let (ending, _) = try await Self.run(
        ["export", "--tlp", "clear", "--format", format, "--now", "2026-11-27T00:00:00Z", "in.csv"], in: place)
      #expect(ending.status == 0)
      #expect(ending.talk.contains("1 indicator is left out: marked more strictly than TLP:CLEAR"), "\(ending.talk)")
      #expect(ending.talk.contains("1 indicator is left out: not marked; --assume TLP"), "\(ending.talk)")
      try place.write(ending.output, to: "out")
      let (back, lines) = try await Self.run(["show", "--format", "jsonl", "out"], in: place)
      #expect(back.status == 0 && lines.map(\.pattern) == ["[domain-name:value = 'evil.example']"], "\(format): \(ending.output)")
    }
  }

  @Test func `export: without a file it is what was taken in, the same each time`() async throws {
    let place = try Scratch()
    try place.write("INDICATOR_VALUE,TYPE,HANDLING\nevil.example,FQDN,TLP:CLEAR\n192.0.2.66,IPV4ADDR,TLP:GREEN\n", to: "in.csv")
    try place.write("other.example\n", to: "list")
    func export(_ format: String) async throws -> Executable.Ending {
      try await Self.run(["export", "--state", "s", "--tlp", "clear", "--assume", "clear", "--format", format], in: place).ending
    }
    let early = try await export("list")
    #expect(early.status == 2 && early.talk.contains("nameward indicators import"), "\(early.talk)")
    _ = try await Self.run(["import", "--state", "s", "in.csv", "list"], in: place)
    let (list, stix) = (try await export("list"), try await export("stix"))
    #expect(list.status == 0 && Set(list.output.split(separator: "\n")) == ["evil.example", "other.example"], "\(list.talk)")
    try await Task.sleep(for: .milliseconds(1100))
    let again = try await export("stix")
    func lines(_ text: String) -> [Substring] { text.split(separator: ",").filter { !$0.contains("bundle--") } }
    #expect(lines(again.output) == lines(stix.output) && lines(stix.output).count > 10)
  }

  @Test func `export: own names as a warninglist keep these names out of what is told`() async throws {
    let place = try Scratch()
    try place.write("version: 1\ndomains:\n  example.gov:\n    records:\n      '@': {A: 192.0.2.1}\n", to: "nameward.yaml")
    let (ending, _) = try await Self.run(["export", "--own", "--tlp", "clear"], in: place)
    #expect(ending.status == 0, "\(ending.talk)")
    try place.write(ending.output, to: "own.json")
    try place.write("mail.example.gov\n", to: "names.txt")
    try place.write("mail.example.gov\n", to: "a.log")
    let (match, _) = try await Self.run(["match", "--warninglist", "own.json", "--indicators", "names.txt", "a.log"], in: place)
    #expect(match.status == 0, "\(match.talk)")
  }

  @Test func `import: a source read again tells what is new, and what stood before stays to be looked at`() async throws {
    let place = try Scratch()
    let header = "INDICATOR_VALUE,TYPE,ROLE,HANDLING\n"
    func take(_ rows: String, _ more: [String] = []) async throws -> Executable.Ending {
      try place.write(header + rows, to: "iocs.csv")
      return try await Self.run(["import", "--state", "state", "iocs.csv"] + more, in: place).ending
    }
    #expect(
      try await take("a.example,FQDN,C2,\nb.example,FQDN,C2,\n").output
        == "iocs.csv: revision 1: 2 added, 0 changed, 0 withdrawn, 2 in all\n")
    #expect(try await take("a.example,FQDN,C2,\nb.example,FQDN,C2,\n").output == "iocs.csv: unchanged, revision 1 with 2\n")
    #expect(
      try await take("c.example,FQDN,C2,\nb.example,FQDN,DELIVERY,\n").output
        == "iocs.csv: revision 2: 1 added, 1 changed, 1 withdrawn, 2 in all\n")
    let empty = try await take("")
    #expect(empty.status == 1 && empty.talk.contains("what was there before stays"), "\(empty.talk)")
    let (diff, _) = try await Self.run(["diff", "--state", "state", "iocs.csv"], in: place)
    #expect(diff.status == 3)
    #expect(
      diff.output == """
        + row 1  c[.]example  [C2]
        ~ row 2  b[.]example  [DELIVERY]
            labels: C2 → DELIVERY
        - row 1  a[.]example  [C2]

        """)
    let (old, lines) = try await Self.run(
      ["list", "--state", "state", "--format", "jsonl", "--revision", "1", "iocs.csv"], in: place)
    #expect(
      old.status == 0 && lines.map(\.pattern) == ["[domain-name:value = 'a.example']", "[domain-name:value = 'b.example']"])
    let (none, _) = try await Self.run(["diff", "--state", "state", "--from", "2", "--to", "2", "iocs.csv"], in: place)
    #expect(none.status == 0 && none.output.isEmpty)
    #expect(try await take("", ["--force"]).output == "iocs.csv: revision 3: 0 added, 0 changed, 2 withdrawn, 0 in all\n")
    let (forgotten, _) = try await Self.run(["forget", "--state", "state", "iocs.csv"], in: place)
    let (sources, _) = try await Self.run(["list", "--sources", "--state", "state"], in: place)
    #expect(forgotten.status == 0 && sources.status == 0 && sources.output.isEmpty)
  }

  @Test func `import: one broken source holds up no other`() async throws {
    let place = try Scratch()
    try place.write("evil.example\n", to: "good.txt")
    try place.write("<html></html>", to: "bad.xml")
    let (ending, _) = try await Self.run(["import", "--state", "state", "bad.xml", "missing", "good.txt"], in: place)
    #expect(ending.status == 1 && ending.output == "good.txt: revision 1: 1 added, 0 changed, 0 withdrawn, 1 in all\n")
    #expect(ending.talk.contains("nameward: bad.xml:1:") && ending.talk.contains("nameward: missing: there is no such file"))
    try place.write("asked for evil.example\n", to: "a.log")
    let (match, lines) = try await Self.run(["match", "--state", "state", "a.log"], in: place)
    #expect(match.status == 3 && lines.map(\.source) == ["good.txt"])
  }

  @Test func `import: a file that is not there is a fault of the call, and one that is broken is an error`() async throws {
    let place = try Scratch()
    try place.write("evil.example\n", to: "good.txt")
    try place.write("<html></html>", to: "bad.xml")
    for (files, status) in [
      (["missing"], 2), (["missing", "good.txt", "none"], 2), (["missing", "bad.xml"], 1), (["bad.xml"], 1), (["good.txt"], 0),
    ] as [([String], Int32)] {
      let (ending, _) = try await Self.run(["import", "--state", "state"] + files, in: place)
      #expect(ending.status == status, "\(files) \(ending.talk)")
    }
  }

  @Test(arguments: [["refresh"], ["forget", "nothing"]])
  func `a state that is not there is told, and not made`(arguments: [String]) async throws {
    let place = try Scratch()
    let (ending, _) = try await Self.run(arguments + ["--state", "mistyped"], in: place)
    #expect(ending.status == 2 && ending.talk.contains("mistyped: there is no state here yet. Take indicators in first"))
    #expect(!FileManager.default.fileExists(atPath: place("mistyped")))
  }

  @Test func `match: without a log, what audits saw is searched`() async throws {
    let place = try Scratch()
    let (none, _) = try await Self.run(["match", "--state", "state", "--indicators", Self.campaign], in: place)
    #expect(none.status == 2, "\(none.talk)")
    try place.write("evil.example\n", to: "iocs.txt")
    _ = try await Self.run(["import", "--state", "state", "iocs.txt"], in: place)
    let (match, _) = try await Self.run(["match", "--state", "state"], in: place)
    #expect(match.status == 0 && match.talk.contains("0 sightings of 0 values in 0 values that audits saw"), "\(match.talk)")
    #expect(match.talk.contains("no audit has left answers here"), "\(match.talk)")
  }

  @Test(arguments: [
    ["list"], ["list", "--sources"], ["list", "nothing"], ["diff", "nothing"], ["forget", "nothing"], ["match", "a.log"],
    ["show", "nothing"], ["match", "--indicators", "iocs.txt", "--", "nothing"], ["pattern", "--check", "nothing"],
  ])
  func `what the call names and is not there is a fault of the call`(arguments: [String]) async throws {
    let place = try Scratch()
    try place.write("evil.example\n", to: "iocs.txt")
    try place.write("nothing\n", to: "a.log")
    let state = ["show", "pattern"].contains(arguments[0]) ? [] : ["--state", "state"]
    let (ending, _) = try await Self.run([arguments[0]] + state + arguments.dropFirst(), in: place)
    #expect(ending.status == 2 && ending.output.isEmpty, "\(ending.talk)")
    // Whoever wants to see indicators has to take them in, and needs no audit.
    if ending.talk.contains("there is no state here yet") {
      #expect(ending.talk.contains("Take indicators in first (`nameward indicators import FILE`)"), "\(ending.talk)")
    }
  }

  @Test func `match: without a store and a log, an audit is what is missing`() async throws {
    let place = try Scratch()
    try place.write("evil.example\n", to: "iocs.txt")
    let (none, _) = try await Self.run(["match", "--state", "state", "--indicators", "iocs.txt"], in: place)
    #expect(none.status == 2 && none.talk.contains("Run an audit first, or name a log"), "\(none.talk)")
  }

  @Test func `match: a log that cannot be read holds up no other, and is told at the end`() async throws {
    let place = try Scratch()
    try place.write("evil.example\n", to: "iocs.txt")
    try place.write("evil.example\n", to: "a.log")
    try place.write("nothing\nevil.example\n", to: "b.log")
    // A gzip header, and nothing behind it.
    try Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]).write(to: URL(fileURLWithPath: place("cut.log")))
    func match(_ logs: String...) async throws -> (ending: Executable.Ending, lines: [Line]) {
      try await Self.run(["match", "--indicators", "iocs.txt", "--"] + logs, in: place)
    }
    let (missing, found) = try await match("a.log", "nosuch.log", "b.log")
    #expect(missing.status == 2 && found.map(\.file) == ["a.log", "b.log"], "\(missing.talk)")
    #expect(missing.talk.contains("2 sightings of 1 value in 2 of 3 lines (a.log as text, b.log as text)\n"), "\(missing.talk)")
    #expect(missing.talk.hasSuffix("nameward: nosuch.log: there is no such file.\n"), "\(missing.talk)")
    let (broken, rest) = try await match("nosuch.log", "cut.log", "b.log")
    #expect(broken.status == 1 && rest.map(\.file) == ["b.log"], "\(broken.talk)")
    #expect(
      broken.talk.contains("1 sighting of 1 value in 1 of 2 lines (b.log as text) and in what could be read of cut.log\n"),
      "\(broken.talk)")
    #expect(broken.talk.contains("nameward: nosuch.log: ") && broken.talk.contains("nameward: cut.log"), "\(broken.talk)")
    let (none, _) = try await match("nosuch.log")
    #expect(none.status == 2 && none.talk == "no log could be read\nnameward: nosuch.log: there is no such file.\n")
  }

  @Test func `match: what content decided of files that stand between is said`() async throws {
    let place = try Scratch()
    for name in ["iocs.txt", "plain.log", "b.log"] { try place.write("evil.example\n", to: name) }
    try place.write("at 10:00 evil.example\n", to: "a.log")
    let (told, _) = try await Self.run(["match", "--indicators", "iocs.txt", "plain.log", "a.log", "b.log"], in: place)
    #expect(told.talk.hasPrefix("note: taken as indicators: iocs.txt, plain.log; as logs: a.log, b.log\n"), "\(told.talk)")
    for arguments in [["iocs.txt", "--", "plain.log", "a.log", "b.log"], ["iocs.txt", "b.log"]] {
      let (plain, _) = try await Self.run(["match", "--indicators"] + arguments, in: place)
      #expect(plain.status == 3 && !plain.talk.contains("taken as"), "\(plain.talk)")
    }
  }
}
