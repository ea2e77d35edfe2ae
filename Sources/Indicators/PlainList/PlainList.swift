internal import Names
internal import Notation

/// One value a line: names, addresses, prefixes, URLs, hashes, e-mail addresses, refanged. A name that starts with a dot means itself
/// and all below it, one that starts with `*.` all below it; `#` and `;` start a comment. The form of hosts files, an address and
/// then names, is read too, and means the names.
public enum PlainList {
  public static let mostLineOctets = 64 << 10

  public static func read(_ octets: [UInt8]) -> Publication {
    var publication = Publication(.plainList)
    var firstNumbers = FirstNumbers()
    // Lines of a list are short.
    publication.indicators.reserveCapacity(min(octets.count / 16, 1 << 20))
    var (offset, line) = (octets.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0, 0)
    while offset < octets.count {
      let end = octets[offset...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? octets.count
      line += 1
      let place = TextPlace(line: line, column: 1)
      if end - offset > mostLineOctets {
        publication.remark(place, .unsupported("a line of \(end - offset) octets"))
      } else {
        add(octets[offset..<end], at: place, &publication, &firstNumbers)
      }
      offset = end + 1
      if end + 1 < octets.count, octets[end] == 0x0D, octets[end + 1] == 0x0A { offset += 1 }
    }
    return publication
  }

  private static func add(
    _ line: ArraySlice<UInt8>, at place: TextPlace, _ publication: inout Publication, _ firstNumbers: inout FirstNumbers
  ) {
    let value = value(line)
    guard !value.isEmpty else { return }
    guard value.contains(where: isBlank) else { return add(value.span, at: place, &publication, &firstNumbers) }
    for word in words(value) { add(word.utf8.span, at: place, &publication, &firstNumbers) }
  }

  private static func add(
    _ written: Span<UInt8>, at place: TextPlace, _ publication: inout Publication, _ firstNumbers: inout FirstNumbers
  ) {
    guard let observable = Observable.detect(written) else {
      return publication.remark(place, .notOfType(type: "", value: written.string))
    }
    if observable.isEveryAddress { return publication.remark(place, observable.meansEveryAddress) }
    let (hash, number) = (FirstNumbers.hash(of: observable), publication.indicators.count)
    if let earlier = firstNumbers.number(of: observable, hash: hash, as: number, in: publication.indicators) {
      return publication.remark(place, .repeated(first: publication.indicators[earlier].place))
    }
    publication.indicators.append(Indicator(id: "line " + String(place.line), place: place, criterion: .value(observable)))
  }

  private static func isBlank(_ octet: UInt8) -> Bool { octet == 0x20 || octet == 0x09 }

  /// What stands in a line before a comment, without blanks around it. A `#` inside a word belongs to a URL.
  private static func value(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var value = line.drop(while: isBlank)
    guard let first = value.first, first != UInt8(ascii: "#"), first != UInt8(ascii: ";"), !value.starts(with: [0x2F, 0x2F])
    else {
      return []
    }
    for index in value.indices.dropFirst() where value[index] == UInt8(ascii: "#") && isBlank(value[index - 1]) {
      value = value[..<index]
      break
    }
    while let last = value.last, isBlank(last) { value = value.dropLast() }
    // A list that was a column or an array before: what stood around its values is none of them.
    while let last = value.last, last == UInt8(ascii: ",") || last == UInt8(ascii: ";") { value = value.dropLast() }
    if value.count > 2, value.first == UInt8(ascii: "\""), value.last == UInt8(ascii: "\"") {
      value = value.dropFirst().dropLast()
    }
    return value
  }

  /// The names of a line of a hosts file; any other line is one value.
  private static func words(_ value: ArraySlice<UInt8>) -> [String] {
    let words = value.split(whereSeparator: isBlank).map { String(decoding: $0, as: UTF8.self) }
    let names = words.dropFirst().filter { $0 != "localhost" }
    guard case .address? = Observable.detect(words[0]), names.allSatisfy({ Observable.detect($0) != nil }) else {
      return [String(decoding: value, as: UTF8.self)]
    }
    return names
  }
}
