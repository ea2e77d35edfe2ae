import Indicators
import Names
import Notation
import Testing

private func value(_ text: String) throws -> JSONValue { try JSONValue(Array(text.utf8)) }

@Suite("TAXII 2.1 §2 Timestamps") struct TAXIITimestamps {
  @Test(arguments: [
    ("2016-11-03T12:30:59.001Z", "2016-11-03T12:30:59.001000Z"), ("2016-11-03T12:30:59Z", "2016-11-03T12:30:59.000000Z"),
    ("2016-11-03T12:30:59.1234567Z", "2016-11-03T12:30:59.123456Z"),
    ("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"),
    ("0001-01-01T00:00:00.000001Z", "0001-01-01T00:00:00.000001Z"),
    ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
  ])
  func `are written with six digits`(text: String, written: String) { #expect(TAXIITimestamp(text).map { "\($0)" } == written) }

  @Test(arguments: [
    "", "2016-11-03", "2016-11-03T12:30:59", "2016-11-03T12:30:59+01:00", "2016-11-03T12:30:59.Z", "0000-01-01T00:00:00Z",
  ])
  func `that are no times in UTC are none`(text: String) { #expect(TAXIITimestamp(text) == nil) }

  @Test func `keep their order where milliseconds are the same`() throws {
    let (one, other) = (TAXIITimestamp(microseconds: -1), TAXIITimestamp(microseconds: 1))
    #expect(one < other)
    #expect(one.timestamp == Timestamp(milliseconds: -1))
    #expect("\(one)" == "1969-12-31T23:59:59.999999Z")
  }

  // 2 to the power of 63 is 9,223,372,036,854,775,808.
  @Test func `end nothing, however far away they are`() {
    let first = TAXIITimestamp(microseconds: .min)
    #expect(first.timestamp == Timestamp(milliseconds: -9_223_372_036_854_776))
    #expect(first.description.hasSuffix(".224192Z"))
  }
}

@Suite("TAXII 2.1 §3.4 Filtering") struct TAXIIFiltering {
  @Test func `what is written is read again`() throws {
    var filter = TAXIIFilter()
    #expect(filter.query.isEmpty)
    filter.addedAfter = TAXIITimestamp("2016-11-03T12:30:59.001002Z")
    (filter.limit, filter.next) = (7, "a b&c=d%+é")
    filter.ids = ["indicator--6770298f-0fd8-471a-ab8c-1c658a46574e", "x"]
    filter.types = ["indicator"]
    filter.versions = [.first, .last, .at(try #require(TAXIITimestamp("2016-12-25T12:30:59.444Z")))]
    filter.specVersions = ["2.0", "2.1"]
    #expect(try TAXIIFilter(query: filter.query) == filter)
  }

  @Test func `its letters are those that servers know`() throws {
    var filter = TAXIIFilter()
    filter.addedAfter = TAXIITimestamp("2016-11-03T12:30:59Z")
    filter.versions = [.at(try #require(TAXIITimestamp("2016-12-25T12:30:59.444Z"))), .last]
    // medallion takes them so: the client's tests against it ask with both.
    #expect(
      filter.query == "added_after=2016-11-03T12%3A30%3A59.000000Z&match%5Bversion%5D=2016-12-25T12%3A30%3A59.444Z%2Clast")
  }
}

@Suite("TAXII 2.1 resources") struct TAXIIResources {
  @Test(arguments: [
    (
      "[]",
      "This is no discovery resource of TAXII 2.1: an object belongs here. Check that the URL is that of a TAXII 2.1 server."
    ),
    ("{}", "This is no discovery resource of TAXII 2.1: title is missing. Check that the URL is that of a TAXII 2.1 server."),
    (#"{"title":1}"#, "This is no discovery resource of TAXII 2.1: title is not a string. Tell those who run the server."),
    (
      #"{"title":"a","api_roots":{}}"#,
      "This is no discovery resource of TAXII 2.1: api_roots is not a list. Tell those who run the server."
    ),
    (
      #"{"title":"a","api_roots":[1]}"#,
      "This is no discovery resource of TAXII 2.1: api_roots is not a list of strings. Tell those who run the server."
    ),
  ])
  func `that are none say why`(text: String, sentence: String) throws {
    let fault = try #require(throws: TAXIIFault.self) { try TAXIIDiscovery(value(text)) }
    #expect(fault.sentence == sentence)
  }

  @Test func `of every kind are refused without what they must have`() throws {
    #expect(throws: TAXIIFault.self) { try TAXIIAPIRoot(value(#"{"title":"a","versions":[],"max_content_length":-1}"#)) }
    #expect(throws: TAXIIFault.self) { try TAXIICollection(value(#"{"id":"a","title":"a","can_read":true}"#)) }
    #expect(throws: TAXIIFault.self) { try TAXIICollection.list(value(#"{"collections":[1]}"#)) }
    #expect(throws: TAXIIFault.self) { try TAXIIStatus(value(#"{"id":"a","status":"done"}"#)) }
    #expect(throws: TAXIIFault.self) { try TAXIIPage<JSONValue>(envelope: value(#"{"more":"yes"}"#)) }
    #expect(throws: TAXIIFault.self) {
      try TAXIIPage<TAXIIManifestRecord>(manifest: value(#"{"objects":[{"id":"a","date_added":"now","version":"1"}]}"#))
    }
    #expect(throws: TAXIIFault.self) {
      try TAXIIPage<String>(
        versions: value("{\"versions\":[" + Array(repeating: "\"\"", count: 100_001).joined(separator: ",") + "]}"))
    }
  }

  @Test func `may be empty where the specification says so`() throws {
    #expect(try TAXIIPage<JSONValue>(envelope: value("{}")).items.isEmpty)
    #expect(try TAXIICollection.list(value("{}")).isEmpty)
    #expect(try TAXIIPage<String>(versions: value("{}")).more == false)
  }
}
