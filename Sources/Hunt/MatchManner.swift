/// How a value that was seen met an indicator.
public enum MatchManner: String, Hashable, Sendable {
  /// It is the value itself.
  case whole
  /// A name below the one that is looked for.
  case below
  /// An address in the prefix that is looked for.
  case prefix
  /// The host of a URL that is looked for: what was fetched from it is not in the log.
  case host
}
