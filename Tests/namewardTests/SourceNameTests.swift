import ArgumentParser
import Testing

@testable import nameward

@Suite("What a source is called") struct SourceNameTests {
  @Test(arguments: [["--name", "received by TAXII", "f.json"], ["received by TAXII"], ["f.json", "received by TAXII"]])
  func `nothing that is imported has the name of what others send`(arguments: [String]) {
    let error = #expect(throws: (any Error).self) { try Nameward.Indicators.Import.parse(arguments) }
    let told = error.map { Nameward.Indicators.Import.message(for: $0) } ?? ""
    #expect(told.contains("\"received by TAXII\" is what others send to `indicators serve`."), "\(told)")
  }

  @Test func `a name that only begins so is another one`() throws {
    #expect(try Nameward.Indicators.Import.parse(["--name", "received by TAXII 2", "f.json"]).name == "received by TAXII 2")
  }

  // TAXII 2.1 §5.2 and §5.4.
  @Test(arguments: [
    ("https://a.example/root/collections/1/", "https://a.example/root/", "1", ""),
    ("https://a.example/root/collections/1", "https://a.example/root/", "1", ""),
    ("https://a.example/root/collections/1/objects/?limit=5&next=a", "https://a.example/root/", "1", "limit=5&next=a"),
    ("https://a.example/collections/a-b/?match[type]=x/y", "https://a.example/", "a-b", "match[type]=x/y"),
  ])
  func `the URL of a collection has a root, an id and a query`(url: String, root: String, id: String, query: String) throws {
    let address = try #require(CollectionAddress(url))
    #expect((address.root, address.id, address.query) == (root, id, query))
  }

  @Test(arguments: [
    "https://a.example/root/", "https://a.example/collections/", "https://a.example/collections/1/manifest/", "",
    "https://a.example/list?from=/collections/1/",
  ])
  func `another URL is none`(url: String) { #expect(CollectionAddress(url) == nil) }
}
