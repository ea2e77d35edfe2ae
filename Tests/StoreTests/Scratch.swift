import DNSWire
import Estate
import Foundation
import GRDB
import Names

@testable import Store

/// A folder for one test, removed with it.
final class Scratch: Sendable {
  let path: String
  /// The state folder; it does not exist yet.
  var state: String { path + "/state" }
  var database: String { state + "/nameward.sqlite" }

  init() throws {
    path = NSTemporaryDirectory() + "/nameward-store-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Looks into the database as a program that knows nothing of ours.
  func sqlite<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try DatabaseQueue(path: database).writeWithoutTransaction(body)
  }
}

func name(_ text: String) throws -> DomainName { try DomainName(text) }

func server(_ text: String) throws -> Server {
  struct NoServer: Error {}
  guard let server = Server(text) else { throw NoServer() }
  return server
}

func place(_ kind: Place.Kind = .authoritative, _ address: String = "192.0.2.53", zone: String = "example.gov") throws -> Place {
  try Place(kind, server(address), zone: name(zone))
}

func records(_ lines: [String]) throws -> [ResourceRecord] {
  try lines.map { line in
    let parts = line.split(separator: " ", maxSplits: 3).map(String.init)
    struct NoRecord: Error {}
    guard parts.count == 4, let ttl = UInt32(parts[1]), let type = RRType(parts[2]) else { throw NoRecord() }
    return try ResourceRecord(name: DomainName(parts[0]), ttl: ttl, rdata: RData(type: type, text: parts[3], origin: nil))
  }
}

/// An answer as a server gives it, with its octets; a new message id makes new octets of the same meaning.
func answer(
  _ owner: DomainName, _ type: RRType, _ lines: [String], of place: Place, id: UInt16 = 1, code: ResponseCode = .noError,
  truncated: Bool = false
) throws -> RecordedObservation {
  let asked = try place.server ?? server("192.0.2.99")
  let question = Message(header: Header(id: id), questions: [Question(name: owner, type: type)])
  let reply = Message(
    header: Header(id: id, isResponse: true, authoritative: true, truncated: truncated, responseCode: code),
    questions: question.questions, answers: try records(lines))
  return RecordedObservation(
    Observation(
      Query(owner, type, at: asked), .replied(reply), at: Timestamp(seconds: Int64(id)),
      exchange: Exchange(question: question.encoded(), reply: reply.encoded())), of: place)
}

func silence(_ owner: DomainName, _ type: RRType, of place: Place, _ silence: Silence = .timedOut(attempts: 3)) throws
  -> RecordedObservation
{
  let asked = try place.server ?? server("192.0.2.99")
  return RecordedObservation(Observation(Query(owner, type, at: asked), .silent(silence), at: Timestamp(seconds: 0)), of: place)
}

extension Store {
  /// A setting of the connection.
  func pragma(_ name: String) throws -> Int? {
    try connection.read { database, _ in try Int.fetchOne(database, sql: "PRAGMA \(name)") }
  }

  /// How many indicators are kept: those that stand, and those that stand no more.
  func indicatorCount() throws -> Int {
    try connection.read { database, _ in try Int.fetchOne(database, sql: "SELECT sum(count) FROM indicator_block") ?? 0 }
  }

  /// How many rows each table has.
  func rowCounts() throws -> [String: Int] {
    try connection.read { database, _ in
      let tables = try String.fetchAll(database, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
      return try Dictionary(
        uniqueKeysWithValues: tables.map { ($0, try Int.fetchOne(database, sql: "SELECT count(*) FROM \"\($0)\"") ?? 0) })
    }
  }
}
