import Glibc

/// The system's words for an errno.
func systemWords(_ reason: Int32) -> String {
  var words = [CChar](repeating: 0, count: 128)
  unsafe words.withUnsafeMutableBufferPointer { words in
    // 128 characters, as the count says; a zero ends what it writes.
    if let start = words.baseAddress { _ = unsafe strerror_r(reason, start, words.count) }
  }
  return String(decoding: words.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
