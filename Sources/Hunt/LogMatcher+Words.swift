internal import Telemetry

extension LogMatcher {
  /// The hits among the words of a text that is no log: record data, a value a line. Lines count from 0.
  public func hits(amongWordsOf text: String) -> [Hit] {
    let octets = Array(text.utf8)
    var (fields, hits) = ([LogField](), [Hit]())
    // Of what has no beginning, each line is words.
    _ = LogReader(head: []).read(octets.span, &fields)
    match(octets.span, fields, &hits)
    return hits
  }
}
