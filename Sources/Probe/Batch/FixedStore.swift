/// Room for a number of elements at fixed places, made once: to change one costs no look at who else holds the others, as it does in an
/// array, many times a packet.
@safe struct FixedStore<Element>: ~Copyable {
  // `count` elements, from init to deinit.
  private let base: UnsafeMutablePointer<Element>
  let count: Int

  init(repeating element: Element, count: Int) {
    unsafe base = .allocate(capacity: count)
    unsafe base.initialize(repeating: element, count: count)
    self.count = count
  }

  deinit {
    // Made in init, freed once.
    unsafe base.deinitialize(count: count)
    unsafe base.deallocate()
  }

  var indices: Range<Int> { 0..<count }

  subscript(index: Int) -> Element {
    @inline(__always) _read {
      precondition(index >= 0 && index < count)
      // Below count.
      yield unsafe base[index]
    }
    @inline(__always) _modify {
      precondition(index >= 0 && index < count)
      // Below count.
      yield unsafe &base[index]
    }
  }
}
