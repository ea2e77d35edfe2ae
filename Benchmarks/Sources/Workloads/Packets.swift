import Foundation

/// Real answers: what name servers of the world sent to Zonemaster, as Tests/Fixtures/README.md tells.
public enum Packets {
  /// Why there are no packets to measure with.
  public struct Unreadable: Error, CustomStringConvertible {
    public var description: String
  }

  /// The octets of the first packets of the fixture, in its order.
  public static func first(_ count: Int) throws -> [[UInt8]] {
    let house = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized
    let fixture = house.appending(path: "Tests/Fixtures/dns/zonemaster/packets.tsv.gz").path
    let gzip = Process()
    let output = Pipe()
    gzip.executableURL = URL(filePath: "/usr/bin/env")
    gzip.arguments = ["gzip", "-dc", fixture]
    gzip.standardOutput = output
    try gzip.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    gzip.waitUntilExit()
    guard gzip.terminationStatus == 0 else { throw Unreadable(description: "gzip cannot read \(fixture)") }
    var packets = [[UInt8]]()
    for line in text.split(separator: 0x0A) {
      guard packets.count < count else { break }
      // The last field is the packet in base64; `-` where a server did not answer.
      guard let last = line.split(separator: 0x09).last, let packet = Data(base64Encoded: last) else { continue }
      packets.append(Array(packet))
    }
    guard packets.count == count else {
      throw Unreadable(description: "\(fixture) holds \(packets.count) packets; \(count) are wanted")
    }
    return packets
  }
}
