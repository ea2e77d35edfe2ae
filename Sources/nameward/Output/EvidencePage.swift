import DNSWire
import Estate
import Names
import Store

/// An exchange for a person: who was asked what and when, the answer as `dig` would print it, then the octets.
struct EvidencePage {
  var evidence: StoredEvidence

  init(_ evidence: StoredEvidence) { self.evidence = evidence }

  var text: String {
    let query = evidence.query
    var lines = [
      "\(evidence.id)",
      "asked      \(query.name.displayed) \(query.type) of \(evidence.place.words) over \(evidence.path.rawValue)",
      "first seen \(evidence.at)", "",
    ]
    lines += words(evidence.exchange.reply)
    lines += ["", "question, \(evidence.exchange.question.count) octets"] + Self.dump(evidence.exchange.question)
    lines += ["", "answer, \(evidence.exchange.reply.count) octets"] + Self.dump(evidence.exchange.reply)
    return lines.joined(separator: "\n") + "\n"
  }

  private func words(_ octets: [UInt8]) -> [String] {
    do throws(WireFault) {
      let message = try Message(octets.span)
      let header = message.header
      let flags = [
        ("aa", header.authoritative), ("tc", header.truncated), ("rd", header.recursionDesired),
        ("ra", header.recursionAvailable), ("ad", header.authenticData),
      ]
      var lines = ["\(header.responseCode), flags: \(flags.filter(\.1).map(\.0).joined(separator: " "))"]
      for (title, records) in [
        ("answer", message.answers), ("authority", message.authorities), ("additional", message.additionals),
      ] where !records.isEmpty {
        lines += ["\(title):"] + records.map { "  \($0)".printable }
      }
      return lines
    } catch {
      return ["The answer is no DNS message: \(error)"]
    }
  }

  /// Sixteen octets a line after their offset, as `od` and text2pcap have them.
  static func dump(_ octets: [UInt8]) -> [String] {
    stride(from: 0, to: octets.count, by: 16).map { start in
      let row = octets[start..<min(start + 16, octets.count)]
      let digits = row.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
      let offset = String(start, radix: 16)
      return String(repeating: "0", count: max(0, 6 - offset.count)) + offset + "  " + digits
    }
  }
}
