/// Announced prefixes of one address family, with the longest match for an address.
struct PrefixTable<Network: FixedWidthInteger & UnsignedInteger & Sendable>: Sendable {
  /// For each length, the prefixes of it: their networks in ascending order, and beside each the number of its list of origins.
  private var networks = [[Network]](repeating: [], count: Network.bitWidth + 1)
  private var lists = [[UInt32]](repeating: [], count: Network.bitWidth + 1)

  var count: Int { networks.reduce(0) { $0 + $1.count } }

  /// Takes in a prefix; in any order, until ``sort()``. `network` has no bit set behind its length.
  mutating func add(_ network: Network, length: Int, list: UInt32) {
    networks[length].append(network)
    lists[length].append(list)
  }

  /// Puts the prefixes in order; of one that was added several times, hands over all its lists and keeps the answer.
  mutating func sort(merging merge: (UInt32, UInt32) -> UInt32) {
    for length in networks.indices {
      let isSorted = zip(networks[length], networks[length].dropFirst()).allSatisfy { $0 < $1 }
      if isSorted { continue }
      let order = networks[length].indices.sorted { networks[length][$0] < networks[length][$1] }
      var (sorted, kept) = ([Network](), [UInt32]())
      sorted.reserveCapacity(order.count)
      kept.reserveCapacity(order.count)
      for place in order {
        if sorted.last == networks[length][place], let last = kept.popLast() {
          kept.append(merge(last, lists[length][place]))
        } else {
          sorted.append(networks[length][place])
          kept.append(lists[length][place])
        }
      }
      (networks[length], lists[length]) = (sorted, kept)
    }
  }

  /// The list of the longest prefix that covers an address.
  func list(for address: Network) -> UInt32? {
    for length in networks.indices.reversed() where !networks[length].isEmpty {
      let network = length == 0 ? 0 : address & (Network.max << (Network.bitWidth - length))
      if let place = place(of: network, in: networks[length]) { return lists[length][place] }
    }
    return nil
  }

  private func place(of network: Network, in networks: [Network]) -> Int? {
    var (low, high) = (0, networks.count)
    while low < high {
      let middle = (low + high) / 2
      if networks[middle] < network { low = middle + 1 } else { high = middle }
    }
    return low < networks.count && networks[low] == network ? low : nil
  }
}
