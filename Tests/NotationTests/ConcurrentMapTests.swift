import Notation
import Synchronization
import Testing

@Suite("Work that all processors do") struct ConcurrentMapTests {
  private struct Refusal: Error {}

  @Test(arguments: [0, 1, 2, 3, 1000]) func `gives what came of each element, in their order, and does each once`(count: Int) {
    let done = Counter()
    let squares = Array(0..<count).concurrentMap { number in
      done.add(1)
      return number * number
    }
    #expect(squares == (0..<count).map { $0 * $0 })
    #expect(done.count == count)
  }

  @Test func `what is done meanwhile is done once, and ends it where it throws`() {
    var times = 0
    func meanwhile() -> String {
      times += 1
      return "done"
    }
    let (results, other) = [1, 2, 3].concurrentMap({ $0 + 1 }, meanwhile: meanwhile)
    #expect(results == [2, 3, 4] && other == "done")
    #expect(times == 1)
    #expect(throws: Refusal.self) {
      try [1, 2, 3].concurrentMap({ $0 + 1 }, meanwhile: { () throws(Refusal) in throw Refusal() })
    }
  }

  @Test func `work inside of work comes to an end`() {
    let sums = Array(0..<50).concurrentMap { number in Array(0..<50).concurrentMap { $0 * number }.reduce(0, +) }
    #expect(sums == (0..<50).map { 1225 * $0 })
  }
}

private final class Counter: Sendable {
  private let value = Atomic(0)

  func add(_ number: Int) { value.wrappingAdd(number, ordering: .relaxed) }
  var count: Int { value.load(ordering: .relaxed) }
}
