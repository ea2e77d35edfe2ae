/// Finds the slot of a reply by its socket and id: open addressing, linear probing, no tombstones.
///
/// Keys are drawn from the kernel's generator, so nobody outside can make them collide.
struct InFlightTable: ~Copyable {
  /// 0 for none, else the key in the upper half and one more than the slot in the lower: one line of the cache a search.
  private var entries: FixedStore<UInt64>
  private let mask: Int

  /// - Parameter most: How many entries at most; the table is at least twice as large.
  init(most: Int) {
    var size = 16
    while size < most * 2 { size *= 2 }
    entries = FixedStore(repeating: 0, count: size)
    mask = size - 1
  }

  @inline(__always) private func home(_ key: UInt64) -> Int {
    Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
  }

  /// There are fewer than 65,536 sockets.
  @inline(__always) private func key(_ socket: Int32, _ id: UInt16) -> UInt64 {
    UInt64(truncatingIfNeeded: socket) << 16 | UInt64(id)
  }

  /// Where a key stands, or where it would.
  @inline(__always) private func place(_ key: UInt64) -> Int {
    var place = home(key)
    while entries[place] != 0, entries[place] >> 32 != key { place = (place + 1) & mask }
    return place
  }

  /// The slot, or -1.
  func find(_ socket: Int32, _ id: UInt16) -> Int32 {
    Int32(truncatingIfNeeded: entries[place(key(socket, id))] & 0xFFFF_FFFF) - 1
  }

  mutating func insert(_ socket: Int32, _ id: UInt16, slot: Int32) {
    let key = key(socket, id)
    entries[place(key)] = key << 32 | UInt64(slot + 1)
  }

  /// Removes an entry and moves up those behind it, so that a search never stops at a hole.
  mutating func remove(_ socket: Int32, _ id: UInt16) {
    var hole = place(key(socket, id))
    guard entries[hole] != 0 else { return }
    var place = hole
    while true {
      place = (place + 1) & mask
      if entries[place] == 0 { break }
      if (place - home(entries[place] >> 32)) & mask >= (place - hole) & mask {
        entries[hole] = entries[place]
        hole = place
      }
    }
    entries[hole] = 0
  }
}
