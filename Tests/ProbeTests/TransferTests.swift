import DNSWire
import Estate
import Names
import Testing

@testable import Probe

private typealias T = Transferred

/// Servers that do not as they should, over real connections.
@Suite("Transfers from servers of every kind", .timeLimit(.minutes(5))) struct Transfers {
  /// Waits longer than a busy machine takes.
  private static let patient = ZoneTransfer(timeout: .seconds(30), now: { Timestamp(seconds: 0) })
  /// For servers that never answer.
  private static let hasty = ZoneTransfer(timeout: .seconds(6), now: { Timestamp(seconds: 0) })

  private static let mute: FaultServer.Conduct = { _ in [] }

  /// A reply to a question for a transfer, with its id.
  private static func reply(_ question: FaultServer.Question, _ answers: [ResourceRecord]) -> [UInt8] {
    let id = UInt16(question.octets[0]) << 8 | UInt16(question.octets[1])
    return T.message(answers, id: id, type: type(question))
  }

  private static func type(_ question: FaultServer.Question) -> RRType {
    (try? Message(question.octets.span))?.questions.first?.type ?? .any
  }

  private static func refusal(_ question: FaultServer.Question, _ code: ResponseCode) -> [UInt8] {
    var reply = reply(question, [])
    reply[3] = UInt8(code.rawValue)
    return reply
  }

  /// What comes of a transfer from a server that does this.
  private static func transfer(
    since: ZoneCopy? = nil, by transfer: ZoneTransfer = patient, _ conduct: @escaping FaultServer.Conduct
  ) async throws -> (result: Result<ZoneCopy, TransferFault>, asked: [RRType]) {
    try await FaultServer.with(conduct) { server in
      let result: Result<ZoneCopy, TransferFault>
      do throws(TransferFault) {
        result = .success(try await transfer.transfer(T.zone, from: server.address, key: nil, since: since))
      } catch {
        #expect(error.server == server.address && error.zone == T.zone)
        result = .failure(error)
      }
      return (result, server.questions.map(type))
    }
  }

  private static func cause(
    by transfer: ZoneTransfer = patient, _ conduct: @escaping FaultServer.Conduct
  ) async throws -> TransferFault.Cause? {
    if case .failure(let fault) = try await self.transfer(by: transfer, conduct).result { fault.cause } else { nil }
  }

  @Test func `a zone may come octet by octet`() async throws {
    let (result, asked) = try await Self.transfer { question in
      [.crumbs(Self.reply(question, [T.soa(7), T.a("www", 1)])), .crumbs(Self.reply(question, [T.soa(7)]))]
    }
    #expect(try result.get().records == [T.soa(7), T.a("www", 1)])
    #expect(asked == [.axfr])
  }

  /// Messages with so many records each, the same in all but their owners; made here, since servers share their threads.
  private static func parts(_ count: Int, of size: Int) -> [[UInt8]] {
    (0..<count).map { part in T.message((0..<size).map { T.a("h\(part * size + $0)", $0 & 255) }) }
  }

  private static func reply(_ question: FaultServer.Question, part: [UInt8]) -> FaultServer.Reaction {
    .reply(Array(question.octets[..<2]) + part[2...])
  }

  @Test func `a zone in large messages comes whole`() async throws {
    let (start, parts) = (T.message([T.soa(7)]), Self.parts(4, of: 1000))
    let (result, _) = try await Self.transfer { question in ([start] + parts + [start]).map { Self.reply(question, part: $0) } }
    #expect(try result.get().records.count == 4001)
  }

  @Test func `says how a connection ended`() async throws {
    #expect(try await Self.cause { _ in [.close] } == .ended(messages: 0))
    #expect(try await Self.cause { [.reply(Self.reply($0, [T.soa(7)])), .close] } == .ended(messages: 1))
    #expect(try await Self.cause(by: Self.hasty) { _ in [] } == .stalled(.seconds(6), messages: 0))
    #expect(
      try await Self.cause(by: Self.hasty) { [.reply(Self.reply($0, [T.soa(7)]))] } == .stalled(.seconds(6), messages: 1))
    #expect(try await Self.cause { _ in [.raw([0, 5, 1, 2, 3, 4, 5])] } == .shortFrame(octets: 5))
    let nobody = try await FaultServer.with(Self.mute) { $0.address }
    let fault = await #expect(throws: TransferFault.self) {
      try await Self.patient.transfer(T.zone, from: nobody, key: nil)
    }
    #expect(fault?.cause == .silent(.unreachable("Connection refused")))
  }

  @Test func `a zone that drips for ever ends at the deadline`() async throws {
    let start = ContinuousClock.now
    var brief = Self.patient
    brief.longest = .seconds(4)
    let cause = try await Self.cause(by: brief) { question in
      [.reply(Self.reply(question, [T.soa(7)]))]
        + (1..<200).map { .later(Self.reply(question, [T.a("h\($0)", 1)]), Int64($0) * 100) }
    }
    #expect(cause == .tookTooLong(.seconds(4)))
    #expect(ContinuousClock.now - start < .seconds(18))
  }

  @Test func `a zone without end ends at its limit`() async throws {
    var narrow = Self.patient
    narrow.mostRecords = 500
    let (start, parts) = (T.message([T.soa(7)]), Self.parts(1, of: 100))
    let (result, _) = try await Self.transfer(by: narrow) { question in
      ([start] + (0..<20).flatMap { _ in parts }).map { Self.reply(question, part: $0) }
    }
    guard case .failure(let fault) = result else {
      Issue.record("taken")
      return
    }
    #expect(fault.cause == .tooManyRecords(limit: 500))
  }

  @Test func `a transfer that is cancelled ends at once`() async throws {
    try await FaultServer.with(Self.mute) { server in
      let slow = ZoneTransfer(timeout: .seconds(60), now: { Timestamp(seconds: 0) })
      let start = ContinuousClock.now
      let cause = await withTaskGroup(of: TransferFault.Cause?.self) { group in
        group.addTask {
          do throws(TransferFault) {
            _ = try await slow.transfer(T.zone, from: server.address, key: nil)
            return nil
          } catch {
            return error.cause
          }
        }
        while server.questions.isEmpty { try? await Task.sleep(for: .milliseconds(5)) }
        group.cancelAll()
        return await group.next() ?? nil
      }
      #expect(cause == .silent(.notAsked("the run was ended before the reply")))
      #expect(ContinuousClock.now - start < .seconds(30))
    }
  }

  @Test func `a zone that changes while it is sent is asked for once more`() async throws {
    let (result, asked) = try await Self.transfer { question in
      [.reply(Self.reply(question, question.number == 1 ? [T.soa(7), T.soa(8)] : [T.soa(8), T.a("www", 1), T.soa(8)]))]
    }
    #expect(try result.get().serial == 8)
    #expect(asked == [.axfr, .axfr])
    let (again, askedAgain) = try await Self.transfer { [.reply(Self.reply($0, [T.soa(7), T.soa(8)]))] }
    guard case .failure(let fault) = again else {
      Issue.record("taken")
      return
    }
    #expect(fault.cause == .changed(first: 7, last: 8))
    #expect(askedAgain == [.axfr, .axfr])
  }

  enum Refusal: CaseIterable { case notImplemented, formatError, refused, closes, wrongChanges, loneSOA }

  @Test(arguments: Refusal.allCases)
  func `where there are no changes to be had, the whole zone is asked for`(refusal: Refusal) async throws {
    let transfer = refusal == .loneSOA ? Self.hasty : Self.patient
    let (result, asked) = try await Self.transfer(since: T.copy(5, [T.a("old", 1)]), by: transfer) { question in
      guard Self.type(question) == .ixfr else { return [.reply(Self.reply(question, [T.soa(7), T.a("www", 1), T.soa(7)]))] }
      return switch refusal {
      case .notImplemented: [.reply(Self.refusal(question, .notImplemented))]
      case .formatError: [.reply(Self.refusal(question, .formatError))]
      case .refused: [.reply(Self.refusal(question, .refused))]
      case .closes: [.close]
      case .wrongChanges: [.reply(Self.reply(question, [T.soa(7), T.soa(5), T.a("gone", 1), T.soa(7), T.soa(7)]))]
      case .loneSOA: [.reply(Self.reply(question, [T.soa(7)]))]
      }
    }
    #expect(try result.get().records == [T.soa(7), T.a("www", 1)])
    #expect(asked == [.ixfr, .axfr])
  }

  @Test func `what is not newer gives the copy back`() async throws {
    let copy = try T.copy(5, [T.a("www", 1)])
    let (result, asked) = try await Self.transfer(since: copy) { [.reply(Self.reply($0, [T.soa(5)]))] }
    #expect(try result.get() == copy)
    #expect(asked == [.ixfr])
  }

  @Test func `a copy of another zone is no copy of this`() async throws {
    let other = try #require(
      ZoneCopy(.test("example.net."), records: [T.record("example.net.", .soa, "a. b. 5 1 1 1 1")]))
    let (_, asked) = try await Self.transfer(since: other) { [.reply(Self.reply($0, [T.soa(7), T.soa(7)]))] }
    #expect(asked == [.axfr])
  }

  @Test func `tells whether a server gives the zone to anybody`() async throws {
    func openness(
      by transfer: ZoneTransfer = Self.patient, _ conduct: @escaping FaultServer.Conduct
    ) async throws -> Openness {
      try await FaultServer.with(conduct) { await transfer.isOpen(T.zone, at: $0.address) }
    }
    // The first message is enough.
    guard case .open(2, let proof) = try await openness({ [.reply(Self.reply($0, [T.soa(7), T.a("www", 1)]))] }) else {
      Issue.record("not open")
      return
    }
    #expect(try Message(proof.reply.span).answers == [T.soa(7), T.a("www", 1)])
    #expect(try Message(proof.question.span).questions == [Question(name: T.zone, type: .axfr)])
    guard case .refused(.refused, _) = try await openness({ [.reply(Self.refusal($0, .refused))] }) else {
      Issue.record("not refused")
      return
    }
    func whyNot(by transfer: ZoneTransfer = Self.patient, _ conduct: @escaping FaultServer.Conduct) async throws -> TransferFault
      .Cause?
    {
      if case .couldNotTell(let fault) = try await openness(by: transfer, conduct) { fault.cause } else { nil }
    }
    #expect(try await whyNot { _ in [.close] } == .ended(messages: 0))
    #expect(try await whyNot { [.reply(Self.reply($0, []))] } == .noRecords)
    #expect(try await whyNot(by: Self.hasty) { _ in [] } == .stalled(.seconds(6), messages: 0))
  }
}

