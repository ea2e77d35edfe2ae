internal import Notation

/// Why a pattern cannot be held against observations.
public enum MatchFault: Error, Hashable, Sendable {
  /// More ways to try than steps are allowed.
  case tooMuchWork(limit: Int)
  /// What `MATCHES` looks for.
  case regularExpression(RegularExpressionFault, path: ObjectPath)
  /// What `ISSUBSET` or `ISSUPERSET` is held against is no address and no prefix.
  case notPrefix(String, path: ObjectPath)
  /// A property that a pattern holds against a timestamp is none, in the observed data at this index.
  case notTimestamp(String, path: ObjectPath, observed: Int)

  /// What is wrong and what to do.
  public var sentence: String {
    switch self {
    case .tooMuchWork(let limit):
      "Finding out whether the pattern matches takes more than \(limit) steps. Give it less observed data, or simplify it."
    case .regularExpression(let fault, let path): "\(path) MATCHES cannot be run. \(fault.sentence)"
    case .notPrefix(let text, let path):
      "\(path) is held against \(quoted(text)), which is no address and no prefix. Write one as in 192.0.2.0/24."
    case .notTimestamp(let text, let path, let observed):
      "\(path) is \(quoted(text)) in observed data number \(observed + 1), which is no timestamp. "
        + "Correct it, or leave that data out."
    }
  }
}
