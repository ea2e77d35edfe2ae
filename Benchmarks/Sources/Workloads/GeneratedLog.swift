import Hunt
import Indicators
import Names
import Telemetry

/// A log in Zeek's form, and a list of indicators of which one line in a thousand has one: a line is an operation.
struct GeneratedLog: Sendable {
  private static let (names, addresses) = (20_000, 10_000)

  private let piece: [UInt8]
  private let reader: LogReader
  private let matcher: LogMatcher

  init(lines: Int) throws {
    var text = """
      #separator \\x09
      #set_separator\t,
      #empty_field\t(empty)
      #unset_field\t-
      #path\tdns
      #fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tquery\tqclass\tqtype_name\tanswers
      #types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tcount\tstring\tvector[string]

      """
    for number in 0..<lines {
      let name = number % 1000 == 0 ? "n\(number).d\(number % 997).example" : "www.host\(number).d\(number % 997).example.org"
      text +=
        "1764201600.\(100_000 + number)\tCaX3bQ7fLm2pT9\(number)\t10.0.\(number % 200).\(number % 250 + 1)\t\(1024 + number)\t10.0.0.53\t53\tudp\t"
      text += "\(name)\t1\tA\tedge.\(name),198.18.\(number % 256).\(number / 256 % 256)\n"
    }
    piece = Array(text.utf8)
    reader = LogReader(head: Array(piece.prefix(LogReader.headOctets)))
    var list = ""
    for number in 0..<Self.names { list += "n\(number * 10).d\(number * 10 % 997).example\n" }
    for number in 0..<Self.addresses { list += "203.\(number % 200).\(number / 200).7\n" }
    var watchlist = Watchlist()
    watchlist.add(try Publication(Array(list.utf8)).indicators, source: 0, at: Timestamp(seconds: 0))
    matcher = LogMatcher(watchlist)
  }

  /// - Returns: How many lines were searched; 0 where nothing was found, so that a search that is broken is seen.
  func matched() -> Int {
    var (fields, hits) = ([LogField](), [LogMatcher.Hit]())
    fields.reserveCapacity(piece.count / 32)
    let lines = reader.read(piece.span, &fields)
    matcher.match(piece.span, fields, &hits)
    return hits.isEmpty ? 0 : lines
  }
}
