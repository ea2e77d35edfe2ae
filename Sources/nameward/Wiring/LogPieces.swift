import Foundation
import Glibc
import Notation
import Telemetry

/// A log in pieces of whole lines, decompressed where it is compressed. Memory does not grow with the log.
struct LogPieces {
  /// Near the processor, and large enough that nothing is paid for a piece.
  static let pieceOctets = 1 << 20
  /// A line that is longer is cut, between two words where there are any in so many octets.
  private static let longestWord = 64 << 10

  /// What begins so tells whether it is compressed, or dnstap.
  private static let tellingOctets = 12

  private let path: String
  private let file: FileHandle
  private let decompressor: Decompressor?
  /// Frames that become lines, and the octets of one that is not whole yet.
  private var frames: DnstapLines?
  var isDnstap: Bool { frames != nil }
  /// Frames of dnstap so far that hold no message that can be read.
  var unreadFrames: Int { frames?.unread ?? 0 }
  private var frame: [UInt8] = []
  /// Whole frames may be among these.
  private var hasFrames = false
  /// Read and not yet decompressed; what belongs to the next piece.
  private var input: ArraySlice<UInt8> = []
  private var rest: [UInt8] = []
  /// The next piece goes on in a line that was cut.
  private var isInLine = false
  /// The piece that was given last began in a line that was cut, and is nothing but what is left of it, or more of it.
  private(set) var isRestOfLine = false
  /// What was read to see what the log is.
  private var first: [UInt8] = []
  private var isAtEnd = false
  /// Why it ends before its end: told after what was read.
  private var fault: Reading.Unreadable?
  /// The last read gave all that there was: a pipe, whose reader waits for what it has.
  private var wasShort = false
  /// Compressed octets of the file that were read, for the progress line.
  private(set) var octetsRead = 0

  /// - Parameter path: A file, or `-` for standard input.
  init(_ path: String) throws {
    self.path = path
    file = try path == "-" ? .standardInput : Reading.open(path)
    input = try Self.read(file, path, behind: [])[...]
    // A pipe may give less than tells what it is.
    while input.count < Self.tellingOctets, case let more = try Self.read(file, path, behind: Array(input)),
      more.count > input.count
    {
      input = more[...]
    }
    octetsRead = input.count
    if let form = Decompressor.form(of: input) {
      do { decompressor = try Decompressor(form) } catch { throw Reading.Unreadable(description: "\(path): \(error.sentence)") }
    } else {
      decompressor = nil
    }
    if input.isEmpty { return }
    var head: [UInt8] = []
    do throws(Reading.Unreadable) {
      try plain(&head)
      while head.count < Self.tellingOctets, !isAtEnd {
        if input.isEmpty {
          input = try Self.read(file, path, behind: [])[...]
          note(input.count)
          if input.isEmpty { break }
        }
        try plain(&head)
      }
    } catch {
      if head.isEmpty { throw error }
      fault = error
    }
    if FrameStream.begins(head) { frames = DnstapLines() }
    first = head
  }

