internal import Names

/// The columns of a Zeek log in Zeek's own form: tabs between fields, and lines with `#` that say what these are.
struct ZeekColumns: Sendable {
  /// `dns`, `conn`.
  let path: String
  /// Of the columns, and of a line that has not these.
  let names: [String]
  private let columns: Int
  private let separator: UInt8
  /// The columns that hold what is looked for, in their order, and how each is read.
  private let wanted: [(number: Int, form: LogField.Form)]

  /// Zeek's own logs whose columns are known.
  private static let known: Set<String> = ["conn", "dns", "files", "http", "ssl", "x509"]
  /// Columns of text that hold words of Zeek in these, never a value from outside.
  private static let ownWords: Set<String> = [
    "uid", "fuid", "proto", "service", "qclass_name", "qtype_name", "rcode_name", "conn_state", "history", "method", "version",
    "cipher", "curve", "source", "mime_type", "status_msg", "tunnel_parents", "trans_id", "next_protocol", "last_alert",
  ]
  /// Columns of text that hold one name or address.
  private static let oneValue: Set<String> = ["query", "server_name", "host"]

  /// - Parameter earlier: Of the header before this one, in a log of several: what this one does not say is as there.
  /// - Returns: `nil` where the head is not Zeek's.
  init?(head: [UInt8], after earlier: ZeekColumns? = nil) {
    guard earlier != nil || head.starts(with: Array("#separator ".utf8)) || head.starts(with: Array("#fields".utf8)) else {
      return nil
    }
    var (separator, path, names, types) = (earlier?.separator ?? 0x09, earlier?.path ?? "", [String](), [String]())
    for line in head.split(separator: 0x0A) {
      // What follows the first line of data is of another header.
      guard line.first == UInt8(ascii: "#") else { break }
      let text = String(decoding: line, as: UTF8.self).replacing("\r", with: "")
      if text.hasPrefix("#separator \\x"), let octet = UInt8(text.dropFirst(13), radix: 16) { separator = octet }
      let parts = text.split(separator: Character(Unicode.Scalar(separator)), omittingEmptySubsequences: false).map(String.init)
      switch parts[0] {
      case "#path": path = parts.dropFirst().first ?? ""
      case "#fields": names = Array(parts.dropFirst())
      case "#types": types = Array(parts.dropFirst())
      default: break
      }
    }
    guard !names.isEmpty, names.count < LogField.nameInLine, separator != 0x0A else { return nil }
    (self.separator, self.path, self.names, columns) = (separator, path, names + ["line"], names.count)
    wanted = names.enumerated().compactMap { index, name in
      Self.form(of: name, type: index < types.count ? types[index] : "string", isKnown: Self.known.contains(path)).map {
        (index, $0)
      }
    }
  }

  private static func form(of name: String, type: String, isKnown: Bool) -> LogField.Form? {
    if type == "addr" || oneValue.contains(name) { return .value }
    let isText = ["string", "addr", "subnet"].contains { type == $0 || type.hasSuffix("[\($0)]") }
    return isText && !(isKnown && ownWords.contains(name)) ? .text : nil
  }

  /// Sixty-four octets at a time: where separators and ends of lines stand are bits in a word.
  func read(_ piece: Span<UInt8>, _ fields: inout [LogField]) -> Int {
    // Where the columns of the line in hand end, of those that have a name; and how many there are. Behind them is room for as many
    // more as are found at a time.
    var places = [UInt32](repeating: 0, count: columns + 64)
    var ends = places.mutableSpan
    var (count, line, start) = (0, UInt32(0), 0)
    for offset in stride(from: 0, to: piece.count, by: 64) {
      var (marks, lineEnds) = marks(piece, offset)
      while lineEnds != 0 {
        // The marks up to and with the end of the line.
        let upTo = lineEnds ^ (lineEnds &- 1)
        add(marks & upTo, offset, &ends, &count)
        take(piece, start, ends.span.extracting(0..<count), line, &fields)
        start = offset + lineEnds.trailingZeroBitCount + 1
        line &+= 1
        count = 0
        marks &= ~upTo
        lineEnds &= lineEnds &- 1
      }
      add(marks, offset, &ends, &count)
    }
    guard start < piece.count else { return Int(line) }
    add(1, piece.count, &ends, &count)
    take(piece, start, ends.span.extracting(0..<count), line, &fields)
    return Int(line) + 1
  }

