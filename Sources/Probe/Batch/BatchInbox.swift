import CSockets
import Synchronization

/// Where callers leave orders for the loop. A class because the loop's thread and the callers share it.
final class BatchInbox: Sendable {
  enum Order: Sendable {
    case start(UInt64, [BatchPart], BatchGate, AsyncStream<BatchReport>.Continuation)
    case cancel(UInt64)
    case stop
  }

  private struct Contents {
    var orders: [Order] = []
    var counts = ProbeCounts()
    var isClosed = false
  }

  let bell: Int32
  let notice: @Sendable (ProbeNotice) -> Void
  private let contents = Mutex(Contents())

  /// `nil` when no file is left.
  init?(notice: @escaping @Sendable (ProbeNotice) -> Void) {
    bell = csockets_bell_open()
    self.notice = notice
    guard bell >= 0 else { return nil }
  }

  deinit {
    if bell >= 0 { csockets_close(bell) }
  }

  /// Leaves an order; one that comes after the loop has ended is answered by an empty stream.
  func leave(_ order: Order) {
    let isLate = contents.withLock { contents in
      if !contents.isClosed { contents.orders.append(order) }
      return contents.isClosed
    }
    if isLate, case .start(_, _, _, let reports) = order { reports.finish() }
    csockets_bell_ring(bell)
  }

  func takeAll() -> [Order] {
    contents.withLock { contents in
      let orders = contents.orders
      if !orders.isEmpty { contents.orders = [] }
      return orders
    }
  }

  /// The loop has ended: what was left since is answered by empty streams.
  func close() {
    let late = contents.withLock { contents in
      contents.isClosed = true
      let late = contents.orders
      contents.orders = []
      return late
    }
    for case .start(_, _, _, let reports) in late { reports.finish() }
  }

  func publish(_ counts: ProbeCounts) { contents.withLock { $0.counts = counts } }
  var counts: ProbeCounts { contents.withLock(\.counts) }
}

/// The loop's thread. A class because it stops the thread when the last who uses it is gone.
final class BatchEngine: Sendable {
  private let inbox: BatchInbox
  private let mostUntaken: Int
  private let lastKey = Atomic<UInt64>(0)

  /// `nil` when the system gives no file, memory or thread for it.
  init?(_ settings: ProbeSettings, notice: @escaping @Sendable (ProbeNotice) -> Void) {
    guard let inbox = BatchInbox(notice: notice) else { return nil }
    (self.inbox, mostUntaken) = (inbox, settings.mostUntaken)
    let started = DedicatedThread.start {
      if let kernel = KernelBatch(), kernel.watch(inbox.bell, key: BatchLoop.bellKey) == 0 {
        var loop = BatchLoop(settings, inbox, kernel)
        loop.run()
      }
      inbox.close()
    }
    guard started else { return nil }
  }

  deinit { inbox.leave(.stop) }

  var counts: ProbeCounts { inbox.counts }

  /// Asks. Every question ends in one final event, or in a number; a stream that ends early means that the loop could not work.
  /// Whoever takes a report tells the gate.
  func run(_ parts: [BatchPart]) -> (key: UInt64, gate: BatchGate, reports: AsyncStream<BatchReport>) {
    let key = lastKey.wrappingAdd(1, ordering: .relaxed).newValue
    let (stream, continuation) = AsyncStream.makeStream(of: BatchReport.self)
    let gate = BatchGate(most: mostUntaken)
    inbox.leave(.start(key, parts, gate, continuation))
    return (key, gate, stream)
  }

  /// Ends a run: what has no answer yet ends as cancelled.
  func cancel(_ key: UInt64) { inbox.leave(.cancel(key)) }
}
