import DNSWire
import Estate
import Foundation
import Indicators
import Names
import Notation
import Store
import Testing

@testable import nameward

@Suite("Indicators given from the store") struct SharedIndicatorsTests {
  @Test func `come page by page, markings first, and those of a later import without a restart`() throws {
    let shared = try SharedSample()
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
    let shared = try SharedSample()
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
    let shared = try SharedSample()
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
    let shared = try SharedSample()
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
    let shared = try SharedSample()
    try shared.take("a.example\nb.example\nc.example", at: 1000)
    #expect(try shared.service().objects("indicators/objects/?" + query).count == count)
  }

  @Test func `are found one by one, whoever made their identifier, and in their order`() throws {
    let shared = try SharedSample()
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
    let shared = try SharedSample()
    try shared.take("a.example", at: 1000)
    #expect(try shared.service(assumed: nil).objects("indicators/objects/?match[type]=indicator").isEmpty)
    #expect(try shared.service(assumed: .amber).objects("indicators/objects/?match[type]=indicator").isEmpty)
    let object = try #require(try shared.service().objects("indicators/objects/?match[type]=indicator").first)
    #expect(object["object_marking_refs"]?.items?.map(\.string) == ["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"])
  }
}

@Suite("Findings given from the store") struct SharedFindingsTests {
  @Test func `are observed data and a note on it, in the name of the organisation`() throws {
    let shared = try SharedSample()
    try shared.pass([SharedSample.replaced("mail.example.gov.")], at: 1000)
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
    let shared = try SharedSample()
    let service = try shared.service()
    try shared.pass([SharedSample.replaced("mail.example.gov.")], at: 1000)
    let before = try service.objects("findings/objects/?match[type]=observed-data,note")
    let last = try #require(service.ask("findings/objects/").field("X-TAXII-Date-Added-Last"))
    #expect(service.ask("findings/objects/?added_after=\(last)").body == "{}")
    try shared.pass([SharedSample.replaced("mail.example.gov.")], at: 2000)
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
    let shared = try SharedSample()
    try shared.pass(try (0..<9).map { try SharedSample.replaced("w\($0).example.gov.", .a, by: "203.0.113.\($0)") }, at: 1000)
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
    let shared = try SharedSample()
    try shared.pass([SharedSample.replaced("mail.example.gov.")], at: 1000)
    let ids = try shared.catalog().ids
    let service = try shared.service(TAXIIAdmission.Rights(reading: .only([ids.indicators])))
    #expect(service.ask("findings/objects/").status == 404)
    #expect(service.ask("\(ids.findings)/manifest/").status == 404)
    #expect(try TAXIICollection.list(service.json("")).map(\.title) == ["Indicators"])
  }
}
