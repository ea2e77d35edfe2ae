import DNSWire
import Foundation
import Names
import Notation
import Telemetry

/// Dnstap as lines of JSON, a frame a line, so that what looks for values in logs looks in it as well.
struct DnstapLines {
  private var frames = FrameStream()

  /// Turns whole frames into lines.
  ///
  /// - Parameter octets: What was read; on return, what belongs to a frame that is not whole yet.
  mutating func take(_ octets: inout [UInt8], into lines: inout [UInt8]) throws(FrameStream.Fault) {
    var offset = 0
    while let frame = try frames.next(octets, at: &offset) {
      lines += (DnstapMessage(octets[frame]).map(Self.line) ?? "{}").utf8
      lines.append(0x0A)
    }
    octets.removeSubrange(..<offset)
    if frames.isStopped, !octets.isEmpty { throw .followed(frame: frames.count) }
  }

  private static func line(_ message: DnstapMessage) -> String {
    var members: [String] = []
    func add(_ name: String, _ value: String) { members.append("\"\(name)\":\(jsonString(value))") }
    if let address = message.queryAddress { add("query_address", "\(address)") }
    if let address = message.responseAddress { add("response_address", "\(address)") }
    // The answer repeats the question.
    if let octets = message.response ?? message.query, let decoded = try? Message(octets.span) {
      for question in decoded.questions { add("query", "\(question.name)") }
      for record in decoded.answers + decoded.authorities + decoded.additionals {
        add("name", "\(record.name)")
        add("rdata", record.rdata.text)
      }
    }
    return "{\(members.joined(separator: ","))}"
  }
}
