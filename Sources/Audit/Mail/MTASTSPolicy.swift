import DNSWire
import Estate
import Names

/// The record that says that a domain has an MTA-STS policy, and when it changed (RFC 8461 §3.1).
struct MTASTSRecord: Hashable, Sendable {
  struct Fault: Error, Hashable, Sendable {
    var words: String
  }

  var id: String

  static func isOne(_ record: RData) -> Bool { TXT(record).map { isOne($0.joined) } ?? false }

  /// Whether a TXT record was meant to be one, also where a sender would not see it.
  static func isOne(_ text: [UInt8]) -> Bool {
    text.prefix(40).filter { $0 != 0x20 && $0 != 0x09 }.map(lowerCased).starts(with: "v=sts".utf8)
  }

  init(_ text: [UInt8]) throws(Fault) {
    guard text.starts(with: "v=STSv1".utf8) else { throw Fault(words: "the record does not begin with v=STSv1") }
    let tags: TagList
    do { tags = try TagList(text) } catch { throw Fault(words: "'\(error.part)' in the MTA-STS record is no tag") }
    guard tags.tags.first == TagList.Tag(name: "v", value: "STSv1") else {
      throw Fault(words: "the record does not begin with v=STSv1")
    }
    guard let id = tags["id"] else { throw Fault(words: "the MTA-STS record has no id") }
    guard (1...32).contains(id.utf8.count), id.utf8.allSatisfy({ ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 }) else {
      throw Fault(words: "id=\(Array(id.utf8).excerpt) is not 1 to 32 letters and digits")
    }
    self.id = id
  }
}

/// An MTA-STS policy: the page that senders fetch (RFC 8461 §3.2).
struct MTASTSPolicy: Hashable, Sendable {
  /// In the order of strength.
  enum Mode: String, Sendable, CaseIterable { case none, testing, enforce }

  struct Fault: Error, Hashable, Sendable {
    var words: String
  }

  static let longestSeconds = 31_557_600
  static let mostLines = 1000

  var mode: Mode
  /// In seconds.
  var maxAge: Int
  var exchangers: [String] = []

  init(_ page: [UInt8]) throws(Fault) {
    let lines = page.split(separator: 0x0A, omittingEmptySubsequences: true)
    guard lines.count <= Self.mostLines else { throw Fault(words: "the policy has more than \(Self.mostLines) lines") }
    var values: [String: String] = [:]
    for (index, line) in lines.enumerated() {
      let line = line.last == 0x0D ? line.dropLast() : line
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
      guard let colon = line.firstIndex(of: 0x3A), colon > line.startIndex else {
        throw Fault(words: "line \(index + 1) of the policy, '\(Array(line).excerpt)', has no key")
      }
      let key = String(decoding: line[..<colon], as: UTF8.self)
      let value = String(decoding: line[(colon + 1)...], as: UTF8.self)
      let trimmed = String(value.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
      if key == "mx" {
        exchangers.append(trimmed.lowercased())
      } else if values[key] == nil {
        // §3.2: of a key that stands more than once the first counts.
        values[key] = trimmed
      }
    }
    guard values["version"] == "STSv1" else { throw Fault(words: "the policy does not say version: STSv1") }
    guard let word = values["mode"], let mode = Mode(rawValue: word) else {
      throw Fault(words: "the policy's mode is none of enforce, testing and none")
    }
    guard let age = values["max_age"], age.utf8.count <= 10, age.utf8.allSatisfy({ $0 &- 0x30 < 10 }), let seconds = Int(age),
      seconds <= Self.longestSeconds
    else { throw Fault(words: "the policy's max_age is no number of seconds up to \(Self.longestSeconds)") }
    (self.mode, maxAge) = (mode, seconds)
    guard mode == .none || !exchangers.isEmpty else { throw Fault(words: "the policy names no mail exchanger") }
  }

  /// Whether a pattern covers a host: a wildcard stands for exactly one label (§4.1).
  func covers(_ host: DomainName) -> Bool {
    exchangers.contains { pattern in
      if pattern.hasPrefix("*.") {
        guard let suffix = try? DomainName(pattern.dropFirst(2)) else { return false }
        return host.parent == suffix
      }
      return (try? DomainName(pattern)) == host
    }
  }
}