  /// Some octets, and those that the file has next behind them.
  private static func read(_ file: FileHandle, _ path: String, behind rest: [UInt8]) throws(Reading.Unreadable) -> [UInt8] {
    var fault: Int32 = 0
    // There is room for the rest and a piece. The kernel fills at most a piece, and says how much.
    let piece = unsafe [UInt8](unsafeUninitializedCapacity: rest.count + pieceOctets) { buffer, count in
      _ = unsafe buffer.initialize(fromContentsOf: rest)
      let room = unsafe UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[rest.count...])
      var read = 0
      repeat { read = unsafe Glibc.read(file.fileDescriptor, room.baseAddress, room.count) } while read < 0 && errno == EINTR
      if read < 0 { fault = errno }
      count = rest.count + max(0, read)
    }
    guard fault == 0 else {
      throw Reading.Unreadable(description: "\(path) cannot be read: \(unsafe String(cString: strerror(fault)))")
    }
    return piece
  }

  /// The next lines, with their ends; `nil` at the end. The last line may lack its end.
  mutating func next() throws -> [UInt8]? {
    var piece = rest
    rest = []
    isRestOfLine = isInLine
    var (looked, lineEnd) = (0, Int?.none)
    while true {
      // What is left of a line ends with it, since what follows is of the log's own form again.
      let end = isInLine ? piece[looked...].firstIndex(of: 0x0A) : piece[looked...].lastIndex(of: 0x0A)
      if let end { lineEnd = end + 1 }
      if let lineEnd, isInLine || wasShort || piece.count >= Self.pieceOctets / 2 {
        isInLine = false
        return take(lineEnd, of: &piece)
      }
      if piece.count >= Self.pieceOctets {
        isInLine = true
        return take(Self.border(of: piece), of: &piece)
      }
      if isAtEnd {
        if piece.isEmpty, let fault { throw fault }
        return piece.isEmpty ? nil : piece
      }
      looked = piece.count
      do { try more(&piece) } catch { (fault, isAtEnd) = (error, true) }
    }
  }

  /// - Returns: The beginning of a piece; the rest is for the next one.
  private mutating func take(_ count: Int, of piece: inout [UInt8]) -> [UInt8] {
    rest = Array(piece[count...])
    piece.removeSubrange(count...)
    return piece
  }

  /// Where a piece of a line may end: after a blank or a quote, which no value has in it.
  private static func border(of piece: [UInt8]) -> Int {
    let words = piece.suffix(longestWord)
    let end =
      words.lastIndex { $0 <= 0x20 || $0 == UInt8(ascii: "\"") }
      // Few values have one of these.
      ?? words.lastIndex { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ";") }
    return end.map { $0 + 1 } ?? piece.count
  }

  /// Adds what comes next, some ``pieceOctets`` of it.
  private mutating func more(_ piece: inout [UInt8]) throws(Reading.Unreadable) {
    if !first.isEmpty {
      let head = first
      first = []
      if frames == nil { piece.append(contentsOf: head) } else { try take(head, &piece) }
      return
    }
    if fault != nil, !hasFrames {
      isAtEnd = true
      return
    }
    if decompressor == nil, frames == nil, piece.count <= Self.longestWord {
      // Most logs: little is moved again.
      let before = piece.count
      piece = try Self.read(file, path, behind: piece)
      note(piece.count - before)
      isAtEnd = piece.count == before
      return
    }
    if hasFrames { return try take([], &piece) }
    if input.isEmpty {
      input = try Self.read(file, path, behind: [])[...]
      note(input.count)
      if input.isEmpty, decompressor?.isWhole ?? true {
        isAtEnd = true
        if !frame.isEmpty {
          throw Reading.Unreadable(description: "\(path) ends in the middle of a frame: it may be cut short. Fetch it again")
        }
        return
      }
    }
    if frames == nil { return try plain(&piece) }
    var more: [UInt8] = []
    try plain(&more)
    try take(more, &piece)
  }

  private mutating func note(_ read: Int) {
    octetsRead += read
    wasShort = read < Self.pieceOctets
  }

  /// Turns frames into lines, as many as a piece has room for.
  private mutating func take(_ octets: [UInt8], _ piece: inout [UInt8]) throws(Reading.Unreadable) {
    frame += octets
    do { hasFrames = try frames?.take(&frame, into: &piece, upTo: Self.pieceOctets) ?? false } catch {
      throw Reading.Unreadable(description: "\(path): \(error.sentence.dropLast())")
    }
  }

  /// Adds what comes next, decompressed.
  private mutating func plain(_ octets: inout [UInt8]) throws(Reading.Unreadable) {
    guard let decompressor else {
      octets.append(contentsOf: input)
      input = []
      return
    }
    let (before, had) = (octets.count, input.count)
    do {
      try decompressor.decompress(&input, into: &octets, room: Self.pieceOctets)
    } catch {
      throw Reading.Unreadable(description: "\(path): \(error.sentence.dropLast())")
    }
    if octets.count == before, input.count == had {
      throw Reading.Unreadable(
        description: "\(path) ends in the middle of its compressed data: it may be cut short. Fetch it again")
    }
  }
}
