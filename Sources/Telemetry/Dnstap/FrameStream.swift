/// The frames of a Frame Streams file (farsightsec/fstrm, "Frame Streams"): four octets of length, most significant first, and a
/// payload; a length of zero escapes a control frame.
public struct FrameStream: Sendable {
  /// Why the stream ends before its end.
  public enum Fault: Error, Hashable, Sendable {
    case frameTooLong(octets: Int, frame: Int)
    /// What the stream holds is not dnstap.
    case contentType(String)
    /// A control frame that does not hold together.
    case control(frame: Int)
    /// Octets after the control frame STOP.
    case followed(frame: Int)

    public var sentence: String {
      switch self {
      case .frameTooLong(let octets, let frame):
        "Frame \(frame) says that it has \(octets) octets; at most \(FrameStream.mostFrameOctets) are read. The file is damaged."
      case .contentType(let text): "The stream holds \"\(text)\", where dnstap (\(FrameStream.dnstap)) belongs."
      case .followed(let frame):
        "Something follows the end of the stream after frame \(frame), and is not read. Give each stream a file of its own."
      case .control(let frame): "The control frame before frame \(frame) does not hold together. The file is damaged."
      }
    }
  }

  public static let dnstap = "protobuf:dnstap.Dnstap"
  /// Far above a message of 64 kB with all that dnstap adds to it.
  public static let mostFrameOctets = 1 << 20
  private static let mostControlOctets = 512

  /// Data frames that were given.
  public private(set) var count = 0
  public private(set) var isStopped = false

  public init() {}

  /// Whether a file begins with the control frame START (type 2).
  public static func begins(_ head: some Collection<UInt8>) -> Bool {
    let octets = Array(head.prefix(12))
    return octets.count == 12 && octets[0..<4].allSatisfy { $0 == 0 } && octets[8..<12].elementsEqual([0, 0, 0, 2])
  }

  /// The next data frame.
  ///
  /// - Parameter offset: Where the next frame starts; on return, past what was read.
  /// - Returns: `nil` where the octets end before a whole frame does, or the stream was stopped.
  public mutating func next(_ octets: [UInt8], at offset: inout Int) throws(Fault) -> Range<Int>? {
    while !isStopped, let length = Self.number(octets, at: offset) {
      if length == 0 {
        guard let size = Self.number(octets, at: offset + 4) else { return nil }
        guard size >= 4, size <= Self.mostControlOctets else { throw .control(frame: count + 1) }
        guard octets.count - offset - 8 >= size else { return nil }
        try control(octets, offset + 8..<offset + 8 + size)
        offset += 8 + size
        continue
      }
      guard length <= Self.mostFrameOctets else { throw .frameTooLong(octets: length, frame: count + 1) }
      guard octets.count - offset - 4 >= length else { return nil }
      let frame = offset + 4..<offset + 4 + length
      offset += 4 + length
      count += 1
      return frame
    }
    return nil
  }

  private mutating func control(_ octets: [UInt8], _ range: Range<Int>) throws(Fault) {
    switch Self.number(octets, at: range.lowerBound) {
    case 2:  // START, with the content type as its one field
      guard range.count > 4 else { return }
      guard Self.number(octets, at: range.lowerBound + 4) == 1, let size = Self.number(octets, at: range.lowerBound + 8),
        size == range.count - 12
      else { throw .control(frame: count + 1) }
      let type = String(decoding: octets[(range.lowerBound + 12)..<range.upperBound], as: UTF8.self)
      guard type == Self.dnstap else { throw .contentType(type) }
    case 3: isStopped = true  // STOP
    default: break
    }
  }

  private static func number(_ octets: [UInt8], at offset: Int) -> Int? {
    guard offset >= 0, octets.count - offset >= 4 else { return nil }
    return octets[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
  }
}
