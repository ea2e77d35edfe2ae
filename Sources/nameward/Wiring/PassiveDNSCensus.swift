import Hunt
import Names
import Telemetry

/// Counts the names that passive DNS knows at the addresses that a watchlist looks for, whatever the size of the file.
struct PassiveDNSCensus {
  private let matcher: LogMatcher

  init(_ watchlist: Watchlist) { matcher = LogMatcher(watchlist) }

  /// - Parameter path: Records in the Common Output Format, compressed or not.
  /// - Throws: ``Ending`` with the line that cannot be read, of those that hold such an address.
  func read(_ path: String, into population: inout AddressPopulation) throws {
    do {
      var (pieces, before) = (try LogPieces(path), 0)
      guard var piece = try pieces.next() else { return }
      let reader = LogReader(head: Array(piece.prefix(LogReader.headOctets)))
      guard reader.form == .jsonLines else {
        throw Ending(.usage, "\(path):1: this is no passive DNS. Write a JSON object a line, as the Common Output Format has it.")
      }
      while true {
        let lines = try count(piece, reader, &population) { "\(path):\(before + $0 + 1)" }
        before += lines
        guard let next = try pieces.next() else { return }
        piece = next
      }
    } catch let error as Reading.Unreadable {
      throw Ending(.error, "\(error).")
    }
  }

  /// - Parameter place: Of a line, which counts from 0.
  /// - Returns: How many lines end.
  private func count(
    _ piece: [UInt8], _ reader: LogReader, _ population: inout AddressPopulation, _ place: (Int) -> String
  ) throws -> Int {
    var (fields, hits) = ([LogField](), [LogMatcher.Hit]())
    let lines = reader.read(piece.span, &fields)
    matcher.match(piece.span, fields, &hits)
    var known: (line: UInt32, record: PassiveDNSRecord)?
    for hit in hits {
      guard let address = IPAddress(hit.value) else { continue }
      if known?.line != hit.line {
        let start = Int(fields[hit.field].start)
        let first = piece[..<start].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let line = piece[first...].prefix { $0 != 0x0A }
        do { known = (hit.line, try PassiveDNSRecord(line: Array(line))) } catch {
          throw Ending(
            .usage,
            "\(place(Int(hit.line))): \(error.words). Write a JSON object a line, as the Common Output Format has it.".printable)
        }
      }
      guard let record = known?.record, record.type == "A" || record.type == "AAAA" else { continue }
      population.add(record.name, at: address)
    }
    return piece.last == 0x0A ? lines : lines - 1
  }
}
