/// Finds the slot of a reply by its socket and id: open addressing, linear probing, no tombstones.
///
/// Keys are drawn from the kernel's generator, so nobody outside can make them collide.
struct InFlightTable {
  private var keys: [UInt64]  // 0 for empty, else 1 + (socket << 16 | id)
  private var slots: [Int32]
  private let mask: Int

  /// - Parameter most: How many entries at most; the table is at least twice as large.
  init(most: Int) {
    var size = 16
    while size < most * 2 { size *= 2 }
    keys = [UInt64](repeating: 0, count: size)
    slots = [Int32](repeating: -1, count: size)
    mask = size - 1
  }

  @inline(__always) private func home(_ key: UInt64) -> Int {
    Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
  }

  @inline(__always) private func key(_ socket: Int32, _ id: UInt16) -> UInt64 {
    UInt64(UInt32(bitPattern: socket)) << 16 | UInt64(id) + 1
  }

  /// The slot, or -1.
  func find(_ socket: Int32, _ id: UInt16) -> Int32 {
    let key = key(socket, id)
    var place = home(key)
    while keys[place] != 0 {
      if keys[place] == key { return slots[place] }
      place = (place + 1) & mask
    }
    return -1
  }

  mutating func insert(_ socket: Int32, _ id: UInt16, slot: Int32) {
    let key = key(socket, id)
    var place = home(key)
    while keys[place] != 0, keys[place] != key { place = (place + 1) & mask }
    keys[place] = key
    slots[place] = slot
  }

  /// Removes an entry and moves up those behind it, so that a search never stops at a hole.
  mutating func remove(_ socket: Int32, _ id: UInt16) {
    let key = key(socket, id)
    var hole = home(key)
    while keys[hole] != key {
      if keys[hole] == 0 { return }
      hole = (hole + 1) & mask
    }
    var place = hole
    while true {
      place = (place + 1) & mask
      if keys[place] == 0 { break }
      if (place - home(keys[place])) & mask >= (place - hole) & mask {
        keys[hole] = keys[place]
        slots[hole] = slots[place]
        hole = place
      }
    }
    keys[hole] = 0
  }
}
