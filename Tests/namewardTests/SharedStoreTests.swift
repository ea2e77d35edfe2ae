import DNSWire
import Estate
import Foundation
import Indicators
import Names
import Notation
import Store
import Testing

@testable import nameward

/// A store with indicators and findings, and a server of it without a socket.
private struct Shared {
  static let now = TAXIITimestamp(Timestamp(seconds: 1_000_000))

  let folder: String
  private let owner: Removal

  init() throws {
    folder = NSTemporaryDirectory() + "/nameward-shared-\(UUID().uuidString)"
    owner = Removal(folder)
    _ = try Store(folder: folder)
  }

  private final class Removal: Sendable {
    let path: String
    init(_ path: String) { self.path = path }
    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  func take(_ text: String, from name: String = "list.txt", at seconds: Int64, force: Bool = true) throws {
    let octets = Array(text.utf8)
    _ = try Store(folder: folder).take(
      try Publication(octets), from: IndicatorSource(name, .file), digest: IndicatorFiles.digest(octets),
      at: Timestamp(seconds: seconds), force: force)
  }

  /// One pass over `nameward.yaml`.
  func pass(_ findings: [Finding], at seconds: Int64) throws {
    _ = try Store(folder: folder).record(
      findings, scope: Scope(declaration: "nameward.yaml"), totals: Totals(match: 1, mismatch: findings.count, couldNotTell: 0),
      at: Timestamp(seconds: seconds))
  }

  static func replaced(_ owner: String, _ type: RRType = .mx, by observed: String = "10 mx.evil.example.") throws -> Finding {
    let server = try #require(Server("192.0.2.53"))
    return try Finding(
      "record-differs", .critical, .mismatch(.replaced([])), DomainName(owner), type,
      at: Place(.authoritative, server, zone: DomainName("example.gov.")), intended: ["10 mx1.example.gov."],
      observed: [observed],
      since: Timestamp(seconds: 0))
  }

  func catalog(tlp: TLP = .green, assumed: TLP? = .green, receives: Bool = true) throws -> SharedStore {
    try SharedStore(
      StoreReader(folder: folder), tlp: tlp, assumed: assumed,
      findings: SharedStore.FindingTerms(declaration: "nameward.yaml", organisation: "Example Agency", marking: .amber),
      receiving: receives ? folder : nil)
  }

  func service(
    _ rights: TAXIIAdmission.Rights = .everything, tlp: TLP = .green, assumed: TLP? = .green, receives: Bool = true
  ) throws -> TAXIIService<SharedStore> {
    try TAXIIService(
      title: "Ours", information: TAXIIAPIRoot(title: "Ours", maxContentLength: 100_000),
      admission: TAXIIAdmission(anyone: rights), catalog: catalog(tlp: tlp, assumed: assumed, receives: receives),
      now: { Self.now }, identify: { "2d086da7-4bdc-4f91-900e-d77486753710" })
  }
}

extension TAXIIService {
  fileprivate func ask(_ path: String, method: String = "GET", body: String? = nil) -> TAXIIResponse {
    let parts = path.split(separator: "?", maxSplits: 1).map(String.init)
    return answer(
      TAXIIRequest(
        method: method, path: "/nameward/collections/" + (parts.first ?? ""), query: parts.count == 2 ? parts[1] : "",
        accept: TAXII.mediaType,
        contentType: body == nil ? nil : TAXII.mediaType, body: body.map { Array($0.utf8) } ?? []))
  }

  fileprivate func json(_ path: String) throws -> JSONValue {
    let response = ask(path)
    try #require(response.status == 200, "\(response.body)")
    return try JSONValue(Array(response.body.utf8))
  }

