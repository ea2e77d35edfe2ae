import DNSWire
import Estate
import Names
import Synchronization

@testable import Probe

/// Octets of replies, made by hand from RFC 1035 §4.1 so that they may be as wrong as a test needs.
enum Reply {
  /// Where the question section of a message with one question ends.
  static func questionEnd(_ question: [UInt8]) -> Int {
    var place = 12
    while question[place] != 0 { place += 1 + Int(question[place]) }
    return place + 5
  }

  /// A reply that keeps the question as it came, with A records 192.0.2.x, and with these options if there are any.
  static func to(
    _ question: [UInt8], code: UInt16 = 0, addresses: [UInt8] = [1], truncated: Bool = false, options: [UInt8]? = []
  ) -> [UInt8] {
    let end = questionEnd(question)
    var reply = Array(question[..<2]) + [0x84 | question[2] & 1 | (truncated ? 2 : 0), UInt8(code & 15)]
    reply += [0, 1, 0, UInt8(addresses.count), 0, 0, 0, options == nil ? 0 : 1] + question[12..<end]
    for address in addresses { reply += [0xC0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 192, 0, 2, address] }
    if let options { reply += [0, 0, 41, 4, 208, UInt8(code >> 4), 0, 0, 0, 0, UInt8(options.count)] + options }
    return reply
  }

  static func option(_ code: UInt8, _ octets: [UInt8]) -> [UInt8] { [0, code, 0, UInt8(octets.count)] + octets }

  /// The data of the COOKIE option of a question; `nil` if there is none.
  static func cookie(_ question: [UInt8]) -> [UInt8]? {
    var place = questionEnd(question) + 11
    while place + 4 <= question.count {
      let (code, length) = (Int(question[place + 1]), Int(question[place + 3]))
      if code == 10 { return Array(question[(place + 4)..<(place + 4 + length)]) }
      place += 4 + length
    }
    return nil
  }

  static func hasOPT(_ question: [UInt8]) -> Bool { question[11] == 1 }
}

extension ProbeSettings {
  /// For servers on loopback: quick to lose patience, no limit of rate.
  static var quick: ProbeSettings {
    var settings = ProbeSettings()
    settings.timeout = .milliseconds(500)
    settings.retries = 2
    settings.streamTimeout = .seconds(2)
    settings.servfailPause = .milliseconds(50)
    settings.giveUpAfter = .seconds(2)
    settings.perServerRate = nil
    return settings
  }

  /// Waits so long that a busy machine makes nobody ask twice: for tests that count the questions.
  static var patient: ProbeSettings { quick.with { $0.timeout = .seconds(5) } }

  func with(_ change: (inout ProbeSettings) -> Void) -> ProbeSettings {
    var copy = self
    change(&copy)
    return copy
  }
}

extension Probe {
  /// With a clock that counts milliseconds from when the probe was made.
  convenience init(_ settings: ProbeSettings) {
    let start = ContinuousClock.now
    self.init(settings, now: { Timestamp(milliseconds: Int64((ContinuousClock.now - start) / .milliseconds(1))) })
  }

  func ask(_ name: String, _ type: RRType = .a, at server: Server) async throws -> Observation {
    try await ask([Query(DomainName(name), type, at: server)])[0]
  }
}

extension Observation {
  /// The last octets of the A records in the answer.
  var addresses: [UInt8] { message?.answers.filter { $0.type == .a }.compactMap(\.rdata.octets.last) ?? [] }

  var silence: Silence? { if case .silent(let silence) = outcome { silence } else { nil } }
}
