import Audit
import Estate

/// The worst of very many findings: as many as a report can list, and how many there were.
struct WorstFindings {
  let most: Int
  private var kept: [Finding] = []
  private(set) var count = 0
  /// The least bad of those that stay, once there are as many as may.
  private var last: Finding?

  init(most: Int) { self.most = most }

  mutating func add(_ findings: [Finding]) {
    count += findings.count
    kept += last.map { last in findings.filter { Finding.isWorse($0, last) } } ?? findings
    // Sorted now and then only: twice as many as stay.
    if kept.count >= 2 * most { settle() }
  }

  /// Worst first.
  var sorted: [Finding] { Array(kept.sorted(by: Finding.isWorse).prefix(most)) }

  private mutating func settle() {
    kept = sorted
    last = kept.last
  }
}
