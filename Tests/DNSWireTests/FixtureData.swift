import DNSWire
import Fixtures
import Foundation
import Names

/// What the tests read; each file is read once.
enum FixtureData {
  static func lines(_ path: String) throws -> [String] {
    String(decoding: try Data(contentsOf: URL(filePath: Fixture.path(path))), as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  static func octets(hex: some StringProtocol) -> [UInt8]? {
    let digits = hex.utf8.filter { $0 != 0x20 && $0 != 0x09 }
    guard digits.count % 2 == 0 else { return nil }
    var octets = [UInt8]()
    for place in stride(from: 0, to: digits.count, by: 2) {
      guard let high = hexDigit(digits[place]), let low = hexDigit(digits[place + 1]) else { return nil }
      octets.append(high << 4 | low)
    }
    return octets
  }

  /// One record of unbound's tests: wire form, and the text that unbound makes of it.
  struct Pair: Sendable {
    var file: Int
    var wire: [UInt8]
    var text: String
  }

  static let unboundPairs: [Pair] = {
    var pairs = [Pair]()
    for file in 1...5 {
      let lines = (try? Self.lines("dns/unbound-wire/test_ldnsrr.c\(file)")) ?? []
      for place in stride(from: 0, to: lines.count - 1, by: 2) {
        pairs.append(Pair(file: file, wire: octets(hex: lines[place]) ?? [], text: lines[place + 1]))
      }
    }
    return pairs
  }()

  /// Real answers that Zonemaster's engine recorded, each distinct packet once, and how many there are with repetitions.
  static let realPackets: (all: Int, distinct: [[UInt8]]) = {
    let gzip = Process()
    gzip.executableURL = URL(filePath: "/usr/bin/env")
    gzip.arguments = ["gzip", "-dc", Fixture.path("dns/zonemaster/packets.tsv.gz")]
    let output = Pipe()
    gzip.standardOutput = output
    guard (try? gzip.run()) != nil else { return (0, []) }
    let text = output.fileHandleForReading.readDataToEndOfFile()
    gzip.waitUntilExit()
    var (all, seen, distinct) = (0, Set<Data>(), [[UInt8]]())
    for line in text.split(separator: 0x0A) where line.first != 0x23 {
      guard let tab = line.lastIndex(of: 0x09), line[(tab + 1)...] != Data("-".utf8) else { continue }
      all += 1
      let encoded = Data(line[(tab + 1)...])
      guard seen.insert(encoded).inserted, let packet = Data(base64Encoded: encoded) else { continue }
      distinct.append(Array(packet))
    }
    return (all, distinct)
  }()
}