  /// All pages, of two objects each.
  fileprivate func objects(_ path: String) throws -> [JSONValue] {
    var (all, next): ([JSONValue], String?) = ([], nil)
    repeat {
      let page = try json(path + (path.contains("?") ? "&" : "?") + "limit=2" + (next.map { "&next=\($0)" } ?? ""))
      all += page["objects"]?.items ?? []
      next = page["next"]?.string
    } while next != nil
    return all
  }
}

private func types(_ objects: [JSONValue]) -> [String] { objects.compactMap { $0["type"]?.string } }
private func text(_ object: JSONValue?, _ member: String) -> String? { object?[member]?.string }

@Suite("Indicators given from the store") struct SharedIndicatorsTests {
  @Test func `come page by page, markings first, and those of a later import without a restart`() throws {
    let shared = try Shared()
    let service = try shared.service()
    #expect(service.ask("indicators/objects/").body == "{}")
    try shared.take("a.example\nb.example\nc.example", at: 1000)
    let first = try service.objects("indicators/objects/")
    #expect(types(first) == ["marking-definition", "marking-definition", "indicator", "indicator", "indicator"])
    let last = try #require(service.ask("indicators/objects/").field("X-TAXII-Date-Added-Last"))
    #expect(last == "1970-01-01T00:16:40.000002Z")
    try shared.take("a.example\nc.example\nd.example", at: 2000)
    let later = try service.objects("indicators/objects/?added_after=\(last)")
    #expect(
      later.compactMap { text($0, "pattern") } == ["[domain-name:value = 'd.example']", "[domain-name:value = 'b.example']"])
    // What its source withdrew is a newer version of what was given, and revoked.
    #expect(later.map { $0["revoked"]?.boolean } == [nil, true])
    #expect(text(later[1], "id") == text(first[3], "id") && text(later[1], "created") == text(first[3], "created"))
    #expect(text(later[1], "modified") == "1970-01-01T00:33:20.000Z")
    #expect(try service.objects("indicators/objects/").compactMap { text($0, "pattern") }.count == 4)
    #expect(try service.objects("indicators/manifest/").count == 6)
  }

  @Test func `go on after the time that a page ended with, as after what the page said`() throws {
    let shared = try Shared()
    try shared.take((0..<20).map { "host\($0).example" }.joined(separator: "\n"), at: 1000)
    try shared.take("a.example", from: "other.txt", at: 1000)
    let service = try shared.service()
    var (seen, last): ([String], String?) = ([], nil)
    while true {
      let response = service.ask("indicators/objects/?limit=3" + (last.map { "&added_after=\($0)" } ?? ""))
      let page = try JSONValue(Array(response.body.utf8))["objects"]?.items ?? []
      if page.isEmpty { break }
      seen += page.compactMap { text($0, "id") }
      last = response.field("X-TAXII-Date-Added-Last")
    }
    #expect(try seen == service.objects("indicators/objects/").compactMap { text($0, "id") })
    #expect(seen.count == 2 + 21)
  }

