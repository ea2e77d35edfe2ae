import DNSWire
import Estate
import Foundation
import Indicators
import Names
import Notation
import Store
import Testing

@testable import nameward

/// A store with indicators and findings, and a server of it without a socket.
struct SharedSample {
  static let now = TAXIITimestamp(Timestamp(seconds: 1_000_000))

  let folder: String
  private let owner: Removal

  init() throws {
    folder = NSTemporaryDirectory() + "/nameward-shared-\(UUID().uuidString)"
    owner = Removal(folder)
    _ = try Store(folder: folder)
  }

  private final class Removal: Sendable {
    let path: String
    init(_ path: String) { self.path = path }
    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  func take(_ text: String, from name: String = "list.txt", at seconds: Int64, force: Bool = true) throws {
    let octets = Array(text.utf8)
    _ = try Store(folder: folder).take(
      try Publication(octets), from: IndicatorSource(name, .file), digest: IndicatorFiles.digest(octets),
      at: Timestamp(seconds: seconds), force: force)
  }

  /// One pass over `nameward.yaml`.
  func pass(_ findings: [Finding], at seconds: Int64) throws {
    _ = try Store(folder: folder).record(
      findings, scope: Scope(declaration: "nameward.yaml"), totals: Totals(match: 1, mismatch: findings.count, couldNotTell: 0),
      at: Timestamp(seconds: seconds))
  }

  static func replaced(_ owner: String, _ type: RRType = .mx, by observed: String = "10 mx.evil.example.") throws -> Finding {
    let server = try #require(Server("192.0.2.53"))
    return try Finding(
      "record-differs", .critical, .mismatch(.replaced([])), DomainName(owner), type,
      at: Place(.authoritative, server, zone: DomainName("example.gov.")), intended: ["10 mx1.example.gov."],
      observed: [observed],
      since: Timestamp(seconds: 0))
  }

  func catalog(tlp: TLP = .green, assumed: TLP? = .green, receives: Bool = true) throws -> SharedStore {
    try SharedStore(
      StoreReader(folder: folder), tlp: tlp, assumed: assumed,
      findings: SharedStore.FindingTerms(declaration: "nameward.yaml", organisation: "Example Agency", marking: .amber),
      receiving: receives ? folder : nil)
  }

  func service(
    _ rights: TAXIIAdmission.Rights = .everything, tlp: TLP = .green, assumed: TLP? = .green, receives: Bool = true
  ) throws -> TAXIIService<SharedStore> {
    try TAXIIService(
      title: "Ours", information: TAXIIAPIRoot(title: "Ours", maxContentLength: 100_000),
      admission: TAXIIAdmission(anyone: rights), catalog: catalog(tlp: tlp, assumed: assumed, receives: receives),
      now: { Self.now }, identify: { "2d086da7-4bdc-4f91-900e-d77486753710" })
  }
}

extension TAXIIService {
  func ask(_ path: String, method: String = "GET", body: String? = nil) -> TAXIIResponse {
    let parts = path.split(separator: "?", maxSplits: 1).map(String.init)
    return answer(
      TAXIIRequest(
        method: method, path: "/nameward/collections/" + (parts.first ?? ""), query: parts.count == 2 ? parts[1] : "",
        accept: TAXII.mediaType,
        contentType: body == nil ? nil : TAXII.mediaType, body: body.map { Array($0.utf8) } ?? []))
  }

  func json(_ path: String) throws -> JSONValue {
    let response = ask(path)
    try #require(response.status == 200, "\(response.body)")
    return try JSONValue(Array(response.body.utf8))
  }

  /// All pages, of two objects each.
  func objects(_ path: String) throws -> [JSONValue] {
    var (all, next): ([JSONValue], String?) = ([], nil)
    repeat {
      let page = try json(path + (path.contains("?") ? "&" : "?") + "limit=2" + (next.map { "&next=\($0)" } ?? ""))
      all += page["objects"]?.items ?? []
      next = page["next"]?.string
    } while next != nil
    return all
  }
}

func types(_ objects: [JSONValue]) -> [String] { objects.compactMap { $0["type"]?.string } }
func text(_ object: JSONValue?, _ member: String) -> String? { object?[member]?.string }
