import DNSWire
import Names
import Testing

@testable import Probe

@Suite("ReplySketch: what the loop reads of hostile octets") struct Sketches {
  static let question: [UInt8] = [3, 0x57, 0x77, 0x57, 2, 0x67, 0x76, 0, 0, 1, 0, 1]
  static let whole = Reply.to(
    [0, 7, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0] + question, addresses: [1, 2, 3],
    options: Reply.option(3, [9]) + Reply.option(10, [1, 2, 3, 4, 5, 6, 7, 8]))

  private func sketch(_ octets: [UInt8]) throws(ReplySketch.Fault) -> ReplySketch {
    try ReplySketch(octets.span, question: Self.question.span)
  }

  @Test func `reads the cookie, the code and the case`() throws {
    let sketch = try sketch(Self.whole)
    #expect(sketch.question == .same)
    #expect(sketch.hasOPT)
    #expect(sketch.responseCode == 0)
    #expect(Array(Self.whole[sketch.cookie]) == [1, 2, 3, 4, 5, 6, 7, 8])
    var lower = Self.whole
    lower[13] |= 0x20
    #expect(try self.sketch(lower).question == .sameButCase)
  }

  @Test func `a message cut at any octet is none`() {
    for count in 0..<Self.whole.count {
      #expect(throws: ReplySketch.Fault.self) { try sketch(Array(Self.whole[..<count])) }
    }
  }

  @Test func `takes whatever DNSWire takes, and reads the same response code`() throws {
    var generator = Tables.SplitMix(state: 2026)
    var taken = 0
    for _ in 0..<60_000 {
      var octets = Self.whole
      for _ in 0..<(1 + generator.next() % 3) {
        octets[Int(generator.next() % UInt64(octets.count))] = UInt8(truncatingIfNeeded: generator.next())
      }
      let sketch = try? sketch(octets)
      guard let message = try? Message(octets.span), message.header.isResponse, message.header.opcode == .query,
        message.questions == [Question(name: try DomainName("www.gv"), type: .a, recordClass: .in)]
      else { continue }
      taken += 1
      guard let sketch else {
        Issue.record("DNSWire takes \(octets)")
        return
      }
      // Where TC is set, nothing behind the question is read.
      if !sketch.isTruncated { #expect(sketch.responseCode == message.header.responseCode.rawValue) }
    }
    #expect(taken > 10_000)
  }
}
