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

  /// A 64-bit hash of octets: eight at a time into the folded 128-bit product of wyhash (Wang Yi, 2019).
  @inline(__always) static func hash(_ octets: Span<UInt8>, from start: Int, to end: Int, key: UInt64) -> UInt64 {
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
