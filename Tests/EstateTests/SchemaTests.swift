import Estate
import Foundation
import Testing

@Suite("The declaration's JSON Schema") struct SchemaTests {
  func schema() throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(Declaration.schema.utf8)) as? [String: Any])
  }

  /// The members below a path of keys.
  func below(_ path: String...) throws -> [String: Any] {
    var object = try schema()
    for key in path { object = try #require(object[key] as? [String: Any], "\(key)") }
    return object
  }

  @Test func `is JSON of the stated draft`() throws {
    #expect(try schema()["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    #expect(try schema()["required"] as? [String] == ["version", "domains"])
    #expect(try schema()["additionalProperties"] as? Bool == false)
  }

  @Test func `has every key that is accepted, and none that is refused`() throws {
    let root = try Set(below("properties").keys)
    #expect(
      root == ["version", "organisation", "resolvers", "network", "domains", "groups", "changes", "exceptions", "accounts"])
    let network = try Set(below("properties", "network", "properties").keys)
    #expect(
      network == [
        "roots", "port", "ipv6", "timeout", "retries", "perServerRate", "width", "trustAnchors", "tlsAuthorities",
        "originDatabase",
      ])
    let domain = try Set(below("properties", "domains", "additionalProperties", "properties").keys)
    #expect(domain == ["zone", "nameservers", "secondaries", "ds", "records", "registrar", "certificates"])
  }

  /// Each key of the schema stands in the sample declaration, which reads: so reading and schema have the same keys.
  @Test func `every key of the schema is read`() throws {
    let reading = Sample.read(Sample.whole, files: Sample.files)
    #expect(reading.faults.map(\.description) == [])
    for key in try below("properties").keys { #expect(Sample.whole.contains("\(key):"), "\(key)") }
    for key in try below("properties", "network", "properties").keys { #expect(Sample.whole.contains("  \(key):"), "\(key)") }
    for key in try below("properties", "domains", "additionalProperties", "properties").keys {
      #expect(Sample.whole.contains("    \(key):"), "\(key)")
    }
  }
}
