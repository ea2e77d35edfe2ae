import Estate
import Foundation

enum Clock {
  /// The system's clock: the roof is the one place that reads it.
  @Sendable static func now() -> Timestamp {
    Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
  }
}
