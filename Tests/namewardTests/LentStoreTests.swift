import Foundation
import Store
import Testing

@testable import nameward

@Suite("The store of a run that asks others") struct LentStoreTests {
  @Test(arguments: [(.http, true), (.taxii, true), (.pipe, true), (.file, false)] as [(IndicatorSource.Kind, Bool)])
  func `lets others write while it waits for a source, and is there again afterwards`(
    kind: IndicatorSource.Kind, isFree: Bool
  ) throws {
    let folder = NSTemporaryDirectory() + "/nameward-lent-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var store = try LentStore(folder)
    #expect(throws: StoreFault.self) { try Store(folder: folder) }
    store.release(for: kind)
    if isFree {
      do {
        let other = try Store(folder: folder)
        // Who comes second is told so.
        #expect(throws: StoreFault.self) { try store.opened() }
        withExtendedLifetime(other) {}
      }
    } else {
      #expect(throws: StoreFault.self) { try Store(folder: folder) }
    }
    #expect(try store.opened().indicators.sources().isEmpty)
  }

  @Test func `is not made where it must be there`() {
    let folder = NSTemporaryDirectory() + "/nameward-lent-\(UUID().uuidString)"
    let ending = #expect(throws: Ending.self) { try LentStore(folder, mustBeThere: true) }
    #expect(ending?.code == .usage && !FileManager.default.fileExists(atPath: folder))
  }
}
