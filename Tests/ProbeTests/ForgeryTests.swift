import DNSWire
import Estate
import Names
import Testing

@testable import Probe

/// A datagram that is not the reply to the question, made from what the right reply would be.
struct Forgery: Sendable, CustomTestStringConvertible {
  var testDescription: String
  /// What is said when nothing better came; `nil` where the datagram cannot even be assigned to the question.
  var words: String?
  var make: @Sendable (_ question: [UInt8]) -> [UInt8]

  init(_ description: String, _ words: String?, _ make: @escaping @Sendable ([UInt8]) -> [UInt8]) {
    (testDescription, self.words, self.make) = (description, words, make)
  }

  /// The right reply, but with address 192.0.2.66, and changed.
  static func change(_ description: String, _ words: String?, _ change: @escaping @Sendable (inout [UInt8]) -> Void) -> Forgery {
    Forgery(description, words) { question in
      var reply = Reply.to(question, addresses: [66])
      change(&reply)
      return reply
    }
  }

  static let all: [Forgery] = [
    change("another id", nil) { $0[0] ^= 0x55 },
    change("another name", "a reply to another question") { $0[13] = UInt8(ascii: "_") },
    change("another type", "a reply to another question") { $0[Reply.questionEnd($0) - 3] = 28 },
    change("another class", "a reply to another question") { $0[Reply.questionEnd($0) - 1] = 3 },
    change("two questions", "a reply to another question") { $0[5] = 2 },
    change("a question and not a reply", "a message that is no reply to a query") { $0[2] &= 0x7F },
    change("another opcode", "a message that is no reply to a query") { $0[2] |= 0x20 },
    change("octets after the end", "a reply with octets after its last record") { $0.append(0) },
    change("a count that lies", "a reply whose records do not fit its octets") { $0[7] = 2 },
    change("cut in the middle", "a reply whose records do not fit its octets") { $0.removeLast(4) },
    Forgery("a header alone", "a datagram too short for a DNS message") { Array($0[..<11]) },
    Forgery("no question, no error", "a reply to another question") { $0[..<2] + [0x84, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
    Forgery("one octet", nil) { Array($0[..<1]) },
    Forgery("nothing", nil) { _ in [] },
    Forgery("noise", nil) { question in (0..<40).map { UInt8(($0 * 73 + 41) & 0xFF) ^ ~question[0] } },
    Forgery("more than fits", "a datagram of more than 4096 octets") { Reply.to($0) + [UInt8](repeating: 0, count: 5000) },
  ]
}

@Suite("RFC 5452 §9 Forged replies", .timeLimit(.minutes(5))) struct ForgedReplies {
  @Test(arguments: Forgery.all) func `does not end a question by a forged reply`(forgery: Forgery) async throws {
    try await FaultServer.with {
      [.reply(forgery.make($0.octets)), .later(Reply.to($0.octets), 30)]
    } while: { server in
      let probe = Probe(.patient)
      let observation = try await probe.ask("www.example.gov", at: server.server)
      #expect(observation.addresses == [1])
      #expect(server.questions.count == 1)
      #expect(probe.counts.mangled == (forgery.words == nil ? 0 : 1))
      #expect(probe.counts.stray == (forgery.words == nil ? 1 : 0))
    }
  }

  @Test(arguments: Forgery.all) func `says what came when nothing better came`(forgery: Forgery) async throws {
    try await FaultServer.with {
      [.reply(forgery.make($0.octets))]
    } while: { server in
      // A whole second: on a busy machine the forgery itself takes its time to arrive.
      let settings = ProbeSettings.quick.with { ($0.timeout, $0.retries) = (.seconds(1), 1) }
      let observation = try await Probe(settings).ask("www.example.gov", at: server.server)
      #expect(observation.silence == forgery.words.map { .mangled($0) } ?? .timedOut(attempts: 2))
      #expect(server.questions.count == 2)
    }
  }

  @Test func `does not take a reply from another port`() async throws {
    try await FaultServer.with {
      [.elsewhere(Reply.to($0.octets, addresses: [66])), .later(Reply.to($0.octets), 30)]
    } while: { server in
      let probe = Probe(.patient)
      let observation = try await probe.ask("www.example.gov", at: server.server)
      #expect(observation.addresses == [1])
      #expect(probe.counts.received == 1)
    }
  }

  @Test func `takes a reply in other letter case only over TCP`() async throws {
    let conduct: FaultServer.Conduct = { question in
      var reply = Reply.to(question.octets, addresses: [question.isTCP ? 1 : 66])
      if !question.isTCP { for index in 13..<16 { reply[index] ^= 0x20 } }
      return [.reply(reply)]
    }
    try await FaultServer.with(conduct) { server in
      let observation = try await Probe(.patient).ask("www.example.gov", at: server.server)
      #expect(observation.addresses == [1])
      #expect(observation.path == .tcp)
    }
  }

  @Test func `says that the letter case was not kept when TCP gives nothing`() async throws {
    let conduct: FaultServer.Conduct = { question in
      var reply = Reply.to(question.octets)
      for index in 13..<16 { reply[index] ^= 0x20 }
      return question.isTCP ? [.close] : [.reply(reply)]
    }
    try await FaultServer.with(conduct) { server in
      let observation = try await Probe(.patient).ask("www.example.gov", at: server.server)
      #expect(
        observation.silence
          == .mangled(
            "the reply over UDP did not keep the question's letter case, and over TCP: "
              + "the server closed the connection before its reply"))
      #expect(observation.path == .tcp)
    }
  }

  @Test func `a doubled reply counts once`() async throws {
    try await FaultServer.with { question in
      [UInt8](repeating: 0, count: 3).map { _ in .reply(Reply.to(question.octets)) }
    } while: { server in
      let probe = Probe(.patient)
      let queries = try (0..<50).map { Query(try DomainName("n\($0).example.gov"), .a, at: server.server) }
      var last = 0
      let observations = await probe.ask(queries)
      for observation in observations where observation.addresses == [1] { last += 1 }
      #expect(last == 50)
      #expect(probe.counts.sent == 50)
      #expect(probe.counts.mangled == 0)
    }
  }
}

@Suite("RFC 5452 §9.2 What a forger has to guess", .timeLimit(.minutes(5))) struct Unpredictability {
  @Test func `ids, ports and letter case differ from question to question`() async throws {
    try await FaultServer.with {
      [.reply(Reply.to($0.octets))]
    } while: { server in
      let probe = Probe(.patient)
      let queries = try (0..<600).map { Query(try DomainName("name-\($0).example.gov"), .a, at: server.server) }
      _ = await probe.ask(queries)
      let questions = server.questions
      #expect(questions.count == 600)
      // 600 draws of 65,536: 2.7 pairs expected; 20 would be a one in 10¹¹ event.
      #expect(Set(questions.map { UInt16($0.octets[0]) << 8 | UInt16($0.octets[1]) }).count > 580)
      #expect(Set(questions.map(\.port)).count > 4)
      // Bit i of the id is set in half of the questions: 300 ± 12; six deviations either way.
      for bit in 0..<16 {
        let ones = questions.count { $0.octets[bit / 8] >> (bit % 8) & 1 == 1 }
        #expect((228...372).contains(ones), "bit \(bit)")
      }
      // So is the case of each letter of "name".
      for place in 13..<17 {
        let upper = questions.count { $0.octets[place] & 0x20 == 0 }
        #expect((228...372).contains(upper), "letter \(place)")
      }
    }
  }

  @Test func `one question after another leaves by another port`() async throws {
    try await FaultServer.with {
      [.reply(Reply.to($0.octets))]
    } while: { server in
      let probe = Probe(.patient)
      for number in 0..<12 { _ = try await probe.ask("n\(number).example.gov", at: server.server) }
      #expect(Set(server.questions.map(\.port)).count > 8)
    }
  }

  @Test func `ports are drawn from the range that is asked for`() async throws {
    try await FaultServer.with {
      [.reply(Reply.to($0.octets))]
    } while: { server in
      let probe = Probe(.patient.with { $0.sourcePorts = 20_000...29_999 })
      for number in 0..<8 {
        let observation = try await probe.ask("n\(number).example.gov", at: server.server)
        #expect(observation.addresses == [1])
      }
      #expect(server.questions.allSatisfy { (20_000...29_999).contains($0.port) })
    }
  }
}
