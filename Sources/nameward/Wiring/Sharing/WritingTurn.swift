import Synchronization

/// Those who write to one state folder from this process take turns: the folder lets one in at a time, and sends the others away.
///
/// A class, because all copies of a catalog share it.
final class WritingTurn: Sendable {
  private let turn = Mutex(())

  func take<Outcome: Sendable>(_ work: () throws -> Outcome) throws -> Outcome {
    try turn.withLock { _ in try work() }
  }
}