  @Test func `keep their identifier and the time when they were made, from one version to the next`() throws {
    let shared = try Shared()
    let service = try shared.service()
    try shared.take("INDICATOR_VALUE,TYPE,COMMENT\nevil.example,FQDN,first", from: "ioc.csv", at: 1000)
    let before = try #require(try service.objects("indicators/objects/?match[type]=indicator").first)
    try shared.take("INDICATOR_VALUE,TYPE,COMMENT\nnew.example,FQDN,x\nevil.example,FQDN,second", from: "ioc.csv", at: 2000)
    let id = try #require(text(before, "id"))
    let after = try #require(try service.objects("indicators/objects/\(id)/").first)
    #expect(text(after, "id") == id)
    #expect((text(before, "created"), text(after, "created")) == ("1970-01-01T00:16:40.000Z", "1970-01-01T00:16:40.000Z"))
    #expect((text(before, "modified"), text(after, "modified")) == ("1970-01-01T00:16:40.000Z", "1970-01-01T00:33:20.000Z"))
    #expect(
      try TAXIIPage<String>(versions: service.json("indicators/objects/\(id)/versions/")).items == ["1970-01-01T00:33:20.000Z"])
  }

  @Test func `of STIX keep what their creator gave them`() throws {
    let shared = try Shared()
    let id = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"
    try shared.take(
      #"{"type":"indicator","spec_version":"2.1","id":"\#(id)","created":"2016-04-06T20:03:48.000Z","#
        + #""modified":"2017-04-06T20:03:48.000Z","pattern":"[domain-name:value = 'evil.example']","pattern_type":"stix","#
        + #""valid_from":"2016-01-01T00:00:00Z","revoked":true}"#, from: "bundle.json", at: 1000)
    let object = try #require(try shared.service().objects("indicators/objects/?match[id]=\(id)").first)
    #expect((text(object, "created"), text(object, "modified")) == ("2016-04-06T20:03:48.000Z", "2017-04-06T20:03:48.000Z"))
    #expect(object["revoked"]?.boolean == true)
    for (version, count) in [("first", 1), ("all", 1), ("2017-04-06T20:03:48.000Z", 1), ("2016-04-06T20:03:48.000Z", 0)] {
      #expect(try shared.service().objects("indicators/objects/?match[version]=\(version)&match[id]=\(id)").count == count)
    }
    #expect(try shared.service().objects("indicators/objects/?match[spec_version]=2.0").isEmpty)
  }

  @Test(arguments: [
    ("match[type]=malware", 0), ("match[type]=marking-definition", 2), ("match[type]=indicator,malware", 3),
    ("match[id]=malware--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f", 0), ("match[version]=2030-01-01T00:00:00Z", 0),
  ])
  func `are picked by their type and their version`(query: String, count: Int) throws {
    let shared = try Shared()
    try shared.take("a.example\nb.example\nc.example", at: 1000)
    #expect(try shared.service().objects("indicators/objects/?" + query).count == count)
  }

  @Test func `are found one by one, whoever made their identifier, and in their order`() throws {
    let shared = try Shared()
    let service = try shared.service()
    try shared.take("a.example\nb.example", at: 1000)
    let id = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"
    try shared.take(
      #"{"type":"indicator","spec_version":"2.1","id":"\#(id)","created":"2016-04-06T20:03:48.000Z","#
        + #""modified":"2017-04-06T20:03:48.000Z","pattern":"[domain-name:value = 'evil.example']","pattern_type":"stix","#
        + #""valid_from":"2016-01-01T00:00:00Z"}"#, from: "bundle.json", at: 2000)
    let all = try service.objects("indicators/objects/?match[type]=indicator").compactMap { text($0, "id") }
    #expect(all.count == 3)
    for wanted in [[all[0], id], [id, all[1]], all, [id]] {
      let asked = try service.objects("indicators/objects/?match[id]=" + wanted.joined(separator: ","))
      #expect(asked.compactMap { text($0, "id") } == all.filter(wanted.contains))
    }
    for id in all { #expect(try service.objects("indicators/objects/\(id)/").compactMap { text($0, "id") } == [id]) }
    // Of version 4, which only a source gives, and of version 5, which may be ours.
    for missing in ["indicator--00000000-0000-4000-8000-000000000000", "indicator--00000000-0000-5000-8000-000000000000"] {
      #expect(service.ask("indicators/objects/\(missing)/").status == 404)
      #expect(service.ask("indicators/objects/\(missing)/?added_after=2000-01-01T00:00:00Z").status == 404)
      #expect(service.ask("indicators/objects/\(missing)/versions/").status == 404)
    }
    #expect(service.ask("indicators/objects/\(id)/?added_after=2030-01-01T00:00:00Z").body == "{}")
  }

  @Test func `are not given where their marking is stricter, or nobody marked them`() throws {
    let shared = try Shared()
    try shared.take("a.example", at: 1000)
    #expect(try shared.service(assumed: nil).objects("indicators/objects/?match[type]=indicator").isEmpty)
    #expect(try shared.service(assumed: .amber).objects("indicators/objects/?match[type]=indicator").isEmpty)
    let object = try #require(try shared.service().objects("indicators/objects/?match[type]=indicator").first)
    #expect(object["object_marking_refs"]?.items?.map(\.string) == ["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"])
  }
}

@Suite("Findings given from the store") struct SharedFindingsTests {
  @Test func `are observed data and a note on it, in the name of the organisation`() throws {
    let shared = try Shared()
    try shared.pass([Shared.replaced("mail.example.gov.")], at: 1000)
    let objects = try shared.service().objects("findings/objects/")
    #expect(
      types(objects)
        == ["marking-definition", "identity", "domain-name", "domain-name", "observed-data", "note"])
    let (identity, observed, note) = (objects[1], objects[4], objects[5])
    #expect(text(identity, "name") == "Example Agency")
    #expect(
      objects[1...].allSatisfy {
        $0["object_marking_refs"]?.items?.map(\.string) == ["marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"]
      })
    // Python: uuid.uuid5(uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7"), '{"value":"mail.example.gov"}')
    #expect(
      observed["object_refs"]?.items?.map(\.string)
        == ["domain-name--915b47c2-33c5-5315-84bb-57e72c82327c", "domain-name--4ac1c5b6-6581-5743-9549-fce43399c666"])
    #expect(objects[2...3].map { text($0, "id") } == observed["object_refs"]?.items?.map(\.string))
    #expect(text(observed, "created_by_ref") == text(identity, "id"))
    #expect((text(observed, "first_observed"), observed["number_observed"]?.integer) == ("1970-01-01T00:16:40.000Z", 1))
    #expect(note["object_refs"]?.items?.map(\.string) == [text(observed, "id")])
    #expect(
      text(note, "content") == """
        Check: record-differs (critical)
        Name: mail.example.gov. MX
        Where: 192.0.2.53:53 (authoritative)
        Verdict: mismatch, replaced
        Intended: 10 mx1.example.gov.
        Observed: 10 mx.evil.example.
        Since: 1970-01-01T00:16:40Z
        Still so: 1970-01-01T00:16:40Z
        """)
  }

  @Test func `are told again when they are gone, as a new version of the same objects`() throws {
    let shared = try Shared()
    let service = try shared.service()
    try shared.pass([Shared.replaced("mail.example.gov.")], at: 1000)
    let before = try service.objects("findings/objects/?match[type]=observed-data,note")
    let last = try #require(service.ask("findings/objects/").field("X-TAXII-Date-Added-Last"))
    #expect(service.ask("findings/objects/?added_after=\(last)").body == "{}")
    try shared.pass([Shared.replaced("mail.example.gov.")], at: 2000)
    #expect(service.ask("findings/objects/?added_after=\(last)").body == "{}")
    try shared.pass([], at: 3000)
    let after = try service.objects("findings/objects/?added_after=\(last)")
    #expect(after.map { text($0, "id") } == before.map { text($0, "id") })
    #expect(after.map { text($0, "created") } == before.map { text($0, "created") })
    #expect(after.map { text($0, "modified") } == ["1970-01-01T00:50:00.000Z", "1970-01-01T00:50:00.000Z"])
    #expect((text(after[0], "last_observed"), after[0]["number_observed"]?.integer) == ("1970-01-01T00:33:20.000Z", 2))
    #expect(
      text(after[1], "content")?.hasSuffix("Found last: 1970-01-01T00:33:20Z; no longer found: 1970-01-01T00:50:00Z") == true)
  }

  @Test func `are the same objects in the same order, however small the pages`() throws {
    let shared = try Shared()
    try shared.pass(try (0..<9).map { try Shared.replaced("w\($0).example.gov.", .a, by: "203.0.113.\($0)") }, at: 1000)
    let whole = try #require(try shared.service().json("findings/objects/")["objects"]?.items)
    #expect(whole.count == 2 + 9 * 4)
    #expect(try shared.service().objects("findings/objects/").map { text($0, "id") } == whole.map { text($0, "id") })
    for object in whole {
      let id = try #require(text(object, "id"))
      #expect(try shared.service().objects("findings/objects/\(id)/").map { text($0, "id") } == [id])
    }
    #expect(try shared.service().ask("findings/objects/note--00000000-0000-4000-8000-000000000000/").status == 404)
  }

  @Test func `are not even named to who may not read them`() throws {
    let shared = try Shared()
    try shared.pass([Shared.replaced("mail.example.gov.")], at: 1000)
    let ids = try shared.catalog().ids
    let service = try shared.service(TAXIIAdmission.Rights(reading: .only([ids.indicators])))
    #expect(service.ask("findings/objects/").status == 404)
    #expect(service.ask("\(ids.findings)/manifest/").status == 404)
    #expect(try TAXIICollection.list(service.json("")).map(\.title) == ["Indicators"])
  }
}

