import Foundation
import Indicators
import RealServers
import Synchronization
import Testing

/// Notes on which threads it is asked. A class, because the test looks at the notes of the one that is served.
private final class WatchedCatalog: TAXIICatalog {
  let threads = Mutex<Set<String>>([])

  func collections() -> [TAXIICollection] {
    // The kernel's name of the thread that reads it.
    let name = try? FileHandle(forReadingAtPath: "/proc/thread-self/comm")?.read(upToCount: 64)
    let text = String(decoding: name ?? Data(), as: UTF8.self)
    threads.withLock { _ = $0.insert(text) }
    return []
  }
  func records(of collection: String, _ filter: TAXIIFilter, after number: Int64, limit: Int) -> [TAXIIRecord] { [] }
  func add(
    _ objects: [TAXIIObject], to collection: String, at time: TAXIITimestamp, status: ([TAXIIAddition]) -> TAXIIStatus
  ) -> TAXIIStatus { status([]) }
  func remove(_ filter: TAXIIFilter, from collection: String) -> Bool { false }
  func status(_ id: String) -> TAXIIStatus? { nil }
}

@Suite(
  "A catalog may wait for files", .timeLimit(.minutes(5)),
  .enabled(if: ProcessInfo.processInfo.environment["NAMEWARD_FAST"] == nil))
struct TAXIIThreadTests {
  @Test func `it is asked on threads that nothing else needs`() async throws {
    let catalog = WatchedCatalog()
    let service = TAXIIService(
      title: "Ours", information: TAXIIAPIRoot(title: "Ours", maxContentLength: 1000),
      admission: TAXIIAdmission(anyone: .everything), catalog: catalog,
      now: { TAXIITimestamp(microseconds: 0) }, identify: { "" })
    let answer = try await serving(service) { port in
      try await PythonPackages.run(
        """
        import sys, requests
        url = "http://127.0.0.1:%s/nameward/collections/" % sys.argv[1]
        print(requests.get(url, headers={"Accept": "application/taxii+json;version=2.1"}).status_code, end="")
        """, ["\(port)"])
    }
    #expect(answer == "200")
    let threads = catalog.threads.withLock(\.self)
    // Those of NIO's pool for work that blocks.
    #expect(!threads.isEmpty && threads.allSatisfy { $0.hasPrefix("SGLTN-TP-#") }, "\(threads)")
  }
}
