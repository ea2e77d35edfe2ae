import Indicators
import Names
import Notation
import Testing

@testable import Store

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers on every run.
private struct Numbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}

@Suite("Histories by chance, held against a list of all that was published") struct IndicatorModelTests {
  /// What is told of an indicator, without where it stood.
  private func tellings(_ indicators: [Indicator]) -> [String: Int] {
    Dictionary(indicators.map { ("\($0.id) \($0.title ?? "")", 1) }, uniquingKeysWith: +)
  }

  private func publication(_ numbers: inout Numbers) throws -> Publication {
    // Few ids and few titles, so that they repeat, change, go and come back.
    try bundle(
      (0..<Int.random(in: 0...9, using: &numbers)).map { _ in
        ("id \(Int.random(in: 0..<6, using: &numbers))", "a.example", "title \(Int.random(in: 0..<3, using: &numbers))")
      })
  }

  @Test(arguments: 1...40 as ClosedRange<UInt64>) func `every revision says what was published`(seed: UInt64) throws {
    let scratch = try Scratch()
    let store = try Store(folder: scratch.state)
    var numbers = Numbers(state: seed)
    var published: [Publication] = []
    for minute in 1...12 {
      let next = try publication(&numbers)
      let taken = try store.take(next, minute: Int64(minute), force: true)
      let isSame = published.last.map { tellings($0.indicators) == tellings(next.indicators) } ?? false
      #expect(taken.isNew == !isSame)
      if taken.isNew { published.append(next) }
      #expect(taken.revision.number == published.count)
    }
    let revisions = try store.indicators.revisions(of: feed.name)
    #expect(revisions.map(\.total) == published.map(\.indicators.count))
    for (index, publication) in published.enumerated() {
      #expect(try tellings(store.told(at: index + 1)) == tellings(publication.indicators))
    }
    for (from, before) in published.enumerated() {
      for (to, after) in published.enumerated() {
        let difference = try store.indicators.difference(of: feed.name, from: from + 1, to: to + 1)
        // What is withdrawn and added, taken from one and given to the other, makes one of the other.
        var made = tellings(before.indicators)
        for indicator in difference.withdrawn + difference.changed.map(\.before) { made[key(indicator), default: 0] -= 1 }
        for indicator in difference.added + difference.changed.map(\.after) { made[key(indicator), default: 0] += 1 }
        #expect(made.filter { $0.value != 0 } == tellings(after.indicators))
        // And no indicator is both: it is changed.
        #expect(Set(difference.added.map(\.id)).isDisjoint(with: difference.withdrawn.map(\.id)))
        #expect(difference.changed.allSatisfy { $0.before.id == $0.after.id && $0.before.title != $0.after.title })
        if to == from + 1 {
          #expect(
            revisions[to].counts
              == [difference.added.count, difference.changed.count, difference.withdrawn.count, after.indicators.count])
        }
      }
    }
  }

  private func key(_ indicator: Indicator) -> String { "\(indicator.id) \(indicator.title ?? "")" }
}
