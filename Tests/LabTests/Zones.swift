import DNSWire
import Lab
import Names
import Testing

/// Reads one record a line: owner, perhaps a TTL (else 3600 seconds), type, data.
func records(_ lines: String, origin: DomainName = .root) throws -> [ResourceRecord] {
  try lines.split(separator: "\n").map { line in
    var words = line.split(separator: " ", omittingEmptySubsequences: true)
    let owner = String(words.removeFirst())
    let ttl = UInt32(words[0])
    if ttl != nil { words.removeFirst() }
    let type = try #require(RRType(words.removeFirst()))
    let rdata = try RData(type: type, text: words.joined(separator: " "), origin: origin)
    let name = owner == "@" ? origin : try DomainName(owner, origin: origin)
    return ResourceRecord(name: name, ttl: ttl ?? 3600, rdata: rdata)
  }
}

func zone(_ apex: String, _ lines: String) throws -> Zone {
  let apex = try DomainName(apex)
  return try Zone(apex: apex, records: records(lines, origin: apex))
}

/// A query as a client would send it.
func query(
  _ name: String, _ type: RRType, id: UInt16 = 4711, recursionDesired: Bool = false, edns: EDNS? = nil,
  class recordClass: RRClass = .in
) throws -> Message {
  var header = Header(id: id)
  header.recursionDesired = recursionDesired
  return Message(
    header: header, questions: [Question(name: try DomainName(name), type: type, recordClass: recordClass)], edns: edns)
}

/// Reads a message that a server sent.
func decoded(_ octets: [UInt8]) throws(WireFault) -> Message { try Message(octets.span) }

let client = IPAddress.v4(0x7F00_0001)

extension Zone {
  /// What this zone alone says to a question.
  func says(_ name: String, _ type: RRType, dnssecOK: Bool = false) throws -> Message {
    Authority(zones: [self]).answer(try query(name, type, edns: dnssecOK ? EDNS(dnssecOK: true) : nil), from: client)
  }
}

/// Records as sets of lines, so that order does not matter; without TTL.
func lines(_ records: [ResourceRecord]) -> Set<String> {
  Set(records.map { "\($0.name) \($0.type) \($0.rdata.text)" })
}

/// The same from lines of a table.
func lines(_ text: String) throws -> Set<String> { lines(try records(text)) }
