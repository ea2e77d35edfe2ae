import Indicators
import Names
import Store

/// An indicator as others are given it, by a server or in an export: everywhere under one identifier, and with times by which they tell
/// its versions apart.
extension Indicator {
  /// - Parameters:
  ///   - source: The name of who told it.
  ///   - key: By which that source tells it from others; see ``SharedIndicator/key``.
  ///   - since: When the source was first read.
  ///   - changed: When this version came.
  func given(by source: String, key: String, isOwnID: Bool, since: Timestamp, changed: Timestamp) -> Indicator {
    var given = self
    let own = isOwnID ? STIX2.identifier(key) : nil
    given.id = own ?? "indicator--" + NameUUID.of("indicator", source, key)
    // An object keeps the times that its creator gave it. Of any other we make the object: it begins when its source was first read,
    // and each version when it was taken in.
    if own != nil, let modified = modified?.writable {
      given.created = min(created?.writable ?? modified, modified)
    } else {
      (given.created, given.modified) = (min(since, changed), changed)
    }
    return given
  }
}

extension SharedIndicator {
  /// As others are given it.
  var given: Indicator {
    indicator.given(
      by: source, key: key, isOwnID: hasOwnID, since: sourceRead, changed: Timestamp(milliseconds: added / 1000))
  }
}
