import DNSWire
import Estate
import Fixtures
import Foundation
import Names
import RealServers
import Store
import Testing

@Suite("nameward indicators serve: findings given, indicators received") struct SharingFindingsTests {
  private static let tokens = ["READER": "reading", "AUDITOR": "auditing", "SENDER": "sending"]

  private static func finding(_ owner: String, _ type: RRType, _ verdict: Verdict, intended: [String], observed: [String])
    throws -> Finding
  {
    let server = try #require(Server("192.0.2.53"))
    return try Finding(
      "record-differs", .critical, verdict, DomainName(owner), type,
      at: Place(.authoritative, server, zone: DomainName("example.gov."), nameServer: DomainName("ns1.example.gov.")),
      intended: intended, observed: observed, since: Timestamp(seconds: 0))
  }

  /// A declaration and the findings of three passes over it.
  private static func prepare(_ place: Scratch) throws {
    try Data("version: 1\norganisation: Example Agency\ndomains:\n  example.gov:\n    records: {www: {A: 192.0.2.80}}\n".utf8)
      .write(to: URL(filePath: place.path + "/nameward.yaml"))
    let store = try Store(folder: place.path + "/state")
    let scope = Scope(declaration: URL(filePath: place.path + "/nameward.yaml").standardizedFileURL.path)
    let mail = try finding(
      "mail.example.gov.", .mx, .mismatch(.replaced([])), intended: ["10 mx1.example.gov."], observed: ["10 mx.evil.example."])
    let www = try finding(
      "_443._tcp.www.example.gov.", .aaaa, .mismatch(.added([])), intended: [],
      observed: ["2001:db8::66", "\"\u{1b}[2J<script>\""])
    let untold = try finding("ftp.example.gov.", .a, .couldNotTell(.lame), intended: [], observed: [])
    for (minute, findings) in [(1, [mail, www, untold]), (2, [mail, untold]), (2000, [mail, untold])] as [(Int64, [Finding])] {
      _ = try store.record(
        findings, scope: scope, totals: Totals(match: 0, mismatch: findings.count, couldNotTell: 0),
        at: Timestamp(seconds: 1_700_000_000 + 60 * minute))
    }
  }

