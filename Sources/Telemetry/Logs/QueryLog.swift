/// A line for each question that a resolver was asked, as BIND, Unbound and dnsmasq write it. Only who asked, what was asked and what
/// was answered are fields: the rest of the line is the server's own.
enum QueryLog: Sendable {
  /// `client @0x7f 192.0.2.1#53124 (www.example.net): query: www.example.net IN A +E(0)K (192.0.2.53)`
  case bind
  /// `[1764230400] unbound[4711:0] info: 192.0.2.1 www.example.net. A IN`, and with `log-replies` a result after that.
  case unbound
  /// `dnsmasq[4711]: query[A] www.example.net from 192.0.2.1`, `… reply www.example.net is 198.51.100.7`.
  case dnsmasq

  static let names = ["client", "query", "answer", "line", "server"]
  private enum Name { static let (client, query, answer, line, server) = (0, 1, 2, 3, 4) }

  func isOne(_ line: String) -> Bool {
    switch self {
    case .bind: line.contains(": query: ") && line.contains("client ")
    case .unbound:
      line.contains("unbound[") && line.contains("] info: ") || line.contains("] reply: ") || line.contains("] query: ")
    case .dnsmasq: line.contains("dnsmasq[") && line.contains("]: ")
    }
  }

  func read(_ piece: Span<UInt8>, _ range: Range<Int>, line: UInt32, _ fields: inout [LogField]) {
    let before = fields.count
    switch self {
    case .bind: bind(piece, range, line, &fields)
    case .unbound: unbound(piece, range, line, &fields)
    case .dnsmasq: dnsmasq(piece, range, line, &fields)
    }
    // A line of another kind is words.
    if fields.count == before, !range.isEmpty {
      fields.append(LogField(start: range.lowerBound, end: range.upperBound, line: line, name: Name.line, form: .text))
    }
  }

  private func bind(_ piece: Span<UInt8>, _ range: Range<Int>, _ line: UInt32, _ fields: inout [LogField]) {
    guard let client = piece.end(of: "client ", in: range), let query = piece.end(of: ": query: ", in: client..<range.upperBound)
    else { return }
    var words = Words(client..<query)
    while let word = words.next(in: piece) {
      guard piece[word.lowerBound] != UInt8(ascii: "@") else { continue }
      let end = piece.first(UInt8(ascii: "#"), in: word) ?? word.upperBound
      guard end > word.lowerBound else { break }
      fields.append(LogField(start: word.lowerBound, end: end, line: line, name: Name.client, form: .value))
      break
    }
    var rest = Words(query..<range.upperBound)
    guard let name = rest.next(in: piece) else { return }
    fields.append(LogField(start: name.lowerBound, end: name.upperBound, line: line, name: Name.query, form: .value))
  }

  private func unbound(_ piece: Span<UInt8>, _ range: Range<Int>, _ line: UInt32, _ fields: inout [LogField]) {
    guard
      let start = piece.end(of: "] info: ", in: range) ?? piece.end(of: "] reply: ", in: range)
        ?? piece.end(of: "] query: ", in: range)
    else { return }
    var words = Words(start..<range.upperBound)
    guard let client = words.next(in: piece), let name = words.next(in: piece), words.next(in: piece) != nil,
      let rrClass = words.next(in: piece),
      rrClass.count == 2, piece[rrClass.lowerBound] == UInt8(ascii: "I") || piece[rrClass.lowerBound] == UInt8(ascii: "C")
    else { return }
    fields.append(LogField(start: client.lowerBound, end: client.upperBound, line: line, name: Name.client, form: .value))
    fields.append(LogField(start: name.lowerBound, end: name.upperBound, line: line, name: Name.query, form: .value))
  }

  private func dnsmasq(_ piece: Span<UInt8>, _ range: Range<Int>, _ line: UInt32, _ fields: inout [LogField]) {
    guard let process = piece.end(of: "dnsmasq[", in: range), let start = piece.end(of: "]: ", in: process..<range.upperBound)
    else {
      return
    }
    // With `log-queries=extra` a number and the client stand before the verb.
    var words = Words(start..<range.upperBound)
    var (verb, name): (Range<Int>?, Range<Int>?)
    while let word = words.next(in: piece) {
      if let name, piece.equals("is", word), let answer = words.next(in: piece) {
        fields.append(LogField(start: name.lowerBound, end: name.upperBound, line: line, name: Name.query, form: .value))
        // Of a TXT record it is a text.
        fields.append(LogField(start: answer.lowerBound, end: range.upperBound, line: line, name: Name.answer, form: .text))
        return
      }
      // Other lines have these words too: `nameserver 192.0.2.53 refused to do a recursive query`.
      if let name, let verb, piece.isQuestion(verb), piece.equals("from", word), let client = words.next(in: piece) {
        fields.append(LogField(start: name.lowerBound, end: name.upperBound, line: line, name: Name.query, form: .value))
        fields.append(LogField(start: client.lowerBound, end: client.upperBound, line: line, name: Name.client, form: .value))
        return
      }
      if let name, let verb, piece.isQuestion(verb), piece.equals("to", word), let server = words.next(in: piece) {
        fields.append(LogField(start: name.lowerBound, end: name.upperBound, line: line, name: Name.query, form: .value))
        fields.append(LogField(start: server.lowerBound, end: server.upperBound, line: line, name: Name.server, form: .text))
        return
      }
      (verb, name) = (name, word)
    }
  }
}

/// The words of a range, at blanks.
private struct Words {
  private var range: Range<Int>

  init(_ range: Range<Int>) { self.range = range }

  mutating func next(in piece: Span<UInt8>) -> Range<Int>? {
    var start = range.lowerBound
    while start < range.upperBound, piece[start] == 0x20 || piece[start] == 0x09 { start += 1 }
    var end = start
    while end < range.upperBound, piece[end] != 0x20, piece[end] != 0x09 { end += 1 }
    range = end..<range.upperBound
    return start < end ? start..<end : nil
  }
}

extension Span<UInt8> {
  /// Just past the first place where a text stands in a range.
  fileprivate func end(of text: StaticString, in range: Range<Int>) -> Int? {
    let count = text.utf8CodeUnitCount
    guard range.count >= count else { return nil }
    for start in range.lowerBound...(range.upperBound - count) where equals(text, start..<start + count) { return start + count }
    return nil
  }

  /// `query[A]`, `auth[A]`, `dnssec-query[DS]`, `forwarded`.
  fileprivate func isQuestion(_ verb: Range<Int>) -> Bool {
    self[verb.upperBound - 1] == UInt8(ascii: "]") || equals("forwarded", verb)
  }

  fileprivate func equals(_ text: StaticString, _ range: Range<Int>) -> Bool {
    guard range.count == text.utf8CodeUnitCount else { return false }
    for index in 0..<range.count {
      // As many octets as the text has, as was just asked.
      if unsafe self[range.lowerBound + index] != text.utf8Start[index] { return false }
    }
    return true
  }

  fileprivate func first(_ octet: UInt8, in range: Range<Int>) -> Int? {
    for index in range where self[index] == octet { return index }
    return nil
  }
}
