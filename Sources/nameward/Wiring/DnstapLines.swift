import DNSWire
import Foundation
import Names
import Notation
import Telemetry

/// Dnstap as lines of JSON, a frame a line, so that what looks for values in logs looks in it as well.
struct DnstapLines {
  private var frames = FrameStream()
  /// Frames with no message in them, or with one that cannot be read: in these nothing is looked for, or only the addresses.
  private(set) var unread = 0

  /// Turns whole frames into lines.
  ///
  /// - Parameters:
  ///   - octets: What was read; on return, what was not turned into lines yet.
  ///   - limit: No frame is begun behind so many octets of lines.
  /// - Returns: Whether the limit ended it, so that there may be more whole frames.
  mutating func take(_ octets: inout [UInt8], into lines: inout [UInt8], upTo limit: Int) throws(FrameStream.Fault) -> Bool {
    var offset = 0
    defer { octets.removeSubrange(..<offset) }
    while lines.count < limit {
      guard let frame = try frames.next(octets, at: &offset) else {
        if frames.isStopped, offset < octets.count { throw .followed(frame: frames.count) }
        return false
      }
      let (line, isRead) = DnstapMessage(octets[frame]).map(Self.line) ?? ("{}", false)
      if !isRead { unread += 1 }
      lines += line.utf8
      lines.append(0x0A)
    }
    return true
  }

  /// RFC 1035 §4.2.2: what is longer is no message.
  private static let mostMessageOctets = 65_535
  /// Of the text of one message: pointers make a short message say much (RFC 1035 §4.1.4). What is behind is not looked at.
  private static let mostLineOctets = 1 << 20

  private static func line(_ message: DnstapMessage) -> (text: String, isRead: Bool) {
    var (members, room, isRead) = ([String](), mostLineOctets, true)
    func add(_ name: String, _ value: String) {
      members.append("\"\(name)\":\(jsonString(value))")
      room -= members[members.count - 1].utf8.count
    }
    if let address = message.queryAddress { add("query_address", "\(address)") }
    if let address = message.responseAddress { add("response_address", "\(address)") }
    // The answer repeats the question.
    let wire = [message.response, message.query].compactMap(\.self)
    let decoded = wire.lazy.filter { $0.count <= mostMessageOctets }.compactMap { try? Message($0.span) }.first
    if let decoded {
      for question in decoded.questions { add("query", "\(question.name)") }
      var last = decoded.questions.last?.name
      for record in decoded.answers + decoded.authorities + decoded.additionals where room > 0 {
        // Of an RRset once.
        if record.name != last { add("name", "\(record.name)") }
        last = record.name
        add("rdata", record.rdata.text)
      }
    } else if !wire.isEmpty {
      isRead = false
    }
    return ("{\(members.joined(separator: ","))}", isRead)
  }
}
