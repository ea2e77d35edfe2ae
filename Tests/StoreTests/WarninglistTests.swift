import GRDB
import Indicators
import Names
import Testing

@testable import Store

@Suite("A warninglist is kept by revisions, value by value") struct WarninglistTests {
  let scratch: Scratch
  let store: Store

  init() throws {
    scratch = try Scratch()
    store = try Store(folder: scratch.state)
  }

  private func list(_ values: [String], _ kind: Warninglist.Kind = .hostname, title: String? = "CDNs") -> Publication {
    var publication = Publication(.warninglist)
    publication.title = title
    publication.warninglists = [Warninglist(name: title ?? "", description: "", kind: kind, values: values)]
    return publication
  }

  private func values(at revision: Int? = nil) throws -> [String] {
    try store.indicators.warninglistValues(of: feed.name, at: revision).map { "\($0.kind.rawValue) \($0.value)" }
  }

  @Test func `what comes and goes is counted and told, and what stood before can be had`() throws {
    // A value that stands twice is one, also in the next revision.
    #expect(try store.take(list(["a", "b", "a"]), minute: 1).revision.counts == [2, 0, 0, 2])
    #expect(try store.take(list(["b", "c", "b"]), minute: 2).revision.counts == [1, 0, 1, 2])
    #expect(try values(at: 1) == ["hostname a", "hostname b"])
    #expect(try values() == ["hostname b", "hostname c"])
    var difference = IndicatorDifference()
    difference.addedValues = [WarninglistValue("c", .hostname)]
    difference.withdrawnValues = [WarninglistValue("a", .hostname)]
    #expect(try store.indicators.difference(of: feed.name, from: 1) == difference)
    // From the other side, what came is what goes.
    #expect(try store.indicators.difference(of: feed.name, from: 2, to: 1).addedValues == difference.withdrawnValues)
    #expect(try store.indicators.difference(of: feed.name, from: 0).addedValues.count == 2)
    #expect(try store.indicators.indicators().all().isEmpty)
  }

  @Test func `what stays the same adds no row`() throws {
    let values = (0..<500).map { "host\($0).example" }
    try store.take(list(values), minute: 1)
    let before = try store.rowCounts()
    #expect(try !store.take(list(values), minute: 2).isNew)
    #expect(try store.rowCounts() == before)
    try store.take(list(values + ["new.example"]), minute: 3)
    #expect(try store.rowCounts()["warninglist_value"] == 501)
  }

  @Test func `of another kind, its values mean something else`() throws {
    try store.take(list(["a"], .substring), minute: 1)
    #expect(try store.take(list(["a"], .string), minute: 2).revision.counts == [1, 0, 1, 1])
    #expect(try values(at: 1) == ["substring a"])
    #expect(try values() == ["string a"])
  }

  @Test func `suddenly empty or ten times as large, it stays as it was`() throws {
    try store.take(list((0..<20).map { "host\($0)" }), minute: 1)
    #expect(throws: StoreFault.implausible(source: feed.name, before: 20, now: 0)) { try store.take(list([]), minute: 2) }
    #expect(throws: StoreFault.implausible(source: feed.name, before: 20, now: 200)) {
      try store.take(list((0..<200).map { "host\($0)" }), minute: 3)
    }
    #expect(try values().count == 20)
    #expect(try store.take(list([]), minute: 4, force: true).revision.counts == [0, 0, 20, 0])
    #expect(try store.indicators.warninglists().isEmpty)
  }

  @Test func `lists that stand are given by their names, until they are forgotten`() throws {
    try store.take(list(["a"]), minute: 1)
    try store.take(list(["b"], .cidr, title: nil), IndicatorSource("second.json", .file), minute: 1)
    try store.take(bundle([("x", "x.example", "X")]), IndicatorSource("third.json", .file), minute: 1)
    // Another process reads them.
    let lists = try StoreReader(folder: scratch.state).indicators.warninglists()
    #expect(
      lists == [
        Warninglist(name: "CDNs", description: "", kind: .hostname, values: ["a"]),
        Warninglist(name: "second.json", description: "", kind: .cidr, values: ["b"]),
      ])
    try store.forget(source: feed.name)
    #expect(try store.rowCounts()["warninglist_value"] == 1)
  }

  @Test func `a source knows where it is read beside its name, and that may change`() throws {
    let source = IndicatorSource("CISA", .file, at: "/srv/iocs.csv")
    try store.take(list(["a"]), source, minute: 1)
    #expect(try store.indicators.source("CISA")?.source == source)
    let moved = IndicatorSource("CISA", .http, at: "https://feed.example/iocs.csv")
    try store.take(list(["a"]), moved, minute: 2)
    #expect(try store.indicators.sources().map(\.source) == [moved])
    #expect(feed.location == feed.name)
  }
}
