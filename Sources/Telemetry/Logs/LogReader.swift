/// Finds the values in a log, a piece of whole lines at a time.
///
/// The form is told by how the log begins. A line that is not of that form is read as words, so nothing in it is lost.
public struct LogReader: Sendable {
  public enum Form: Hashable, Sendable {
    /// Zeek's own form, tab-separated, with `#fields`.
    case zeek(path: String)
    /// A JSON object a line: Zeek's, passive DNS (COF), or anybody's.
    case jsonLines
    case bind, unbound, dnsmasq
    case text

    /// As commands and JSON spell it.
    public var word: String {
      switch self {
      case .zeek: "zeek"
      case .jsonLines: "json-lines"
      case .bind: "bind"
      case .unbound: "unbound"
      case .dnsmasq: "dnsmasq"
      case .text: "text"
      }
    }
  }

  /// A piece is at most this long, so that 32 bits count its octets.
  public static let mostPieceOctets = 1 << 30
  /// By how much of its beginning a log is told.
  public static let headOctets = 64 << 10

  public let form: Form
  /// The names of fields, where these do not stand in every line.
  let names: [String]
  let zeek: ZeekColumns?
  /// How words are read.
  private let words: LogField.Form

  /// - Parameter head: How the log begins: ``headOctets`` of it, or all.
  public init(head: [UInt8]) {
    words = .text
    // A byte order mark says nothing.
    if let columns = ZeekColumns(head: head.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(head.dropFirst(3)) : head) {
      (form, names, zeek) = (.zeek(path: columns.path), columns.names, columns)
      return
    }
    zeek = nil
    let lines = head.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }).prefix(20)
      .map { String(decoding: $0, as: UTF8.self) }
    if lines.contains(where: { $0.drop { $0 == " " || $0 == "\u{FEFF}" }.hasPrefix("{") }) {
      (form, names) = (.jsonLines, ["line"])
    } else if lines.contains(where: { QueryLog.bind.isOne($0) }) {
      (form, names) = (.bind, QueryLog.names)
    } else if lines.contains(where: { QueryLog.unbound.isOne($0) }) {
      (form, names) = (.unbound, QueryLog.names)
    } else if lines.contains(where: { QueryLog.dnsmasq.isOne($0) }) {
      (form, names) = (.dnsmasq, QueryLog.names)
    } else {
      (form, names) = (.text, ["line"])
    }
  }

  private init(_ columns: ZeekColumns) {
    (form, names, zeek, words) = (.zeek(path: columns.path), columns.names, columns, .text)
  }

  private init(wordsOf form: Form) {
    (self.form, names, zeek) = (.text, ["line"], nil)
    words = form == .jsonLines ? .escapedText : .text
  }

  /// Cuts a piece of whole lines where another header of Zeek begins: each part with what reads it, in their order. Most pieces have
  /// none, and are one part.
  public func parts(of piece: Span<UInt8>) -> [(range: Range<Int>, reader: LogReader)] {
    guard zeek != nil else { return [(0..<piece.count, self)] }
    var (parts, start, searched, reader) = ([(range: Range<Int>, reader: LogReader)](), 0, 0, self)
    while let header = ZeekHeader.next(in: piece, from: searched) {
      let lines = header.map { piece[$0] }
      if let columns = ZeekColumns(head: lines, after: reader.zeek) {
        if header.lowerBound > start { parts.append((start..<header.lowerBound, reader)) }
        (start, reader) = (header.lowerBound, LogReader(columns))
      }
      searched = header.upperBound
    }
    return parts + [(start..<piece.count, reader)]
  }

  /// What reads the rest of a line that was cut: as words, since nobody knows what a quote or a column is there.
  public var restOfLine: LogReader { LogReader(wordsOf: form) }

  /// Finds the values of a piece.
  ///
  /// - Parameters:
  ///   - piece: Whole lines, at most ``mostPieceOctets``; the last one may lack its end.
  ///   - fields: Takes the fields in the place of what it held, in the order of the text.
  /// - Returns: How many lines there are.
  public func read(_ piece: Span<UInt8>, _ fields: inout [LogField]) -> Int {
    fields.removeAll(keepingCapacity: true)
    precondition(piece.count <= Self.mostPieceOctets)
    if let zeek { return zeek.read(piece, &fields) }
    var lines = Lines()
    while let range = lines.next(in: piece) {
      switch form {
      case .jsonLines: JSONLine.read(piece, range, line: lines.number, &fields)
      case .bind: QueryLog.bind.read(piece, range, line: lines.number, &fields)
      case .unbound: QueryLog.unbound.read(piece, range, line: lines.number, &fields)
      case .dnsmasq: QueryLog.dnsmasq.read(piece, range, line: lines.number, &fields)
      case .text, .zeek:
        fields.append(LogField(start: range.lowerBound, end: range.upperBound, line: lines.number, name: 0, form: words))
      }
    }
    return Int(lines.count)
  }

  /// Under which names fields stand, as a person is told.
  /// - Parameter fields: Of this piece, in the order in which they were found.
  public func names(of fields: some Sequence<LogField>, in piece: Span<UInt8>) -> [String] {
    let places = fields.lazy.filter { $0.name == LogField.nameInLine }.map { Int($0.start) }
    var paths = JSONPath.names(of: Array(places), in: piece).makeIterator()
    return fields.map { field in
      guard field.name == LogField.nameInLine else { return names[Int(field.name)] }
      return paths.next().flatMap { $0.isEmpty ? nil : $0 } ?? names[0]
    }
  }
}

/// The lines of a piece, without their ends.
struct Lines {
  private var offset = 0
  /// Of the line that was given last, from 0.
  private(set) var number: UInt32 = 0
  private(set) var count: UInt32 = 0

  mutating func next(in piece: Span<UInt8>) -> Range<Int>? {
    guard offset < piece.count else { return nil }
    (number, count) = (count, count &+ 1)
    let start = offset
    var end = start
    while end < piece.count, piece[end] != 0x0A { end += 1 }
    offset = end + 1
    return start..<(end > start && piece[end - 1] == 0x0D ? end - 1 : end)
  }
}
