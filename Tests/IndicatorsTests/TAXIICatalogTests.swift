import Indicators
import Names
import Synchronization
import Testing

/// A catalog that fails in a way of its own.
private struct FailingCatalog: TAXIICatalog {
  var error: any Error

  func collections() -> [TAXIICollection] { [TAXIICollection(id: "a", title: "A", canWrite: true)] }
  func records(of collection: String, _ filter: TAXIIFilter, after number: Int64, limit: Int) throws -> [TAXIIRecord] {
    throw error
  }
  func add(
    _ objects: [TAXIIObject], to collection: String, at time: TAXIITimestamp, status: ([TAXIIAddition]) -> TAXIIStatus
  ) throws -> TAXIIStatus { throw error }
  // Removes nothing.
  func remove(_ filter: TAXIIFilter, from collection: String) -> Bool { false }
  func status(_ id: String) throws -> TAXIIStatus? { throw error }
}

@Suite("A catalog that fails") struct TAXIICatalogTests {
  private struct Secret: Error { var words = "/var/lib/secret" }

  private func ask(
    _ error: any Error, _ method: String, _ path: String, report: @escaping @Sendable (any Error) -> Void = { _ in }
  ) -> TAXIIResponse {
    let service = TAXIIService(
      title: "Ours", information: TAXIIAPIRoot(title: "Ours", maxContentLength: 1000),
      admission: TAXIIAdmission(anyone: .everything), catalog: FailingCatalog(error: error),
      now: { TAXIITimestamp(microseconds: 0) }, identify: { "" }, report: report)
    return service.answer(
      TAXIIRequest(
        method: method, path: "/nameward/" + path, accept: TAXII.mediaType, contentType: TAXII.mediaType,
        body: Array(#"{"objects":[{"type":"a","id":"a--00000000-0000-4000-8000-0000000000aa"}]}"#.utf8)))
  }

  @Test(arguments: [("GET", "collections/a/objects/"), ("POST", "collections/a/objects/"), ("GET", "status/a/")])
  func `is told as an error of the server, without its words`(method: String, path: String) {
    let broken = ask(Secret(), method, path)
    #expect(broken.status == 500)
    #expect(!broken.body.contains("secret"))
    let busy = ask(TAXIICatalogBusy(), method, path)
    #expect((busy.status, busy.field("Retry-After")) == (503, "60"))
  }

  @Test(arguments: [("GET", "collections/a/objects/"), ("POST", "collections/a/objects/"), ("GET", "status/a/")])
  func `is told to the owner with its words, unless it passes`(method: String, path: String) {
    let told = Mutex<[String]>([])
    let report: @Sendable (any Error) -> Void = { error in
      let words = "\(error)"
      told.withLock { $0.append(words) }
    }
    _ = ask(TAXIICatalogBusy(), method, path, report: report)
    #expect(told.withLock(\.self).isEmpty)
    _ = ask(Secret(), method, path, report: report)
    #expect(told.withLock(\.self).count == 1 && told.withLock(\.self).allSatisfy { $0.contains("/var/lib/secret") })
  }
}
