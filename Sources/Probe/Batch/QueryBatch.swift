import DNSWire
import Names

/// Many questions laid flat, without an object for each: names end to end, and a column for every other property.
struct QueryBatch: Sendable {
  /// Properties of a question.
  struct Flags: OptionSet, Sendable {
    var rawValue: UInt8
    /// RD (RFC 1035 §4.1.1).
    static let recursionDesired = Flags(rawValue: 1)
    /// DO (RFC 3225).
    static let dnssecOK = Flags(rawValue: 2)
    /// One attempt only: somebody else will be asked instead.
    static let once = Flags(rawValue: 4)
  }

  /// Everybody who is asked; a question names one by its place here.
  let servers: [SocketAddress]
  private(set) var names: [UInt8] = []
  private(set) var starts: [UInt32] = [0]  // of the names; one more than there are questions
  private(set) var types: [UInt16] = []
  private(set) var serverIndices: [UInt32] = []
  private(set) var flags: [Flags] = []

  init(servers: [SocketAddress], reserving count: Int = 0) {
    self.servers = servers
    names.reserveCapacity(count * 24)
    starts.reserveCapacity(count + 1)
    types.reserveCapacity(count)
    serverIndices.reserveCapacity(count)
    flags.reserveCapacity(count)
  }

  var count: Int { types.count }

  /// - Parameter server: A place in ``servers``.
  mutating func append(_ name: DomainName, _ type: RRType, server: Int, flags: Flags) {
    names.append(contentsOf: name.octets)
    starts.append(UInt32(truncatingIfNeeded: names.count))
    types.append(type.rawValue)
    serverIndices.append(UInt32(truncatingIfNeeded: server))
    self.flags.append(flags)
  }

  /// Where a question's name stands in ``names``.
  @inline(__always) func nameRange(_ index: Int) -> Range<Int> { Int(starts[index])..<Int(starts[index + 1]) }

  /// The questions of each server in the order they were put in: for server `s` those at `offsets[s]..<offsets[s + 1]`.
  func byServer() -> (order: [UInt32], offsets: [Int]) {
    var offsets = [Int](repeating: 0, count: servers.count + 1)
    for server in serverIndices { offsets[Int(server) + 1] += 1 }
    for server in servers.indices { offsets[server + 1] += offsets[server] }
    var (next, order) = (offsets, [UInt32](repeating: 0, count: count))
    for index in 0..<count {
      let server = Int(serverIndices[index])
      order[next[server]] = UInt32(truncatingIfNeeded: index)
      next[server] += 1
    }
    return (order, offsets)
  }
}
