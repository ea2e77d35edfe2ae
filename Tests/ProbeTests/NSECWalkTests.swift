import DNSWire
import Estate
import Names
import Synchronization
import Testing

@testable import Probe

@Suite("RFC 4034 §4 The next name", .timeLimit(.minutes(5))) struct NSECWalks {
  private static let zone = DomainName.test("example.gov.")

  private static func nsec(_ owner: String, _ next: String, _ types: RRType...) -> ResourceRecord {
    ResourceRecord(name: .test(owner), ttl: 300, rdata: NSEC(next: .test(next), types: types).rdata)
  }

  /// Walks at a server that answers with this.
  private static func walk(
    _ zone: DomainName = zone, most: Int = 100, authoritative: Bool = true, code: ResponseCode = .noError,
    _ say: @escaping @Sendable (_ name: String, _ type: RRType) -> ([ResourceRecord], [ResourceRecord])
  ) async throws -> (walked: Walked, questions: Int) {
    let conduct: FaultServer.Conduct = { question in
      guard let asked = try? Message(question.octets.span), let first = asked.questions.first else { return [] }
      let (answers, authorities) = say(first.name.description, first.type)
      let header = Header(id: asked.header.id, isResponse: true, authoritative: authoritative, responseCode: code)
      var octets = Message(header: header, questions: asked.questions, answers: answers, authorities: authorities).encoded()
      // In the letter case of the question.
      let end = Reply.questionEnd(question.octets)
      octets.replaceSubrange(12..<end, with: question.octets[12..<end])
      return [.reply(octets)]
    }
    return try await FaultServer.with(conduct) { server in
      let walked = await NSECWalk(Probe(.patient)).walk(zone, at: server.server, most: most)
      // A question may be sent again.
      return (walked, Set(server.questions.compactMap { try? Message($0.octets.span).questions.first }).count)
    }
  }

  @Test func `goes from name to name until the first comes again`() async throws {
    let chain = [
      Self.nsec("example.gov.", "a.example.gov.", .soa, .ns), Self.nsec("a.example.gov.", "*.b.example.gov.", .a),
      Self.nsec("*.b.example.gov.", "c.example.gov.", .mx, .txt), Self.nsec("c.example.gov.", "example.gov.", .ns),
    ]
    let (walked, questions) = try await Self.walk { name, _ in (chain.filter { $0.name.description == name }, []) }
    #expect(walked.end == .whole)
    #expect(walked.names.map(\.name) == chain.map(\.name))
    #expect(walked.names.map(\.types) == [[.ns, .soa], [.a], [.mx, .txt], [.ns]])
    #expect(questions == 4)
  }

  @Test func `goes past a signed cut, and past a cut whose both sides the server has`() async throws {
    let apex = Self.nsec("example.gov.", "cut.example.gov.", .soa)
    let lower = Self.nsec("cut.example.gov.", "x.cut.example.gov.", .soa, .ns)
    let upper = Self.nsec("cut.example.gov.", "example.gov.", .ns, .ds)
    for below in [[], [lower]] {
      let (walked, _) = try await Self.walk { name, _ in
        switch name {
        case "example.gov.": ([apex], [])
        case "cut.example.gov.": (below, [])
        case #"cut\000.example.gov."#: ([], [upper])
        default: ([], [])
        }
      }
      #expect(walked.end == .whole)
      #expect(walked.names.map(\.types) == [[.soa], [.ns, .ds]])
    }
  }

  @Test(arguments: ["example.gov.", "b.example.gov.", "a.example.gov.", "z.example.net.", "."])
  func `a chain that does not lead forward ends the walk`(next: String) async throws {
    let apex = Self.nsec("example.gov.", "b.example.gov.", .soa)
    let (walked, questions) = try await Self.walk { name, _ in
      (name == "example.gov." ? [apex] : [Self.nsec("b.example.gov.", next, .a)], [])
    }
    let isWhole = next == "example.gov."
    #expect(walked.end == (isWhole ? .whole : .stopped(.astray(from: .test("b.example.gov."), to: .test(next)))))
    #expect(walked.names.count == 2)
    #expect(questions == 2)
  }

  @Test func `a chain without end ends at the number of names that was given`() async throws {
    let (walked, questions) = try await Self.walk(most: 20) { name, _ in
      let number = name == "example.gov." ? 0 : Int(name.dropFirst().prefix { $0.isNumber }) ?? 0
      return ([Self.nsec(name, "n\(String(number + 1001).dropFirst()).example.gov.", .a)], [])
    }
    #expect(walked.end == .stopped(.mostNames(20)))
    #expect(walked.names.count == 20)
    #expect(questions == 20)
  }

  @Test(
    "RFC 4470 Records that are made up lead nowhere",
    arguments: [#"\000.www.example.gov."#, #"www\000.example.gov."#])
  func madeUp(next: String) async throws {
    let (walked, _) = try await Self.walk { name, _ in
      ([name == "example.gov." ? Self.nsec(name, "www.example.gov.", .soa) : Self.nsec(name, next, .a)], [])
    }
    #expect(walked.end == .minimal)
    #expect(walked.names.map(\.name) == [Self.zone, .test("www.example.gov.")])
  }

  @Test func `tells hashed, unsigned, lame and refusing apart`() async throws {
    let hashed = ResourceRecord(
      name: .test("0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example.gov."), ttl: 300,
      rdata: RData(type: .nsec3, canonical: [1, 0, 0, 0, 0, 1, 9, 0, 1, 64]))
    #expect(try await Self.walk { _, _ in ([], [hashed]) }.walked == Walked(names: [], end: .nsec3))
    #expect(try await Self.walk { _, _ in ([], []) }.walked == Walked(names: [], end: .unsigned))
    #expect(try await Self.walk(authoritative: false) { _, _ in ([], []) }.walked.end == .stopped(.notAuthoritative))
    #expect(try await Self.walk(code: .refused) { _, _ in ([], []) }.walked.end == .stopped(.refused(.refused)))
  }

  @Test func `a name without its record ends the walk there`() async throws {
    let (walked, _) = try await Self.walk { name, _ in
      (name == "example.gov." ? [Self.nsec(name, "www.example.gov.", .soa)] : [], [])
    }
    #expect(walked.end == .stopped(.noRecord(at: .test("www.example.gov."))))
    #expect(walked.names.map(\.name) == [Self.zone])
  }

  @Test func `the root has a next name too`() async throws {
    let (walked, _) = try await Self.walk(.root) { name, _ in
      ([name == "." ? Self.nsec(name, "gov.", .soa) : Self.nsec(name, ".", .ns)], [])
    }
    #expect(walked == Walked(names: [.init(name: .root, types: [.soa]), .init(name: .test("gov."), types: [.ns])], end: .whole))
  }
}
