private import Dispatch
private import FoundationEssentials
private import Synchronization

extension Array where Element: Sendable {
  /// What comes of each element, in their order; as many are worked on at a time as there are processors.
  ///
  /// The elements should be few and each worth some milliseconds: to hand one over costs some microseconds.
  /// - Parameter meanwhile: Is done by the caller, who then takes part in the work; so that what cannot be shared costs no time.
  /// - Returns: Also what came of that.
  public func concurrentMap<Result: Sendable, Other, Failure: Error>(
    _ work: @escaping @Sendable (Element) -> Result, meanwhile: () throws(Failure) -> Other
  ) throws(Failure) -> (results: [Result], other: Other) {
    let hand = WorkInHand(self, work)
    let others = Swift.min(count, ProcessInfo.processInfo.activeProcessorCount - 1)
    for _ in 0..<Swift.max(0, others) { DispatchQueue.global().async { hand.run() } }
    let other: Other
    do { other = try meanwhile() } catch {
      hand.beginNoMore()
      throw error
    }
    hand.run()
    return (hand.results(), other)
  }

  public func concurrentMap<Result: Sendable>(_ work: @escaping @Sendable (Element) -> Result) -> [Result] {
    concurrentMap(work) {}.results
  }
}

/// What threads take their work from. A class because they share it.
private final class WorkInHand<Element: Sendable, Result: Sendable>: Sendable {
  private let elements: [Element]
  private let work: @Sendable (Element) -> Result
  private let next = Atomic(0)
  private let slots: Mutex<[Result?]>
  /// Entered once for each element. Not for each thread: where all are busy, one may come late or never.
  private let undone = DispatchGroup()

  init(_ elements: [Element], _ work: @escaping @Sendable (Element) -> Result) {
    (self.elements, self.work) = (elements, work)
    slots = Mutex(Array(repeating: nil, count: elements.count))
    for _ in elements { undone.enter() }
  }

  /// Works until nothing is left to begin.
  func run() {
    while case let index = next.wrappingAdd(1, ordering: .relaxed).oldValue, index < elements.count {
      let result = work(elements[index])
      slots.withLock { $0[index] = result }
      undone.leave()
    }
  }

  func beginNoMore() {
    // A group that was entered more often than left must not go.
    while next.wrappingAdd(1, ordering: .relaxed).oldValue < elements.count { undone.leave() }
  }

  /// Waits for all.
  func results() -> [Result] {
    undone.wait()
    return slots.withLock { $0.compactMap(\.self) }
  }
}
