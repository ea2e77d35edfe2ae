import Crypto
import DNSWire
import Estate
import FoundationEssentials
import Names

/// Signs the question of a transfer and checks the stream of its answers (RFC 8945 §5.3.1). A value; knows no clock.
struct TransferSigner {
  /// Messages without a signature that may stand between two with one (RFC 8945 §5.3.1).
  static let mostUnsigned = 99
  /// Seconds that the clocks may differ (RFC 8945 §10).
  static let fudge: UInt16 = 300

  private let key: TransferKey
  private var digest: MessageDigest
  private var unsigned = 0
  private var isFirst = true
  private var askedAt: UInt64 = 0

  init(_ key: TransferKey) {
    self.key = key
    digest = MessageDigest(key)
  }

  /// The question with its signature.
  mutating func signed(_ message: [UInt8], at now: Timestamp) -> [UInt8] {
    var record = SignatureRecord(
      keyName: key.name, algorithm: Self.name(of: key.algorithm), time: Self.seconds(now), fudge: Self.fudge, mac: [],
      originalID: UInt16(message[0]) << 8 | UInt16(message[1]), error: 0, other: [])
    digest.update(message)
    digest.update(record.variables)
    record.mac = digest.finish()
    askedAt = record.time
    begin(after: record.mac)
    var octets = message + record.octets
    octets.setWord(octets.word(10) &+ 1, at: 10)
    return octets
  }

  /// The next digest starts with the MAC before it.
  private mutating func begin(after mac: [UInt8]) {
    var prefix = [UInt8]()
    prefix.append(mac.count, octets: 2)
    digest = MessageDigest(key)
    digest.update(prefix + mac)
    unsigned = 0
  }

  /// Whether the message that was checked last had a signature.
  var isProven: Bool { !isFirst && unsigned == 0 }

  /// Takes the next message of the stream.
  ///
  /// - Parameters:
  ///   - octets: The message as it came.
  ///   - message: The same, decoded.
  mutating func check(_ octets: [UInt8], _ message: Message, at now: Timestamp) throws(TransferFault.Cause) {
    guard let record = message.additionals.last, record.type == .tsig else { return try checkUnsigned(octets, message) }
    guard let signature = SignatureRecord(record), let start = SignatureRecord.lastRecord(of: octets),
      !message.additionals.dropLast().contains(where: { $0.type == .tsig })
    else { throw .signatureMangled }
    // These two come without a MAC (RFC 8945 §5.2.1, §5.2.2): the server has nothing to sign with.
    if signature.mac.isEmpty {
      switch signature.error {
      case SignatureRecord.Errors.badKey: throw .badKey(key.description)
      case SignatureRecord.Errors.badSignature: throw .badSignature(key.description)
      case SignatureRecord.Errors.badTruncation: throw .badTruncation
      // Nobody vouches for the time that it tells, but it says what to look at.
      case SignatureRecord.Errors.badTime: throw .clocksDiffer(server: Self.timestamp(signature.otherTime), here: now)
      default: throw message.header.responseCode == .noError ? .unsigned : .refused(message.header.responseCode)
      }
    }
    guard signature.keyName == key.name, signature.algorithm == Self.name(of: key.algorithm) else {
      throw .otherKey("\(signature.algorithm.description.dropLast()):\(signature.keyName)")
    }
    guard signature.mac.count >= key.algorithm.leastMACOctets, signature.mac.count <= key.algorithm.macOctets else {
      throw .signatureLength(octets: signature.mac.count, least: key.algorithm.leastMACOctets)
    }
    var bare = Array(octets[..<start])
    bare.setWord(signature.originalID, at: 0)
    bare.setWord(bare.word(10) &- 1, at: 10)
    digest.update(bare)
    digest.update(isFirst ? signature.variables : signature.timers)
    guard Self.isSame(digest.finish(), signature.mac) else { throw .wrongSignature(key.description) }
    // RFC 8945 §5.2.3: the server signs BADTIME with the time of our question, and tells its own beside it.
    if signature.error == SignatureRecord.Errors.badTime {
      throw .clocksDiffer(server: Self.timestamp(signature.otherTime), here: now)
    }
    if signature.error == SignatureRecord.Errors.badTruncation { throw .badTruncation }
    let (here, there) = (Self.seconds(now), signature.time)
    guard (here > there ? here - there : there - here) <= UInt64(signature.fudge) else {
      throw .clocksDiffer(server: Self.timestamp(there), here: now)
    }
    begin(after: signature.mac)
    isFirst = false
  }

  private mutating func checkUnsigned(_ octets: [UInt8], _ message: Message) throws(TransferFault.Cause) {
    let all = [message.answers, message.authorities, message.additionals].joined()
    guard !all.contains(where: { $0.type == .tsig }) else { throw .signatureMangled }
    guard !isFirst else {
      throw message.header.responseCode == .noError ? .unsigned : .refused(message.header.responseCode)
    }
    unsigned += 1
    guard unsigned <= Self.mostUnsigned else { throw .tooManyUnsigned }
    digest.update(octets)
  }

  private static func seconds(_ moment: Timestamp) -> UInt64 { UInt64(max(0, moment.seconds)) & 0xFFFF_FFFF_FFFF }

  private static func timestamp(_ seconds: UInt64?) -> Timestamp? { seconds.map { Timestamp(seconds: Int64($0)) } }

  private static func name(of algorithm: TransferKey.Algorithm) -> DomainName {
    var place = 0
    return (try? DomainName(algorithm.wireName.span, at: &place)) ?? .root
  }

  /// Whether a MAC, perhaps a shortened one, is this one; takes as long for any (RFC 8945 §10).
  private static func isSame(_ whole: [UInt8], _ given: [UInt8]) -> Bool {
    zip(whole, given).reduce(0 as UInt8) { $0 | ($1.0 ^ $1.1) } == 0
  }
}

/// An HMAC under way, by whichever algorithm the key has.
private struct MessageDigest {
  private enum State {
    case sha256(HMAC<SHA256>)
    case sha384(HMAC<SHA384>)
    case sha512(HMAC<SHA512>)
  }

  private var state: State

  init(_ key: TransferKey) {
    switch key.algorithm {
    case .hmacSHA256: state = .sha256(HMAC(key: key.secret))
    case .hmacSHA384: state = .sha384(HMAC(key: key.secret))
    case .hmacSHA512: state = .sha512(HMAC(key: key.secret))
    }
  }

  mutating func update(_ octets: [UInt8]) {
    switch state {
    case .sha256(var code):
      code.update(data: octets)
      state = .sha256(code)
    case .sha384(var code):
      code.update(data: octets)
      state = .sha384(code)
    case .sha512(var code):
      code.update(data: octets)
      state = .sha512(code)
    }
  }

  func finish() -> [UInt8] {
    switch state {
    case .sha256(let code): Array(code.finalize())
    case .sha384(let code): Array(code.finalize())
    case .sha512(let code): Array(code.finalize())
    }
  }
}

extension [UInt8] {
  /// A 16-bit word of a message's header.
  fileprivate func word(_ place: Int) -> UInt16 { UInt16(self[place]) << 8 | UInt16(self[place + 1]) }

  fileprivate mutating func setWord(_ value: UInt16, at place: Int) {
    self[place] = UInt8(truncatingIfNeeded: value >> 8)
    self[place + 1] = UInt8(truncatingIfNeeded: value)
  }
}
