import Foundation
import Indicators
import Names
import Notation
import Store
import Testing

@testable import nameward

@Suite("TAXII 2.1 §4.3 What is not kept is no success") struct RefusedIndicatorTests {
  @Test(arguments: [
    ("[ipv4-addr:value ISSUBSET '0.0.0.0/0']", "This cannot be looked for: 0.0.0.0/0 means every address."),
    ("[ipv6-addr:value ISSUBSET '::/0']", "This cannot be looked for: ::/0 means every address."),
    ("", "The indicator has no pattern. Send what is to be looked for."),
  ])
  func `an indicator that its reader drops is refused in its reader's words`(pattern: String, sentence: String) throws {
    let folder = NSTemporaryDirectory() + "/nameward-refused-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try Store(folder: folder)
    let catalog = try SharedStore(StoreReader(folder: folder), tlp: .green, assumed: .green, receiving: folder)
    let text =
      #"{"type":"indicator","spec_version":"2.1","id":"indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f","#
      + #""created":"2020-01-01T00:00:00.000Z","modified":"2020-01-01T00:00:00.000Z","pattern":"\#(pattern)","#
      + #""pattern_type":"stix","valid_from":"2020-01-01T00:00:00Z"}"#
    var told: [TAXIIAddition] = []
    _ = try catalog.add(
      [TAXIIObject(JSONValue(Array(text.utf8)))], to: catalog.ids.received, at: TAXIITimestamp(Timestamp(seconds: 1_000_000))
    ) { additions in
      told = additions
      return TAXIIStatus(id: "2d086da7-4bdc-4f91-900e-d77486753710")
    }
    #expect(told == [.refused(sentence)])
    #expect(try StoreReader(folder: folder).indicators.sources().isEmpty)
  }
}
