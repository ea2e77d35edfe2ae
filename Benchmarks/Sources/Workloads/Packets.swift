import FoundationEssentials

/// Real answers: what name servers of the world sent to Zonemaster, as Tests/Fixtures/README.md tells.
enum Packets {
  /// Why there are no packets to measure with.
  struct Missing: Error, CustomStringConvertible {
    var description: String
  }

  /// The octets of the first packets of the fixture, in its order.
  static func first(_ count: Int) throws -> [[UInt8]] {
    let below = "Sources/Workloads/Packets.swift"
    let path = #filePath.dropLast(below.count) + ".build/packets.tsv"
    guard let text = try? Data(contentsOf: URL(filePath: String(path))) else {
      throw Missing(description: "\(path) is missing; Scripts/bench unpacks it from the fixtures")
    }
    var packets = [[UInt8]]()
    // Most lines hold a packet; what is beyond is not cut, for a run under valgrind has to wait for it.
    for line in [UInt8](text).split(separator: 0x0A, maxSplits: count * 2).prefix(count * 2) {
      guard packets.count < count else { break }
      // The last field is the packet in base64, its padding left out; `-` where a server did not answer.
      guard let last = line.split(separator: 0x09).last else { continue }
      let padded = Data(last) + Data(repeating: 0x3D, count: (4 - last.count % 4) % 4)
      if let packet = Data(base64Encoded: padded) { packets.append(Array(packet)) }
    }
    guard packets.count == count else { throw Missing(description: "\(path) has \(packets.count) packets, not \(count)") }
    return packets
  }
}
