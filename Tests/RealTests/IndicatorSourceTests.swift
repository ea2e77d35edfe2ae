import Fixtures
import Foundation
import Testing

@Suite("nameward indicators: sources that are read again") struct IndicatorSourceTests {
  private static let header = "INDICATOR_VALUE,TYPE,DESCRIPTION,ROLE\n"

  private static func run(
    _ arguments: [String], in place: Scratch, folder: String = "", input: String? = nil
  ) async throws -> Executable.Ending {
    try await Executable.run(
      ["indicators", arguments[0], "--state", place("state")] + arguments.dropFirst(), in: place.path + folder, input: input)
  }

  /// The lines of JSON that a run printed.
  private static func objects(_ output: String) throws -> [[String: Any]] {
    try output.split(separator: "\n").map { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:] }
  }

  @Test func `diff: of an indicator that changed, each field that did is told as it was and as it is`() async throws {
    let place = try Scratch()
    let long = String(repeating: "seen at many places; ", count: 20)
    try place.write(Self.header + "a.example,FQDN,\(long)first,C2\nb.example,FQDN,,C2\n", to: "iocs.csv")
    _ = try await Self.run(["import", "iocs.csv"], in: place)
    try place.write(Self.header + "a.example,FQDN,\(long)last,C2\nb.example,FQDN,new,\n", to: "iocs.csv")
    _ = try await Self.run(["import", "iocs.csv"], in: place)
    let text = try await Self.run(["diff", "iocs.csv"], in: place)
    #expect(
      text.output == """
        ~ row 1  a[.]example  [C2]
            description: … places; seen at many places; first → … places; seen at many places; last
        ~ row 2  b[.]example
            description: (nothing) → new
            labels: C2 → (nothing)

        """)
    let lines = try Self.objects(await Self.run(["diff", "--format", "jsonl", "iocs.csv"], in: place).output)
    #expect(lines.map { $0["change"] as? String } == ["changed", "changed"])
    let changes = try #require(lines.last?["changes"] as? [[String: Any]])
    #expect(changes.map { $0["field"] as? String } == ["description", "labels"])
    #expect(changes[0]["before"] is NSNull && changes[0]["after"] as? String == "new")
    #expect(changes[1]["before"] as? [String] == ["C2"] && changes[1]["after"] is NSNull)
  }

  @Test func `refresh: what came from standard input is passed over, and is no failure`() async throws {
    let place = try Scratch()
    try place.write("evil.example\n", to: "iocs.txt")
    let unnamed = try await Self.run(["import", "-"], in: place, input: "iocs.txt")
    #expect(unnamed.status == 2 && unnamed.talk.contains("Standard input and pipes need a name: --name NAME."))
    _ = try await Self.run(["import", "--name", "feed", "-"], in: place, input: "iocs.txt")
    _ = try await Self.run(["import", "iocs.txt"], in: place)
    let sources = try await Self.run(["list", "--sources"], in: place)
    #expect(sources.output.hasPrefix("feed: 1 indicator (list), from standard input, revision 1 of "), "\(sources.output)")
    let refreshed = try await Self.run(["refresh"], in: place)
    #expect(
      refreshed.status == 0
        && refreshed.output == """
          feed: passed over: it came from standard input. Give it again with `nameward indicators import --name NAME -`
          iocs.txt: unchanged, revision 1 with 1

          """,
      "\(refreshed.talk)")
  }

  @Test func `refresh: a file is read where it stands, whatever its name here and from wherever`() async throws {
    let place = try Scratch()
    try FileManager.default.createDirectory(atPath: place("elsewhere"), withIntermediateDirectories: false)
    try place.write("evil.example\n", to: "iocs.txt")
    let nameless = try await Self.run(["import", "--name", " ", "iocs.txt"], in: place)
    #expect(nameless.status == 2 && nameless.talk.contains("--name is empty."), "\(nameless.talk)")
    _ = try await Self.run(["import", "--name", "CISA", "iocs.txt"], in: place)
    try place.write("evil.example\nworse.example\n", to: "iocs.txt")
    let refreshed = try await Self.run(["refresh"], in: place, folder: "/elsewhere")
    #expect(refreshed.output == "CISA: revision 2: 1 added, 0 changed, 0 withdrawn, 2 in all\n", "\(refreshed.talk)")
  }

  @Test func `import: what became no indicator is told on one line a file, and each with --remarks`() async throws {
    let place = try Scratch()
    let rows = (0..<30).map { "\($0 < 3 ? "" : "no name \($0)"),FQDN,,\n" }.joined() + "a.example,FQDN,,\na.example,FQDN,,\n"
    try place.write(Self.header + rows, to: "iocs.csv")
    let short = try await Self.run(["import", "iocs.csv"], in: place)
    #expect(
      short.talk == """
        note: iocs.csv: 3 without a value, 27 not of their type, 1 repeated (--remarks tells each), as iocs.csv:2:1: There is no value \
        here; the row or object is passed over.

        """)
    let long = try await Self.run(["import", "--remarks", "iocs.csv"], in: place)
    #expect(long.talk.split(separator: "\n").count == 31 && long.talk.contains("note: iocs.csv:31:1: \"no name 29\" is nothing"))
    let json = try Self.objects(await Self.run(["import", "--force", "--format", "jsonl", "iocs.csv"], in: place).output)
    #expect(json.count == 1 && json[0]["remarkCount"] as? Int == 31 && json[0]["total"] as? Int == 2)
    let remarks = try #require(json[0]["remarks"] as? [[String: Any]])
    #expect(remarks.count == 31 && remarks[30]["cause"] as? String == "repeated" && remarks[30]["line"] as? Int == 33)
    let shown = try await Executable.run(
      ["indicators", "show", "--format", "jsonl", "--remarks", "iocs.csv"], in: place.path)
    #expect(try Self.objects(shown.output).compactMap { $0["cause"] as? String }.count == 31)
  }
}

