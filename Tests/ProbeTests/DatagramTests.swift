import DNSWire
import Estate
import Names
import Testing

@testable import Probe

@Suite("RFC 5452 §9 Matching replies to questions", .timeLimit(.minutes(5))) struct Matching {
  @Test func `a question gets its reply, with the octets of both`() async throws {
    try await FaultServer.with {
      [.reply(Reply.to($0.octets))]
    } while: { server in
      let observation = try await Probe(.patient).ask("www.example.gov", at: server.server)
      #expect(observation.addresses == [1])
      #expect(observation.path == .udp)
      #expect(observation.exchange?.question == server.questions[0].octets)
      #expect(observation.exchange?.reply == Reply.to(server.questions[0].octets))
      #expect(server.questions.count == 1)
    }
  }

  @Test func `two thousand questions in one go are all answered, each by its own reply`() async throws {
    let conduct: FaultServer.Conduct = { question in
      // The last octet of the address is taken from the name, so that a mixed-up reply shows.
      let digits = question.octets[14..<18].map { Int($0 & 15) }.reduce(0) { $0 * 10 + $1 }
      return [.reply(Reply.to(question.octets, addresses: [UInt8(digits % 251)]))]
    }
    try await FaultServer.with(conduct) { server in
      let queries = try (0..<2000).map { number in
        Query(try DomainName("n\(String(number + 10_000).dropFirst()).example.gov"), .a, at: server.server)
      }
      let observations = await Probe(.patient).ask(queries)
      #expect(observations.map(\.query) == queries)
      #expect(observations.map(\.addresses) == (0..<2000).map { [UInt8($0 % 251)] })
    }
  }
}
