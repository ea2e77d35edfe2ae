import Estate
import Foundation
internal import Names

enum Clock {
  /// The system's clock: the roof is the one place that reads it.
  @Sendable static func now() -> Timestamp {
    Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
  }

  /// The whole second, which is as exact as a pass that takes seconds can say since when something is so.
  static func second() -> Timestamp { Timestamp(seconds: now().seconds) }
}
