import CSockets

/// Random bits from the kernel's generator, fetched in large pieces: ids, case bits, choices of socket.
struct Entropy {
  private var words = [UInt64](repeating: 0, count: 512)
  private var used = 512

  /// 64 bits that nobody can foretell.
  mutating func word() -> UInt64 {
    if used == words.count { refill() }
    let word = words[used]
    words[used] = 0
    used += 1
    return word
  }

  /// An even choice; the bias of the multiplication is below 2⁻³².
  mutating func below(_ count: Int) -> Int {
    Int(truncatingIfNeeded: ((word() >> 32) &* UInt64(truncatingIfNeeded: max(1, count))) >> 32)
  }

  private mutating func refill() {
    let failed = unsafe words.withUnsafeMutableBytes { bytes in
      // Bound: the buffer's own count.
      unsafe csockets_random(bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
    }
    // getrandom fails only before the kernel has any entropy; then the language's own generator, seeded by the kernel too.
    if failed != 0 {
      var generator = SystemRandomNumberGenerator()
      for index in words.indices { words[index] = generator.next() }
    }
    used = 0
  }
}
