import DNSWire
import Estate
import Names

/// The client's side of one transfer (RFC 5936 §2, RFC 1995): takes the messages of one connection. A value; knows no socket.
struct TransferSession {
  enum Outcome {
    case whole(ZoneCopy)
    /// The server has nothing newer than the copy that was named.
    case nothingNewer
    /// The changes do not fit the copy, or the server gives no changes: the whole zone has to be asked for.
    case noChanges
    /// It ended with another SOA than it began with.
    case changed(first: UInt32, last: UInt32)
  }

  /// What is next in the stream.
  private enum Stage {
    case start
    /// After the first SOA of an answer to IXFR: changes or a whole zone.
    case second
    case whole
    case deleting(from: UInt32)
    case adding(to: UInt32)
    case ended
  }

  let zone: DomainName
  let limits: TransferLimits
  private let since: ZoneCopy?
  private let id: UInt16
  private let question: Question
  private var signer: TransferSigner?
  private var stage = Stage.start
  private var outcome: Outcome?
  private var contents = ZoneContents()
  private var first: (record: ResourceRecord, serial: UInt32)?
  private var octets = 0
  private(set) var records = 0
  /// Whose record came last.
  private var owner: DomainName

  /// - Parameter since: What there is already: then its changes are asked for.
  init(_ zone: DomainName, key: TransferKey?, since: ZoneCopy?, id: UInt16, limits: TransferLimits) {
    (self.zone, self.since, self.id, self.limits, owner) = (zone, since, id, limits, zone)
    question = Question(name: zone, type: since == nil ? .axfr : .ixfr)
    signer = key.map { TransferSigner($0) }
  }

  /// The question to send.
  mutating func ask(at now: Timestamp) -> [UInt8] {
    let octets = query.encoded()
    return signer?.signed(octets, at: now) ?? octets
  }

  private var query: Message {
    Message(header: Header(id: id), questions: [question], authorities: since.map { [$0.soa] } ?? [])
  }

  /// Takes a message. Nothing of it counts before the end, which is signed if the question was.
  ///
  /// - Returns: What came of it all; `nil` as long as more must come.
  mutating func received(_ octets: [UInt8], at now: Timestamp) throws(TransferFault.Cause) -> Outcome? {
    self.octets += octets.count
    guard self.octets <= limits.octets else { throw .tooManyOctets(limit: limits.octets) }
    let message: Message
    do throws(WireFault) {
      message = try Message(octets.span)
    } catch {
      throw .mangled(error)
    }
    try checkHeader(message)
    if signer != nil {
      try signer?.check(octets, message, at: now)
    } else if message.additionals.contains(where: { $0.type == .tsig }) {
      throw .signatureMangled
    }
    guard message.header.responseCode == .noError else { throw .refused(message.header.responseCode) }
    guard !message.answers.isEmpty else { throw .noRecords }
    for record in message.answers {
      try take(record)
      switch outcome {
      // Nothing comes of it, so nothing needs to be proven.
      case .noChanges, .changed: return outcome
      case .whole, .nothingNewer, nil: break
      }
    }
    if case .second = stage, let only = loneSOA { (stage, outcome) = (.ended, only) }
    guard let outcome else { return nil }
    // RFC 8945 §5.3.1: the last message is signed.
    if case .noChanges = outcome { return outcome }
    guard signer?.isProven != false else { throw .unsigned }
    return outcome
  }

  private func checkHeader(_ message: Message) throws(TransferFault.Cause) {
    guard message.header.id == id else { throw .notOurs(.id) }
    guard message.header.isResponse else { throw .notOurs(.query) }
    guard message.header.opcode == .query else { throw .notOurs(.opcode) }
    // RFC 5936 §2.2.1, §2.2.2: the question stands in the first message and may stand in the others. Errors may leave it out.
    guard message.questions.allSatisfy({ $0 == question }), message.questions.count <= 1 else { throw .notOurs(.question) }
    guard !message.header.truncated else { throw .notOurs(.truncated) }
  }

  /// What the first SOA means when it came alone: that there is nothing newer (RFC 1995 §2), or no answer to be had this way.
  private var loneSOA: Outcome? {
    guard records == 1, let first, let since else { return nil }
    if first.record.rdata == since.soa.rdata { return .nothingNewer }
    // A newer SOA alone may be the beginning of a zone in messages of one record.
    return Serial.isNewer(first.serial, than: since.serial) ? nil : .noChanges
  }

