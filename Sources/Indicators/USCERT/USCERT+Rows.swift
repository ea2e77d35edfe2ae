internal import Notation

extension USCERT {
  /// The rows below the header, their fields by what they hold. A field is a text of its own only where one is wanted.
  struct Rows {
    private let octets: [UInt8]
    private var reader: CSVReader
    private var fields: [CSVReader.Field] = []
    /// Where each column stands, by its number; beyond all fields where there is none.
    private var places = [Int](repeating: .max, count: Column.allCases.count)
    /// Of a field in which quotes stand twice, the octets with each once.
    private var unquoted: [UInt8] = []
    /// Of the row in hand, from 1; rows without anything are not counted.
    private(set) var number = 0

    /// - Parameter reader: Of these octets, past the header.
    init(_ octets: [UInt8], _ reader: CSVReader, _ columns: [Column: Int]) {
      (self.octets, self.reader) = (octets, reader)
      for (column, place) in columns { places[column.rawValue] = place }
    }

    /// Of the row in hand.
    var place: TextPlace { fields[0].place }

    /// Goes to the next row; `false` at the end.
    mutating func next() throws(Fault) -> Bool {
      repeat { guard try USCERT.next(&reader, &fields) else { return false } } while isBlank
      number += 1
      guard number <= mostRows else { throw .tooManyRows(limit: mostRows) }
      return true
    }

    private var isBlank: Bool { fields.count == 1 && reader.text(fields[0]).trimmed.isEmpty }

    /// Does something with a field's octets, without blanks around them: with none where the row has no such column.
    mutating func with<Result>(_ column: Column, _ body: (Span<UInt8>) -> Result) -> Result {
      let place = places[column.rawValue]
      guard place < fields.count else { return body(Span()) }
      let field = fields[place]
      guard field.hasDoubledQuotes else { return Self.trimmed(octets.span.extracting(field.range), body) }
      unquoted.removeAll(keepingCapacity: true)
      reader.append(field, to: &unquoted)
      return Self.trimmed(unquoted.span, body)
    }

    private static func trimmed<Result>(_ text: Span<UInt8>, _ body: (Span<UInt8>) -> Result) -> Result {
      Indicators.trimmed(text).map { body(text.extracting($0)) } ?? body(Span())
    }

    /// A field's text, without blanks around it; empty where there is nothing.
    mutating func text(_ column: Column) -> String { with(column) { $0.string } }
  }
}
