import Dashboard
import Fixtures
import Foundation
import Indicators
import Names
import Notation
import RealServers
import Testing

private let high = "91a7b528-80eb-42ed-a74d-c6fbd5a26116"
private let inbox = "365fed99-08fa-fdcd-a1b3-fb247eb41d01"
private let relationship = "relationship--2f9a9aa9-108a-4333-83e2-4fb25add0463"
private let malware = "malware--c0931cc6-c75e-47e5-9036-78fabc95d4ec"
private let indicator = "indicator--6770298f-0fd8-471a-ab8c-1c658a46574e"
private let added = "course-of-action--68794cd5-28db-429d-ab1e-1256704ef906"

/// A server with the data that medallion is tested with: the real thing, and ours.
enum ContractServer: String, CaseIterable {
  case medallion, ours

  /// Runs it for as long as the body lasts; gives the port.
  func run<Outcome: Sendable>(_ body: @escaping @Sendable (String) async throws -> Outcome) async throws -> Outcome {
    switch self {
    case .ours: return try await serving(Self.service()) { try await body("http://127.0.0.1:\($0)/") }
    case .medallion:
      let server = try MedallionServer(data: Fixture.path("ioc/taxii/medallion_default_data.json"))
      do {
        try await server.start()
        let outcome = try await body(server.url)
        await server.stop()
        return outcome
      } catch {
        await server.stop()
        throw error
      }
    }
  }

  private static func service() throws -> TAXIIService<TAXIIShelf> {
    let file = try JSONValue(Array(Data(contentsOf: URL(filePath: Fixture.path("ioc/taxii/medallion_default_data.json")))))
    let listed = file["trustgroup1"]?["collections"]?.items ?? []
    let shelf = TAXIIShelf(try listed.map { try TAXIICollection($0) })
    func text(_ value: JSONValue, _ name: String) -> String { value[name]?.string ?? "" }
    for collection in listed {
      let objects = try (collection["objects"]?.items ?? []).map { try TAXIIObject($0) }
      let manifest = (collection["manifest"]?.items ?? []).sorted { text($0, "date_added") < text($1, "date_added") }
      for entry in manifest {
        let object = try #require(objects.first { $0.id == text(entry, "id") && $0.version == text(entry, "version") })
        shelf.add([object], to: text(collection, "id"), at: try #require(TAXIITimestamp(text(entry, "date_added"))))
      }
    }
    return TAXIIService(
      title: "Some TAXII Server", root: "trustgroup1",
      information: TAXIIAPIRoot(title: "Malware Research Group", maxContentLength: 9_765_625),
      admission: TAXIIAdmission(tokens: [.init(MedallionServer.password, .everything)]), catalog: shelf,
      now: { TAXIITimestamp(Timestamp(seconds: Int64(Date().timeIntervalSince1970))) },
      identify: { UUID().uuidString.lowercased() })
  }
}

/// What medallion's own tests claim of a server, asked of both over HTTP by Python's `requests`.
@Suite(
  "TAXII 2.1 One contract for medallion and for us", .timeLimit(.minutes(3)),
  .enabled(if: ProcessInfo.processInfo.environment["NAMEWARD_FAST"] == nil))
struct TAXIIContractTests {
  /// Each request is a word and a path: GET tells the status and the ids; SINCE the first and last addition; VERSIONS the versions;
  /// PAGES follows `next`; STRANGER sends no credentials; POST sends the JSON after a third blank and tells what became of it.
  /// Of an id the first four digits are told.
  private static let program = """
    import json, sys
    import requests
    base, asked = sys.argv[1] + "trustgroup1/", json.loads(sys.argv[2])
    media = "application/taxii+json;version=2.1"
    login = ("admin", "Password0")

    def send(method, path, body=None, auth=login):
        url = base + path if not path.startswith("/") else sys.argv[1] + path[1:]
        fields = {"Accept": media, "Content-Type": media} if body else {"Accept": media}
        return requests.request(method, url, headers=fields, auth=auth, data=body)

    def ids(page): return [o["id"].split("--")[1][:4] for o in page.get("objects", [])]
    # In which order versions are listed the specification leaves open.
    def versions(page): return sorted(page.get("versions", [])) or [o.get("modified") or o["version"] for o in page.get("objects", [])]

    told = []
    for line in asked:
        word, path, body = (line.split(" ", 2) + [None])[:3]
        if word == "STRANGER":
            told.append(str(send("GET", path, auth=None).status_code))
            continue
        if word in ("POST", "DELETE"):
            answer = send(word, path, body)
            text = str(answer.status_code)
            if answer.status_code == 202:
                text += " %d %d" % (answer.json()["success_count"], answer.json()["failure_count"])
                again = send("GET", "status/%s/" % answer.json()["id"]).json()
                text += " " + again["status"] if again["success_count"] == answer.json()["success_count"] else " lost"
            told.append(text)
            continue
        answer = send("GET", path)
        text = str(answer.status_code)
        if answer.status_code == 200:
            if answer.headers["Content-Type"] != media: text += " of " + answer.headers["Content-Type"]
            page = answer.json()
            if word == "SINCE":
                text += " " + answer.headers["X-TAXII-Date-Added-First"] + " " + answer.headers["X-TAXII-Date-Added-Last"]
            elif word == "TITLE": text += " " + page["title"]
            elif word == "VERSIONS": text += "".join(" " + v for v in versions(page))
            elif word == "PAGES":
                while True:
                    text += "".join(" " + i for i in ids(page) or versions(page))
                    if not page.get("more"): break
                    page = send("GET", path + "&next=" + page["next"]).json()
                    text += " |"
            else: text += "".join(" " + i for i in ids(page)) + (" more" if page.get("more") else "")
        told.append(text)
    print(json.dumps(told))
    """