  private mutating func take(_ record: ResourceRecord) throws(TransferFault.Cause) {
    if case .ended = stage { throw .recordsAfterEnd }
    records += 1
    guard records <= limits.records else { throw .tooManyRecords(limit: limits.records) }
    let record = try checked(record)
    let soa = record.type == .soa ? try serial(record) : nil
    switch stage {
    case .start:
      guard let soa else { throw .noStart(Self.key(record)) }
      first = (record, soa)
      stage = since == nil ? .whole : .second
      if since == nil { contents.add(record) }
    case .second: second(record, soa)
    case .whole:
      if let soa { end(record, soa) } else { contents.add(record) }
    case .deleting(let old): delete(record, soa, old)
    case .adding(let new): add(record, soa, new)
    case .ended: throw .recordsAfterEnd
    }
  }

  /// The record, if a zone may hold it. Neighbours of one owner share its octets.
  private mutating func checked(_ record: ResourceRecord) throws(TransferFault.Cause) -> ResourceRecord {
    var record = record
    if record.name == owner {
      record.name = owner
    } else {
      guard record.name.isAtOrBelow(zone) else { throw stageIsStart ? .noStart(Self.key(record)) : .outsideZone(record.name) }
      owner = record.name
    }
    guard record.recordClass == .in, !record.type.isMeta else { throw .notZoneData(Self.key(record)) }
    return record
  }

  private var stageIsStart: Bool { if case .start = stage { true } else { false } }

  private func serial(_ record: ResourceRecord) throws(TransferFault.Cause) -> UInt32 {
    guard record.name == zone, let data = SOA(record.rdata) else {
      throw stageIsStart ? .noStart(Self.key(record)) : .notZoneData(Self.key(record))
    }
    return data.serial
  }

  private static func key(_ record: ResourceRecord) -> Question {
    Question(name: record.name, type: record.type, recordClass: record.recordClass)
  }
}

extension TransferSession {
  /// The second record of an answer to IXFR says what it is (RFC 1995 §4).
  private mutating func second(_ record: ResourceRecord, _ soa: UInt32?) {
    guard let first, let since else { return }
    guard let soa, soa != first.serial else {
      // A whole zone. Its own SOA again at once means that it holds nothing else.
      contents.add(first.record)
      stage = .whole
      if let soa { end(record, soa) } else { contents.add(record) }
      return
    }
    contents = ZoneContents(since.records)
    guard soa == since.serial, contents.remove(record) else { return giveUp() }
    stage = .deleting(from: soa)
  }

  private mutating func delete(_ record: ResourceRecord, _ soa: UInt32?, _ old: UInt32) {
    if let soa {
      // A step leads forward, so that steps come to an end.
      guard Serial.isNewer(soa, than: old), contents.add(record) else { return giveUp() }
      stage = .adding(to: soa)
    } else if !contents.remove(record) {
      giveUp()
    }
  }

  private mutating func add(_ record: ResourceRecord, _ soa: UInt32?, _ new: UInt32) {
    guard let soa, let first else {
      if !contents.add(record) { giveUp() }
      return
    }
    if soa == first.serial, new == first.serial {
      guard record.rdata == first.record.rdata else { return giveUp() }
      finish(with: record)
    } else if soa == new, contents.remove(record) {
      stage = .deleting(from: new)
    } else {
      giveUp()
    }
  }

  /// The SOA that ends a whole zone, which must be the one that began it (RFC 5936 §2.2).
  private mutating func end(_ record: ResourceRecord, _ soa: UInt32) {
    guard let first else { return }
    guard record.rdata == first.record.rdata else {
      (stage, outcome) = (.ended, .changed(first: first.serial, last: soa))
      return
    }
    finish(with: first.record)
  }

  private mutating func finish(with soa: ResourceRecord) {
    stage = .ended
    outcome = ZoneCopy(zone, records: [soa] + contents.all.filter { $0.type != .soa }).map(Outcome.whole) ?? .noChanges
    contents = ZoneContents()
  }

  private mutating func giveUp() {
    (stage, outcome, contents) = (.ended, .noChanges, ZoneContents())
  }
}

/// What a transfer may cost.
struct TransferLimits: Sendable {
  var octets: Int
  var records: Int
}

/// Serial numbers (RFC 1982 §3.2).
enum Serial {
  static func isNewer(_ one: UInt32, than other: UInt32) -> Bool { Int32(bitPattern: one &- other) > 0 }
}
