import DNSWire
import Estate
import Lab
import Names
import Testing

@testable import Probe

/// Every fault that the lab can play, and what the probe must make of it: the true records, or an honest reason; never others.
@Suite("The lab's faults, seen by the probe", .timeLimit(.minutes(5))) struct LabFaultsTests {
  enum Outcome: Sendable {
    /// The true records, by this path.
    case truth(Observation.Path)
    /// A reply with this code, with or without authority.
    case reply(ResponseCode, authoritative: Bool)
    /// What the server says, untrue as it is: an authoritative server's lie is judgement's matter.
    case lie
    case silence
  }

  static let anyPort = SocketAddress(address: .v4(0x7F00_0001), port: 0)

  static let cases: [(Fault, Outcome)] = [
    (.drop(probability: 0.5), .truth(.udp)), (.drop(probability: 1), .silence), (.delay(.milliseconds(60)), .truth(.udp)),
    (.truncate, .truth(.tcp)), (.cut(octets: 20), .silence), (.duplicate(copies: 3), .truth(.udp)),
    (.lame(.refused), .reply(.refused, authoritative: false)),
    (.lame(.serverFailure), .reply(.serverFailure, authoritative: false)),
    (.lame(.notAuthoritative), .reply(.noError, authoritative: false)),
    (.lame(.upwardReferral), .reply(.noError, authoritative: false)),
    (.lie([]), .lie), (.mangle(.noise), .silence), (.mangle(.wrongID), .silence), (.mangle(.wrongQuestion), .silence),
    (.mangle(.lyingCounts), .silence), (.mangle(.pointerLoop), .silence),
    // RFC 5452 §9.3 and "0x20": believed over a connection only, where the lab mangles nothing of the case.
    (.mangle(.otherCase), .truth(.tcp)),
    (.ignoreEDNS(.formatError), .truth(.udp)), (.ignoreEDNS(.omit), .truth(.udp)), (.ignoreEDNS(.drop), .truth(.udp)),
    (.requireCookie, .truth(.udp)),
  ]

  @Test(arguments: cases) func `a fault ends in the truth or in a reason`(fault: Fault, expected: Outcome) async throws {
    let zone = try LabHierarchy.sampleZone(DomainName("agency.gov."))
    // What is mangled over UDP is mangled over TCP too, but for the letter case.
    let carrier: Carrier? = fault == .mangle(.otherCase) ? .udp : nil
    let server = try await LabServer.start(
      on: Self.anyPort, zones: [zone], faults: [FaultRule(fault, over: carrier)], seed: 7)
    let probe = Probe(.quick.with { ($0.retries, $0.giveUpAfter) = (8, .seconds(20)) })
    let observation = try await probe.ask("www.agency.gov", at: Server(address: server.address))
    await server.stop()
    let records = observation.message?.answers.map(\.rdata.text)
    switch expected {
    case .truth(let path):
      #expect(records == ["192.0.2.80"], "\(observation.outcome)")
      #expect(observation.path == path)
    case .reply(let code, let authoritative):
      #expect(observation.message?.header.responseCode == code, "\(observation.outcome)")
      #expect(observation.message?.header.authoritative == authoritative)
    case .lie: #expect(records == [], "\(observation.outcome)")
    case .silence: #expect(observation.message == nil, "\(observation.outcome)")
    }
  }

  @Test func `an answer from another port of the server is not heard`() async throws {
    let zone = try LabHierarchy.sampleZone(DomainName("agency.gov."))
    let server = try await LabServer.start(on: Self.anyPort, zones: [zone])
    // An answer that leaves from another port does not reach a connected socket.
    try await server.setFaults([FaultRule(.answerFrom(Self.anyPort))])
    let observation = try await Probe(.quick).ask("www.agency.gov", at: Server(address: server.address))
    #expect(observation.message == nil, "\(observation.outcome)")
    await server.stop()
  }
}
