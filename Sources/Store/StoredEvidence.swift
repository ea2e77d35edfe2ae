internal import Crypto
internal import DNSWire
public import Estate
internal import FoundationEssentials
internal import GRDB
public import Names

/// A stored question and its reply, with where and when they were first seen.
public struct StoredEvidence: Hashable, Sendable {
  public var id: EvidenceID
  public var exchange: Exchange
  public var place: Place
  public var query: Query
  public var path: Observation.Path
  public var at: Timestamp
}

extension EvidenceID {
  /// The name of an exchange: SHA-256 over the question and the reply, before each its length in four octets, big-endian.
  public init(_ exchange: Exchange) { self.init(digest: exchange.digest) }

  init(digest: Data) {
    func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
    var text: [UInt8] = [0x73, 0x68, 0x61, 0x32, 0x35, 0x36, 0x3A]  // sha256:
    text.reserveCapacity(71)
    for octet in digest {
      text.append(digit(octet >> 4))
      text.append(digit(octet & 15))
    }
    self.init(rawValue: String(decoding: text, as: UTF8.self))
  }

  /// The digest that the name holds; `nil` if it is no such name.
  var digest: Data? {
    let text = Array(rawValue.utf8)
    guard text.count == 71, text.starts(with: "sha256:".utf8) else { return nil }
    var digest = Data(capacity: 32)
    for place in stride(from: 7, to: 71, by: 2) {
      guard let high = hexDigit(text[place]), let low = hexDigit(text[place + 1]) else { return nil }
      digest.append(high << 4 | low)
    }
    return digest
  }
}

extension EvidenceID {
  /// At most two names that begin with this text, in their order; the text may leave out `sha256:`.
  static func fetch(_ database: Database, startingWith text: String) throws -> [EvidenceID] {
    let digits = (text.hasPrefix("sha256:") ? String(text.dropFirst(7)) : text).lowercased()
    guard !digits.isEmpty, digits.utf8.count <= 64, digits.utf8.allSatisfy({ hexDigit($0) != nil }) else { return [] }
    let last = digits + String(repeating: "f", count: 64 - digits.utf8.count)
    return try Data.fetchAll(
      database,
      sql: "SELECT digest FROM exchange WHERE lower(hex(digest)) BETWEEN ? AND ? ORDER BY digest LIMIT 2",
      arguments: [digits, last]
    ).map(EvidenceID.init(digest:))
  }
}

extension Exchange {
  var digest: Data {
    var hash = SHA256()
    for octets in [question, reply] {
      let count = UInt32(clamping: octets.count)
      hash.update(data: [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) })
      hash.update(data: octets)
    }
    return Data(hash.finalize())
  }
}

extension StoredEvidence {
  static func fetch(_ database: Database, _ id: EvidenceID, path: String) throws -> StoredEvidence? {
    guard let digest = id.digest else { return nil }
    let row = try Row.fetchOne(
      database,
      sql: """
        SELECT e.*, p.kind, p.server AS place_server, p.zone, p.name_server
        FROM exchange e JOIN place p ON p.id = e.place WHERE e.digest = ?
        """, arguments: [digest])
    guard let row else { return nil }
    let (question, reply): (Data, Data) = (row["question"], row["reply"])
    let exchange = Exchange(question: Array(question), reply: Array(reply))
    guard exchange.digest == digest else {
      throw StoreFault.damaged(path: path, "evidence \(id) has other octets than its name says")
    }
    let (type, at): (Int64, Int64) = (row["type"], row["at"])
    guard let place = Place(kind: row["kind"], server: row["place_server"], zone: row["zone"], nameServer: row["name_server"]),
      let server = Server(row["server"] as String), let name = DomainName(stored: row["name"]),
      let type = UInt16(exactly: type), let transport = Observation.Path(rawValue: row["path"])
    else { throw StoreFault.damaged(path: path, "evidence \(id) cannot be read") }
    return StoredEvidence(
      id: EvidenceID(digest: digest), exchange: exchange, place: place,
      query: Query(
        name, RRType(type), at: server, recursionDesired: row["recursion_desired"], dnssecOK: row["dnssec_ok"]),
      path: transport, at: Timestamp(milliseconds: at))
  }
}

extension DomainName {
  /// Reads the wire form that the database holds; `nil` if it is none.
  init?(stored: Data) {
    let octets = Array(stored)
    var place = 0
    guard let name = try? DomainName(octets.span, at: &place), place == octets.count else { return nil }
    self = name
  }
}

extension Place {
  /// Reads the columns of a place; `nil` if they hold none.
  init?(kind: String, server: String, zone: Data, nameServer: Data?) {
    guard let kind = Kind(rawValue: kind), let zone = DomainName(stored: zone) else { return nil }
    let known = server.isEmpty ? nil : Server(server)
    guard server.isEmpty || known != nil else { return nil }
    self.init(kind, known, zone: zone, nameServer: nameServer.flatMap { DomainName(stored: $0) })
  }
}
