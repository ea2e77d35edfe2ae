import DNSWire
import Names
import Testing

/// Answers of real servers, as Zonemaster's engine recorded them.
@Suite("Messages: real packets") struct RealPacketTests {
  @Test func `every recorded packet is there`() {
    #expect(FixtureData.realPackets.all == 31245)
    #expect(FixtureData.realPackets.distinct.count == 13871)
    // Without their random ids.
    #expect(Set(FixtureData.realPackets.distinct.map { $0[2...] }).count == 9326)
  }

  @Test func `each decodes and re-encodes to the same meaning`() throws {
    for packet in FixtureData.realPackets.distinct {
      let message = try Message(packet.span)
      let again = try Message(message.encoded().span)
      #expect(again == message)
    }
  }

  @Test func `every record reads back from its own text`() throws {
    var seen = Set<RData>()
    for packet in FixtureData.realPackets.distinct {
      guard let message = try? Message(packet.span) else { continue }
      for record in message.answers + message.authorities + message.additionals where seen.insert(record.rdata).inserted {
        #expect(try RData(type: record.type, text: record.rdata.text, origin: nil) == record.rdata, "\(record)")
      }
    }
    #expect(seen.count > 3000)
  }

  @Test func `what we write is no longer than what the server wrote`() throws {
    var (ours, theirs) = (0, 0)
    for packet in FixtureData.realPackets.distinct {
      guard let message = try? Message(packet.span) else { continue }
      ours += message.encoded().count
      theirs += packet.count
    }
    #expect(ours <= theirs)
  }
}
