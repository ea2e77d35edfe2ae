/// Where the host stands in a URL (RFC 3986 §3.2), or in the beginning of one that lacks its scheme.
enum URLHost {
  static func range(of url: Span<UInt8>) -> Range<Int>? { range(of: url, 0, url.count) }

  static func range(of url: Span<UInt8>, _ start: Int, _ end: Int) -> Range<Int>? {
    var (first, last) = (start, end)
    var place = start
    // The authority stands between `//` and the next `/`, `?` or `#`.
    while place + 2 < end {
      if url[place] == UInt8(ascii: ":"), url[place + 1] == UInt8(ascii: "/"), url[place + 2] == UInt8(ascii: "/") {
        first = place + 3
        break
      }
      if url[place] == UInt8(ascii: "/") { break }
      place += 1
    }
    place = first
    while place < end, url[place] != UInt8(ascii: "/"), url[place] != UInt8(ascii: "?"), url[place] != UInt8(ascii: "#") {
      if url[place] == UInt8(ascii: "@") { first = place + 1 }
      place += 1
    }
    last = place
    if first < last, url[first] == UInt8(ascii: "[") {
      place = first
      while place < last, url[place] != UInt8(ascii: "]") { place += 1 }
      return place < last && place > first + 1 ? first + 1..<place : nil
    }
    place = first
    while place < last, url[place] != UInt8(ascii: ":") { place += 1 }
    return place > first ? first..<place : nil
  }
}
