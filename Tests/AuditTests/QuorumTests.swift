import Audit
import DNSWire
import Estate
import Names
import Testing

/// What k of n resolvers say together, against a count written down on its own: by what the silent ones could still say.
@Suite("Resolvers: k of n must agree") struct QuorumTests {
  enum Says: CaseIterable { case declared, other, nothing, failure }

  struct Row: CustomTestStringConvertible {
    var needed: Int
    var says: [Says]
    var testDescription: String { "\(needed) of \(says)" }

    /// Decided is what no answer of the silent ones could change.
    var verdict: String {
      let silent = says.filter { $0 == .nothing || $0 == .failure }.count
      let outcomes = (0...silent).map { speakUp in
        says.filter { $0 == .declared }.count + speakUp >= needed
      }
      // Silence may keep a verdict open, and may not make one: with nobody heard there is none.
      guard outcomes.allSatisfy({ $0 == outcomes[0] }) else { return "could not tell" }
      return outcomes[0] ? "match" : "mismatch"
    }
  }

  static let rows: [Row] = (1...4).flatMap { count in
    combinations(count).flatMap { says in (1...count).map { Row(needed: $0, says: says) } }
  }

  static func combinations(_ count: Int) -> [[Says]] {
    count == 0 ? [[]] : combinations(count - 1).flatMap { rest in Says.allCases.map { rest + [$0] } }
  }

  @Test func `every combination up to four resolvers is decided as by counting`() throws {
    #expect(Self.rows.count == 4 * 1 + 16 * 2 + 64 * 3 + 256 * 4)
    var base = try ModelEstate()
    base.declaration.domains[0].isWholeZone = false
    let www = try DomainName("www.example.gov.")
    base.declaration.domains[0].records.removeAll { $0.name != www }
    for row in Self.rows {
      var estate = base
      let servers = row.says.indices.map { IPAddress("192.0.2.\(100 + $0)")! }
      estate.declaration.resolvers = Resolvers(
        servers.map { Server(address: SocketAddress(address: $0, port: 53)) }, agree: row.needed)
      estate.lie = { query, observation in
        guard let index = servers.firstIndex(of: query.server.address.address) else { return observation }
        var message = Message(header: Header(), questions: [Question(name: query.name, type: query.type)])
        message.header.isResponse = true
        switch row.says[index] {
        case .nothing: return Observation(query, .silent(.timedOut(attempts: 4)), at: observation.at)
        case .failure: message.header.responseCode = .serverFailure
        case .declared: message.answers = (try? ModelEstate.records("www.example.gov. 5 A 192.0.2.80")) ?? []
        case .other: message.answers = (try? ModelEstate.records("www.example.gov. 5 A 203.0.113.66")) ?? []
        }
        return Observation(query, .replied(message), at: observation.at)
      }
      let survey = estate.survey()
      #expect(
        try survey.verdicts("resolver-differs", "www.example.gov.", .a).map(\.kind) == [row.verdict], "\(row.testDescription)")
      // A mismatch is told of each resolver that differs, and of no other.
      let told = Set(survey.findings("resolver-differs").compactMap(\.place.server?.address.address))
      let differing = row.says.indices.filter { row.says[$0] == .other }.map { servers[$0] }
      #expect(told == (row.verdict == "mismatch" ? Set(differing) : []), "\(row.testDescription)")
    }
  }
}
