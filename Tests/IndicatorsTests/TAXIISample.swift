import Fixtures
import Foundation
import Indicators
import Names
import Notation
import Synchronization
import Testing

/// A server with the data that medallion, the reference server, is tested with.
struct TAXIISample {
  static let key = "a-token-of-the-tests"
  static let readKey = "another-token"
  static let high = "/trustgroup1/collections/91a7b528-80eb-42ed-a74d-c6fbd5a26116/"
  static let inbox = "/trustgroup1/collections/365fed99-08fa-fdcd-a1b3-fb247eb41d01/"
  static let writeOnly = "/trustgroup1/collections/472c94ae-3113-4e3e-a4dd-a9f4ac7471d4/"
  static let secret = "/trustgroup1/collections/64993447-4d7e-4f70-b94d-d7f33742ee63/"

  var service: TAXIIService<TAXIIShelf>
  var shelf: TAXIIShelf { service.catalog }

  init(maxContentLength: Int = 10_000) throws {
    let file = try JSONValue(Fixture.octets("ioc/taxii/medallion_default_data.json"))
    let group = try #require(file["trustgroup1"])
    let listed = group["collections"]?.items ?? []
    let shelf = TAXIIShelf(try listed.map { try TAXIICollection($0) })
    for collection in listed {
      let objects = try (collection["objects"]?.items ?? []).map { try TAXIIObject($0) }
      for entry in (collection["manifest"]?.items ?? []).sorted(by: { Self.text($0, "date_added") < Self.text($1, "date_added") })
      {
        let object = try #require(
          objects.first { $0.id == Self.text(entry, "id") && $0.version == Self.text(entry, "version") })
        shelf.add([object], to: Self.text(collection, "id"), at: try #require(TAXIITimestamp(Self.text(entry, "date_added"))))
      }
    }
    for status in group["status"]?.items ?? [] { shelf.keep(try TAXIIStatus(status)) }
    let now = try #require(TAXIITimestamp("2026-11-23T09:00:00.000001Z"))
    let identifiers = Identifiers()
    service = TAXIIService(
      title: "Some TAXII Server", root: "trustgroup1",
      information: TAXIIAPIRoot(title: "Malware Research Group", maxContentLength: maxContentLength),
      admission: TAXIIAdmission(tokens: [.init(Self.key, .everything), .init(Self.readKey, .init(reading: .all))]),
      catalog: shelf, now: { now },
      identify: { identifiers.next() })
  }

  private static func text(_ value: JSONValue, _ name: String) -> String { value[name]?.string ?? "" }

  func ask(_ path: String, method: String = "GET", body: String? = nil, token: String? = key) -> TAXIIResponse {
    let parts = path.split(separator: "?", maxSplits: 1).map(String.init)
    return service.answer(
      TAXIIRequest(
        method: method, path: parts[0], query: parts.count == 2 ? parts[1] : "", accept: TAXII.mediaType,
        contentType: body == nil ? nil : TAXII.mediaType, authorization: token.map { "Bearer \($0)" },
        body: body.map { Array($0.utf8) } ?? []))
  }

  func json(_ path: String) throws -> JSONValue {
    let response = ask(path)
    try #require(response.status == 200, "\(response.body)")
    return try JSONValue(Array(response.body.utf8))
  }
}

/// UUIDs in a row.
private final class Identifiers: Sendable {
  private let count = Mutex(0)

  func next() -> String {
    count.withLock { count in
      count += 1
      return "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - "\(count)".count) + "\(count)"
    }
  }
}
