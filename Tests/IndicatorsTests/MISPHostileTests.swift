import Indicators
import Notation
import Testing

private let whole = """
  {"response": [{"Event": {"uuid": "e", "info": "I", "date": "2020-01-01", "timestamp": "1", "publish_timestamp": "2",
    "threat_level_id": "1", "Tag": [{"name": "tlp:amber"}], "Galaxy": [{"GalaxyCluster": [{"value": "G"}]}],
    "Attribute": [
      {"uuid": "a", "type": "domain|ip", "category": "Network activity", "value": "evil.example|192.0.2.1", "to_ids": true,
       "comment": "C", "deleted": false, "timestamp": "3", "first_seen": "2020-01-01T00:00:00Z", "last_seen": "4",
       "Tag": [{"name": "misp-galaxy:tool=\\"x\\""}],
       "Sighting": [{"type": "0", "date_sighting": "5", "Organisation": {"name": "o"}}]},
      {"uuid": "b", "type": "filename|md5", "value": "x|b2a5abfeef9e36964281a31e17b57c97"},
      {"uuid": "c", "type": "AS", "value": "AS174"}],
    "Object": [{"uuid": "o", "name": "file", "meta-category": "file", "deleted": false, "comment": "C",
      "Attribute": [{"uuid": "d", "type": "text", "object_relation": "path", "value": "/tmp", "to_ids": true}]}]}}]}
  """

@Suite("MISP from hostile hands") struct MISPHostileTests {
  @Test func `whatever stands in any place is read, remarked or refused`() throws {
    let document = try json(whole)
    #expect(try MISP.read(document).indicators.map(\.id) == ["a", "b", "c", "o"])
    #expect(try MISP.read(document).remarkCount == 0)
    var (read, refused) = (0, 0)
    let changed = mutations(document, of: strangeContents)
    for changed in changed {
      do {
        #expect(try MISP.read(changed).indicators.count <= 4)
        read += 1
      } catch { refused += 1 }
    }
    #expect(read + refused == changed.count)
    // The document, its response, the item in it and the event are the places without which nothing is left.
    #expect(refused > 0 && refused <= 4 * strangeContents.count)
  }

  @Test(arguments: [
    String(repeating: "filename|", count: 50_000) + "md5", String(repeating: "|", count: 100_000), "filename|", "|", "|port",
    "x509-fingerprint-", "x509-fingerprint-sha512",
  ])
  func `no type leads anywhere but to a remark`(type: String) throws {
    let value = String(repeating: "x|", count: 100_000) + "b2a5abfeef9e36964281a31e17b57c97"
    let publication = try MISP.read(
      json("[{\"uuid\": \"u\", \"type\": \"\(type)\", \"value\": \"\(value)\", \"to_ids\": true}]"))
    #expect(publication.indicators.isEmpty)
    #expect(publication.remarkCount == 1)
  }

  @Test(.timeLimit(.minutes(5))) func `an object of many values takes time in proportion`() throws {
    let attributes = (0..<5000).map { "{\"type\": \"domain\", \"value\": \"a\($0).example\", \"to_ids\": true}" }
    let publication = try MISP.read(
      json("{\"Object\": [{\"name\": \"domain-ip\", \"Attribute\": [\(attributes.joined(separator: ","))]}]}"))
    #expect(publication.indicators.compactMap(\.pattern).map(comparedValues).map(\.count) == [5000])
  }
}
