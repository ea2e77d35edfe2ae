/// Reads comma-separated values (RFC 4180), a row at a time, in one pass over the octets.
///
/// Departures from the RFC, each seen in published files: rows end with LF, CR LF or CR; rows need not have as many fields as the
/// first; a quote inside a field that does not start with one is text; blanks before an opening quote are passed over; a byte order
/// mark is no text.
public struct CSVReader: Sendable {
  /// A field of the row that was read last.
  public struct Field: Hashable, Sendable {
    /// Where its text stands among the octets: without the quotes around it.
    public let range: Range<Int>
    /// Quotes inside are written twice.
    public let hasDoubledQuotes: Bool
    public let place: TextPlace
  }

  /// Why a row cannot be read, and where.
  public struct Fault: Error, Hashable, Sendable {
    public enum Cause: Hashable, Sendable {
      /// The quote that opens here is never closed.
      case openQuote
      case fieldTooLong(limit: Int)
      case tooManyFields(limit: Int)
    }

    public var place: TextPlace
    public var cause: Cause
  }

  /// Longer than any description that people write, so that a quote that is never closed does not swallow a file.
  public static let mostFieldOctets = 1 << 20
  public static let mostFields = 1000

  private let octets: [UInt8]
  private let separator: UInt8
  private var offset = 0
  private var line = 1
  private var lineStart = 0

  public init(_ octets: [UInt8], separator: UInt8 = UInt8(ascii: ",")) {
    (self.octets, self.separator) = (octets, separator)
    if octets.starts(with: [0xEF, 0xBB, 0xBF]) { (offset, lineStart) = (3, 3) }
  }

  /// Reads the next row.
  ///
  /// - Parameter fields: Takes the row's fields in the place of what it held; an empty line has one empty field.
  /// - Returns: `false` at the end.
  public mutating func next(_ fields: inout [Field]) throws(Fault) -> Bool {
    fields.removeAll(keepingCapacity: true)
    guard offset < octets.count else { return false }
    while true {
      if fields.count == Self.mostFields { throw Fault(place: place, cause: .tooManyFields(limit: Self.mostFields)) }
      fields.append(try field())
      guard offset < octets.count else { return true }
      let octet = octets[offset]
      offset += 1
      guard octet == separator else {
        endLine(after: octet)
        return true
      }
    }
  }

  /// A field's text, with U+FFFD for what is not UTF-8.
  public func text(_ field: Field) -> String {
    guard field.hasDoubledQuotes else { return String(decoding: octets[field.range], as: UTF8.self) }
    var text: [UInt8] = []
    text.reserveCapacity(field.range.count)
    Self.append(unquoted: octets.span.extracting(field.range), to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Appends the octets of a field, each doubled quote once.
  public static func append(unquoted field: Span<UInt8>, to text: inout [UInt8]) {
    var place = 0
    while place < field.count {
      text.append(field[place])
      // The one beside a quote is passed over.
      place += field[place] == UInt8(ascii: "\"") ? 2 : 1
    }
  }

  private var place: TextPlace { TextPlace(line: line, column: offset - lineStart + 1) }

  private mutating func endLine(after octet: UInt8) {
    if octet == 0x0D, offset < octets.count, octets[offset] == 0x0A { offset += 1 }
    (line, lineStart) = (line + 1, offset)
  }

  private mutating func field() throws(Fault) -> Field {
    let start = offset
    var opening = offset
    while opening < octets.count, octets[opening] == 0x20 { opening += 1 }
    if opening < octets.count, octets[opening] == UInt8(ascii: "\"") {
      offset = opening
      return try quoted()
    }
    let place = place
    offset = endOfField(from: offset)
    guard offset - start <= Self.mostFieldOctets else {
      throw Fault(place: place, cause: .fieldTooLong(limit: Self.mostFieldOctets))
    }
    return Field(range: start..<offset, hasDoubledQuotes: false, place: place)
  }

  /// Where the next octet is that ends a field or row.
  private func endOfField(from start: Int) -> Int {
    let octets = octets.span
    var end = start
    while end < octets.count, octets[end] != separator, octets[end] != 0x0A, octets[end] != 0x0D { end += 1 }
    return end
  }

  /// Where the next quote or end of a line is; the limit where none is before it.
  private func endOfText(from start: Int, to limit: Int) -> Int {
    let octets = octets.span
    var end = start
    while end < limit, octets[end] != UInt8(ascii: "\""), octets[end] != 0x0A, octets[end] != 0x0D { end += 1 }
    return end
  }

  /// On entry the opening quote is next.
  private mutating func quoted() throws(Fault) -> Field {
    let place = place
    offset += 1
    let start = offset
    var hasDoubled = false
    while true {
      offset = endOfText(from: offset, to: min(octets.count, start + Self.mostFieldOctets + 1))
      guard offset - start <= Self.mostFieldOctets else {
        throw Fault(place: place, cause: .fieldTooLong(limit: Self.mostFieldOctets))
      }
      guard offset < octets.count else { break }
      let octet = octets[offset]
      offset += 1
      guard octet == UInt8(ascii: "\"") else {
        endLine(after: octet)
        continue
      }
      guard offset < octets.count, octets[offset] == octet else {
        let end = offset - 1
        // What stands between the closing quote and the separator belongs to no field.
        offset = endOfField(from: offset)
        return Field(range: start..<end, hasDoubledQuotes: hasDoubled, place: place)
      }
      hasDoubled = true
      offset += 1
    }
    throw Fault(place: place, cause: .openQuote)
  }
}

extension CSVReader.Fault {
  /// What is wrong and what to do, without the place.
  public var sentence: String {
    switch cause {
    case .openQuote: "The quote that opens here is never closed: the file may be cut short. Close it, or fetch the file again."
    case .fieldTooLong(let limit): "A field is longer than \(limit) octets; a closing quote may be missing. Close it."
    case .tooManyFields(let limit): "A row has more than \(limit) fields. Check which character separates them."
    }
  }
}
