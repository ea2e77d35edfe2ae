import Indicators
import Notation
import Testing

private let relationship = "relationship--2f9a9aa9-108a-4333-83e2-4fb25add0463"
private let first = "indicator--cd981c25-8042-4166-8945-51178443bdac"
private let marking = "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"
private let malware = "malware--c0931cc6-c75e-47e5-9036-78fabc95d4ec"
private let indicator = "indicator--6770298f-0fd8-471a-ab8c-1c658a46574e"

private func ids(_ value: JSONValue) -> [String] { value["objects"]?.items?.compactMap { $0["id"]?.string } ?? [] }
private func modified(_ value: JSONValue, of id: String) -> [String] {
  value["objects"]?.items?.filter { $0["id"]?.string == id }.compactMap { ($0["modified"] ?? $0["version"])?.string } ?? []
}

// Where medallion's own tests ask the same of the same data, numbers, orders and times are those that they expect.

@Suite("TAXII 2.1 §4 Server information") struct TAXIIServerInformation {
  @Test func `a server is discovered, with the paths of its API roots`() throws {
    let discovery = try TAXIIDiscovery(TAXIISample().json("/taxii2/"))
    #expect(discovery == TAXIIDiscovery(title: "Some TAXII Server", defaultRoot: "/trustgroup1/", roots: ["/trustgroup1/"]))
  }

  @Test func `an API root tells versions and how much may be sent`() throws {
    let root = try TAXIIAPIRoot(TAXIISample().json("/trustgroup1/"))
    #expect(root.title == "Malware Research Group")
    #expect(root.versions == ["application/taxii+json;version=2.1"])
    #expect(root.maxContentLength == 10_000)
  }

  @Test func `a status tells what became of each object`() throws {
    let status = try TAXIIStatus(TAXIISample().json("/trustgroup1/status/2d086da7-4bdc-4f91-900e-d77486753710/"))
    #expect(status.progress == .pending)
    #expect((status.successCount, status.failureCount, status.pendingCount) == (1, 1, 2))
    #expect(status.failures.map(\.id) == ["malware--664fa29d-bf65-4f28-a667-bdb76f29ec98"])
    #expect(status.pendings.count == 2)
  }
}

@Suite("TAXII 2.1 §5 Collections") struct TAXIICollections {
  @Test func `all collections are listed with what this client may do`() throws {
    let sample = try TAXIISample()
    let list = try TAXIICollection.list(sample.json("/trustgroup1/collections/"))
    #expect(list.count == 5)
    #expect(list.map(\.canWrite) == [true, true, true, false, false])
    let reader = sample.ask("/trustgroup1/collections/", token: TAXIISample.readKey)
    let seen = try TAXIICollection.list(JSONValue(Array(reader.body.utf8)))
    #expect(seen.allSatisfy { !$0.canWrite })
    #expect(try TAXIICollection(sample.json(TAXIISample.high)).title == "High Value Indicator Collection")
  }

  @Test(arguments: [
    ("", [relationship, first, marking, malware, indicator]),
    ("?added_after=2016-11-03T12:30:59Z", [marking, malware, indicator]),
    ("?match[id]=\(malware)", [malware]),
    ("?match[id]=\(malware),\(first)", [first, malware]),
    ("?match%5Btype%5D=indicator", [first, indicator]),
    ("?match[version]=2016-12-25T12:30:59.444Z", [indicator]),
    ("?match[version]=all", [relationship, first, indicator, indicator, marking, malware, indicator]),
    ("?match[spec_version]=2.0", [malware]),
    ("?match[spec_version]=2.0,2.1", [relationship, first, marking, malware, indicator]),
    ("?match[spec_version]=2.1", [relationship, first, marking, malware, indicator]),
    ("?match[type]=incident", []),
    ("?match[type]=indicator&match[id]=\(malware)", []),
    ("?unknown=1", [relationship, first, marking, malware, indicator]),
  ])
  func `objects and manifest are filtered alike, in the order of addition`(query: String, expected: [String]) throws {
    let sample = try TAXIISample()
    let objects = try sample.json(TAXIISample.high + "objects/" + query)
    #expect(ids(objects) == expected)
    #expect(objects["more"]?.boolean == (expected.isEmpty ? nil : false))
    #expect(ids(try sample.json(TAXIISample.high + "manifest/" + query)) == expected)
  }

  @Test(arguments: [
    ("first", indicator, ["2016-11-03T12:30:59.000Z"]), ("last", indicator, ["2017-01-27T13:49:53.935Z"]),
    ("2016-12-25T12:30:59.444Z", indicator, ["2016-12-25T12:30:59.444Z"]),
    ("2016-12-25T12:30:59.444000Z", indicator, ["2016-12-25T12:30:59.444Z"]),
    ("first,last", indicator, ["2016-11-03T12:30:59.000Z", "2017-01-27T13:49:53.935Z"]),
    ("first", malware, ["2017-01-27T13:49:53.997Z"]),
    ("last&match[spec_version]=2.0,2.1", malware, ["2018-02-23T18:30:00.000Z"]),
  ])
  func `a version is chosen among those of its object`(version: String, id: String, expected: [String]) throws {
    let sample = try TAXIISample()
    #expect(modified(try sample.json(TAXIISample.high + "objects/?match[version]=\(version)"), of: id) == expected)
    #expect(modified(try sample.json(TAXIISample.high + "manifest/?match[version]=\(version)"), of: id) == expected)
    #expect(modified(try sample.json(TAXIISample.high + "objects/\(id)/?match[version]=\(version)"), of: id) == expected)
  }

