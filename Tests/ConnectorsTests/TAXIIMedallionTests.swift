import Connectors
import Fixtures
import Foundation
import Indicators
import Names
import Notation
import RealServers
import Testing

let webOptions = WebClient.Options { Timestamp(seconds: Int64(Date().timeIntervalSince1970)) }

private let high = "91a7b528-80eb-42ed-a74d-c6fbd5a26116"
private let inbox = "365fed99-08fa-fdcd-a1b3-fb247eb41d01"
private let relationship = "relationship--2f9a9aa9-108a-4333-83e2-4fb25add0463"
private let first = "indicator--cd981c25-8042-4166-8945-51178443bdac"
private let marking = "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"
private let malware = "malware--c0931cc6-c75e-47e5-9036-78fabc95d4ec"
private let indicator = "indicator--6770298f-0fd8-471a-ab8c-1c658a46574e"

@Suite(
  "TAXII 2.1 The client against medallion", .timeLimit(.minutes(3)),
  .enabled(if: ProcessInfo.processInfo.environment["NAMEWARD_FAST"] == nil))
struct TAXIIMedallion {
  private func with(
    pageSize: Int = 100, credentials: WebCredentials = .basic(user: MedallionServer.user, password: MedallionServer.password),
    _ body: (TAXIIClient, WebAddress) async throws -> Void
  ) async throws {
    let server = try MedallionServer(data: Fixture.path("ioc/taxii/medallion_default_data.json"), pageSize: pageSize)
    do {
      try await server.start()
      let address = try WebAddress(server.url)
      let bound = credentials.bound(to: address)
      try await WebClient.use(webOptions) { web in try await body(TAXIIClient(web, credentials: bound), address) }
    } catch {
      await server.stop()
      throw error
    }
    await server.stop()
  }

  private func root(_ address: WebAddress) throws -> WebAddress { try WebAddress(address.text + "trustgroup1/") }

  @Test func `server, API root, collections and status are read`() async throws {
    try await with { client, address in
      let discovery = try await client.discovery(at: address)
      #expect(discovery.title == "Some TAXII Server")
      #expect(discovery.roots.count == 3)
      let root = try root(address)
      let information = try await client.apiRoot(at: root)
      #expect((information.title, information.maxContentLength) == ("Malware Research Group", 9_765_625))
      let collections = try await client.collections(of: root)
      #expect(collections.map(\.canRead) == [false, true, true, true, false])
      let one = try await client.collection(high, of: root)
      #expect(one.title == "High Value Indicator Collection")
      let status = try await client.status("2d086da7-4bdc-4f91-900e-d77486753710", of: root)
      #expect((status.successCount, status.failureCount, status.pendingCount) == (1, 1, 2))
    }
  }

  @Test(arguments: [1, 2, 3, 100])
  func `all pages are followed, each object once, in the order of addition`(pageSize: Int) async throws {
    try await with(pageSize: pageSize) { client, address in
      var ids: [String] = []
      let pulled = try await client.objects(of: high, of: try root(address)) { ids.append($0["id"]?.string ?? "") }
      #expect(ids == [relationship, first, marking, malware, indicator])
      #expect(pulled.objects == 5)
      // medallion leaves out the time of the last object where a later page holds one object only.
      if pageSize > 2 { #expect(pulled.lastAdded.map { "\($0)" } == "2017-12-31T13:49:53.935000Z") }
      var records: [TAXIIManifestRecord] = []
      try await client.manifest(of: high, of: try root(address)) { records.append($0) }
      #expect(records.map(\.id) == ids)
      var versions: [String] = []
      try await client.versions(of: indicator, in: high, of: try root(address)) { versions.append($0) }
      #expect(versions.sorted() == ["2016-11-03T12:30:59.000Z", "2016-12-25T12:30:59.444Z", "2017-01-27T13:49:53.935Z"])
    }
  }

  @Test func `every filter says what it means`() async throws {
    try await with { client, address in
      func ids(_ change: (inout TAXIIFilter) throws -> Void) async throws -> [String] {
        var filter = TAXIIFilter()
        try change(&filter)
        var ids: [String] = []
        try await client.objects(of: high, of: try root(address), filter) { ids.append($0["id"]?.string ?? "") }
        return ids
      }
      #expect(try await ids { $0.addedAfter = TAXIITimestamp("2016-11-03T12:30:59Z") } == [marking, malware, indicator])
      #expect(try await ids { $0.addedAfter = TAXIITimestamp("2017-12-31T13:49:53.935Z") } == [])
      #expect(try await ids { $0.ids = [malware, first] } == [first, malware])
      #expect(try await ids { $0.types = ["indicator"] } == [first, indicator])
      #expect(try await ids { $0.versions = [.all] }.count == 7)
      #expect(try await ids { $0.versions = [.at(try #require(TAXIITimestamp("2016-12-25T12:30:59.444Z")))] } == [indicator])
      #expect(try await ids { $0.specVersions = ["2.0"] } == [malware])
      #expect(try await ids { $0.limit = 2 }.count == 5)
      var one: [String] = []
      var filter = TAXIIFilter()
      filter.versions = [.first, .last]
      try await client.objects(of: high, of: try root(address), object: indicator, filter) {
        one.append($0["modified"]?.string ?? "")
      }
      #expect(one == ["2016-11-03T12:30:59.000Z", "2017-01-27T13:49:53.935Z"])
    }
  }

  @Test func `what is added is told, and is there`() async throws {
    try await with { client, address in
      let id = "indicator--00000000-0000-4000-8000-0000000000aa"
      let object =
        #"{"type":"indicator","id":"\#(id)","spec_version":"2.1","#
        + #""created":"2017-01-27T13:49:53.935Z","modified":"2017-01-27T13:49:53.935Z"}"#
      let status = try await client.add("{\"objects\":[\(object)]}", to: inbox, of: try root(address))
      #expect((status.progress, status.successCount, status.failureCount) == (.complete, 1, 0))
      #expect(try await client.status(status.id, of: try root(address)).successes.map(\.id) == [id])
      var ids: [String] = []
      try await client.objects(of: inbox, of: try root(address)) { ids.append($0["id"]?.string ?? "") }
      #expect(ids == [id])
    }
  }

  @Test func `what is refused is said in the server's own words, with what to do`() async throws {
    try await with { client, address in
      let root = try root(address)
      let forbidden = "64993447-4d7e-4f70-b94d-d7f33742ee63"
      let failure = await #expect(throws: TAXIIFailure.self) { try await client.objects(of: forbidden, of: root) { _ in } }
      #expect(
        failure?.sentence == "\(address)trustgroup1/collections/\(forbidden)/objects/?…: the server answers 403 "
          + "(Forbidden to read collection '\(forbidden)'). Ask the owner of the server for access.")
      let missing = await #expect(throws: TAXIIFailure.self) {
        try await client.collections(of: WebAddress(address.text + "carbon1/"))
      }
      #expect(missing?.sentence.contains("the server answers 404") == true)
      let page = await #expect(throws: TAXIIFailure.self) { try await client.add("[]", to: inbox, of: root) }
      #expect(page?.sentence.contains("the server answers 422") == true)
    }
    try await with(credentials: .basic(user: "admin", password: "wrong")) { client, address in
      let failure = await #expect(throws: TAXIIFailure.self) { try await client.discovery(at: address) }
      #expect(failure?.sentence == "\(address)taxii2/: the server answers 401. Check the credentials.")
    }
  }
}
