import Synchronization

/// What a server that runs for months told its owner already: whoever asks again and again is not to fill a log.
///
/// A class, because all requests share it.
final class Reports: Sendable {
  private let told = Mutex<Set<String>>([])
  /// More are not told: whoever asks may be able to make each another one.
  static let most = 100

  /// Whether a sentence was not told before, and is to be told now.
  func isNew(_ sentence: String) -> Bool {
    told.withLock { told in told.count < Self.most && told.insert(sentence).inserted }
  }
}
