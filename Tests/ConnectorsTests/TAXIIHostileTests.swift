import Connectors
import Foundation
import Indicators
import Notation
import Synchronization
import Testing

@Suite("TAXII 2.1 Servers that lie", .timeLimit(.minutes(2))) struct TAXIIHostile {
  private func pull(
    _ change: @Sendable (inout WebClient.Options, inout TAXIIClient.Bounds) -> Void = { _, _ in },
    _ respond: @escaping @Sendable (String) -> [UInt8]
  ) async throws -> (TAXIIFailure?, got: [String]) {
    try await Web.with(respond) { _, address in
      var (options, bounds) = (webOptions, TAXIIClient.Bounds())
      options.timeout = .seconds(20)
      change(&options, &bounds)
      let limits = bounds
      return try await WebClient.use(options) { web in
        var client = TAXIIClient(web)
        client.bounds = limits
        var ids: [String] = []
        do throws(TAXIIFailure) {
          try await client.objects(of: "c", of: address) { ids.append($0["id"]?.string ?? "") }
          return (nil, ids)
        } catch {
          return (error, ids)
        }
      }
    }
  }

  private static func page(_ ids: [String], next: String?) -> [UInt8] {
    let objects = ids.map { "{\"id\":\"\($0)\"}" }.joined(separator: ",")
    return Web.answer("{\"more\":\(next != nil)" + (next.map { ",\"next\":\"\($0)\"" } ?? "") + ",\"objects\":[\(objects)]}")
  }

  @Test func `the same page again and again is seen at its second coming`() async throws {
    let (failure, got) = try await pull { _ in Self.page(["a", "b"], next: "1") }
    guard case .loops(_, page: 2) = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(got == ["a", "b"])
    #expect(failure?.sentence.contains("page 2 is one that was there before") == true)
  }

  @Test func `two pages in turn, with new names for ever, are seen`() async throws {
    let count = Mutex(0)
    let (failure, _) = try await pull { _ in
      let number = count.withLock { count in
        count += 1
        return count
      }
      return Self.page(number % 2 == 0 ? ["a"] : ["b"], next: "\(number)")
    }
    guard case .loops(_, page: 3) = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
  }

  @Test func `one name for all pages is no loop where the pages differ`() async throws {
    let count = Mutex(0)
    let (failure, got) = try await pull { _ in
      let number = count.withLock { count in
        count += 1
        return count
      }
      return Self.page(["\(number)"], next: number < 5 ? "same" : nil)
    }
    #expect(failure == nil)
    #expect(got == ["1", "2", "3", "4", "5"])
  }

  @Test(arguments: [TAXIIFailure.What.pages, .objects, .octets, .values])
  func `a server without end meets a bound`(what: TAXIIFailure.What) async throws {
    let count = Mutex(0)
    let bound: @Sendable (inout WebClient.Options, inout TAXIIClient.Bounds) -> Void = { _, bounds in
      switch what {
      case .pages: bounds.pages = 4
      case .objects: bounds.objects = 4
      case .octets: bounds.octets = 150
      // A page has six.
      case .values: bounds.values = 20
      }
    }
    let (failure, _) = try await pull(bound) { _ in
      let number = count.withLock { count in
        count += 1
        return count
      }
      return Self.page(["object-\(number)"], next: "\(number)")
    }
    guard case .tooMany(_, what, _) = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(count.withLock { $0 } <= 5)
  }

  @Test func `a server without end meets a deadline, and what came before is no answer`() async throws {
    let count = Mutex(0)
    let bound: @Sendable (inout WebClient.Options, inout TAXIIClient.Bounds) -> Void = { _, bounds in bounds.duration = .zero }
    let (failure, _) = try await pull(bound) { _ in
      let number = count.withLock { count in
        count += 1
        return count
      }
      return Self.page(["object-\(number)"], next: "\(number)")
    }
    guard case .tooLong(_, let limit) = failure, limit == .zero else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(count.withLock { $0 } == 1)
    #expect(failure?.sentence.contains("the pages did not end within 0.0 seconds. Try again later, or ask for less") == true)
  }

  @Test func `without a name of the next page the time of the last object leads on`() async throws {
    let asked = Mutex<[String]>([])
    let (failure, got) = try await pull { request in
      let line = String(request.prefix { $0 != "\r" && $0 != "\r\n" })
      asked.withLock { $0.append(line) }
      if line.contains("added_after=2020-01-01T00%3A00%3A00.000001Z") { return Self.page(["b"], next: nil) }
      return Web.answer(#"{"more":true,"objects":[{"id":"a"}]}"#, ["X-TAXII-Date-Added-Last: 2020-01-01T00:00:00.000001Z"])
    }
    #expect(failure == nil)
    #expect(got == ["a", "b"])
    #expect(asked.withLock { $0.count } == 2)
  }

  @Test(arguments: [
    (#"{"more":true,"objects":[{"id":"a"}]}"#, "more is promised, but neither next nor the time of the last object is given"),
    (#"{"more":true,"next":"1"}"#, "more is promised"), (#"{"objects":7}"#, "objects is not a list"),
    ("<html>", "This is not JSON"), ("", "The file is empty where JSON belongs"), ("[]", "an object belongs here"),
    (String(repeating: "[", count: 1000), "nested deeper than 64 levels"), ("{\"objects\":[", "The file ends where"),
  ])
  func `what is no envelope is told with its place`(body: String, words: String) async throws {
    let (failure, _) = try await pull { _ in Web.answer(body) }
    #expect(failure?.sentence.contains(words) == true, "\(failure?.sentence ?? "")")
    #expect(failure?.sentence.hasPrefix("http://127.0.0.1:") == true)
    #expect(failure?.sentence.contains("/collections/c/objects/?…: 1:") == true)
  }
}