@Suite("TAXII 2.1 §5.5 What others send to the store") struct ReceivingTests {
  private static let id = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"

  private static func indicator(
    _ pattern: String = "[domain-name:value = 'evil.example']", modified: String = "2020-01-01T00:00:00.000Z"
  ) -> String {
    #"{"type":"indicator","spec_version":"2.1","id":"\#(id)","created":"2020-01-01T00:00:00.000Z","modified":"\#(modified)","#
      + #""pattern":"\#(pattern)","pattern_type":"stix","valid_from":"2020-01-01T00:00:00Z","#
      + #""object_marking_refs":["marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"]}"#
  }

  private func send(_ objects: String..., to service: TAXIIService<SharedStore>) throws -> TAXIIStatus {
    let response = service.ask("received/objects/", method: "POST", body: "{\"objects\":[\(objects.joined(separator: ","))]}")
    try #require(response.status == 202, "\(response.body)")
    return try TAXIIStatus(JSONValue(Array(response.body.utf8)))
  }

  @Test func `is a source of its own with revisions, and given on as its marking allows`() throws {
    let shared = try Shared()
    let service = try shared.service()
    let sent = try send(Self.indicator(), to: service)
    #expect((sent.progress, sent.successCount, sent.failureCount) == (.complete, 1, 0))
    #expect(try service.catalog.status(sent.id) == sent)
    #expect(try service.objects("indicators/objects/").compactMap { text($0, "id") }.last == Self.id)
    _ = try send(
      Self.indicator("[domain-name:value = 'other.example']", modified: "2021-01-01T00:00:00.000Z"), to: service)
    let source = try #require(try StoreReader(folder: shared.folder).indicators.sources().first)
    #expect((source.source.kind, source.revision.number, source.revision.total) == (.received, 2, 1))
    let strict = try shared.service(tlp: .clear, assumed: nil)
    #expect(try strict.objects("indicators/objects/").compactMap { text($0, "modified") }.last == "2021-01-01T00:00:00.000Z")
  }