  private static func serving(
    _ place: Scratch, _ options: [String], while work: (String) async throws -> Void
  ) async throws {
    let run = try Executable(
      ["indicators", "serve", "--state", "state", "--tlp", "green", "--listen", "127.0.0.1:0"] + options, in: place.path,
      environment: tokens)
    let start = ContinuousClock.now
    var said = ""
    while !said.contains("\n"), ContinuousClock.now - start < .seconds(30) {
      try await Task.sleep(for: .milliseconds(50))
      said = try run.talkSoFar
    }
    let mark = try #require(said.firstRange(of: "http://"), "\(said)")
    let url = String(said[mark.lowerBound...].prefix { $0 != "\n" })
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await work(url)) } catch { outcome = .failure(error) }
    run.interrupt()
    _ = try await run.ending()
    try outcome.get()
  }

  /// Reads a collection with taxii2-client, page by page, and holds it against stix2-validator and the references within it.
  private static let reading = """
    import sys, json
    import requests
    from collections import Counter
    from taxii2client.v21 import Server, as_pages
    from stix2validator import validate_instance, ValidationOptions
    url, token, title = sys.argv[1:4]
    server = Server(url, user="any", password=token)
    collection = next((c for c in server.default.collections if c.title == title), None)
    if collection is None:
        print("none")
        sys.exit()
    objects = [o for p in as_pages(collection.get_objects, per_request=3) for o in p["objects"]]
    bundle = {"type": "bundle", "id": "bundle--00000000-0000-4000-8000-000000000001", "objects": objects}
    result = validate_instance(bundle, ValidationOptions(version="2.1"))
    here = {o["id"] for o in objects}
    named = {r for o in objects for k, v in o.items() if k.endswith(("_ref", "_refs")) for r in ([v] if isinstance(v, str) else v)}
    print(json.dumps([result.is_valid, [str(e) for e in result.errors or []], sorted(named - here), len(here) == len(objects),
                      sorted(Counter(o["type"] for o in objects).items())]))
    """

  @Test func `findings are STIX that the validator takes, for who may see them`() async throws {
    let place = try Scratch()
    try Self.prepare(place)
    let options = ["--token", "env:READER", "--findings-token", "env:AUDITOR"]
    try await Self.serving(place, options) { url in
      let hidden = try await PythonPackages.run(Self.reading, [url, "reading", "Findings"])
      #expect(hidden == "none\n")
      let read = try await PythonPackages.run(Self.reading, [url, "auditing", "Findings"])
      #expect(
        read == """
          [true, [], [], true, [["domain-name", 3], ["identity", 1], ["ipv6-addr", 1], ["marking-definition", 1], ["note", 2], \
          ["observed-data", 2]]]

          """)
    }
  }

  @Test func `findings need a declaration, whose they are`() async throws {
    let place = try Scratch()
    _ = try Store(folder: place.path + "/state")
    let run = try Executable(
      ["indicators", "serve", "--state", "state", "--tlp", "green", "--findings-token", "env:AUDITOR"], in: place.path,
      environment: Self.tokens)
    let ending = try await run.ending()
    #expect(ending.status == 2 && ending.talk.contains("nameward.yaml"), "\(ending.talk)")
  }

  /// Sends an indicator with taxii2-client, to the collection that may be written to if there is one.
  private static let sending = """
    import sys
    import requests
    from taxii2client.v21 import Server
    url, token = sys.argv[1:3]
    root = Server(url, user="any", password=token).default
    writable = [c for c in root.collections if c.can_write]
    one = {"type": "indicator", "spec_version": "2.1", "id": "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
           "created": "2024-01-01T00:00:00.000Z", "modified": "2024-01-01T00:00:00.000Z", "valid_from": "2024-01-01T00:00:00Z",
           "pattern": "[domain-name:value = 'evil.example']", "pattern_type": "stix",
           "object_marking_refs": ["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"]}
    if writable:
        status = writable[0].add_objects({"objects": [one, {"type": "indicator"}]})
        status.refresh()
        print(status.status, status.success_count, status.failure_count)
    else:
        c = root.collections[0]
        fields = {"Accept": "application/taxii+json;version=2.1", "Content-Type": "application/taxii+json;version=2.1"}
        print(requests.post(c.objects_url, json={"objects": [one]}, headers=fields, auth=("any", token)).status_code)
    """

  @Test func `what others send is taken in, matched and given on, unless nobody may send`() async throws {
    let place = try Scratch()
    let options = ["--token", "env:READER", "--sending-token", "env:SENDER"]
    try await Self.serving(place, options) { url in
      let refused = try await PythonPackages.run(Self.sending, [url, "reading"])
      #expect(refused == "403\n")
      let taken = try await PythonPackages.run(Self.sending, [url, "sending"])
      #expect(taken == "complete 1 1\n")
      let answer = try await PythonPackages.run(Self.reading, [url, "reading", "Indicators"])
      #expect(answer.hasPrefix("[true, [], [], true, [[\"indicator\", 1], "), "\(answer)")
    }
    let list = try await Executable(["indicators", "list", "--state", "state"], in: place.path).ending()
    #expect(list.output.contains("received by TAXII"), "\(list.output)")
    // What was sent cannot be asked for again, and is no reason for a refresh to fail.
    let again = try await Executable(["indicators", "refresh", "--state", "state"], in: place.path).ending()
    #expect(again.status == 0 && again.output.contains("received by TAXII: unchanged, revision 1 with 1"), "\(again.talk)")
    try await Self.serving(place, ["--anyone"]) { url in
      let refused = try await PythonPackages.run(Self.sending, [url, "any"])
      #expect(refused == "403\n")
    }
  }
}
