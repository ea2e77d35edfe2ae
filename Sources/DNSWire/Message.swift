public import Names

/// A DNS message (RFC 1035 §4) with its OPT record taken apart (RFC 6891).
public struct Message: Hashable, Sendable {
  public var header: Header
  public var questions: [Question]
  public var answers: [ResourceRecord]
  public var authorities: [ResourceRecord]
  /// Without the OPT record, which is ``edns``.
  public var additionals: [ResourceRecord]
  public var edns: EDNS?

  public init(
    header: Header, questions: [Question] = [], answers: [ResourceRecord] = [], authorities: [ResourceRecord] = [],
    additionals: [ResourceRecord] = [], edns: EDNS? = nil
  ) {
    (self.header, self.questions, self.answers) = (header, questions, answers)
    (self.authorities, self.additionals, self.edns) = (authorities, additionals, edns)
  }

  /// Reads a whole message.
  ///
  /// Every count is checked against the octets that are there; time and memory are bounded by the length of the message.
  /// - Throws: ``WireFault`` at the octet where reading stopped.
  public init(_ octets: Span<UInt8>) throws(WireFault) {
    var place = 0
    let id = try octets.readU16(at: &place)
    header = Header(id: id, flags: try octets.readU16(at: &place))
    let (asked, answered) = (try octets.readU16(at: &place), try octets.readU16(at: &place))
    let (authority, additional) = (try octets.readU16(at: &place), try octets.readU16(at: &place))
    (questions, answers, authorities, additionals, edns) = ([], [], [], [], nil)
    for _ in 0..<asked {
      let name = try octets.readName(at: &place)
      let type = RRType(try octets.readU16(at: &place))
      questions.append(Question(name: name, type: type, recordClass: RRClass(try octets.readU16(at: &place))))
    }
    answers = try Self.records(octets, count: Int(answered), at: &place)
    authorities = try Self.records(octets, count: Int(authority), at: &place)
    for _ in 0..<additional {
      let start = place
      let record = try ResourceRecord(octets, at: &place)
      guard record.type == .opt else {
        additionals.append(record)
        continue
      }
      guard edns == nil else { throw .secondOPT(at: start) }
      guard record.name == .root else { throw .ownerOfOPT(at: start) }
      edns = try EDNS(record, dataAt: place - record.rdata.octets.count)
      header.responseCode = ResponseCode(UInt16(record.ttl >> 24) << 4 | header.responseCode.rawValue)
    }
    guard place == octets.count else { throw .octetsAfterMessage(octets: octets.count - place, at: place) }
  }

  private static func records(
    _ octets: Span<UInt8>, count: Int, at place: inout Int
  ) throws(WireFault) -> [ResourceRecord] {
    var records = [ResourceRecord]()
    // A record takes 11 octets at least, so a count that lies reserves no more than the message could hold.
    records.reserveCapacity(min(count, (octets.count - place) / 11 + 1))
    for _ in 0..<count { records.append(try ResourceRecord(octets, at: &place)) }
    return records
  }

  /// The records of the answer section with an owner and type, in class IN.
  public func answers(_ name: DomainName, _ type: RRType) -> [ResourceRecord] {
    answers.filter { $0.type == type && $0.recordClass == .in && $0.name == name }
  }
}

extension ResourceRecord {
  /// Reads one record out of a message and moves past it.
  public init(_ message: Span<UInt8>, at place: inout Int) throws(WireFault) {
    let name = try message.readName(at: &place)
    let type = RRType(try message.readU16(at: &place))
    let recordClass = RRClass(try message.readU16(at: &place))
    let ttl = try message.readU32(at: &place)
    let length = Int(try message.readU16(at: &place))
    guard length <= message.count - place else { throw .truncated(at: place + length) }
    let rdata = try RData(type: type, class: recordClass, message: message, at: place, length: length)
    place += length
    self.init(name: name, recordClass: recordClass, ttl: ttl, rdata: rdata)
  }
}

extension Span<UInt8> {
  @inline(__always) func readU16(at place: inout Int) throws(WireFault) -> UInt16 {
    guard place >= 0, count - place >= 2 else { throw .truncated(at: place &+ 2) }
    defer { place += 2 }
    return UInt16(self[place]) << 8 | UInt16(self[place + 1])
  }

  @inline(__always) func readU32(at place: inout Int) throws(WireFault) -> UInt32 {
    guard place >= 0, count - place >= 4 else { throw .truncated(at: place &+ 4) }
    defer { place += 4 }
    return UInt32(self[place]) << 24 | UInt32(self[place + 1]) << 16 | UInt32(self[place + 2]) << 8 | UInt32(self[place + 3])
  }

  @inline(__always) func readName(at place: inout Int) throws(WireFault) -> DomainName {
    do throws(DomainName.Fault) {
      return try DomainName(decompressing: self, at: &place)
    } catch {
      throw .name(error)
    }
  }
}

extension [UInt8] {
  @inline(__always) mutating func appendU16(_ value: UInt16) {
    append(UInt8(truncatingIfNeeded: value >> 8))
    append(UInt8(truncatingIfNeeded: value))
  }

  @inline(__always) mutating func appendU32(_ value: UInt32) {
    appendU16(UInt16(truncatingIfNeeded: value >> 16))
    appendU16(UInt16(truncatingIfNeeded: value))
  }
}
