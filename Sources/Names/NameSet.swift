/// Names that others are looked up in: is a name one of them, or below one of them at a label's border?
///
/// The names stand end to end, and an open-addressed table finds them by a hash that is taken from the last label to the first, so
/// that one pass over a name looks up the name and all that are above it. No object is made for a look-up.
public struct NameSet: Sendable {
  private var names: [UInt8] = []
  private var starts: [UInt32] = []
  private var hashes: [UInt32] = []
  /// A name's number and one; 0 is free. At most half are taken.
  private var slots: [UInt32] = []
  /// A bit for each hash, in sixteen bits a name or more: what is not here is found to be not here in few octets of memory, which
  /// stay near the processor where the slots do not.
  private var marks: [UInt64] = []
  /// Labels of the shortest and the longest name, the root's counted: no other ancestors need be looked up.
  private var fewestLabels = 129
  private var mostLabels = 0
  private let seed = UInt64(bitPattern: Int64(Hasher().finalize()))

  public init() {}

  public init(_ names: some Sequence<DomainName>) {
    for name in names { insert(name) }
  }

  public var count: Int { starts.count }
  public var isEmpty: Bool { starts.isEmpty }

  /// The name of a number, as ``insert(_:)`` gave it.
  public subscript(number: Int) -> DomainName { DomainName(trusted: Array(octets(of: number))) }

  /// The same name in wire form.
  public func octets(of number: Int) -> ArraySlice<UInt8> {
    let end = number + 1 < starts.count ? Int(starts[number + 1]) : names.count
    return names[Int(starts[number])..<end]
  }

  /// Adds a name. Returns its number: that of the same name if it is there.
  @discardableResult public mutating func insert(_ name: DomainName) -> Int {
    if (starts.count + 1) * 2 > slots.count { grow() }
    let octets = name.octets.span
    let hash = fullHash(octets)
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let number = Int(slots[slot]) - 1
      if hashes[number] == hash, stands(octets, from: 0, at: number) { return number }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = UInt32(truncatingIfNeeded: starts.count + 1)
    mark(hash)
    var labels = InlineArray<128, UInt8>(repeating: 0)
    let count = Self.labelStarts(octets, &labels)
    (fewestLabels, mostLabels) = (min(fewestLabels, count), max(mostLabels, count))
    starts.append(UInt32(truncatingIfNeeded: names.count))
    hashes.append(hash)
    names.append(contentsOf: name.octets)
    return starts.count - 1
  }

  public func contains(_ name: DomainName) -> Bool { number(of: name.octets.span) != nil }

  /// Whether a name is one of these or stands below one.
  public func covers(_ name: DomainName) -> Bool { nearest(to: name.octets.span) != nil }

  /// The number of the name with these octets: wire form, lower-cased, with the final zero.
  public func number(of name: Span<UInt8>) -> Int? {
    guard !isEmpty else { return nil }
    return find(name, from: 0, fullHash(name))
  }

  /// The number of the longest of these names that a name is or stands below.
  ///
  /// - Parameter name: In wire form, lower-cased, with the final zero.
  public func nearest(to name: Span<UInt8>) -> Int? {
    guard !isEmpty else { return nil }
    var labels = InlineArray<128, UInt8>(repeating: 0)
    let count = Self.labelStarts(name, &labels)
    var (hash, found): (UInt64, Int?) = (seed, nil)
    for label in stride(from: count - 1, through: 0, by: -1) {
      let start = Int(labels[label])
      hash = Self.mixed(hash, name, from: start)
      guard count - label >= fewestLabels else { continue }
      if count - label > mostLabels { break }
      if let number = find(name, from: start, Self.folded(hash)) { found = number }
    }
    return found
  }

  private func find(_ name: Span<UInt8>, from start: Int, _ hash: UInt32) -> Int? {
    let bit = Int(hash) & (marks.count * 64 - 1)
    guard marks[bit >> 6] >> UInt64(bit & 63) & 1 == 1 else { return nil }
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let number = Int(slots[slot]) - 1
      if hashes[number] == hash, stands(name, from: start, at: number) { return number }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  /// Whether the name of a number is these octets from `start` on: a name ends at its zero, so none is the beginning of another.
  private func stands(_ name: Span<UInt8>, from start: Int, at number: Int) -> Bool {
    let (own, all) = (Int(starts[number]), names.span)
    guard all.count - own >= name.count - start else { return false }
    for index in start..<name.count where all[own + index - start] != name[index] { return false }
    return true
  }

  private func fullHash(_ name: Span<UInt8>) -> UInt32 {
    var (hash, labels) = (seed, InlineArray<128, UInt8>(repeating: 0))
    let count = Self.labelStarts(name, &labels)
    for label in stride(from: count - 1, through: 0, by: -1) { hash = Self.mixed(hash, name, from: Int(labels[label])) }
    return Self.folded(hash)
  }

  /// Where each label begins, the root's too: at most 128 (RFC 1035 §3.1). Returns how many there are.
  private static func labelStarts(_ name: Span<UInt8>, _ starts: inout InlineArray<128, UInt8>) -> Int {
    var (count, place) = (0, 0)
    while place < name.count, count < 128 {
      starts[count] = UInt8(truncatingIfNeeded: place)
      count += 1
      if name[place] == 0 { break }
      place += 1 + Int(name[place])
    }
    return count
  }

  /// The hash of what follows a label, with the label: its length octet and its octets, eight at a time.
  @inline(__always) private static func mixed(_ hash: UInt64, _ name: Span<UInt8>, from start: Int) -> UInt64 {
    let end = min(name.count, start &+ 1 &+ Int(name[start]))
    var (state, place) = (hash, start)
    repeat {
      let last = min(place &+ 8, end)
      var word: UInt64 = 0
      if last >= 8 {
        // The eight octets up to the last of these are in the name, as was just asked. What is before them goes.
        word = unsafe EightOctets(unchecked: name.bytes, at: last &- 8).word.byteSwapped
        word &= .max &>> UInt64(64 &- 8 &* (last &- place))
      } else {
        for index in place..<last { word = word &<< 8 | UInt64(name[index]) }
      }
      place = last
      state = EightOctets(word: word).mixed(into: state)
    } while place < end
    return state
  }

  @inline(__always) private static func folded(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash ^ hash >> 32) }

  private mutating func mark(_ hash: UInt32) {
    let bit = Int(hash) & (marks.count * 64 - 1)
    marks[bit >> 6] |= 1 << UInt64(bit & 63)
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: max(16, slots.count * 2))
    // At most half of the slots are taken: eight bits a slot are sixteen a name.
    marks = [UInt64](repeating: 0, count: slots.count / 8)
    for number in starts.indices {
      mark(hashes[number])
      var slot = Int(hashes[number]) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(truncatingIfNeeded: number + 1)
    }
  }
}
