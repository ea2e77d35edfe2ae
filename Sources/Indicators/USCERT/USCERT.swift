internal import Names
public import Notation

/// The comma-separated files that US-CERT (CISA) publishes beside its alerts, one indicator a row.
///
/// There is no specification. Two forms are known, of 2016 (eight columns, `IPV4ADDR`, `IP_WATCHLIST`) and 2017 (three columns and a
/// nameless fourth, `IPv4`, `IP Watchlist`); so columns are found by what the header calls them, in any case and order, and those
/// that are not known are passed over.
public enum USCERT {
  /// Why a file cannot be read.
  public enum Fault: Error, Hashable, Sendable {
    /// No row before the end names a column of values and one of types.
    case noHeader
    case row(CSVReader.Fault)
    case tooManyRows(limit: Int)
    /// The last row ends before its value and type do, and without the end of a line.
    case cutShort(TextPlace)

    public var sentence: String {
      switch self {
      case .noHeader:
        "No row names the columns INDICATOR_VALUE and TYPE. Add such a header, or give one value a line."
      case .row(let fault): fault.sentence
      case .tooManyRows(let limit): "The file has more than \(limit) rows. Split it."
      case .cutShort: "The file ends in the middle of this row: it was cut short. Fetch it again; what was taken in before stays."
      }
    }

    public var place: TextPlace {
      switch self {
      case .row(let fault): fault.place
      case .cutShort(let place): place
      case .noHeader, .tooManyRows: .start
      }
    }
  }

  public static let mostRows = 20_000_000
  /// Rows that may stand before the header: a title, a notice.
  static let mostRowsBeforeHeader = 20

  /// Whether octets begin as such a file does.
  public static func begins(_ octets: [UInt8]) -> Bool { separator(octets) != nil }

  static let separators: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09]

  /// What stands between columns: a comma, or what spreadsheets of other languages put in its place. `nil` where no row is a header.
  private static func separator(_ octets: [UInt8]) -> UInt8? {
    let head = Array(octets.prefix(64 << 10))
    return separators.first { separator in
      var reader = CSVReader(head, separator: separator)
      return (try? header(&reader)) != nil
    }
  }

  public static func read(_ octets: [UInt8]) throws(Fault) -> Publication {
    var reader = CSVReader(octets, separator: separator(octets) ?? UInt8(ascii: ","))
    guard let head = try header(&reader) else { throw .noHeader }
    var (rows, firstNumbers, publication) = (RowReader(octets, reader, head.columns), FirstNumbers(), Publication(.usCERT))
    for remark in head.remarks { publication.remark(remark.place, remark.cause) }
    publication.indicators.reserveCapacity(min(octets.count / 64, 1 << 20))
    var round = try rows.round()
    var parts: [Meanings.Part] = []
    while !round.isEmpty || !parts.isEmpty {
      var (next, done) = ([Rows](), parts)
      parts = try round.concurrentMap {
        Meanings.read($0)
      } meanwhile: { () throws(Fault) in
        next = try rows.round()
        for part in done { add(part, to: &publication, &firstNumbers) }
        done = []
      }.results
      round = next
    }
    if let marking = head.marking { publication.markUnmarked(marking) }
    return publication
  }

  /// Adds what rows say to what the rows above them say; remarks in the order of the rows.
  private static func add(_ part: Meanings.Part, to publication: inout Publication, _ firstNumbers: inout FirstNumbers) {
    var remarks = part.remarks[...]
    let before = publication.indicators.count
    publication.indicators += part.indicators
    // By their numbers: to hold one indicator for itself is to count the owners of all its parts.
    for index in part.indicators.indices {
      let place = part.indicators[index].place
      // Those of its own row are before this one.
      while let remark = remarks.first, remark.place.line <= place.line {
        publication.remark(remark.place, remark.cause)
        remarks.removeFirst()
      }
      let earlier = firstNumbers.number(
        of: part.firstValue(index), hash: part.hashes[index], as: before + index, in: publication.indicators)
      if let earlier { publication.remark(place, .repeated(first: publication.indicators[earlier].place)) }
    }
    for remark in remarks { publication.remark(remark.place, remark.cause) }
    publication.marking = TLP.strictest(publication.marking, part.marking)
  }

  static func next(_ reader: inout CSVReader, _ fields: inout [CSVReader.Field]) throws(Fault) -> Bool {
    do { return try reader.next(&fields) } catch { throw .row(error) }
  }
}
