public import Names

// Owners by name.

extension ZoneTable {
  /// The number of the owner with a name; `nil` if the zone has no record there.
  public func owner(_ name: DomainName) -> Int? { owner(name.octets.span) }

  /// The same by the name's octets in wire form, lower-cased, with the final zero.
  public func owner(_ name: Span<UInt8>) -> Int? { owner(name, hash: tableHash(name, seed: seed)) }

  @inline(__always) func owner(_ name: Span<UInt8>, hash: UInt64) -> Int? {
    var probe = lookup.probe(hash)
    while let owner = lookup.next(&probe) { if stands(name, at: owner) { return owner } }
    return nil
  }

  /// Whether an owner has a name: a name ends at its zero, so none is the beginning of another.
  @inline(__always) private func stands(_ name: Span<UInt8>, at owner: Int) -> Bool {
    let (start, all) = (nameStart(owner), names.span)
    guard all.count &- start >= name.count else { return false }
    for index in name.indices where all[start &+ index] != name[index] { return false }
    return true
  }

  /// Adds an owner that is not there and that will have the set that comes next.
  mutating func addOwner(_ name: Span<UInt8>, hash: UInt64) -> Int {
    let owner = owners.count
    if !lookup.hasRoom { makeLookup(owner * 2) }
    lookup.insert(owner, hash)
    owners.append(Owner(nameStart: UInt32(truncatingIfNeeded: names.count), lastSet: -1))
    names.append(addingCapacity: name.count) { (octets: inout OutputSpan<UInt8>) in
      for index in name.indices { octets.append(name[index]) }
    }
    return owner
  }

  mutating func makeLookup(_ owners: Int) {
    let (table, seed) = (self, seed)
    lookup.makeRoom(owners, isDense: true) { owner in
      tableHash(table.names.span.extracting(table.nameRange(owner)), seed: seed)
    }
  }
}
