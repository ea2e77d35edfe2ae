import DNSWire
import Estate
import Foundation
import Indicators
import Names
import Notation
import Store
import Testing

@testable import nameward

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
    let shared = try SharedSample()
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
    let shared = try SharedSample()
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
    let (shared, own) = (try SharedSample(), "marking-definition--00000000-0000-4000-8000-000000000001")
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
    let shared = try SharedSample()
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
    let shared = try SharedSample()
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
    let service = try SharedSample().service()
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
    let service = try SharedSample().service()
    #expect(service.ask("received/objects/").status == 403)
    #expect(service.ask("received/objects/\(Self.id)/", method: "DELETE").status == 403)
    #expect(service.ask("indicators/objects/", method: "POST", body: "{\"objects\":[\(Self.indicator())]}").status == 403)
    #expect(service.ask("indicators/objects/\(Self.id)/", method: "DELETE").status == 403)
  }

  @Test func `is nowhere unless the owner says so`() throws {
    let service = try SharedSample().service(receives: false)
    #expect(try TAXIICollection.list(service.json("")).map(\.canWrite) == [false, false])
    #expect(service.ask("received/objects/", method: "POST", body: "{\"objects\":[\(Self.indicator())]}").status == 404)
  }

  @Test func `waits for a writer that is at work`() throws {
    let shared = try SharedSample()
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
