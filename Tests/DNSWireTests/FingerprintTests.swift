import DNSWire
import Names
import Testing

@Suite("RRset fingerprints") struct FingerprintTests {
  @Test func `octets of an answer and its decoded records give the same number`() throws {
    var (simple, other) = (0, 0)
    for packet in FixtureData.realPackets.distinct {
      let message = try Message(packet.span)
      guard let question = message.questions.first else { continue }
      let records = message.answers(question.name, question.type)
      for key in [0, 0x0123_4567_89AB_CDEF] as [UInt64] {
        guard let value = RRsetFingerprint.ofAnswer(in: packet.span, name: question.name, type: question.type, key: key) else {
          // Not simple: no answer, an error, or an alias or other records among the answers.
          let isPlain =
            !records.isEmpty && question.recordClass == .in && message.header.responseCode == .noError
            && !message.header.truncated
            && message.header.isResponse && message.questions.count == 1
            && message.answers.allSatisfy { $0.name == question.name && ($0.type == question.type) }
          #expect(!isPlain)
          other += 1
          continue
        }
        simple += 1
        #expect(value == RRsetFingerprint(records.map(\.rdata), key: key).value)
      }
    }
    #expect(simple > 4000 && other > 1000)
  }

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

  @Test func `an alias, an error and a truncated answer are not simple`() throws {
    let name = try DomainName("www.example.")
    let address = ResourceRecord(name: name, ttl: 60, rdata: try RData(type: .a, text: "192.0.2.1", origin: nil))
    let alias = ResourceRecord(name: name, ttl: 60, rdata: CNAME(target: try DomainName("a.example.")).rdata)
    func value(_ header: Header, _ answers: [ResourceRecord]) -> UInt64? {
      let message = Message(header: header, questions: [Question(name: name, type: .a)], answers: answers)
      return RRsetFingerprint.ofAnswer(in: message.encoded().span, name: name, type: .a)
    }
    #expect(value(Header(isResponse: true), [address]) == RRsetFingerprint([address.rdata]).value)
    #expect(value(Header(isResponse: true), [address, alias]) == nil)
    #expect(value(Header(isResponse: true), []) == nil)
    #expect(value(Header(isResponse: true, truncated: true), [address]) == nil)
    #expect(value(Header(isResponse: true, responseCode: .serverFailure), [address]) == nil)
    #expect(value(Header(isResponse: false), [address]) == nil)
  }
}
