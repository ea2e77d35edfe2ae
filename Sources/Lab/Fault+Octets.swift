import Names

extension Fault {
  /// Changes the octets of an answer. Pure but for the dice, and safe on octets that are no answer.
  func garble(_ packet: [UInt8], with dice: inout Dice) -> [UInt8] {
    switch self {
    case .cut(let octets): Array(packet.prefix(max(0, octets)))
    case .mangle(let mangling): mangling.mangle(packet, with: &dice)
    default: packet
    }
  }
}

extension Fault.Mangling {
  func mangle(_ packet: [UInt8], with dice: inout Dice) -> [UInt8] {
    var packet = packet
    let question = 12..<max(12, endOfName(packet))
    switch self {
    case .noise:
      for index in packet.indices { packet[index] = UInt8(truncatingIfNeeded: dice.next()) }
    case .flippedOctets:
      guard packet.count > 2 else { break }
      for _ in 0..<3 {
        // Never zero, so an octet that is struck once differs.
        let change = UInt8.random(in: 1...255, using: &dice)
        packet[Int.random(in: 2..<packet.count, using: &dice)] ^= change
      }
    case .wrongID:
      guard packet.count > 1 else { break }
      packet[1] ^= 1
    case .wrongQuestion:
      if let (index, octet) = letters(packet, question).last {
        packet[index] = octet | 0x20 == 0x7A ? octet - 1 : octet + 1
      } else if question.upperBound + 1 < packet.count {
        packet[question.upperBound + 1] ^= 1  // a name without letters: another type
      }
    case .otherCase:
      for (index, octet) in letters(packet, question) { packet[index] = octet ^ 0x20 }
    case .lyingCounts:
      guard packet.count > 7 else { break }
      packet[6] = 0x7F
    case .pointerLoop:
      let answers = packet.count > 7 && (packet[6] != 0 || packet[7] != 0)
      let target = answers ? question.upperBound + 4 : 12
      guard target + 1 < packet.count else { break }
      (packet[target], packet[target + 1]) = (0xC0 | UInt8(truncatingIfNeeded: target >> 8), UInt8(truncatingIfNeeded: target))
    }
    return packet
  }

  /// Where the name of the question ends, its final zero counted; 12 where there is none.
  private func endOfName(_ packet: [UInt8]) -> Int {
    var place = 12
    return (try? DomainName(packet.span, at: &place)) == nil ? 12 : place
  }

  /// The letters in the labels of a name, with their places.
  private func letters(_ packet: [UInt8], _ name: Range<Int>) -> [(Int, UInt8)] {
    // Length octets are below 64, so none of them looks like a letter.
    name.compactMap { index in (0x61...0x7A).contains(packet[index] | 0x20) ? (index, packet[index]) : nil }
  }
}
