import Foundation
import Hunt
import Telemetry

/// Looks for a watchlist's values in logs: pieces are read one after another, matched side by side, and told in their order.
struct LogHunt {
  /// What was read of one file.
  struct FileTotals {
    var file: String
    /// What its lines are, in a word.
    var form: String
    var lines = 0
    var octets = 0
    /// Frames of dnstap in which nothing could be read.
    var unreadFrames = 0
  }

  let matcher: LogMatcher
  /// Pieces that are matched at once.
  let width: Int

  init(_ watchlist: Watchlist, width: Int = ProcessInfo.processInfo.activeProcessorCount) {
    (matcher, self.width) = (LogMatcher(watchlist), max(1, width))
  }

  /// What one piece gave.
  private struct Matched: Sendable {
    var number: Int
    /// Ends of lines, without one that only the end of the piece is.
    var lines: Int
    var isCut: Bool
    var octets: Int
    var hits: [LogMatcher.Hit]
    /// The name of each hit's field.
    var fields: [String]
  }

  /// - Parameters:
  ///   - path: A file, or `-` for standard input.
  ///   - tell: Takes the sightings of a piece, in the order of the log, and how many octets of the file were read so far.
  func run(_ path: String, tell: ([LocatedHit], Int) throws -> Void) async throws -> FileTotals {
    var pieces = try LogPieces(path)
    guard let first = try pieces.next() else { return FileTotals(file: path, form: LogReader.Form.text.word) }
    if !pieces.isDnstap, let form = UnreadableLog(first.prefix(LogReader.headOctets)) {
      throw Reading.Unreadable(description: "\(path) \(form.sentence)")
    }
    var reader = LogReader(head: Array(first.prefix(LogReader.headOctets)))
    var totals = FileTotals(file: path, form: pieces.isDnstap ? "dnstap" : reader.form.word)
    try await withThrowingTaskGroup(of: Matched.self) { group in
      var (number, inFlight, next) = (0, 0, 0)
      // What is ready before its turn.
      var waiting: [Int: Matched] = [:]
      // A line goes on in the next piece, or is the last one and has no end.
      var isCut = false
      func take(_ matched: Matched) throws {
        waiting[matched.number] = matched
        while let ready = waiting.removeValue(forKey: next) {
          next += 1
          let sightings = zip(ready.hits, ready.fields).map { hit, field in
            LocatedHit(
              origin: .log(file: path, line: totals.lines + Int(hit.line) + 1, field: field), value: hit.value,
              entry: hit.entry, manner: hit.manner, more: hit.more)
          }
          totals.lines += ready.lines
          isCut = ready.isCut
          totals.octets += ready.octets
          try tell(sightings, pieces.octetsRead)
        }
      }
      // What was read before a log could not be read any more is told first.
      var fault: (any Error)?
      var piece: [UInt8]? = first
      while let current = piece {
        let isRest = pieces.isRestOfLine
        let parts = isRest ? [(current.indices, reader.restOfLine)] : reader.parts(of: current.span)
        for (range, form) in parts {
          // One that takes long holds up what is behind it, which would otherwise wait in memory without end.
          while inFlight == width || number - next >= 2 * width, let matched = try await group.next() {
            inFlight -= 1
            try take(matched)
          }
          let (matcher, position, part) = (matcher, number, parts.count == 1 ? current : Array(current[range]))
          group.addTask { Self.match(part, position, form, matcher) }
          (number, inFlight) = (number + 1, inFlight + 1)
        }
        if !isRest, let last = parts.last { reader = last.reader }
        do { piece = try pieces.next() } catch { (piece, fault) = (nil, error) }
      }
      while let matched = try await group.next() { try take(matched) }
      if isCut { totals.lines += 1 }
      totals.unreadFrames = pieces.unreadFrames
      if let fault { throw fault }
    }
    return totals
  }

  private static func match(_ piece: [UInt8], _ number: Int, _ reader: LogReader, _ matcher: LogMatcher) -> Matched {
    var (fields, hits) = ([LogField](), [LogMatcher.Hit]())
    // Half of what a Zeek log holds: grown at most a few times.
    fields.reserveCapacity(piece.count / 32)
    let lines = reader.read(piece.span, &fields)
    matcher.match(piece.span, fields, &hits)
    let names = reader.names(of: hits.lazy.map { fields[$0.field] }, in: piece.span)
    let isCut = piece.last != 0x0A
    return Matched(
      number: number, lines: isCut ? lines - 1 : lines, isCut: isCut, octets: piece.count, hits: hits, fields: names)
  }
}