  private func expect(_ claims: [(request: String, answer: String)], of server: ContractServer) async throws {
    var json = JSONWriter()
    json.write(claims.map(\.request))
    let requests = json.text
    let output = try await server.run { try await PythonPackages.run(Self.program, [$0, requests]) }
    let answers = try JSONValue(Array(output.utf8)).items?.map { $0.string ?? "" } ?? []
    try #require(answers.count == claims.count, "\(output)")
    for (claim, answer) in zip(claims, answers) { #expect(answer == claim.answer, "\(server.rawValue): \(claim.request)") }
  }

  private static let all = "2f9a cd98 3409 c093 6770"
  private static let objects = "collections/\(high)/objects/"
  private static let manifest = "collections/\(high)/manifest/"

  @Test(arguments: ContractServer.allCases) func `a server and its collections are found`(server: ContractServer) async throws {
    try await expect(
      [
        ("TITLE /taxii2/", "200 Some TAXII Server"), ("TITLE /trustgroup1/", "200 Malware Research Group"),
        ("TITLE collections/\(high)/", "200 High Value Indicator Collection"),
        ("GET /trustgroup2/", "404"), ("GET /carbon1/collections/", "404"), ("GET status/22101993/", "404"),
        ("GET collections/24042009/", "404"), ("GET collections/24042009/manifest/", "404"),
        ("GET collections/24042009/objects/", "404"),
        ("GET collections/64993447-4d7e-4f70-b94d-d7f33742ee63/manifest/", "403"),
        ("GET collections/64993447-4d7e-4f70-b94d-d7f33742ee63/objects/\(indicator)/", "403"),
        ("STRANGER collections/", "401"), ("STRANGER status/2223/", "401"), ("STRANGER \(Self.objects)", "401"),
        ("STRANGER collections/24042009/manifest/", "401"), ("STRANGER \(Self.objects)\(malware)/", "401"),
      ], of: server)
  }

  @Test(arguments: ContractServer.allCases) func `objects and manifest are filtered`(server: ContractServer) async throws {
    let filters: [(String, String)] = [
      ("", Self.all), ("?match[id]=\(malware)", "c093"), ("?match[type]=indicator", "cd98 6770"),
      ("?match[version]=2016-12-25T12:30:59.444Z", "6770"), ("?match[version]=first", "2f9a cd98 6770 3409 c093"),
      ("?match[version]=last", Self.all), ("?match[version]=all", "2f9a cd98 6770 6770 3409 c093 6770"),
      ("?match[spec_version]=2.0", "c093"), ("?match[spec_version]=2.1", Self.all),
      ("?match[spec_version]=2.0,2.1", Self.all), ("?added_after=2017-01-20T00:00:00.000Z", "c093 6770"),
      ("?match[type]=incident&match[version]=2016-01-01T01:01:01.000Z", ""), ("?match[type]=indicator&match[id]=\(malware)", ""),
    ]
    let claims = filters.flatMap { filter, ids in
      let answer = ids.isEmpty ? "200" : "200 " + ids
      return [("GET \(Self.objects)\(filter)", answer), ("GET \(Self.manifest)\(filter)", answer)]
    }
    try await expect(claims + [("GET \(Self.objects)?limit=-20", "400")], of: server)
  }

  @Test(arguments: ContractServer.allCases) func `versions of an object are told apart`(server: ContractServer) async throws {
    let (one, path) = ("\(Self.objects)\(indicator)/", "\(Self.objects)\(malware)/")
    try await expect(
      [
        ("VERSIONS \(one)?match[version]=first", "200 2016-11-03T12:30:59.000Z"),
        ("VERSIONS \(one)?match[version]=last", "200 2017-01-27T13:49:53.935Z"),
        ("VERSIONS \(one)?match[version]=2016-12-25T12:30:59.444Z", "200 2016-12-25T12:30:59.444Z"),
        ("GET \(one)?match[version]=all", "200 6770 6770 6770"),
        ("VERSIONS \(one)versions/", "200 2016-11-03T12:30:59.000Z 2016-12-25T12:30:59.444Z 2017-01-27T13:49:53.935Z"),
        ("VERSIONS \(path)", "200 2017-01-27T13:49:53.997Z"),
        ("VERSIONS \(path)?match[spec_version]=2.0", "200 2018-02-23T18:30:00.000Z"),
        ("VERSIONS \(path)?match[spec_version]=2.0,2.1", "200 2018-02-23T18:30:00.000Z"),
        ("VERSIONS \(path)versions/", "200 2017-01-27T13:49:53.997Z"),
        ("VERSIONS \(path)versions/?match[spec_version]=2.0", "200 2018-02-23T18:30:00.000Z"),
        ("VERSIONS \(path)versions/?match[spec_version]=2.0,2.1", "200 2017-01-27T13:49:53.997Z 2018-02-23T18:30:00.000Z"),
        ("GET \(path)?added_after=2018-01-27T13:49:59.997000Z", "200"),
        ("GET \(path)?added_after=2017-01-27T13:49:59Z", "200 c093"),
        ("VERSIONS \(Self.objects)\(relationship)/versions/?added_after=2014-05-08T09:00:00Z", "200"),
        ("VERSIONS \(Self.objects)\(relationship)/versions/?added_after=2014-05-08T08:00:00Z", "200 2014-05-08T09:00:00.000Z"),
        ("GET \(Self.objects)malware--cee60c30-a68c-11e3-b0c1-a01aac20d000/", "404"),
      ], of: server)
  }

  @Test(arguments: ContractServer.allCases)
  func `pages follow one another, and tell when what is on them was added`(server: ContractServer) async throws {
    try await expect(
      [
        ("PAGES \(Self.objects)?limit=3", "200 2f9a cd98 3409 | c093 6770"),
        ("PAGES \(Self.manifest)?limit=2", "200 2f9a cd98 | 3409 c093 | 6770"),
        ("PAGES \(Self.objects)\(indicator)/?match[version]=all&limit=2", "200 6770 6770 | 6770"),
        (
          "PAGES \(Self.objects)\(indicator)/versions/?limit=1",
          "200 2016-11-03T12:30:59.000Z | 2016-12-25T12:30:59.444Z | 2017-01-27T13:49:53.935Z"
        ),
        ("SINCE \(Self.objects)", "200 2014-05-08T09:00:00.000000Z 2017-12-31T13:49:53.935000Z"),
        ("SINCE \(Self.manifest)", "200 2014-05-08T09:00:00.000000Z 2017-12-31T13:49:53.935000Z"),
        ("SINCE \(Self.objects)?limit=3", "200 2014-05-08T09:00:00.000000Z 2017-01-20T00:00:00.000000Z"),
        ("SINCE \(Self.objects)\(malware)/", "200 2017-01-27T13:49:59.997000Z 2017-01-27T13:49:59.997000Z"),
        ("SINCE \(Self.objects)\(relationship)/versions/", "200 2014-05-08T09:00:00.000000Z 2014-05-08T09:00:00.000000Z"),
        (
          "SINCE \(Self.objects)\(indicator)/?match[version]=all&limit=2",
          "200 2016-11-03T12:30:59.001000Z 2016-12-27T13:49:59.000000Z"
        ),
      ], of: server)
  }

  @Test(arguments: ContractServer.allCases)
  func `what is sent is there, in all its versions, until it is removed`(server: ContractServer) async throws {
    let path = "collections/\(inbox)/objects/"
    func object(_ modified: String) -> String {
      #"{"type":"course-of-action","id":"\#(added)","spec_version":"2.1","name":"a","created":"2014-01-27T13:49:53.935Z","#
        + #""modified":"\#(modified)-01-27T13:49:53.935Z"}"#
    }
    func versions(_ years: String...) -> String { "200" + years.map { " \($0)-01-27T13:49:53.935Z" }.joined() }
    let many = ["2015", "2016", "2018", "2019"].map(object).joined(separator: ",")
    try await expect(
      [
        ("POST \(path) \(object("2014"))", "422"),
        ("POST collections/24042009/objects/ {\"objects\":[\(object("2014"))]}", "404"),
        ("POST collections/64993447-4d7e-4f70-b94d-d7f33742ee63/objects/ {\"objects\":[\(object("2014"))]}", "403"),
        ("POST \(path) {\"objects\":[\(object("2014"))]}", "202 1 0 complete"),
        // What is there already is no error (§5.5); medallion 3.0.0 tells it as a failure.
        ("POST \(path) {\"objects\":[\(object("2014"))]}", server == .medallion ? "202 0 1 complete" : "202 1 0 complete"),
        ("GET \(path)?match[id]=\(added)", "200 6879"),
        ("GET collections/\(inbox)/manifest/?match[id]=\(added)", "200 6879"),
        ("POST \(path) {\"objects\":[\(many)]}", "202 4 0 complete"),
        ("VERSIONS \(path)\(added)/versions/", versions("2014", "2015", "2016", "2018", "2019")),
        ("DELETE \(path)\(added)/?match[version]=2018-01-27T13:49:53.935Z", "200"),
        ("VERSIONS \(path)\(added)/versions/", versions("2014", "2015", "2016", "2019")),
        ("DELETE \(path)\(added)/?match[version]=first", "200"),
        ("VERSIONS \(path)\(added)/versions/", versions("2015", "2016", "2019")),
        ("DELETE \(path)\(added)/?match[version]=last", "200"),
        ("VERSIONS \(path)\(added)/versions/", versions("2015", "2016")),
        ("DELETE \(path)\(added)/?match[version]=all", "200"), ("GET \(path)\(added)/versions/", "404"),
        ("GET \(path)\(added)/", "404"), ("GET \(path)?match[id]=\(added)", "200"),
      ], of: server)
  }
}