@Suite("nameward indicators: what is harmless or shared") struct IndicatorContextTests {
  private static func run(_ arguments: [String], in place: Scratch) async throws -> Executable.Ending {
    try await Executable.run(["indicators", arguments[0], "--state", "state"] + arguments.dropFirst(), in: place.path)
  }

  private static func warninglist(_ kind: String, _ values: [String]) -> String {
    #"{"name":"CDNs","description":"","type":"\#(kind)","version":1,"list":["# + values.map { "\"\($0)\"" }.joined(separator: ",")
      + "]}"
  }

  @Test func `a warninglist that was taken in keeps its values from being told, until it is forgotten`() async throws {
    let place = try Scratch()
    try place.write("evil.example\ncdn.example\n", to: "iocs.txt")
    try place.write("evil.example www.cdn.example cdn.example\n", to: "a.log")
    try place.write(Self.warninglist("hostname", ["cdn.example", "other.example"]), to: "list.json")
    let taken = try await Self.run(["import", "list.json", "iocs.txt"], in: place)
    #expect(
      taken.output == """
        list.json: revision 1: 2 added, 0 changed, 0 withdrawn, 2 in all
        iocs.txt: revision 1: 2 added, 0 changed, 0 withdrawn, 2 in all

        """, "\(taken.talk)")
    for indicators in [[], ["--indicators", "iocs.txt"]] {
      let match = try await Self.run(["match", "--below", "--format", "jsonl"] + indicators + ["--", "a.log"], in: place)
      #expect(match.status == 3 && match.output.split(separator: "\n").count == 1, "\(match.output)")
      #expect(match.output.contains(#""value":"evil.example""#))
      #expect(match.talk.contains("note: 2 more on the warninglist \"CDNs\" are not told"), "\(match.talk)")
      #expect(!match.talk.contains("no indicators are in"))
    }
    let listed = try await Self.run(["list", "list.json"], in: place)
    #expect(listed.output == "list.json  cdn.example  (hostname)\nlist.json  other.example  (hostname)\n")
    _ = try await Self.run(["forget", "list.json"], in: place)
    let match = try await Self.run(["match", "--below", "a.log"], in: place)
    #expect(match.output.split(separator: "\n").count == 3, "\(match.output)")
  }

  @Test func `a warninglist has revisions as every source has, and is not suddenly empty`() async throws {
    let place = try Scratch()
    func take(_ values: [String], _ more: [String] = []) async throws -> Executable.Ending {
      try place.write(Self.warninglist("hostname", values), to: "list.json")
      return try await Self.run(["import", "list.json"] + more, in: place)
    }
    _ = try await take(["a.example", "b.example"])
    #expect(
      try await take(["b.example", "c.example"]).output
        == "list.json: revision 2: 1 added, 0 changed, 1 withdrawn, 2 in all\n")
    let diff = try await Self.run(["diff", "list.json"], in: place)
    #expect(diff.status == 3 && diff.output == "+ c.example  (hostname)\n- a.example  (hostname)\n", "\(diff.output)")
    let empty = try await take([])
    #expect(empty.status == 1 && empty.talk.contains("what was there before stays"), "\(empty.talk)")
    let old = try await Self.run(["list", "--revision", "1", "list.json"], in: place)
    #expect(old.output == "list.json  a.example  (hostname)\nlist.json  b.example  (hostname)\n")
    #expect(try await take([], ["--force"]).output == "list.json: revision 3: 0 added, 0 changed, 2 withdrawn, 0 in all\n")
  }

  @Test func `a warninglist whose expression cannot be used is told when it is taken in`() async throws {
    let place = try Scratch()
    try place.write(Self.warninglist("regex", ["(a)\\\\1"]), to: "list.json")
    try place.write("evil.example\n", to: "iocs.txt")
    let taken = try await Self.run(["import", "list.json", "iocs.txt"], in: place)
    #expect(taken.status == 1 && taken.talk.contains("list.json: the warninglist \"CDNs\" holds \"(a)\\1\": "), "\(taken.talk)")
    func match(_ list: String) async throws -> Executable.Ending {
      try await Self.run(["match", "--indicators", "iocs.txt", "--warninglist", list, "--", "iocs.txt"], in: place)
    }
    let broken = try await match("list.json")
    #expect(broken.status == 2 && broken.talk.contains("the warninglist \"CDNs\" holds \"(a)\\1\": "), "\(broken.talk)")
    let none = try await match("iocs.txt")
    #expect(none.status == 2 && none.talk.contains("iocs.txt is no warninglist of MISP"), "\(none.talk)")
  }

  @Test func `passive DNS tells how many names are known at an address, however large it is`() async throws {
    let place = try Scratch()
    func records(_ count: Int, _ address: String) -> String {
      (0..<count).map { #"{"rrname":"host\#($0).example.","rrtype":"A","rdata":["\#(address)","192.0.2.9"]}"# + "\n" }.joined()
    }
    // The same names twice, and an alias and a text that name the address without standing there.
    let others = """
      {"rrname":"host1.example.","rrtype":"a","rdata":"192.0.2.1","time_first":1}
      {"rrname":"c.example.","rrtype":"CNAME","rdata":["192.0.2.1"]}
      {"rrname":"t.example.","rrtype":"TXT","rdata":["192.0.2.1"]}

      """
    try place.write(records(3, "192.0.2.1") + others + records(1200, "192.0.2.2"), to: "pdns.json")
    try place.write("192.0.2.1\n192.0.2.2\n192.0.2.3\n198.51.100.0/24\n", to: "iocs.txt")
    try place.write(#"{"rrname":"p.example.","rrtype":"A","rdata":["198.51.100.7"]}"# + "\n", to: "more.json")
    try place.write("192.0.2.1\n192.0.2.2\n192.0.2.3\n198.51.100.7\n", to: "a.log")
    func match(_ format: String) async throws -> Executable.Ending {
      let files = ["--indicators", "iocs.txt", "--passive-dns", "pdns.json", "more.json", "--", "a.log"]
      return try await Self.run(["match", "--format", format] + files, in: place)
    }
    let json = try await match("jsonl")
    let counts = json.output.split(separator: "\n").map { line in
      line.split(separator: "\"namesAtAddress\":").dropFirst().first.map { $0.prefix { $0.isNumber } } ?? ""
    }
    #expect(counts == ["3", "1000", "", "1"], "\(json.output)\(json.talk)")
    let text = try await match("text")
    #expect(text.output.contains("3 names known at it") && text.output.contains("1000 or more names known at it"))
    try place.write(#"{"rrname":"a..example","rrtype":"A","rdata":["192.0.2.1"]}"# + "\n", to: "more.json")
    let bad = try await match("jsonl")
    #expect(bad.status == 2 && bad.talk.contains("more.json:1: rrname \"a..example\""), "\(bad.talk)")
    try place.write("192.0.2.1 is no passive DNS\n", to: "more.json")
    let none = try await match("jsonl")
    #expect(none.status == 2 && none.talk.contains("more.json:1: this is no passive DNS."), "\(none.talk)")
  }
}
