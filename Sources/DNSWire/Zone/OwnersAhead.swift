/// The owners of the lines that come next, read a few dozen at a time.
///
/// Each new owner is looked up somewhere in a table that is larger than any cache. One lookup after the other would wait for
/// memory each time, and that would be a third of the time of reading; asked for together, the lookups wait together.
/// What is read ahead is used only for a word at the very same place, so that it need not know what a line means.
struct OwnersAhead {
  struct Owner {
    /// Where its text stands in the file.
    var text: Range<Int>
    /// Where its wire form stands in `wire`.
    var wire: Range<Int>
    var kind: PlainName
    var hash: UInt64 = 0
  }

  static let most = 32
  /// How far to look for the next line's beginning.
  static let farthest = 4096

  private var owners: [Owner] = []
  private var wire: [UInt8] = []
  private var next = 0
  /// What the touched slots hold, kept so that the touch is not left out.
  private var touched: UInt32 = 0

  /// Forgets what was read ahead, because another file or another origin follows.
  mutating func forget() {
    owners.removeAll(keepingCapacity: true)
    next = 0
  }

  /// The owner that a word at the beginning of an entry is, if it is written plainly.
  mutating func owner(
    _ octets: Span<UInt8>, _ text: Range<Int>, under origin: Span<UInt8>, _ table: borrowing ZoneTable
  ) -> Owner? {
    while next < owners.count, owners[next].text.lowerBound < text.lowerBound { next &+= 1 }
    if next == owners.count { read(octets, from: text.lowerBound, origin, table) }
    guard next < owners.count, owners[next].text == text else { return nil }
    next &+= 1
    return owners[next &- 1]
  }

  /// Appends an owner's wire form.
  func append(_ owner: Owner, to octets: inout [UInt8]) {
    let wire = wire.span.extracting(owner.wire)
    octets.append(addingCapacity: wire.count) { (output: inout OutputSpan<UInt8>) in
      for index in wire.indices { output.append(wire[index]) }
    }
  }

  private mutating func read(_ octets: Span<UInt8>, from start: Int, _ origin: Span<UInt8>, _ table: borrowing ZoneTable) {
    forget()
    wire.removeAll(keepingCapacity: true)
    let limit = min(octets.count, start &+ Self.farthest)
    var place = start
    while owners.count < Self.most, place < limit {
      let line = place
      // A directive may change the origin.
      if octets[line] == 0x24 { break }
      while place < limit, octets[place] > 0x20 { place &+= 1 }
      if place > line {
        let from = wire.count
        if let kind = PlainName.append(octets.extracting(line..<place), under: origin, to: &wire) {
          owners.append(Owner(text: line..<place, wire: from..<wire.count, kind: kind))
        }
      }
      while place < limit, octets[place] != 0x0A, octets[place] != 0x0D { place &+= 1 }
      place &+= 1
    }
    for index in owners.indices {
      owners[index].hash = tableHash(wire.span.extracting(owners[index].wire), seed: table.seed)
    }
    for owner in owners { touched |= table.lookup.touch(owner.hash) }
  }
}