  @Test func `changes nothing where it is here already, or is older`() throws {
    let shared = try Shared()
    let service = try shared.service()
    _ = try send(Self.indicator(modified: "2021-01-01T00:00:00.000Z"), to: service)
    let same = try send(
      Self.indicator("[domain-name:value = 'changed.example']", modified: "2021-01-01T00:00:00.000Z"), to: service)
    #expect((same.successCount, same.successes.first?.message) == (1, nil))
    let older = try send(Self.indicator("[domain-name:value = 'old.example']"), to: service)
    #expect(older.successes.first?.message == "A newer version is here already.")
    let source = try #require(try StoreReader(folder: shared.folder).indicators.sources().first)
    #expect(source.revision.number == 1)
  }

  @Test func `is given on by a marking that its senders defined, and by no other`() throws {
    let (shared, own) = (try Shared(), "marking-definition--00000000-0000-4000-8000-000000000001")
    let service = try shared.service()
    func version(_ year: Int, by marking: String) -> String {
      Self.indicator("[domain-name:value = 'of\(year).example']", modified: "\(year)-01-01T00:00:00.000Z")
        .replacing("marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", with: marking)
    }
    func given() throws -> [String] {
      try service.objects("indicators/objects/?match[type]=indicator").compactMap { text($0, "modified") }
    }
    let definition = #"{"type":"marking-definition","id":"\#(own)","definition":{"tlp":"green"}}"#
    _ = try send(version(2020, by: own), definition, to: service)
    _ = try send(version(2021, by: own), to: service)
    #expect(try given() == ["2021-01-01T00:00:00.000Z"])
    _ = try send(version(2022, by: own.replacing("0001", with: "0002")), to: service)
    #expect(try given().isEmpty)
  }

