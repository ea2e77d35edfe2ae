/// Numbers found by the hash of what they stand for: an open-addressed table of 32-bit slots, at most three fifths full.
///
/// A slot holds a number plus one, or 0 when it is free. The bits above those that its numbers need hold bits of the hash,
/// which save most looks at what another number stands for.
struct NumberTable {
  /// A walk over the numbers that may be the one.
  struct Probe {
    var slot: Int
    let mark: UInt32
  }

  private var slots: [UInt32] = []
  /// The bits of a slot that hold a number plus one.
  private var numberBits: UInt32 = 0
  private(set) var count = 0

  /// How many numbers it holds before it must grow.
  private var capacity: Int { slots.count / 5 * 3 }

  @inline(__always) func probe(_ hash: UInt64) -> Probe {
    Probe(slot: Int(truncatingIfNeeded: hash) & (slots.count &- 1), mark: UInt32(truncatingIfNeeded: hash >> 32) & ~numberBits)
  }

  /// What stands where a hash leads first; asked for early, it is near when it is needed.
  @inline(__always) func touch(_ hash: UInt64) -> UInt32 {
    slots.isEmpty ? 0 : slots[Int(truncatingIfNeeded: hash) & (slots.count &- 1)]
  }

  /// The next number whose hash may be the one asked for; `nil` when there is no more.
  @inline(__always) func next(_ probe: inout Probe) -> Int? {
    guard slots.count > 0 else { return nil }
    while true {
      let content = slots[probe.slot]
      if content == 0 { return nil }
      probe.slot = (probe.slot &+ 1) & (slots.count &- 1)
      if content & ~numberBits == probe.mark { return Int(content & numberBits) &- 1 }
    }
  }

  /// Adds a number that is not there. There must be room.
  @inline(__always) mutating func insert(_ number: Int, _ hash: UInt64) {
    let (start, mask) = (probe(hash), slots.count &- 1)
    var slot = start.slot
    while slots[slot] != 0 { slot = (slot &+ 1) & mask }
    slots[slot] = start.mark | UInt32(truncatingIfNeeded: number &+ 1)
    count &+= 1
  }

  /// Whether one number more fits.
  @inline(__always) var hasRoom: Bool { count < capacity }

  /// Grows to hold so many numbers.
  ///
  /// - Parameters:
  ///   - isDense: Whether the numbers are those from 0 on.
  ///   - hash: The hash of what a number stands for.
  mutating func makeRoom(_ wanted: Int, isDense: Bool, hash: (Int) -> UInt64) {
    var size = 64
    while size / 5 * 3 < wanted { size *= 2 }
    guard size > slots.count else { return }
    let (old, oldBits) = (slots, numberBits)
    slots = Array(repeating: 0, count: size)
    numberBits = isDense ? UInt32(truncatingIfNeeded: size - 1) : .max
    count = 0
    for content in old where content != 0 {
      let number = Int(content & oldBits) &- 1
      insert(number, hash(number))
    }
  }
}

/// A 64-bit hash of octets for tables in memory: eight at a time into a folded 128-bit product.
///
/// Its seed is drawn per process, so that a file cannot be written to make a table slow.
@inline(__always) func tableHash(_ octets: Span<UInt8>, seed: UInt64) -> UInt64 {
  var state = seed ^ UInt64(truncatingIfNeeded: octets.count)
  var place = 0
  while place &+ 8 <= octets.count {
    // place + 8 is at most the count.
    let word = unsafe octets.bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
    state = folded(state, word, seed)
    place &+= 8
  }
  guard place < octets.count else { return state }
  if octets.count >= 8 {
    // The last eight, some of them for a second time; count - 8 is at least 0.
    let word = unsafe octets.bytes.unsafeLoadUnaligned(fromByteOffset: octets.count &- 8, as: UInt64.self)
    return folded(state, word, seed)
  }
  var word: UInt64 = 0
  while place < octets.count {
    word = word << 8 | UInt64(octets[place])
    place &+= 1
  }
  return folded(state, word, seed)
}

@inline(__always) private func folded(_ state: UInt64, _ word: UInt64, _ seed: UInt64) -> UInt64 {
  let product = (state ^ word ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: seed | 0xE703_7ED1_A0B4_28DB)
  return product.high ^ product.low
}
