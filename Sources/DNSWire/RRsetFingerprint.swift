public import Names

/// What an RRset holds, as one number: the sum of a hash of each record's canonical data.
///
/// The order of the records and their TTLs do not count; their number and data do. Equal sets have equal fingerprints under
/// one key. Whoever knows the key can make two sets that agree, so a comparison that must withstand a forger takes a key
/// that was drawn at random; without one the key is 0.
public struct RRsetFingerprint: Hashable, Sendable {
  public let value: UInt64

  public init(value: UInt64) { self.value = value }

  /// The fingerprint of records' data, all of one type.
  public init(_ records: some Sequence<RData>, key: UInt64 = 0) {
    var sum: UInt64 = 0
    for record in records { sum &+= Self.hash(record.octets.span, from: 0, to: record.octets.count, key: key) }
    value = sum
  }

  /// The fingerprint of what an answer holds for a name and type in class IN, straight from its octets.
  ///
  /// `nil` unless the answer is simple: a whole message without error, its question this one, and every record of the
  /// answer section of this name and type, or a signature over them; then it has to be decoded to know more.
  /// Data that does not fit its format makes the answer not simple, as it makes ``Message`` throw.
  public static func ofAnswer(in message: Span<UInt8>, name: DomainName, type: RRType, key: UInt64 = 0) -> UInt64? {
    guard message.count >= 12 else { return nil }
    // QR set, opcode QUERY, TC clear, NOERROR, one question, an answer.
    guard message[2] & 0xFA == 0x80, message[3] & 0x0F == 0, word(message, 4) == 1 else { return nil }
    let answers = word(message, 6)
    guard answers > 0 else { return nil }
    var place = 12
    guard name.matches(message, at: &place), place + 4 <= message.count, word(message, place) == Int(type.rawValue),
      word(message, place + 2) == 1
    else { return nil }
    place += 4
    let format = RecordFormat.of(type)
    var (sum, found): (UInt64, Int) = (0, 0)
    var scratch = [UInt8]()
    for _ in 0..<answers {
      guard name.matches(message, at: &place), place + 10 <= message.count, word(message, place + 2) == 1 else { return nil }
      let (code, length) = (word(message, place), word(message, place + 8))
      place += 10
      guard length <= message.count - place else { return nil }
      let end = place + length
      if code == Int(type.rawValue) {
        switch type {
        case .a: guard length == 4 else { return nil }
        case .aaaa: guard length == 16 else { return nil }
        default:
          if let format {
            scratch.removeAll(keepingCapacity: true)
            guard (try? format.appendCanonical(message, at: place, end: end, pointers: true, to: &scratch)) != nil else {
              return nil
            }
          }
        }
        sum &+=
          format == nil || type == .a || type == .aaaa
          ? hash(message, from: place, to: end, key: key) : hash(scratch.span, from: 0, to: scratch.count, key: key)
        found += 1
      } else if code != Int(RRType.rrsig.rawValue) || length < 18 || word(message, place) != Int(type.rawValue) {
        return nil
      }
      place = end
    }
    return found > 0 ? sum : nil
  }

  @inline(__always) private static func word(_ octets: Span<UInt8>, _ place: Int) -> Int {
    Int(octets[place]) << 8 | Int(octets[place + 1])
  }

  /// A 64-bit hash of octets: eight at a time into the folded 128-bit product of wyhash (Wang Yi, 2019).
  @inline(__always) private static func hash(_ octets: Span<UInt8>, from start: Int, to end: Int, key: UInt64) -> UInt64 {
    var state = folded(key ^ 0xA076_1D64_78BD_642F, UInt64(truncatingIfNeeded: end - start) ^ 0xE703_7ED1_A0B4_28DB)
    var place = start
    while place < end {
      var word: UInt64 = 0
      let stop = min(place + 8, end)
      for index in place..<stop { word = word << 8 | UInt64(octets[index]) }
      state = folded(state ^ word, 0x8EBC_6AF0_9C88_C6E3 ^ key)
      place = stop
    }
    return folded(state ^ 0x5899_65CC_7537_4CC3, 0x1D8E_4E27_C47D_124F)
  }

  @inline(__always) private static func folded(_ one: UInt64, _ other: UInt64) -> UInt64 {
    let product = one.multipliedFullWidth(by: other)
    return product.high ^ product.low
  }
}
