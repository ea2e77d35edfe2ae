internal import Notation

extension USCERT {
  /// Rows that follow one another below the header, their fields by what they hold. A field is a text of its own only where one is
  /// wanted.
  struct Rows {
    /// Their own, so that who reads them has nothing in common with who reads others: to count who holds an array takes longer where
    /// several processors do it.
    private let octets: [UInt8]
    /// Where these octets stand in the file.
    private let offset: Int
    /// Of all rows, one row after the other.
    private let fields: [CSVReader.Field]
    /// Where the fields of each row begin.
    private let starts: [Int]
    private let places: ColumnPlaces
    /// Of the first row, from 1; rows without anything are not counted.
    private let firstNumber: Int
    private var index = -1
    /// Of the row in hand.
    private var row = 0..<0
    /// Of a field in which quotes stand twice, the octets with each once.
    private var unquoted: [UInt8] = []

    fileprivate init(
      _ octets: [UInt8], _ fields: [CSVReader.Field], starts: [Int], _ places: ColumnPlaces, firstNumber: Int
    ) {
      (self.fields, self.starts, self.places, self.firstNumber) = (fields, starts, places, firstNumber)
      offset = fields.first?.range.lowerBound ?? 0
      self.octets = Array(octets[offset..<(fields.last?.range.upperBound ?? offset)])
    }

    var count: Int { starts.count }

    /// Goes to the next row, at first to the first one; `false` at the end.
    mutating func next() -> Bool {
      guard index + 1 < starts.count else { return false }
      index += 1
      row = starts[index]..<(index + 1 < starts.count ? starts[index + 1] : fields.count)
      return true
    }

    /// Whether the header names such a column.
    func has(_ column: Column) -> Bool { places[column] != .max }

    /// Of the row in hand.
    var number: Int { firstNumber + index }
    var place: TextPlace { fields[row.lowerBound].place }

    /// Does something with a field's octets, without blanks around them: with none where the row has no such column.
    mutating func with<Result>(_ column: Column, _ body: (Span<UInt8>) -> Result) -> Result {
      let place = places[column]
      guard place < row.count else { return body(Span()) }
      let field = fields[row.lowerBound + place]
      let range = (field.range.lowerBound - offset)..<(field.range.upperBound - offset)
      guard field.hasDoubledQuotes else { return Self.trimmed(octets.span.extracting(range), body) }
      unquoted.removeAll(keepingCapacity: true)
      let octets = octets
      CSVReader.append(unquoted: octets.span.extracting(range), to: &unquoted)
      return Self.trimmed(unquoted.span, body)
    }

    private static func trimmed<Result>(_ text: Span<UInt8>, _ body: (Span<UInt8>) -> Result) -> Result {
      Indicators.trimmed(text).map { body(text.extracting($0)) } ?? body(Span())
    }

    /// A field's text, without blanks around it; empty where there is nothing.
    mutating func text(_ column: Column) -> String { with(column) { $0.string } }
  }

  /// Where each column stands in a row; beyond all fields where there is none.
  fileprivate struct ColumnPlaces: Sendable {
    private var places = [Int](repeating: .max, count: Column.allCases.count)

    init(_ columns: [Column: Int]) { for (column, place) in columns { places[column.rawValue] = place } }

    subscript(column: Column) -> Int { places[column.rawValue] }
  }

  /// Cuts what is below the header into rows.
  struct RowReader {
    private let octets: [UInt8]
    private let places: ColumnPlaces
    private var reader: CSVReader
    private var fields: [CSVReader.Field] = []
    private var number = 0

    /// - Parameter reader: Of these octets, past the header.
    init(_ octets: [UInt8], _ reader: CSVReader, _ columns: [Column: Int]) {
      (self.octets, self.reader, places) = (octets, reader, ColumnPlaces(columns))
    }

    /// What one processor reads while others read what stands above and below, and how many such stretches are read at a time.
    private static let (rowsAtATime, stretches) = (4096, 16)
    /// A stretch with so many fields is long enough, whatever its rows.
    private static let fieldsAtATime = 16 * rowsAtATime

    /// The next rows, in stretches; none at the end.
    mutating func round() throws(Fault) -> [Rows] {
      var round: [Rows] = []
      while round.count < Self.stretches, case let next = try stretch(), next.count > 0 { round.append(next) }
      return round
    }

    private mutating func stretch() throws(Fault) -> Rows {
      let first = number + 1
      var (all, starts): ([CSVReader.Field], [Int]) = ([], [])
      while starts.count < Self.rowsAtATime, all.count < Self.fieldsAtATime, try USCERT.next(&reader, &fields) {
        if isBlank { continue }
        if let last = fields.last, last.range.upperBound == octets.count, fields.count <= max(places[.value], places[.type]) {
          throw .cutShort(fields[0].place)
        }
        number += 1
        guard number <= mostRows else { throw .tooManyRows(limit: mostRows) }
        starts.append(all.count)
        all += fields
      }
      return Rows(octets, all, starts: starts, places, firstNumber: first)
    }

    private var isBlank: Bool { fields.count == 1 && reader.text(fields[0]).trimmed.isEmpty }
  }
}
