import Fixtures
import Foundation
import RealServers
import Testing

@Suite("nameward indicators: shared by TAXII and over HTTP") struct IndicatorSharingTests {
  static let campaign = Fixture.path("ioc/campaign/campaign_iocs_verified.csv")

  private static func run(_ arguments: [String], in place: Scratch, token: String = "secret") async throws -> Executable.Ending {
    let run = try Executable(["indicators"] + arguments, in: place.path, environment: ["TOKEN": token])
    return try await run.ending()
  }

  /// Serves what is in the state `one`, while the work lasts; gives the URL of the collection.
  private static func serving(
    _ place: Scratch, assuming marking: String? = nil, while work: (String) async throws -> Void
  ) async throws {
    let run = try Executable(
      ["indicators", "serve", "--state", "one", "--tlp", "clear", "--token", "env:TOKEN", "--listen", "127.0.0.1:0"]
        + (marking.map { ["--assume", $0] } ?? []),
      in: place.path, environment: ["TOKEN": "secret"])
    let start = ContinuousClock.now
    var said = ""
    while !said.contains("\n"), ContinuousClock.now - start < .seconds(30) {
      try await Task.sleep(for: .milliseconds(50))
      said = try run.talkSoFar
    }
    let mark = try #require(said.firstRange(of: "http://"), "\(said)")
    let server = String(said[mark.lowerBound...].prefix { $0 != "\n" }).replacing("/taxii2/", with: "/nameward/")
    let collection = try await Self.collection(server)
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await work("\(server)collections/\(collection)/")) } catch { outcome = .failure(error) }
    run.interrupt()
    _ = try await run.ending()
    try outcome.get()
  }

  /// The id of the one collection, as Python's library asks for it: another reader than ours.
  private static func collection(_ root: String) async throws -> String {
    let program = """
      import sys, json, urllib.request
      request = urllib.request.Request(sys.argv[1] + "collections/",
          headers={"Accept": "application/taxii+json;version=2.1", "Authorization": "Bearer secret"})
      print(json.load(urllib.request.urlopen(request))["collections"][0]["id"], end="")
      """
    return try await PythonPackages.run(program, [root])
  }

  @Test func `what one takes in, another gets by TAXII, and refreshing changes nothing`() async throws {
    let place = try Scratch()
    let taken = try await Self.run(["import", "--quiet", "--state", "one", Self.campaign], in: place)
    #expect(taken.output.hasSuffix(": revision 1: 27 added, 0 changed, 0 withdrawn, 27 in all\n"))
    try await Self.serving(place) { collection in
      let stranger = try await Self.run(["import", "--state", "two", collection], in: place)
      #expect(stranger.status == 1 && stranger.output.isEmpty && stranger.talk.contains("401"), "\(stranger.talk)")
      let friend = try await Self.run(["import", "--quiet", "--state", "two", "--bearer", "env:TOKEN", collection], in: place)
      #expect(friend.output == "\(collection): revision 1: 27 added, 0 changed, 0 withdrawn, 27 in all\n", "\(friend.talk)")
      // Who names the server, or its root, is told what there is to take in; a query asks for part of it.
      let root = String(collection[..<(try #require(collection.firstRange(of: "collections/"))).lowerBound])
      for url in [root, root.replacing("/nameward/", with: "/taxii2/")] {
        let offer = try await Self.run(["import", "--state", "two", "--bearer", "env:TOKEN", url], in: place)
        #expect(
          offer.status == 1 && offer.talk.contains("is a TAXII server") && offer.talk.contains("  \(collection)  "),
          "\(offer.talk)")
      }
      let none = try await Self.run(
        ["import", "--quiet", "--state", "three", "--bearer", "env:TOKEN", collection + "?match%5Btype%5D=malware"], in: place)
      #expect(none.output.contains("revision 1: 0 added"), "\(none.output)\(none.talk)")
      let again = try await Self.run(["refresh", "--state", "two", "--bearer", "env:TOKEN", collection], in: place)
      #expect(again.status == 0 && again.output == "\(collection): unchanged, revision 1 with 27\n", "\(again.talk)")
    }
    // The server is gone: what was there before stays.
    let gone = try await Self.run(["refresh", "--state", "two"], in: place)
    #expect(gone.status == 1 && gone.talk.contains("could not be reached"), "\(gone.talk)")
    func patterns(_ state: String) async throws -> [String] {
      struct Line: Decodable { var pattern: String }
      return try await Self.run(["list", "--state", state, "--format", "jsonl"], in: place).output.split(separator: "\n").map {
        try JSONDecoder().decode(Line.self, from: Data($0.utf8)).pattern
      }
    }
    #expect(try await patterns("one") == (try await patterns("two")))
  }

  @Test func `what one withdraws, another does not look for any more`() async throws {
    let place = try Scratch()
    func publish(_ names: String...) throws {
      try Data(names.map { $0 + "\n" }.joined().utf8).write(to: URL(fileURLWithPath: place.path + "/list.txt"))
    }
    try Data("a.example b.example c.example\n".utf8).write(to: URL(fileURLWithPath: place.path + "/log"))
    func seen() async throws -> Set<String> {
      struct Line: Decodable { var value: String }
      let match = try await Self.run(["match", "--quiet", "--state", "two", "--format", "jsonl", "log"], in: place)
      return Set(try match.output.split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)).value })
    }
    try publish("a.example", "b.example")
    _ = try await Self.run(["import", "--state", "one", "list.txt"], in: place)
    try await Self.serving(place, assuming: "clear") { collection in
      _ = try await Self.run(["import", "--state", "two", "--bearer", "env:TOKEN", collection], in: place)
      #expect(try await seen() == ["a.example", "b.example"])
      try publish("b.example", "c.example")
      _ = try await Self.run(["refresh", "--state", "one"], in: place)
      let update = try await Self.run(["refresh", "--state", "two", "--bearer", "env:TOKEN", collection], in: place)
      #expect(update.output.contains("1 added, 1 changed, 0 withdrawn"), "\(update.output)\(update.talk)")
      #expect(try await seen() == ["b.example", "c.example"])
    }
  }

  @Test func `a secret goes to sources that are named, and never stands on the command line`() async throws {
    let place = try Scratch()
    let unnamed = try await Self.run(["refresh", "--state", "one", "--bearer", "env:TOKEN"], in: place)
    #expect(unnamed.status == 2 && unnamed.talk.contains("Name the sources that the secret is for."))
    let plain = try await Self.run(["import", "--state", "one", "--bearer", "MYKEY", "https://127.0.0.1:1/feed"], in: place)
    #expect(plain.status == 2 && plain.talk.contains("is no reference to a secret. Write env:NAME"), "\(plain.talk)")
    #expect(!plain.talk.contains("MYKEY"))
    let inQuery = try await Self.run(["import", "--state", "one", "http://127.0.0.1:1/feed?from=a&ApiKey=MYKEY"], in: place)
    #expect(inQuery.talk.contains("note: ApiKey in the URL looks like a secret"), "\(inQuery.talk)")
  }
}
