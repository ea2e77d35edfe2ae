import Indicators
import Notation
import Testing

/// A bundle with everything that is read.
private let whole = """
  {"type": "bundle", "id": "bundle--00000000-0000-4000-8000-000000000000", "objects": [
    {"type": "indicator", "id": "indicator--00000000-0000-4000-8000-000000000001", "created": "2020-01-01T00:00:00Z",
     "modified": "2020-01-01T00:00:00Z", "name": "N", "description": "D", "indicator_types": ["benign"], "labels": ["l"],
     "pattern": "[domain-name:value = 'evil.example']", "pattern_type": "stix", "valid_from": "2020-01-01T00:00:00Z",
     "valid_until": "2021-01-01T00:00:00Z", "kill_chain_phases": [{"kill_chain_name": "k", "phase_name": "p"}],
     "confidence": 50, "revoked": false, "object_marking_refs": ["marking-definition--00000000-0000-4000-8000-000000000002"],
     "granular_markings": [{"marking_ref": "marking-definition--00000000-0000-4000-8000-000000000002", "selectors": ["name"]}]},
    {"type": "marking-definition", "id": "marking-definition--00000000-0000-4000-8000-000000000002", "definition_type": "tlp",
     "definition": {"tlp": "amber"}, "name": "TLP:AMBER",
     "extensions": {"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d": {"tlp_2_0": "amber"}}},
    {"type": "malware", "id": "malware--00000000-0000-4000-8000-000000000003", "name": "M"},
    {"type": "relationship", "id": "relationship--00000000-0000-4000-8000-000000000004", "relationship_type": "indicates",
     "source_ref": "indicator--00000000-0000-4000-8000-000000000001", "revoked": false,
     "target_ref": "malware--00000000-0000-4000-8000-000000000003"},
    {"type": "sighting", "id": "sighting--00000000-0000-4000-8000-000000000005", "count": 5, "first_seen": "2020-01-01T00:00:00Z",
     "sighting_of_ref": "indicator--00000000-0000-4000-8000-000000000001", "where_sighted_refs": ["identity--1"]},
    {"type": "report", "id": "report--00000000-0000-4000-8000-000000000006", "name": "R", "published": "2020-01-01T00:00:00Z",
     "object_marking_refs": ["marking-definition--00000000-0000-4000-8000-000000000002"],
     "object_refs": ["indicator--00000000-0000-4000-8000-000000000001"]}
  ]}
  """

@Suite("STIX 2 from hostile hands") struct STIX2HostileTests {
  @Test func `whatever stands in any place is read, remarked or refused`() throws {
    let document = try json(whole)
    let unchanged = try STIX2.read(document)
    #expect(unchanged.indicators.map(\.marking) == [.amber])
    #expect(unchanged.remarkCount == 0)
    var (read, refused) = (0, 0)
    for changed in mutations(document, of: strangeContents) {
      do {
        let publication = try STIX2.read(changed)
        #expect(publication.indicators.count <= 1)
        #expect(publication.sightings.count <= 1)
        read += 1
      } catch { refused += 1 }
    }
    // One place is the document, one its type, one the list of objects; no other can keep it from being read.
    #expect(read + refused == mutations(document, of: strangeContents).count)
    #expect(refused > 0 && refused <= 3 * strangeContents.count)
  }

  @Test(.timeLimit(.minutes(5))) func `many objects that name one another take time in proportion`() throws {
    let count = 3000
    let indicator = "{\"type\": \"indicator\", \"id\": \"indicator--1\", \"pattern\": \"[url:value = 'x']\"}"
    let objects = (0..<count).map { number in
      """
      {"type": "malware", "id": "malware--\(number)", "name": "M\(number)"},
      {"type": "relationship", "id": "relationship--\(number)", "relationship_type": "indicates", "source_ref": "indicator--1",
       "target_ref": "malware--\(number)"}, \(indicator)
      """
    }
    let publication = try STIX2.read(json("[\(objects.joined(separator: ","))]"))
    #expect(publication.indicators.map(\.context.count) == [count])
  }

  @Test func `more remarks than are kept are counted`() throws {
    let objects = (0..<1500).map { "{\"type\": \"indicator\", \"id\": \"indicator--\($0)\"}" }
    let publication = try STIX2.read(json("[\(objects.joined(separator: ","))]"))
    #expect(publication.remarkCount == 1500)
    #expect(publication.remarks.count == Publication.mostRemarks)
  }

  @Test func `a member that stands twice is refused, however deep`() throws {
    let text = #"{"type": "bundle", "objects": [{"type": "indicator", "x": {"y": [{"pattern": "a", "pattern": "b"}]}}]}"#
    let fault = #expect(throws: STIX2Fault.self) { try STIX2.read(json(text)) }
    #expect(fault?.place == TextPlace(line: 1, column: 83))
    #expect(fault?.cause == .doubledMember("pattern", first: TextPlace(line: 1, column: 67)))
  }
}
