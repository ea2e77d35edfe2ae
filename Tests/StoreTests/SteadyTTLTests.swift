import DNSWire
import Estate
import Foundation
import Names
import Testing

@testable import Store

@Suite("The TTLs that servers gave are remembered") struct SteadyTTLTests {
  @Test func `what a server tells now and what it told before, each with its time`() throws {
    let scratch = try Scratch()
    let store = try Store(folder: scratch.state)
    let place = try place()
    let www = try name("www.example.gov")
    let times = try ["2026-11-01T00:00:00Z", "2026-11-20T00:00:00Z", "2026-11-23T00:00:00Z"].map { try #require(Timestamp($0)) }
    for (time, ttl) in zip(times, [3600, 3600, 60]) {
      _ = try store.record([answer(www, .a, ["www.example.gov \(ttl) A 192.0.2.80"], of: place)], at: time)
    }
    let steady = try store.steadyTTLs().sorted { $0.ttl < $1.ttl }
    #expect(steady.map(\.ttl) == [60, 3600])
    #expect(steady.map(\.from) == [times[2], times[0]])
    #expect(steady.map(\.until) == [times[2], times[1]])
    #expect(steady.allSatisfy { $0.name == www && $0.type == .a && $0.server == place.server })
  }

  @Test func `resolvers count down, so theirs are none`() throws {
    let scratch = try Scratch()
    let store = try Store(folder: scratch.state)
    let time = try #require(Timestamp("2026-11-01T00:00:00Z"))
    _ = try store.record(
      [answer(name("www.example.gov"), .a, ["www.example.gov 3600 A 192.0.2.80"], of: place(.resolver, "192.0.2.9"))], at: time)
    #expect(try store.steadyTTLs().isEmpty)
  }
}
