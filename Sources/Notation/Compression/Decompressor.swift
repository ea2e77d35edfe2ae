internal import CZlib
internal import CZstd

/// Undoes gzip (RFC 1952) or Zstandard (RFC 8878), a piece at a time; files and frames that follow one another are one text.
///
/// A class, because it owns the state of a C library and gives it back once.
// Safe: the state is made in init, given back in deinit, and used between these by one owner at a time.
@safe public final class Decompressor {
  public enum Form: String, Hashable, Sendable { case gzip, zstd }

  /// Why octets cannot be decompressed.
  public enum Fault: Error, Hashable, Sendable {
    /// In the library's words.
    case damaged(Form, String)
    case outOfMemory(Form)
    /// The file ends where more belongs.
    case cutShort(Form)
    case tooLarge(Form, limit: Int)

    public var sentence: String {
      switch self {
      case .damaged(let form, let reason): "The \(form.rawValue) data is damaged (\(reason)). Fetch the file again."
      case .outOfMemory(let form): "There is not enough memory to undo \(form.rawValue). Decompress the file first."
      case .cutShort(let form): "The file ends in the middle of its \(form.rawValue) data: it may be cut short. Fetch it again."
      case .tooLarge(let form, let limit):
        "The file becomes larger than \(limit >> 20) MB when its \(form.rawValue) data is undone. No published file does."
      }
    }
  }

  /// The form of a file that begins so; `nil` where it is neither.
  public static func form(of head: some Sequence<UInt8>) -> Form? {
    let mark = Array(head.prefix(4))
    if mark.starts(with: [0x1F, 0x8B, 0x08]) { return .gzip }
    if mark == [0x28, 0xB5, 0x2F, 0xFD] { return .zstd }
    // A skippable frame (RFC 8878 §3.1.2).
    return mark.count == 4 && mark[0] & 0xF0 == 0x50 && mark.dropFirst().elementsEqual([0x2A, 0x4D, 0x18]) ? .zstd : nil
  }

  private let form: Form
  private var gzip = unsafe z_stream()
  private var zstd: OpaquePointer? = nil
  /// Where the library writes to; what it wrote is copied from here.
  private var made: [UInt8] = []
  /// All that was begun is ended: here the file may end.
  public private(set) var isWhole = true

  public init(_ form: Form) throws(Fault) {
    self.form = form
    switch form {
    case .gzip:
      // One zeroed structure, ended in deinit.
      guard unsafe czlib_inflate_init(&gzip) == Z_OK else { throw .outOfMemory(form) }
    case .zstd:
      guard let stream = unsafe ZSTD_createDStream() else { throw .outOfMemory(form) }
      unsafe zstd = stream
    // A frame cannot ask for more than 128 MB: the library's own bound on its window.
    }
  }

  deinit {
    unsafe inflateEnd(&gzip)
    unsafe ZSTD_freeDStream(zstd)
  }

  /// Decompresses what comes next.
  ///
  /// - Parameters:
  ///   - input: What is compressed; on return, without what was taken.
  ///   - output: Takes the text after what it holds.
  ///   - room: Octets that it may take. Where all are used, there may be more without further input.
  /// - Throws: ``Fault``; what was before the damage is in the output.
  public func decompress(_ input: inout ArraySlice<UInt8>, into output: inout [UInt8], room: Int) throws(Fault) {
    // Zeros that fill up a tape's block belong to no file; gzip's own reader passes over them.
    if form == .gzip, isWhole { input = input.drop { $0 == 0 } }
    if made.count < room { made = [UInt8](repeating: 0, count: room) }
    var taken = 0
    let (count, fault) =
      switch form {
      case .gzip: gzip(input, room, &taken)
      case .zstd: zstd(input, room, &taken)
      }
    input = input.dropFirst(taken)
    output.append(contentsOf: made[..<count])
    if let fault { throw fault }
  }

  private func gzip(_ input: ArraySlice<UInt8>, _ room: Int, _ taken: inout Int) -> (count: Int, fault: Fault?) {
    unsafe input.withUnsafeBufferPointer { source in
      unsafe made.withUnsafeMutableBufferPointer { target in
        // There is at least so much room. Both are used inside these closures alone, with their own counts.
        unsafe gzip.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
        unsafe gzip.avail_in = UInt32(clamping: source.count)
        unsafe gzip.next_out = target.baseAddress
        unsafe gzip.avail_out = UInt32(clamping: room)
        let offered = unsafe gzip.avail_in
        if offered > 0 { isWhole = false }
        var code = unsafe inflate(&gzip, Z_NO_FLUSH)
        while code == Z_STREAM_END {
          isWhole = true
          guard unsafe inflateReset(&gzip) == Z_OK, unsafe gzip.avail_in > 0, unsafe gzip.avail_out > 0 else { break }
          if unsafe gzip.next_in.pointee == 0 { break }
          isWhole = false
          code = unsafe inflate(&gzip, Z_NO_FLUSH)
        }
        taken = unsafe Int(offered - gzip.avail_in)
        let count = unsafe room - Int(gzip.avail_out)
        if code == Z_MEM_ERROR { return (count, .outOfMemory(form)) }
        guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR else {
          let words = unsafe gzip.msg.map { unsafe String(cString: $0) } ?? "zlib says \(code)"
          return (count, .damaged(form, words))
        }
        return (count, nil)
      }
    }
  }

  private func zstd(_ input: ArraySlice<UInt8>, _ room: Int, _ taken: inout Int) -> (count: Int, fault: Fault?) {
    unsafe input.withUnsafeBufferPointer { source in
      unsafe made.withUnsafeMutableBufferPointer { target in
        // There is at least so much room. Both are used inside these closures alone, with their own counts.
        var given = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
        var made = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: room, pos: 0)
        while unsafe given.pos < given.size && made.pos < made.size {
          let hint = unsafe ZSTD_decompressStream(zstd, &made, &given)
          if ZSTD_isError(hint) != 0 {
            taken = unsafe given.pos
            return (unsafe made.pos, .damaged(form, unsafe String(cString: ZSTD_getErrorName(hint))))
          }
          isWhole = hint == 0
        }
        // What the library holds back comes without further input.
        if !isWhole, unsafe given.pos == given.size, unsafe made.pos < made.size {
          let hint = unsafe ZSTD_decompressStream(zstd, &made, &given)
          if ZSTD_isError(hint) != 0 {
            return (unsafe made.pos, .damaged(form, unsafe String(cString: ZSTD_getErrorName(hint))))
          }
          isWhole = hint == 0
        }
        taken = unsafe given.pos
        return (unsafe made.pos, nil)
      }
    }
  }
}

extension Decompressor {
  /// Undoes a whole file.
  /// - Parameter limit: Octets that the text may have: a small file can become one of any size.
  public static func whole(_ octets: [UInt8], _ form: Form, atMost limit: Int) throws(Fault) -> [UInt8] {
    let decompressor = try Decompressor(form)
    var (input, output, part) = (octets[...], [UInt8](), [UInt8]())
    while true {
      let had = input.count
      part.removeAll(keepingCapacity: true)
      try decompressor.decompress(&input, into: &part, room: 1 << 20)
      // Before it grows, since it doubles.
      guard output.count + part.count <= limit else { throw .tooLarge(form, limit: limit) }
      output += part
      if part.isEmpty, input.count == had { break }
    }
    guard input.isEmpty, decompressor.isWhole else { throw .cutShort(form) }
    return output
  }
}
