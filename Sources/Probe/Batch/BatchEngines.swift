import Names
import Synchronization

/// The loops that ask over UDP, each on a thread of its own. A server belongs to the loop that asked it first: what is known of
/// a server is in one place, and two threads never wait for each other. A class because the parts of a probe share it.
final class BatchEngines: Sendable {
  private let engines: [BatchEngine]
  private let owners = Mutex<[SocketAddress: Int]>([:])

  init(_ settings: ProbeSettings, notice: @escaping @Sendable (ProbeNotice) -> Void) {
    engines = (0..<max(1, settings.threads)).compactMap { _ in BatchEngine(settings, notice: notice) }
  }

  /// The system gave none.
  var isEmpty: Bool { engines.isEmpty }

  var counts: ProbeCounts { engines.reduce(ProbeCounts()) { $0 + $1.counts } }

  /// Says which loop asks which parts; new servers go to each loop in turn.
  func shared(_ parts: [BatchPart]) -> [(engine: BatchEngine, parts: [BatchPart])] {
    guard !engines.isEmpty, !parts.isEmpty else { return [] }
    var shares = [[BatchPart]](repeating: [], count: engines.count)
    owners.withLock { owners in
      for part in parts {
        let owner = owners[part.server] ?? owners.count % engines.count
        owners[part.server] = owner
        shares[owner].append(part)
      }
    }
    return zip(engines, shares).filter { !$0.1.isEmpty }.map { ($0.0, $0.1) }
  }
}
