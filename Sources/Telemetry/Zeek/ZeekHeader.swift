private import Glibc

/// The lines with `#` before the data of a Zeek log. Of several logs in one file each has its own.
enum ZeekHeader {
  /// Where the next header with `#fields` begins in a piece of whole lines, at `start` or behind it; `start` is where a line begins.
  static func next(in piece: Span<UInt8>, from start: Int) -> Range<Int>? {
    // Lines with # that follow one another.
    var (block, blockEnd, namesFields) = (start, start, false)
    var place = start
    while let mark = firstMark(piece, place) {
      guard mark == start || piece[mark - 1] == 0x0A else {
        place = mark + 1
        continue
      }
      if mark != blockEnd {
        if namesFields { return block..<blockEnd }
        block = mark
      }
      if begins(piece, mark, "#fields") { namesFields = true }
      blockEnd = lineEnd(piece, mark)
      place = blockEnd
    }
    return namesFields ? block..<blockEnd : nil
  }

  private static func firstMark(_ piece: Span<UInt8>, _ start: Int) -> Int? {
    // Every octet of a log is asked, and memchr asks many at a time. The pointer stays in the closure, and the count is the span's.
    unsafe piece.extracting(start..<piece.count).withUnsafeBytes { bytes in
      guard let first = bytes.baseAddress, let found = unsafe memchr(first, 0x23, bytes.count) else { return nil }
      return unsafe start + (UnsafeRawPointer(found) - first)
    }
  }

  private static func lineEnd(_ piece: Span<UInt8>, _ start: Int) -> Int {
    var place = start
    while place < piece.count, piece[place] != 0x0A { place += 1 }
    return min(place + 1, piece.count)
  }

  private static func begins(_ piece: Span<UInt8>, _ start: Int, _ text: StaticString) -> Bool {
    guard piece.count - start >= text.utf8CodeUnitCount else { return false }
    // As many octets as the text has, as was just asked.
    for index in 0..<text.utf8CodeUnitCount where unsafe piece[start + index] != text.utf8Start[index] { return false }
    return true
  }
}
