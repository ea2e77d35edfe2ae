/// A domain name in wire form, lower-cased: length octet, label, …, zero (RFC 1035 §3.1).
///
/// Names are compared without regard to case (RFC 4343), so the case is dropped at the entrance and `==` compares octets.
public struct DomainName: Hashable, Sendable {
  /// The wire form, lower-cased, with the final zero: 1 to 255 octets.
  public let octets: [UInt8]

  /// The most octets that a name holds, the final zero counted (RFC 1035 §2.3.4).
  public static let mostOctets = 255
  /// The most octets that a label holds (RFC 1035 §2.3.4).
  public static let mostLabelOctets = 63
  /// A name of 127 labels can need no more pointers than this.
  static let mostPointers = 127
  /// No name stands in a message before this (RFC 1035 §4.1.1).
  static let headerOctets = 12

  /// The name above all names.
  public static let root = DomainName(trusted: [0])

  @inline(__always) init(trusted octets: [UInt8]) { self.octets = octets }

  /// Reads one uncompressed name.
  ///
  /// - Parameter offset: Where the name starts; on return, just past it. Unchanged on a throw.
  /// - Throws: ``Fault`` at the octet where reading stopped. A pointer is a fault here.
  public init(_ message: Span<UInt8>, at offset: inout Int) throws(Fault) {
    var place = offset
    while true {
      guard place >= 0, place < message.count else { throw .truncated(at: place) }
      let length = Int(message[place])
      guard length < 0xC0 else { throw .pointerNotAllowed(at: place) }
      guard length <= Self.mostLabelOctets else { throw .labelTooLong(octets: length, at: place) }
      place += 1 + length
      guard place - offset <= Self.mostOctets else { throw .nameTooLong(octets: place - offset, at: place) }
      if length == 0 { break }
    }
    var octets = [UInt8]()
    octets.reserveCapacity(place - offset)
    // Length octets are below 64, so lower-casing leaves them alone.
    for index in offset..<place { octets.append(lowerCased(message[index])) }
    self.octets = octets
    offset = place
  }

  /// Reads one name and follows its compression pointers (RFC 1035 §4.1.4).
  ///
  /// A pointer must lead to an octet before the part of the name that holds it ("a prior occurrence") and after the header of
  /// the message, so no chain can loop.
  /// - Parameter offset: Where the name starts; on return, just past its part that stands there. Unchanged on a throw.
  /// - Throws: ``Fault`` at the octet where reading stopped.
  public init(decompressing message: Span<UInt8>, at offset: inout Int) throws(Fault) {
    var octets = [UInt8]()
    octets.reserveCapacity(32)
    try Self.decompress(message, at: &offset, into: &octets)
    self.octets = octets
  }

  /// Appends one name, decompressed and lower-cased, to octets: ``init(decompressing:at:)`` without an object.
  public static func decompress(
    _ message: Span<UInt8>, at offset: inout Int, into octets: inout [UInt8]
  ) throws(Fault) {
    var place = offset
    var segment = offset
    var after = -1
    var pointers = 0
    var total = 0
    while true {
      guard place >= 0, place < message.count else { throw .truncated(at: place) }
      let length = Int(message[place])
      if length >= 0xC0 {
        guard place + 1 < message.count else { throw .truncated(at: place + 1) }
        let target = (length & 0x3F) << 8 | Int(message[place + 1])
        guard target < segment, target >= headerOctets else { throw .pointerNotBackwards(to: target, at: place) }
        pointers += 1
        guard pointers <= mostPointers else { throw .tooManyPointers(at: place) }
        if after < 0 { after = place + 2 }
        place = target
        segment = target
        continue
      }
      guard length <= mostLabelOctets else { throw .labelTooLong(octets: length, at: place) }
      total += 1 + length
      guard total <= mostOctets else { throw .nameTooLong(octets: total, at: place) }
      guard place + 1 + length <= message.count else { throw .truncated(at: place + 1 + length) }
      for index in place..<(place + 1 + length) { octets.append(lowerCased(message[index])) }
      place += 1 + length
      if length == 0 { break }
    }
    offset = after < 0 ? place : after
  }

  /// Whether the name that stands at an offset of a message, pointers followed, is another name of it. No object is made.
  ///
  /// - Parameters:
  ///   - other: Where the other name starts, which is whole: no pointer stands in it.
  ///   - offset: Where the name starts; on return just past its part that stands there if the answer is `true`, else unchanged.
  public static func isSame(as other: Int, in message: Span<UInt8>, at offset: inout Int) -> Bool {
    var place = offset
    var segment = offset
    var after = -1
    var own = other
    while place >= 0, place < message.count {
      let length = Int(message[place])
      if length >= 0xC0 {
        guard place + 1 < message.count else { return false }
        let target = (length & 0x3F) << 8 | Int(message[place + 1])
        guard target < segment, target >= headerOctets else { return false }
        if after < 0 { after = place + 2 }
        place = target
        segment = target
        continue
      }
      guard own >= 0, own < message.count, Int(message[own]) == length, length <= mostLabelOctets,
        place + 1 + length <= message.count, own + 1 + length <= message.count
      else { return false }
      for step in 1..<(length + 1) where lowerCased(message[own + step]) != lowerCased(message[place + step]) { return false }
      own += 1 + length
      place += 1 + length
      if length == 0 {
        offset = after < 0 ? place : after
        return true
      }
    }
    return false
  }
}

extension DomainName {
  /// All octets at once: an array hashes them one by one, at several times the cost.
  public func hash(into hasher: inout Hasher) {
    // The pointer is used inside the closure alone.
    unsafe octets.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
  }
}

/// ASCII upper case to lower case, any other octet as it is (RFC 4343 §3).
@inlinable @inline(__always)
public func lowerCased(_ octet: UInt8) -> UInt8 {
  octet &- 0x41 < 26 ? octet | 0x20 : octet
}
