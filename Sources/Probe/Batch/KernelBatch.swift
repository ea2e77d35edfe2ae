import CSockets

/// The C side's preallocated headers and buffers. One owner: the loop.
@safe struct KernelBatch: ~Copyable {
  // Valid from init to deinit; indices are below CSOCKETS_BATCH at every call.
  private let ring: OpaquePointer
  private let poll: Int32

  /// `nil` when there is no memory or no file left.
  init?() {
    // A new allocation, checked.
    guard let ring = unsafe csockets_ring_make() else { return nil }
    let poll = csockets_poll_open()
    guard poll >= 0 else {
      // Made two lines above.
      unsafe csockets_ring_free(ring)
      return nil
    }
    (unsafe self.ring, self.poll) = (unsafe ring, poll)
  }

  deinit {
    csockets_close(poll)
    // Nobody has the pointer any more.
    unsafe csockets_ring_free(ring)
  }

  static var most: Int { Int(CSOCKETS_BATCH) }

  borrowing func watch(_ file: Int32, key: UInt32) -> Int32 { csockets_poll_add(poll, file, key) }

  borrowing func wait(milliseconds: Int32) -> Int {
    // The ring lives as long as self.
    Int(unsafe csockets_poll_wait(ring, poll, milliseconds))
  }

  borrowing func readyKey(_ index: Int) -> UInt32 {
    // Below the count that wait gave.
    unsafe csockets_poll_key(ring, Int32(truncatingIfNeeded: index))
  }

  borrowing func receive(_ file: Int32) -> Int {
    // The ring lives as long as self.
    Int(unsafe csockets_receive(ring, file))
  }

  /// A datagram of the last ``receive(_:)``; valid until the next.
  borrowing func reply(_ index: Int) -> (octets: UnsafeBufferPointer<UInt8>, isCut: Bool) {
    let index = Int32(truncatingIfNeeded: index)
    // The kernel wrote at most CSOCKETS_REPLY_OCTETS there and says how many.
    return unsafe (
      UnsafeBufferPointer(start: csockets_reply(ring, index), count: Int(csockets_reply_length(ring, index))),
      csockets_reply_cut(ring, index)
    )
  }

  borrowing func put(_ index: Int, _ octets: UnsafeBufferPointer<UInt8>) {
    // The octets stand in the datagram store, which outlives the send.
    unsafe csockets_put(ring, Int32(truncatingIfNeeded: index), octets.baseAddress, Int32(truncatingIfNeeded: octets.count))
  }

  /// How many of the row the kernel took, or a negative errno for the first.
  borrowing func send(_ file: Int32, from first: Int, count: Int) -> Int {
    // first + count is at most CSOCKETS_BATCH.
    Int(unsafe csockets_send(ring, file, Int32(truncatingIfNeeded: first), Int32(truncatingIfNeeded: count)))
  }
}

/// The octets of every slot's question as it was sent, at fixed places, so that the kernel can be pointed at them.
@safe struct DatagramStore: ~Copyable {
  /// An odd number of cache lines: at a power of two the first lines of all slots, which every turn reads and writes, would share a few
  /// places of the cache.
  static let stride = 9 * 64
  // `slots` times `stride` octets, from init to deinit.
  private let base: UnsafeMutablePointer<UInt8>

  init(slots: Int) {
    precondition(Datagram.mostOctets <= Self.stride)
    // Not written to until a slot is used, so that unused slots cost no memory.
    unsafe base = .allocate(capacity: slots * Self.stride)
  }

  deinit {
    // Allocated in init, freed once.
    unsafe base.deallocate()
  }

  /// A slot's whole room.
  borrowing func room(_ slot: Int32) -> UnsafeMutableBufferPointer<UInt8> {
    // A slot is below the count given to init.
    unsafe UnsafeMutableBufferPointer(start: base + Int(slot) * Self.stride, count: Self.stride)
  }

  /// A part of a slot's room.
  borrowing func octets(_ slot: Int32, from start: Int, to end: Int) -> UnsafeBufferPointer<UInt8> {
    // Datagram writes at most `stride` octets and start <= end.
    unsafe UnsafeBufferPointer(start: base + Int(slot) * Self.stride + start, count: end - start)
  }
}
