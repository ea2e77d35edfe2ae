internal import Names
internal import Notation

/// One value a line: names, addresses, prefixes, URLs, hashes, e-mail addresses, refanged. A name that starts with a dot means
/// itself and all below it, one that starts with `*.` all below it.
///
/// A line that starts with `#`, `;`, `//` or `!` is a comment, and so is what follows a blank and one of the first three. Several
/// values with blanks or commas between them are each one where all are of a kind; where commas stand as in a table, the first
/// field is the value. What other programs read is read too: see ``content(of:)``. Any other line is told and gives nothing. A
/// line such as `# TLP:AMBER`, wherever it stands, marks the whole list.
public enum PlainList {
  public static let mostLineOctets = 64 << 10

  public static func read(_ octets: [UInt8]) -> Publication {
    var reading = Reading()
    // Lines of a list are short.
    reading.publication.indicators.reserveCapacity(min(octets.count / 16, 1 << 20))
    var (offset, line) = (octets.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0, 0)
    while offset < octets.count {
      let end = octets[offset...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? octets.count
      line += 1
      let place = TextPlace(line: line, column: 1)
      if end - offset > mostLineOctets {
        reading.publication.remark(place, .unsupported("a line of \(end - offset) octets"))
      } else {
        reading.add(octets[offset..<end], at: place)
      }
      offset = end + 1
      if end + 1 < octets.count, octets[end] == 0x0D, octets[end + 1] == 0x0A { offset += 1 }
    }
    reading.end()
    return reading.publication
  }

  /// What the lines say up to the one in hand.
  private struct Reading {
    var publication = Publication(.plainList)
    private var firstNumbers = FirstNumbers()
    /// Of the whole list.
    private var marking: TLP?
    private var isTable = false

    mutating func end() {
      if let marking { publication.markUnmarked(marking) }
    }

    mutating func add(_ line: ArraySlice<UInt8>, at place: TextPlace) {
      if mayBeMarking(line), mark(line, at: place) { return }
      let value = uncommented(line)
      if value.isEmpty { return }
      // Most lines are one value.
      if !value.contains(where: separates), let observable = Observable.detect(value.span) { return take(observable, at: place) }
      switch content(of: value) {
      case .values(let values): for value in values { take(value, at: place) }
      case .row(let first):
        if !isTable { publication.remark(place, .unsupported("what follows the first comma, in this line and below")) }
        isTable = true
        take(first, at: place)
      case .noHost(let name): publication.remark(place, Observable.meansNoHost(name))
      case .other: publication.remark(place, .notOfType(type: "", value: String(decoding: value, as: UTF8.self)))
      }
    }

    /// Takes what a line says of the whole list; `false` where it says nothing of it.
    private mutating func mark(_ line: ArraySlice<UInt8>, at place: TextPlace) -> Bool {
      guard let head = HeadMarking(String(decoding: line, as: UTF8.self)) else { return false }
      marking = TLP.strictest(marking, head.marking)
      if let unreadable = head.unreadable { publication.remark(place, .unreadableMarking(unreadable)) }
      return true
    }

    private mutating func take(_ observable: Observable, at place: TextPlace) {
      if let cause = observable.refusal { return publication.remark(place, cause) }
      let (hash, number) = (FirstNumbers.hash(of: observable), publication.indicators.count)
      if let earlier = firstNumbers.number(of: observable, hash: hash, as: number, in: publication.indicators) {
        return publication.remark(place, .repeated(first: publication.indicators[earlier].place))
      }
      publication.indicators.append(Indicator(id: "line " + String(place.line), place: place, criterion: .value(observable)))
    }
  }

  /// Whether `TLP:` begins a line, behind the marks of a comment.
  static func mayBeMarking(_ line: ArraySlice<UInt8>) -> Bool {
    // In small letters: the bit leaves a colon as it is.
    line.drop(while: isMark).prefix(4).elementsEqual("tlp:".utf8) { $0 | 0x20 == $1 }
  }

  private static func isMark(_ octet: UInt8) -> Bool {
    isBlank(octet) || isCommentMark(octet) || octet == UInt8(ascii: "/") || octet == UInt8(ascii: "*")
  }
}
