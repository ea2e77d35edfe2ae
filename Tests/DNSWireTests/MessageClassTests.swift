import DNSWire
import Names
import Testing

@Suite("RFC 2136 §2.4 and RFC 1035 §3.2.4 Data outside class IN") struct MessageClassTests {
  @Test func `a prerequisite without data is taken in classes ANY and NONE only`() throws {
    for (recordClass, isTaken) in [(RRClass.any, true), (.none, true), (.in, false)] {
      let octets: [UInt8] =
        [0, 1, 0x28, 0, 0, 0, 0, 1, 0, 0, 0, 0] + [0, 0, 1, 0, UInt8(recordClass.rawValue), 0, 0, 0, 0, 0, 0]
      guard isTaken else {
        #expect(throws: WireFault.dataTooShort(.a, at: 23)) { try Message(octets.span) }
        continue
      }
      let message = try Message(octets.span)
      #expect(
        message.answers == [ResourceRecord(name: .root, recordClass: recordClass, ttl: 0, rdata: RData(type: .a, canonical: []))])
      #expect(message.encoded() == octets)
      #expect(message.answers[0].description == ". 0 \(recordClass) A \\# 0")
    }
  }

  /// RFC 1035 §3.4.1 gives A a form in class IN; in CH it is a name and a number.
  @Test func `an A record of another class is opaque`() throws {
    let octets: [UInt8] = [1, 0x41, 0, 0, 9]
    #expect(throws: WireFault.dataTooLong(.a, octets: 1, at: 4)) {
      try RData(type: .a, message: octets.span, at: 0, length: 5)
    }
    let rdata = try RData(type: .a, class: .ch, message: octets.span, at: 0, length: 5)
    #expect(rdata.octets == octets && rdata.text == "\\# 5 0141000009")
  }

  @Test func `a transaction signature stays last, after OPT`() throws {
    let signature = ResourceRecord(name: .root, recordClass: .any, ttl: 0, rdata: RData(type: .tsig, canonical: [1, 2, 3]))
    let message = Message(header: Header(), additionals: [signature], edns: EDNS())
    let octets = message.encoded()
    #expect(Array(octets[12..<15]) == [0, 0, 41] && Array(octets.suffix(3)) == [1, 2, 3])
    #expect(Array(octets[10..<12]) == [0, 2])
    #expect(try Message(octets.span) == message)
  }
}
