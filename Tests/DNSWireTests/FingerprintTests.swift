import DNSWire
import Names
import Testing

@Suite("RRset fingerprints") struct FingerprintTests {
  @Test func `the order and the TTL do not count, every octet does`() throws {
    let sets: [[String]] = [["192.0.2.1"], ["192.0.2.2"], ["192.0.2.1", "192.0.2.2"], ["192.0.2.1", "192.0.2.3"], []]
    let values = try sets.map { set in
      let records = try set.map { try RData(type: .a, text: $0, origin: nil) }
      let value = RRsetFingerprint(records)
      #expect(value == RRsetFingerprint(records.reversed()))
      return value
    }
    #expect(Set(values).count == sets.count)
  }

  @Test func `names in other cases are the same set`() throws {
    let one = try RData(type: .mx, text: "10 Mail.Example.GOV.", origin: nil)
    #expect(RRsetFingerprint([one]) == RRsetFingerprint([try RData(type: .mx, text: "10 mail.example.gov.", origin: nil)]))
  }

  @Test func `no two of the real records share a number`() throws {
    var numbers = [UInt64: RData]()
    for packet in FixtureData.realPackets.distinct {
      for record in try Message(packet.span).answers {
        let other = numbers.updateValue(record.rdata, forKey: RRsetFingerprint([record.rdata]).value)
        #expect(other == nil || other?.octets == record.rdata.octets)
      }
    }
    #expect(numbers.count > 1000)
  }
}
