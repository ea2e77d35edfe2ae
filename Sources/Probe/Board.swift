import Estate
import Synchronization

/// Where the answers of one `ask` come together. A class because the paths that bring them share it.
final class Board: Sendable {
  /// What may take the place of what: a final answer of anything, a silence of nothing that was said.
  enum Rank: Int {
    case ended, silent, provisional, final
  }

  struct Entry {
    var place: Int
    var observation: Observation
    var rank: Rank
  }

  private struct State {
    var observations: [Observation?]
    var done = 0
  }

  private let state: Mutex<State>
  private let progress: (@Sendable (Int, Int) -> Void)?

  init(count: Int, progress: (@Sendable (Int, Int) -> Void)?) {
    state = Mutex(State(observations: .init(repeating: nil, count: count)))
    self.progress = progress
  }

  func put(_ entries: [Entry]) {
    let (done, total, isChanged) = state.withLock { state in
      let before = state.done
      for entry in entries {
        switch entry.rank {
        case .provisional: state.observations[entry.place] = entry.observation
        case .final:
          state.observations[entry.place] = entry.observation
          state.done += 1
        case .silent:
          // A SERVFAIL that could not be confirmed is still what the server said.
          if state.observations[entry.place] == nil { state.observations[entry.place] = entry.observation }
          state.done += 1
        case .ended:
          state.observations[entry.place] = entry.observation
          state.done += 1
        }
      }
      return (state.done, state.observations.count, state.done != before)
    }
    if isChanged { progress?(done, total) }
  }

  /// Every observation; `missing` makes those that never came.
  func finished(_ missing: (Int) -> Observation) -> [Observation] {
    let observations = state.withLock(\.observations)
    return observations.enumerated().map { $1 ?? missing($0) }
  }
}