@Suite("What a failed transfer tells") struct TransferWords {
  private static let server = Names.SocketAddress(address: .v4(0xC000_0235), port: 53)

  @Test(
    arguments: [
      (
        .refused(.refused),
        "the server answered REFUSED. Look whether it serves the zone, and whether it allows transfers to this address and with "
          + "this key."
      ),
      (
        .badKey("hmac-sha256:transfer."),
        "the server does not know the key hmac-sha256:transfer. (BADKEY). "
          + "Name and algorithm must stand in its configuration just so."
      ),
      (
        .badSignature("hmac-sha256:transfer."),
        "the server finds our signature with the key hmac-sha256:transfer. wrong (BADSIG). Compare the secret at both ends."
      ),
      (
        .clocksDiffer(server: Timestamp(seconds: 1_700_000_400), here: Timestamp(seconds: 1_700_000_000)),
        "its clock and this machine's differ by 400 s: it has 2023-11-14T22:20:00Z, this machine 2023-11-14T22:13:20Z. "
          + "Set the clock that is wrong by NTP: the server's is ahead."
      ),
      (
        .silent(.unreachable("Connection refused")),
        "Connection refused. Look whether it listens on TCP and lets this machine in."
      ),
      (.changed(first: 7, last: 8), "it began with serial 7 and ended with 8, twice. Try again when the zone is at rest."),
      (
        .outsideZone(.test("www.example.net.")), "it holds www.example.net., which is not of the zone. Remove that from the zone."
      ),
      (.tooManyRecords(limit: 10), "more than 10 records. Raise the limit if the zone is that large."),
      (.noRecords, "a message without records."),
    ] as [(TransferFault.Cause, String)])
  func `says what happened, where, and what to do`(cause: TransferFault.Cause, words: String) {
    let fault = TransferFault(zone: T.zone, server: Self.server, cause: cause)
    #expect("\(fault)" == "example.gov. was not transferred from 192.0.2.53:53: " + words)
  }
}
