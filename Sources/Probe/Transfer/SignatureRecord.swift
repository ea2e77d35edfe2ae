import DNSWire
import Names

/// The data of a TSIG record (RFC 8945 §4.2), and the name of the key that made it.
struct SignatureRecord: Hashable {
  /// What the server found wrong with a signature (RFC 8945 §3, §5.2): a field of the record, apart from the header's code.
  enum Errors {
    static let badSignature: UInt16 = 16
    static let badKey: UInt16 = 17
    static let badTime: UInt16 = 18
    static let badTruncation: UInt16 = 22
  }

  var keyName: DomainName
  var algorithm: DomainName
  /// Seconds since 1970, 48 bits.
  var time: UInt64
  /// Seconds that the clocks may differ.
  var fudge: UInt16
  var mac: [UInt8]
  var originalID: UInt16
  var error: UInt16
  var other: [UInt8]
}

extension SignatureRecord {
  /// Reads the record; `nil` for one of another type or class, or whose data does not fit the format.
  init?(_ record: ResourceRecord) {
    guard record.type == .tsig, record.recordClass == .any, record.ttl == 0 else { return nil }
    let data = record.rdata.octets
    var place = 0
    guard let algorithm = try? DomainName(data.span, at: &place) else { return nil }
    var rest = data[place...]
    guard let time = rest.take(6), let fudge = rest.take(2), let length = rest.take(2), rest.count >= Int(length) else {
      return nil
    }
    let mac = Array(rest.prefix(Int(length)))
    rest = rest.dropFirst(Int(length))
    guard let id = rest.take(2), let error = rest.take(2), let more = rest.take(2), rest.count == Int(more) else { return nil }
    self.init(
      keyName: record.name, algorithm: algorithm, time: time, fudge: UInt16(truncatingIfNeeded: fudge), mac: mac,
      originalID: UInt16(truncatingIfNeeded: id), error: UInt16(truncatingIfNeeded: error), other: Array(rest))
  }

  /// The server's clock, which it tells with BADTIME (RFC 8945 §5.2.3).
  var otherTime: UInt64? {
    var rest = other[...]
    return other.count == 6 ? rest.take(6) : nil
  }

  /// The TSIG variables that the first signature of an exchange covers (RFC 8945 §4.3.3).
  var variables: [UInt8] {
    var octets = keyName.octets + [0, 255, 0, 0, 0, 0] + algorithm.octets + timers
    octets.append(error, octets: 2)
    octets.append(other.count, octets: 2)
    return octets + other
  }

  /// What the later signatures of a stream cover instead (RFC 8945 §5.3.1).
  var timers: [UInt8] {
    var octets = [UInt8]()
    octets.append(time, octets: 6)
    octets.append(fudge, octets: 2)
    return octets
  }

  /// The record as it stands at the end of a message, nothing compressed.
  var octets: [UInt8] {
    var data = algorithm.octets + timers
    data.append(mac.count, octets: 2)
    data += mac
    data.append(originalID, octets: 2)
    data.append(error, octets: 2)
    data.append(other.count, octets: 2)
    data += other
    var octets = keyName.octets + [0, 250, 0, 255, 0, 0, 0, 0]
    octets.append(data.count, octets: 2)
    return octets + data
  }

  /// Where the last record of a message begins; `nil` when it has none or is not whole.
  static func lastRecord(of message: [UInt8]) -> Int? {
    guard message.count >= 12 else { return nil }
    func count(_ place: Int) -> Int { Int(message[place]) << 8 | Int(message[place + 1]) }
    var (place, last) = (12, Int?.none)
    func skipName() -> Bool {
      while place < message.count {
        let length = Int(message[place])
        // A pointer ends a name.
        place += length >= 0xC0 ? 2 : 1 + length
        if length == 0 || length >= 0xC0 { return place <= message.count }
      }
      return false
    }
    for _ in 0..<count(4) {
      guard skipName() else { return nil }
      place += 4
    }
    for _ in 0..<(count(6) + count(8) + count(10)) {
      last = place
      guard skipName(), place + 10 <= message.count else { return nil }
      place += 10 + count(place + 8)
    }
    return place == message.count ? last : nil
  }
}

extension [UInt8] {
  /// Appends a number in network order, cut to so many octets.
  mutating func append(_ value: some FixedWidthInteger, octets: Int) {
    let value = UInt64(truncatingIfNeeded: value)
    for step in (0..<octets).reversed() { append(UInt8(truncatingIfNeeded: value >> UInt64(8 * step))) }
  }
}

extension ArraySlice<UInt8> {
  /// Takes a number in network order off the front.
  fileprivate mutating func take(_ octets: Int) -> UInt64? {
    guard count >= octets else { return nil }
    defer { self = dropFirst(octets) }
    return prefix(octets).reduce(0) { $0 << 8 | UInt64($1) }
  }
}
