import Glibc

/// An extended regular expression (POSIX.1-2017, XBD 9.4) for the text of a TXT record, as octets.
///
/// The C library's matcher, since it never goes back: what a hostile server answers cannot make it slow. Back-references, which
/// would, are refused.
public struct TextPattern: Hashable, Sendable, CustomStringConvertible {
  /// Why a pattern cannot be used, in the C library's words.
  public struct Fault: Error, Hashable, Sendable {
    public var reason: String
  }

  public static let mostOctets = 1000
  /// The C library copies what `{m,n}` and `+` repeat, and takes memory with the square of it: some 30 MB for this many.
  public static let mostWrittenOut = 1000

  public let source: String
  private let compiled: Compiled

  public init(_ source: String) throws(Fault) {
    guard source.utf8.count <= Self.mostOctets else { throw Fault(reason: "longer than \(Self.mostOctets) octets") }
    guard !source.utf8.contains(0) else { throw Fault(reason: "it holds a NUL") }
    var isEscaped = false
    for octet in source.utf8 {
      if isEscaped, octet &- 0x30 < 10 { throw Fault(reason: "back-references such as \\1 are not allowed") }
      isEscaped = !isEscaped && octet == UInt8(ascii: "\\")
    }
    guard Self.writtenOut(source) <= Self.mostWrittenOut else {
      throw Fault(reason: "it repeats too much; at most \(Self.mostWrittenOut) characters may come out of {} and + together")
    }
    self.source = source
    compiled = try Compiled(source)
  }

  public var description: String { source }

  /// Whether the pattern occurs anywhere in the text.
  public func occurs(in text: [UInt8]) -> Bool { compiled.occurs(in: text) }

  public static func == (left: TextPattern, right: TextPattern) -> Bool { left.source == right.source }
  public func hash(into hasher: inout Hasher) { hasher.combine(source) }
}

/// A compiled pattern. A class, because it is given back to the C library once, when nobody has it any more.
// Unchecked: written in init and freed in deinit only; between these it is read, and POSIX lets threads call regexec on one pattern.
@safe private final class Compiled: @unchecked Sendable {
  private let pattern: UnsafeMutablePointer<regex_t>

  init(_ source: String) throws(TextPattern.Fault) {
    // Kept only once it is compiled: a class whose parts are all there and that throws is ended with `deinit`.
    let pattern = UnsafeMutablePointer<regex_t>.allocate(capacity: 1)
    // One zeroed structure, filled by regcomp and given back in deinit or below.
    unsafe pattern.initialize(to: regex_t())
    let code = unsafe regcomp(pattern, source, REG_EXTENDED | REG_NOSUB)
    guard code == 0 else {
      var words = [CChar](repeating: 0, count: 200)
      unsafe regerror(code, pattern, &words, words.count)
      unsafe pattern.deallocate()
      throw TextPattern.Fault(reason: String(decoding: words.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
    unsafe self.pattern = pattern
  }

  deinit {
    unsafe regfree(pattern)
    unsafe pattern.deallocate()
  }

  func occurs(in text: [UInt8]) -> Bool {
    // REG_STARTEND: the text ends where the range says, so that a NUL in it ends nothing.
    var range = [regmatch_t(rm_so: 0, rm_eo: regoff_t(clamping: text.count))]
    return unsafe text.withUnsafeBytes { octets in
      let empty: [CChar] = [0]
      guard let base = octets.baseAddress else { return unsafe regexec(pattern, empty, 1, &range, 1 << 2) == 0 }
      // Read within `range` only, which is the array's own.
      return unsafe regexec(pattern, base.assumingMemoryBound(to: CChar.self), 1, &range, 1 << 2) == 0
    }
  }
}
