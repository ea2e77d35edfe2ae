import DNSWire
import Names
import Testing

/// Whole messages from NLnet Labs' test data for unbound.
@Suite("Messages: unbound's packets") struct UnboundPacketTests {
  /// The packets of a file: lines of hexadecimal digits, packets apart as the file says.
  static func packets(_ file: Int) throws -> [[UInt8]] {
    var (packets, open) = ([[UInt8]](), "")
    func close() {
      if let octets = FixtureData.octets(hex: open), !octets.isEmpty { packets.append(octets) }
      open = ""
    }
    for line in try FixtureData.lines("dns/unbound-wire/test_packets.\(file)") {
      if line.hasPrefix(";-- ") || line.hasPrefix("; 0  1  2") { close() }
      let digits = (line.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false).first ?? "")
        .filter { $0 != " " && $0 != "\t" }
      guard digits.utf8.allSatisfy({ hexDigit($0) != nil }) else { continue }
      if file <= 3 {
        // A line of few digits is the number of the packets that follow, one on each line.
        guard digits.utf8.count >= 24 else { continue }
        close()
      }
      open += digits
    }
    close()
    return packets
  }

  struct Refused: Sendable {
    var octets: Int  // the length of the packet
    var count: Int
    var reason: String
  }

  /// How many packets each file has, and which of them are no messages.
  static let files: [(file: Int, packets: Int, refused: [Refused])] = [
    (
      2, 25,
      [
        Refused(
          octets: 18, count: 5, reason: "frames of TCP that the capture took for DNS: sequence number, window, no question"),
        Refused(octets: 20, count: 3, reason: "the same with options"),
      ]
    ),
    (
      3, 233,
      [
        Refused(octets: 18, count: 22, reason: "frames of TCP, as in the second file"),
        Refused(octets: 20, count: 8, reason: "the same with options"),
        Refused(octets: 157, count: 7, reason: "frames of TCP with a TKEY question inside"),
      ]
    ),
    (4, 16, []),
    (
      5, 9,
      [
        Refused(octets: 45, count: 4, reason: "pointers forwards, to itself, into the header, past the end: the file says so"),
        Refused(octets: 72, count: 1, reason: "a loop over two answers: the file says so"),
        Refused(octets: 78, count: 1, reason: "two OPT records: the file says so"),
      ]
    ),
    (6, 2, []), (7, 2, []),
    (
      8, 1,
      [
        Refused(
          octets: 71, count: 1, reason: "counts an additional record that is missing; unbound is lenient, we call it mangled")
      ]
    ),
    (9, 1, []),
  ]

  @Test(arguments: files) func `each decodes and re-encodes to the same meaning`(file: Int, count: Int, refused: [Refused]) throws
  {
    let packets = try Self.packets(file)
    #expect(packets.count == count)
    var found = [Int: Int]()
    for packet in packets {
      guard let message = try? Message(packet.span) else {
        found[packet.count, default: 0] += 1
        continue
      }
      #expect(try Message(message.encoded().span) == message)
    }
    #expect(found == Dictionary(uniqueKeysWithValues: refused.map { ($0.octets, $0.count) }))
  }
}