  @Test func `takes the place of nothing that another source has`() throws {
    let shared = try Shared()
    let service = try shared.service()
    try shared.take(Self.indicator("[domain-name:value = 'own.example']"), from: "bundle.json", at: 1000)
    try shared.take("listed.example", from: "list.txt", at: 2000)
    let body = service.ask("indicators/objects/?match[type]=indicator").body
    let ids = try service.objects("indicators/objects/?match[type]=indicator").compactMap { text($0, "id") }
    try #require(ids.count == 2)
    for id in ids + ids.map({ "indicator--" + $0.dropFirst("indicator--".count).uppercased() }) {
      let newer = Self.indicator(modified: "2030-01-01T00:00:00.000Z").replacing(Self.id, with: id)
        .replacing("\"type\":\"indicator\",", with: "\"type\":\"indicator\",\"revoked\":true,")
      let status = try send(newer, to: service)
      #expect((status.successCount, status.failureCount) == (0, 1))
      #expect(
        status.failures.first?.message
          == "Another source has this id, and its object stays as it is. Send yours with an id of its own.")
    }
    #expect(service.ask("indicators/objects/?match[type]=indicator").body == body)
  }

  @Test func `of several senders at once is taken in one after the other`() async throws {
    let shared = try Shared()
    let service = try shared.service()
    let statuses = await withTaskGroup(of: Int.self) { group in
      for number in 0..<8 {
        let body = Self.indicator().replacing("98ee46b3cd3f", with: "98ee46b3cd\(10 + number)")
        group.addTask { service.ask("received/objects/", method: "POST", body: "{\"objects\":[\(body)]}").status }
      }
      return await group.reduce(into: [Int]()) { $0.append($1) }
    }
    #expect(statuses == Array(repeating: 202, count: 8))
    #expect(try StoreReader(folder: shared.folder).indicators.sources().first?.revision.total == 8)
  }

  @Test func `is judged object by object`() throws {
    let service = try Shared().service()
    let uuid = "00000000-0000-4000-8000-0000000000aa"
    let status = try send(
      Self.indicator("[domain-name:value = 'x'"), Self.indicator(), #"{"type":"malware","id":"malware--\#(uuid)"}"#,
      #"{"type":"sighting","id":"sighting--\#(uuid)","sighting_of_ref":"malware--\#(uuid)"}"#,
      #"{"type":"indicator","id":"indicator--\#(uuid)"}"#, "7", to: service)
    #expect((status.successCount, status.failureCount, status.pendingCount) == (2, 4, 0))
    #expect(status.successes.map(\.message) == [nil, "Read for what it says of the indicators; it is not kept itself."])
    let messages = status.failures.compactMap(\.message)
    #expect(messages.contains { $0.hasPrefix("The pattern is no STIX pattern: ") })
    #expect(
      Set(messages).isSuperset(of: [
        "This is no STIX object. Send objects with a type and an id.",
        "The indicator has no pattern. Send what is to be looked for.",
        "It is revoked or not of an indicator. Send sightings of indicators.",
      ]))
    let alone = try send(#"{"type":"malware","id":"malware--\#(uuid)"}"#, to: service)
    #expect((alone.successCount, alone.failureCount) == (0, 1))
  }

  @Test func `cannot be read, changed or removed there`() throws {
    let service = try Shared().service()
    #expect(service.ask("received/objects/").status == 403)
    #expect(service.ask("received/objects/\(Self.id)/", method: "DELETE").status == 403)
    #expect(service.ask("indicators/objects/", method: "POST", body: "{\"objects\":[\(Self.indicator())]}").status == 403)
    #expect(service.ask("indicators/objects/\(Self.id)/", method: "DELETE").status == 403)
  }

  @Test func `is nowhere unless the owner says so`() throws {
    let service = try Shared().service(receives: false)
    #expect(try TAXIICollection.list(service.json("")).map(\.canWrite) == [false, false])
    #expect(service.ask("received/objects/", method: "POST", body: "{\"objects\":[\(Self.indicator())]}").status == 404)
  }

  @Test func `waits for a writer that is at work`() throws {
    let shared = try Shared()
    let service = try shared.service()
    let writer = try Store(folder: shared.folder)
    let busy = service.ask("received/objects/", method: "POST", body: "{\"objects\":[\(Self.indicator())]}")
    #expect((busy.status, busy.field("Retry-After")) == (503, "60"))
    // Reading goes on meanwhile.
    #expect(service.ask("indicators/objects/").status == 200)
    _ = consume writer
    #expect(try send(Self.indicator(), to: service).successCount == 1)
  }
}