  /// Separators and ends of lines among sixty-four octets, a bit each, and the ends alone.
  @inline(__always) private func marks(_ piece: Span<UInt8>, _ offset: Int) -> (all: UInt64, ends: UInt64) {
    guard piece.count - offset >= 64 else { return lastMarks(piece, offset) }
    // The ends: bit k of octet j is for octet j of word k.
    var (all, turned) = (UInt64(0), UInt64(0))
    for index in 0..<8 {
      // Sixty-four octets from `offset` on are in the piece, as was just asked.
      let octets = unsafe EightOctets(unchecked: piece.bytes, at: offset &+ 8 &* index)
      let ends = octets.equal(to: 0x0A)
      turned |= ends &>> UInt64(7 &- index)
      all |= EightOctets.packed(octets.equal(to: separator) | ends) &<< UInt64(8 &* index)
    }
    guard turned != 0 else { return (all, 0) }
    if turned & (turned &- 1) == 0 {
      let place = turned.trailingZeroBitCount
      return (all, 1 &<< UInt64(8 &* (place & 7) &+ place &>> 3))
    }
    var (rest, ends) = (all, UInt64(0))
    while rest != 0 {
      if piece[offset &+ rest.trailingZeroBitCount] == 0x0A { ends |= rest & (0 &- rest) }
      rest &= rest &- 1
    }
    return (all, ends)
  }

  /// The same of fewer octets.
  private func lastMarks(_ piece: Span<UInt8>, _ offset: Int) -> (all: UInt64, ends: UInt64) {
    var (all, ends) = (UInt64(0), UInt64(0))
    for place in offset..<piece.count {
      let bit = UInt64(1) << UInt64(place - offset)
      if piece[place] == 0x0A { ends |= bit }
      if piece[place] == 0x0A || piece[place] == separator { all |= bit }
    }
    return (all, ends)
  }

  @inline(__always) private func take(
    _ piece: Span<UInt8>, _ start: Int, _ ends: Span<UInt32>, _ line: UInt32, _ fields: inout [LogField]
  ) {
    // A line with `#` is about the log.
    guard piece[start] != UInt8(ascii: "#") else { return }
    guard ends.count == columns else {
      // A line of another log, or one that was cut: words.
      let end = Int(ends[ends.count - 1])
      if end > start { fields.append(LogField(start: start, end: end, line: line, name: columns, form: .text)) }
      return
    }
    for column in wanted {
      let from = column.number == 0 ? start : Int(ends[column.number - 1]) + 1
      var end = Int(ends[column.number])
      if column.number == columns - 1, end > from, piece[end - 1] == 0x0D { end -= 1 }
      // A value that is not set.
      if end == from || end - from == 1 && piece[from] == UInt8(ascii: "-") { continue }
      fields.append(LogField(start: from, end: end, line: line, name: column.number, form: column.form))
    }
  }

  /// - Parameter marks: A bit for each octet from `offset` on.
  @inline(__always) private func add(_ marks: UInt64, _ offset: Int, _ ends: inout MutableSpan<UInt32>, _ count: inout Int) {
    var marks = marks
    // What is behind the columns that have a name is told from nothing.
    count = min(count, columns)
    while marks != 0 {
      // As many as there are bits, and there is room for these behind the columns.
      unsafe ends[unchecked: count] = UInt32(truncatingIfNeeded: offset &+ marks.trailingZeroBitCount)
      count &+= 1
      marks &= marks &- 1
    }
  }
}
