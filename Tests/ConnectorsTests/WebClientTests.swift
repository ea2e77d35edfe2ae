import Connectors
import Foundation
import Names
import Notation
import Synchronization
import Testing

/// By gzip(1), another hand than ours.
private func gzipped(_ text: [UInt8]) async throws -> [UInt8] {
  let process = Process()
  let (input, output) = (Pipe(), Pipe())
  (process.executableURL, process.arguments) = (URL(filePath: "/bin/gzip"), ["-c"])
  (process.standardInput, process.standardOutput) = (input, output)
  try process.run()
  // In pieces that a pipe holds: what comes out is small.
  for start in stride(from: 0, to: text.count, by: 4096) {
    try input.fileHandleForWriting.write(contentsOf: text[start..<min(start + 4096, text.count)])
  }
  try input.fileHandleForWriting.close()
  return Array(try output.fileHandleForReading.readToEnd() ?? Data())
}

@Suite("RFC 9110 Feeds over HTTP", .timeLimit(.minutes(2))) struct HTTPFeeds {
  private func fetch(
    _ path: String = "feed?key=secret", marks: HTTPFeed.Marks = HTTPFeed.Marks(), credentials: WebCredentials? = nil,
    bounds change: (inout WebClient.Options) -> Void = { _ in }, answering respond: @escaping @Sendable (String) -> [UInt8]
  ) async throws -> (Result<HTTPFeed.Outcome, WebFailure>, requests: [String]) {
    var options = webOptions
    options.timeout = .seconds(20)
    change(&options)
    let settled = options
    return try await Web.with(respond) { server, address in
      let feed = HTTPFeed(try WebAddress(address.text + path), credentials: credentials?.bound(to: address))
      let result = try await WebClient.use(settled) { web -> Result<HTTPFeed.Outcome, WebFailure> in
        do throws(WebFailure) { return .success(try await feed.fetch(web, since: marks)) } catch { return .failure(error) }
      }
      return (result, server.heard)
    }
  }

  private func body(_ result: Result<HTTPFeed.Outcome, WebFailure>) throws -> ([UInt8], HTTPFeed.Marks) {
    guard case .body(let octets, let marks) = try result.get() else { throw WebExpectation.body }
    return (octets, marks)
  }
  private enum WebExpectation: Error { case body }

  @Test func `§13.1 a feed that did not change is not sent again`() async throws {
    let respond: @Sendable (String) -> [UInt8] = { request in
      request.contains("If-None-Match: \"v1\"") && request.contains("If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT")
        ? Array("HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n".utf8)
        : Web.answer("evil.example", ["ETag: \"v1\"", "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT"])
    }
    let (octets, marks) = try body(await fetch(answering: respond).0)
    #expect(octets == Array("evil.example".utf8))
    #expect(marks == HTTPFeed.Marks(entityTag: "\"v1\"", lastModified: "Sun, 06 Nov 1994 08:49:37 GMT"))
    let again = try await fetch(marks: marks, answering: respond).0.get()
    guard case .notModified = again else {
      Issue.record("\(again)")
      return
    }
    let unasked = try await fetch { _ in Array("HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n".utf8) }.0
    guard case .failure(let failure) = unasked else {
      Issue.record("304")
      return
    }
    #expect(failure.cause == .notModifiedUnasked)
  }

  @Test func `§8.4 what comes compressed is decompressed, within the same bound`() async throws {
    let text = Array(repeating: UInt8(ascii: "a"), count: 1_000_000)
    let small = try await gzipped(text)
    #expect(small.count < 5000)
    let respond: @Sendable (String) -> [UInt8] = { _ in Web.reply("200 OK", ["Content-Encoding: gzip"], small) }
    #expect(try body(await fetch(bounds: { $0.octets = 1_000_000 }, answering: respond).0).0 == text)
    guard case .failure(let failure) = try await fetch(bounds: { $0.octets = 999_999 }, answering: respond).0 else {
      Issue.record("bomb")
      return
    }
    #expect(failure.cause == .tooLarge(limit: 999_999))
    let cut = try await fetch { _ in Web.reply("200 OK", ["Content-Encoding: gzip"], Array(small.dropLast(9))) }.0
    guard case .failure(let broken) = cut, case .damaged = broken.cause else {
      Issue.record("cut")
      return
    }
  }

  @Test func `a length that is a lie, or no length at all, meets the bound`() async throws {
    for head in ["Content-Length: 99999999999\r\n", ""] {
      let octets = Array("HTTP/1.1 200 OK\r\n\(head)Connection: close\r\n\r\n".utf8) + Array(repeating: 0x61, count: 100_000)
      guard case .failure(let failure) = try await fetch(bounds: { $0.octets = 50_000 }, answering: { _ in octets }).0 else {
        Issue.record("lie")
        return
      }
      #expect(failure.cause == .tooLarge(limit: 50_000))
    }
    let short = try await fetch { _ in Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc".utf8) }.0
    guard case .failure(let failure) = short else {
      Issue.record("short")
      return
    }
    guard case .http = failure.cause else {
      Issue.record("\(failure)")
      return
    }
  }

  @Test func `§10.2.3 a server that asks to wait is asked again, within bounds`() async throws {
    let count = Mutex(0)
    let respond: @Sendable (String) -> [UInt8] = { _ in
      count.withLock { count in
        count += 1
        return count == 1 ? Web.reply("503 Busy", ["Retry-After: 1"]) : Web.answer("now")
      }
    }
    let start = ContinuousClock.now
    #expect(try body(await fetch(answering: respond).0).0 == Array("now".utf8))
    #expect(ContinuousClock.now - start >= .seconds(1))
    let (long, requests) = try await fetch { _ in Web.reply("429 Slow down", ["Retry-After: 86400"]) }
    guard case .failure(let failure) = long else {
      Issue.record("long")
      return
    }
    #expect(failure.cause == .busy(seconds: 86_400, patience: .seconds(120)))
    #expect(requests.count == 1)
    let (ever, attempts) = try await fetch { _ in Web.reply("503 Busy", ["Retry-After: 0"]) }
    guard case .failure(let last) = ever else {
      Issue.record("ever")
      return
    }
    #expect(attempts.count == 4 && last.cause == .stillBusy(times: 4, seconds: 0))
    #expect(last.sentence.hasSuffix("the server was asked 4 times, and still asks to wait 0 seconds. Try again later."))
    let then: (inout WebClient.Options) -> Void = { $0 = WebClient.Options(now: { Timestamp("1994-11-06T08:49:37Z")! }) }
    let dated = try await fetch(bounds: then) { _ in
      Web.reply("503 Busy", ["Retry-After: Sun, 06 Nov 1994 09:49:37 GMT"])
    }.0
    guard case .failure(let date) = dated else {
      Issue.record("date")
      return
    }
    #expect(date.cause == .busy(seconds: 3600, patience: .seconds(120)))
  }

  @Test func `§15.4 redirects are followed to a bound, and credentials stay at home`() async throws {
    let answer: @Sendable (String) -> [UInt8] = { _ in Web.answer("elsewhere") }
    try await Web.with(answer) { other, target in
      let (found, requests) = try await fetch("start", credentials: .bearer(token: "secret-token")) { request in
        if request.hasPrefix("GET /start ") { return Web.reply("302 Found", ["Location: /next"]) }
        return Web.reply("307 Moved", ["Location: \(target.text)x"])
      }
      #expect(try body(found).0 == Array("elsewhere".utf8))
      #expect(requests.allSatisfy { $0.contains("Authorization: Bearer secret-token") })
      #expect(requests.count == 2)
      #expect(!other.heard.contains { $0.contains("secret-token") })
      #expect(other.heard.count == 1)
    }
    let (ever, requests) = try await fetch { _ in Web.reply("301 Moved", ["Location: /again"]) }
    guard case .failure(let failure) = ever else {
      Issue.record("ever")
      return
    }
    #expect(failure.cause == .tooManyRedirects(limit: 5))
    #expect(requests.count == 6)
    for (fields, cause) in [([], .redirectWithoutTarget), (["Location: file:///etc/passwd"], .notURL)]
      as [([String], WebFailure.Cause)]
    {
      guard case .failure(let failure) = try await fetch(answering: { _ in Web.reply("301 Moved", fields) }).0 else {
        Issue.record("nowhere")
        return
      }
      #expect(failure.cause == cause)
    }
  }

  @Test func `a server that falls silent is given up in time`() async throws {
    let start = ContinuousClock.now
    let result = try await LoopbackServer.with { heard in
      heard.isEmpty
        ? [] : [.say(Array("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".utf8)), .drip([0x61], milliseconds: 100)]
    } while: { server in
      var options = webOptions
      options.timeout = .seconds(1)
      let feed = HTTPFeed(try WebAddress("http://127.0.0.1:\(server.address.port)/"))
      return try await WebClient.use(options) { web -> WebFailure? in
        do throws(WebFailure) { _ = try await feed.fetch(web) } catch { return error }
        return nil
      }
    }
    #expect(result?.cause == .timedOut(.seconds(1)))
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test func `a secret is not sent in the clear to another machine, nor shown`() async throws {
    let address = try WebAddress("http://feeds.example/list?key=secret")
    let feed = HTTPFeed(address, credentials: WebCredentials.bearer(token: "secret").bound(to: address))
    let failure = try await WebClient.use(webOptions) { web -> WebFailure? in
      do throws(WebFailure) { _ = try await feed.fetch(web) } catch { return error }
      return nil
    }
    #expect(
      failure?.sentence
        == "http://feeds.example/list?…: credentials are not sent over http to another machine. Use https.")
    #expect("\(WebCredentials.basic(user: "u", password: "secret"))" == "Basic …")
    #expect(throws: WebFailure.self) { try WebAddress("https://user:secret@feeds.example/") }
  }

  @Test(arguments: ["http://127.example.com/list", "http://127.0.0.1.example.com/list", "http://localhost.example.com/list"])
  func `a name is not this machine because it begins as that does`(url: String) async throws {
    let address = try WebAddress(url)
    let feed = HTTPFeed(address, credentials: WebCredentials.bearer(token: "secret").bound(to: address))
    let failure = try await WebClient.use(webOptions) { web -> WebFailure? in
      do throws(WebFailure) { _ = try await feed.fetch(web) } catch { return error }
      return nil
    }
    #expect(failure?.cause == .credentialsInClear)
  }

  @Test func `nobody there is told so`() async throws {
    let feed = HTTPFeed(try WebAddress("http://127.0.0.1:9/list"))
    let failure = try await WebClient.use(webOptions) { web -> WebFailure? in
      do throws(WebFailure) { _ = try await feed.fetch(web) } catch { return error }
      return nil
    }
    #expect(
      failure?.sentence == "http://127.0.0.1:9/list: it could not be reached: Connection refused. Check the URL and the network.")
  }

  @Test(arguments: ["ftp://a/", "https://", "", "/a", "https://a b/", "http:///x", "https://ex\u{E4}mple/"])
  func `what is no URL of the web is refused`(text: String) {
    #expect(throws: WebFailure.self) { try WebAddress(text) }
  }
}
