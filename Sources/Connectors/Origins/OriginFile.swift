import Estate
import Glibc
internal import Names

/// A regular file that is open for reading.
struct OriginFile {
  let path: String
  let octets: Int
  let changedAt: Timestamp
  private let descriptor: Int32

  init(_ path: String) throws(OriginFault) {
    // The path is passed with its final zero. A pipe must not make us wait for its writer.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .cannotRead(path: path, systemWords(errno)) }
    var status = stat()
    // `status` outlives the call.
    guard unsafe fstat(descriptor, &status) == 0 else {
      let reason = errno
      _ = Glibc.close(descriptor)
      throw .cannotRead(path: path, systemWords(reason))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      _ = Glibc.close(descriptor)
      throw .cannotRead(path: path, "it is not a file")
    }
    (self.path, self.descriptor, octets) = (path, descriptor, Int(status.st_size))
    let nanoseconds = Int64(status.st_mtim.tv_nsec)
    changedAt = Timestamp(milliseconds: Int64(status.st_mtim.tv_sec) &* 1000 &+ nanoseconds / 1_000_000)
    guard octets > 0 else {
      close()
      throw .empty(path: path)
    }
  }

  func close() { _ = Glibc.close(descriptor) }

  /// Octets from an offset on; fewer than asked for at the end only.
  func octets(from offset: Int, count: Int) throws(OriginFault) -> [UInt8] {
    var (filled, reason) = (0, Int32(0))
    let octets = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      while filled < count, let start = buffer.baseAddress {
        // The room left in the buffer.
        let read = unsafe pread(descriptor, start + filled, count - filled, offset + filled)
        if read < 0, errno == EINTR { continue }
        if read < 0 { reason = errno }
        guard read > 0 else { break }
        filled += read
      }
      initialized = filled
    }
    guard reason == 0 else { throw .cannotRead(path: path, systemWords(reason)) }
    return octets
  }

  /// Whether the mark stands in the last 128 kB that begins the description of a MaxMind database (MaxMind DB file format
  /// specification 2.0).
  func hasMaxMindMark() throws(OriginFault) -> Bool {
    let mark: [UInt8] = [0xAB, 0xCD, 0xEF] + Array("MaxMind.com".utf8)
    let end = try octets(from: max(0, octets - 131_072), count: min(octets, 131_072))
    guard end.count >= mark.count else { return false }
    return (0...(end.count - mark.count)).contains { place in end[place] == mark[0] && end[place...].starts(with: mark) }
  }
}
