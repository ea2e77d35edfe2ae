public import Names

/// The data of a record in canonical wire form: names decompressed and lower-cased, so `==` is equality of meaning.
///
/// RFC 4034 §6.2 lower-cases the names of a closed list of types; here it is done for every type whose format is known
/// (names compare without case everywhere, RFC 4343). Data of an unknown type is kept as it came (RFC 3597 §7).
public struct RData: Hashable, Sendable {
  public let type: RRType
  /// At most 65,535.
  public let octets: [UInt8]

  /// Takes octets that are known to be in canonical form.
  public init(type: RRType, canonical octets: [UInt8]) { (self.type, self.octets) = (type, octets) }

  /// Reads the data of a record out of a message.
  ///
  /// - Parameters:
  ///   - offset: Where the data starts, after RDLENGTH.
  ///   - length: RDLENGTH.
  /// - Throws: ``WireFault`` at the octet where reading stopped.
  public init(
    type: RRType, class recordClass: RRClass = .in, message: Span<UInt8>, at offset: Int, length: Int
  ) throws(WireFault) {
    guard offset >= 0, length >= 0, length <= message.count - offset else { throw .truncated(at: message.count) }
    var octets = [UInt8]()
    octets.reserveCapacity(length + 16)
    // RFC 2136 §2.4, 2.5: in these classes data may be missing, whatever the type.
    let mayBeMissing = length == 0 && (recordClass == .any || recordClass == .none)
    if let format = RecordFormat.of(type), !mayBeMissing, recordClass == .in || !format.isInternetOnly {
      try format.appendCanonical(message, at: offset, end: offset + length, pointers: true, to: &octets)
    } else {
      for index in offset..<(offset + length) { octets.append(message[index]) }
    }
    self.init(type: type, canonical: octets)
  }
}

/// A record: owner, type, class, time to live, data.
public struct ResourceRecord: Hashable, Sendable {
  public var name: DomainName
  public var recordClass: RRClass
  /// Seconds.
  public var ttl: UInt32
  public var rdata: RData

  public var type: RRType { rdata.type }

  public init(name: DomainName, recordClass: RRClass = .in, ttl: UInt32, rdata: RData) {
    (self.name, self.recordClass, self.ttl, self.rdata) = (name, recordClass, ttl, rdata)
  }
}

extension ResourceRecord: CustomStringConvertible {
  /// One line of a master file: owner, TTL, class, type, data.
  public var description: String { "\(name) \(ttl) \(recordClass) \(type) \(rdata.text)" }
}

/// What is asked: name, type, class (RFC 1035 §4.1.2).
public struct Question: Hashable, Sendable, CustomStringConvertible {
  public var name: DomainName
  public var type: RRType
  public var recordClass: RRClass

  public init(name: DomainName, type: RRType, recordClass: RRClass = .in) {
    (self.name, self.type, self.recordClass) = (name, type, recordClass)
  }

  public var description: String { "\(name) \(recordClass) \(type)" }
}
