public import Names

/// How many different names are known to stand at an address: one with many is shared, and being seen there tells little.
public struct AddressPopulation: Sendable {
  /// Names that are counted at an address; more of them tell nothing more.
  public static let mostNames = 1000
  /// Names that are counted in all, so that memory stays below 100 MB.
  private static let mostInAll = 4 << 20

  /// Names by their hash: two with the same one are counted as one.
  private var names: [IPAddress: Set<Int>] = [:]
  private var count = 0

  public init() {}

  public mutating func add(_ name: DomainName, at address: IPAddress) {
    guard count < Self.mostInAll, (names[address]?.count ?? 0) < Self.mostNames else { return }
    if names[address, default: []].insert(name.hashValue).inserted { count += 1 }
  }

  /// `nil` where nothing is known.
  public subscript(address: IPAddress) -> Int? { names[address]?.count }
}