  @Test(arguments: [
    ("", ["2016-11-03T12:30:59.000Z", "2016-12-25T12:30:59.444Z", "2017-01-27T13:49:53.935Z"], indicator),
    ("", ["2017-01-27T13:49:53.997Z"], malware), ("?match[spec_version]=2.0", ["2018-02-23T18:30:00.000Z"], malware),
    ("?match[spec_version]=2.0,2.1", ["2017-01-27T13:49:53.997Z", "2018-02-23T18:30:00.000Z"], malware),
    ("?added_after=2014-05-08T09:00:00Z", [], relationship),
    ("?added_after=2014-05-08T08:00:00Z", ["2014-05-08T09:00:00.000Z"], relationship),
  ])
  func `an object's versions are listed`(query: String, expected: [String], id: String) throws {
    let page = try TAXIIPage<String>(versions: TAXIISample().json(TAXIISample.high + "objects/\(id)/versions/" + query))
    #expect(page.items == expected)
    #expect(!page.more)
  }

  @Test(arguments: [
    ("objects/", "2014-05-08T09:00:00.000000Z", "2017-12-31T13:49:53.935000Z"),
    ("manifest/", "2014-05-08T09:00:00.000000Z", "2017-12-31T13:49:53.935000Z"),
    ("objects/\(malware)/", "2017-01-27T13:49:59.997000Z", "2017-01-27T13:49:59.997000Z"),
    ("objects/\(relationship)/versions/", "2014-05-08T09:00:00.000000Z", "2014-05-08T09:00:00.000000Z"),
    ("objects/?limit=3", "2014-05-08T09:00:00.000000Z", "2017-01-20T00:00:00.000000Z"),
    ("objects/\(indicator)/?match[version]=all&limit=2", "2016-11-03T12:30:59.001000Z", "2016-12-27T13:49:59.000000Z"),
  ])
  func `an answer tells when its first and last object were added`(path: String, first: String, last: String) throws {
    let response = try TAXIISample().ask(TAXIISample.high + path)
    #expect(response.field("X-TAXII-Date-Added-First") == first)
    #expect(response.field("X-TAXII-Date-Added-Last") == last)
    #expect(response.field("Content-Type") == "application/taxii+json;version=2.1")
  }
}

@Suite("TAXII 2.1 §3.5 Pagination") struct TAXIIPagination {
  private func pages(_ sample: TAXIISample, _ path: String, meanwhile: () throws -> Void = {}) throws -> [[String]] {
    var (pages, next): ([[String]], String?) = ([], nil)
    repeat {
      let value = try sample.json(path + (next.map { "&next=\($0)" } ?? ""))
      pages.append(value["versions"]?.items?.compactMap(\.string) ?? ids(value))
      next = value["next"]?.string
      #expect(value["more"]?.boolean == (next != nil))
      if pages.count == 1 { try meanwhile() }
    } while next != nil && pages.count < 20
    return pages
  }

  @Test(arguments: [
    ("objects/?limit=3", [[relationship, first, marking], [malware, indicator]]),
    ("manifest/?limit=2", [[relationship, first], [marking, malware], [indicator]]),
    ("objects/?limit=5", [[relationship, first, marking, malware, indicator]]),
    ("objects/\(indicator)/?match[version]=all&limit=2", [[indicator, indicator], [indicator]]),
    (
      "objects/\(indicator)/versions/?limit=1",
      [["2016-11-03T12:30:59.000Z"], ["2016-12-25T12:30:59.444Z"], ["2017-01-27T13:49:53.935Z"]]
    ),
  ])
  func `pages go on where the page before ended`(path: String, expected: [[String]]) throws {
    #expect(try pages(TAXIISample(), TAXIISample.high + path) == expected)
  }

  @Test func `what is added or removed in between neither hides nor repeats an object`() throws {
    let sample = try TAXIISample()
    let new = "indicator--00000000-0000-4000-8000-0000000000aa"
    let seen = try pages(sample, TAXIISample.high + "objects/?limit=2") {
      let added = sample.ask(
        TAXIISample.high + "objects/", method: "POST",
        body: #"{"objects":[{"type":"indicator","id":"\#(new)","spec_version":"2.1"}]}"#)
      #expect(added.status == 202)
      #expect(sample.ask(TAXIISample.high + "objects/\(first)/", method: "DELETE").status == 200)
    }
    #expect(seen == [[relationship, first], [marking, malware], [indicator, new]])
  }

  @Test func `a server gives no more at once than its own bounds`() throws {
    var sample = try TAXIISample()
    sample.service.pageLimit = 2
    #expect(try pages(sample, TAXIISample.high + "objects/?limit=100").map(\.count) == [2, 2, 1])
    sample.service.pageOctets = 1
    #expect(try pages(sample, TAXIISample.high + "objects/?limit=100").map(\.count) == [1, 1, 1, 1, 1])
  }

  @Test func `next belongs to one query`() throws {
    let sample = try TAXIISample()
    let next = try #require(try sample.json(TAXIISample.high + "objects/?match[version]=all&limit=2")["next"]?.string)
    #expect(sample.ask(TAXIISample.high + "objects/?match[version]=all&limit=1&next=\(next)").status == 200)
    for other in ["match[version]=first&", "", "match[version]=all&match[type]=indicator&"] {
      #expect(sample.ask(TAXIISample.high + "objects/?\(other)limit=2&next=\(next)").status == 400)
    }
    #expect(sample.ask(TAXIISample.high + "manifest/?match[version]=all&limit=2&next=-1-0").status == 400)
  }
}
