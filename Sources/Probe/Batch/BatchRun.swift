import Estate
import Names
import Synchronization

/// A run's questions to one server: pages that are made when they are needed.
struct BatchPart: Sendable {
  var server: SocketAddress
  /// Whether questions that could not be asked are told as one number and not one by one.
  var isCounted = false
  /// The page of this number, counted from 0; `nil` after the last. Called on the loop's thread: pure and quick.
  var page: @Sendable (_ number: Int) -> QuestionPage?
}

/// How much a run has handed over that nobody has taken yet. A class because the loop and its caller share it.
///
/// Whoever judges may be slower than the servers: then no new question is asked until it has caught up, so that memory stays
/// bounded.
final class BatchGate: Sendable {
  private let most: Int
  private let untaken = Atomic(0)

  init(most: Int) { self.most = most }

  var isClosed: Bool { untaken.load(ordering: .relaxed) > most }
  func hand(_ count: Int) { untaken.wrappingAdd(count, ordering: .relaxed) }
  func take(_ count: Int) { untaken.wrappingSubtract(count, ordering: .relaxed) }
}

/// One caller's questions, as the loop knows them.
struct BatchRun {
  let key: UInt64
  let gate: BatchGate
  let reports: AsyncStream<BatchReport>.Continuation
  /// Servers that have questions which were not asked yet.
  var waiting = 0
  /// Questions that hold a slot.
  var held = 0
  var report = BatchReport()
  var deliveredAt: Int64

  var isDone: Bool { waiting == 0 && held == 0 }
}

/// Questions of one run that wait for a server: what is left of the page in hand, and the pages after it.
struct Segment {
  let run: Int32
  let part: BatchPart
  /// The run's.
  let gate: BatchGate
  private(set) var page = QuestionPage()
  private(set) var next = 0
  private var number = -1

  /// `nil` where there is no question.
  init?(run: Int32, _ part: BatchPart, _ gate: BatchGate) {
    (self.run, self.part, self.gate) = (run, part, gate)
    guard settle() else { return nil }
  }

  /// Goes on by so many questions, at most to the end of the page. Returns whether there is another one.
  mutating func step(by count: Int = 1) -> Bool {
    next &+= count
    return next < page.count || settle()
  }

  /// Turns to the next page that is not empty.
  private mutating func settle() -> Bool {
    while next >= page.count {
      number += 1
      guard let following = part.page(number) else { return false }
      (page, next) = (following, 0)
    }
    return true
  }

  /// Goes through what is left without asking. Returns how many that were.
  mutating func drain(_ take: (UInt32) -> Void) -> Int {
    var count = 0
    repeat {
      take(page.numbers[next])
      count += 1
    } while step()
    return count
  }
}
