import NIOCore
import Synchronization

/// Where the outcome of one connection goes: the first that comes counts and closes the connection.
///
/// A class because the channel's handlers, its deadline and a cancellation share it.
final class Ending<Success: Sendable>: Sendable {
  private struct State {
    var outcome: Result<Success, EndpointFailure>?
    var waiter: CheckedContinuation<Result<Success, EndpointFailure>, Never>?
    var channel: (any Channel)?
    var deadline: Scheduled<Void>?
  }
  private let state = Mutex(State())

  /// The waiter gets the outcome, at once if it is there.
  func wait(_ waiter: CheckedContinuation<Result<Success, EndpointFailure>, Never>) {
    let outcome = state.withLock { state in
      if state.outcome == nil { state.waiter = waiter }
      return state.outcome
    }
    if let outcome { waiter.resume(returning: outcome) }
  }

  /// Closes the channel with the outcome; at once, if that is there. False then.
  func closes(_ channel: any Channel) -> Bool {
    let isOpen = state.withLock { state in
      if state.outcome == nil { state.channel = channel }
      return state.outcome == nil
    }
    if !isOpen { channel.close(promise: nil) }
    return isOpen
  }

  func ends(_ deadline: Scheduled<Void>) {
    let isOpen = state.withLock { state in
      if state.outcome == nil { state.deadline = deadline }
      return state.outcome == nil
    }
    if !isOpen { deadline.cancel() }
  }

  func finish(_ outcome: Result<Success, EndpointFailure>) {
    let last = state.withLock { state -> State? in
      guard state.outcome == nil else { return nil }
      let last = state
      state = State(outcome: outcome)
      return last
    }
    last?.deadline?.cancel()
    last?.channel?.close(promise: nil)
    last?.waiter?.resume(returning: outcome)
  }
}
