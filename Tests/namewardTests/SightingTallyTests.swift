import Hunt
import Names
import Testing

@testable import nameward

@Suite("What a hunt remembers of a log") struct SightingTallyTests {
  private func sighting(_ value: String) -> LocatedHit {
    LocatedHit(origin: .log(file: "a.log", line: 1, field: "text"), value: value, entry: 0, manner: .whole)
  }

  @Test func `is no longer than a name can be, and what is longer is judged all the same`() throws {
    let own = try Exemptions(own: [DomainName("example.gov")], warninglists: [])
    var tally = SightingTally(exemptions: own)
    let path = String(repeating: "a", count: 1000)
    let values = ["https://evil.example/\(path)", "https://www.example.gov/\(path)", "evil.example", "www.example.gov"]
    for _ in 0..<2 {
      let told = tally.take(values.map(sighting), Watchlist())
      #expect(told.map(\.value) == [values[0], values[2]])
    }
    #expect(tally.sightings == 4)
    #expect(Set(tally.known.keys) == ["evil.example", "www.example.gov"])
  }
}
