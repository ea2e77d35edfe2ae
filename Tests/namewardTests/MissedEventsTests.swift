import Indicators
import Notation
import Testing

@testable import nameward

@Suite("Events of a feed that could not be read") struct MissedEventsTests {
  private static func indicator(_ id: String, _ context: String...) -> Indicator {
    var indicator = Indicator(id: id, place: .start, criterion: .foreign(language: "test", text: id))
    indicator.context = context
    return indicator
  }

  /// What stands is of the events A, B and C, of one that has no name, and of one without UUIDs. B says something else now, and C
  /// says the same under another name.
  @Test(
    arguments: [
      (["A"], ["a"]),
      // Renamed, without a name, or called as another that was read: what is of none that was read may be of it.
      (["A, renamed"], ["a", "none", "attribute 1"]), ([nil], ["a", "none", "attribute 1"]),
      (["B"], ["a", "b", "none", "attribute 1"]), (["A", "D"], ["a", "none", "attribute 1"]),
    ] as [([String?], [String])])
  func `what stood of them stays, and nothing that others do not say any more`(missed: [String?], kept: [String]) {
    let standing = [
      Self.indicator("a", "A", "an actor"), Self.indicator("b", "B"), Self.indicator("c", "C"), Self.indicator("none"),
      Self.indicator("attribute 1", "E"),
    ]
    var publication = Publication(.misp)
    publication.indicators = [
      Self.indicator("b2", "B"), Self.indicator("c", "C, renamed"), Self.indicator("attribute 1", "B"),
    ]
    let events = MissedEvents(
      titles: Set(missed), readTitles: ["B", "C, renamed"], count: missed.count, total: missed.count + 2, reason: "it is gone.")
    events.keep(standing, ["a", "c", "attribute 1"].map { Sighting(indicator: $0) }, in: &publication)
    #expect(publication.indicators.map(\.id) == ["b2", "c", "attribute 1"] + kept)
    #expect(publication.sightings.map(\.indicator) == ["a"])
  }

  @Test func `they are told, how many they are and why the first of them`() {
    func ending(_ count: Int) -> Ending {
      MissedEvents(titles: [], readTitles: [], count: count, total: 9, reason: "a.json: there is no such file.")
        .ending(of: "feed")
    }
    #expect(ending(1).code == .couldNotTell)
    #expect(
      ending(1).sentences == [
        "feed: 1 of the feed's 9 events could not be read, and what stood of it stays: a.json: there is no such file."
      ])
    #expect(
      ending(3).sentences == [
        "feed: 3 of the feed's 9 events could not be read, and what stood of them stays (--remarks tells each); of the first: "
          + "a.json: there is no such file."
      ])
  }

  @Test func `of several sources the worst is the code, and all are told`() async {
    let rows: [([Ending.Code], Ending.Code)] = [
      ([.couldNotTell], .couldNotTell), ([.couldNotTell, .usage], .usage), ([.usage, .error, .couldNotTell], .error),
    ]
    for (codes, worst) in rows {
      let ending = await #expect(throws: Ending.self) {
        try await SourceTaking.each(codes) { throw Ending($0, "\($0)") }
      }
      #expect(ending?.code == worst && ending?.sentences == codes.map { "\($0)" })
    }
  }
}
