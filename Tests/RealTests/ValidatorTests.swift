import DNSWire
import Estate
import Foundation
import Names
import Probe
import Testing

@Suite("RFC 4035 §5 Validation by libunbound against a signed hierarchy of Knot", .timeLimit(.minutes(5)), .serialized)
struct Validating {
  private func with(_ body: (SignedHierarchy, ValidatorSettings) async throws -> Void) async throws {
    let hierarchy = try SignedHierarchy()
    defer { hierarchy.stop() }
    var settings = ValidatorSettings()
    settings.trustAnchor = .records(hierarchy.anchors)
    settings.roots = [hierarchy.address]
    settings.stubs = try SignedHierarchy.zones.map { .init(try DomainName($0), [hierarchy.address]) }
    settings.usesIPv6 = false
    settings.timeout = .seconds(10)
    // Knot signs while it starts.
    let probe = Probe(now: { Timestamp(seconds: 0) })
    for _ in 0..<100 {
      let query = Query(try DomainName("signed"), .dnskey, at: Server(address: hierarchy.address))
      if await probe.ask([query])[0].message?.answers.isEmpty == false { break }
      try await Task.sleep(for: .milliseconds(100))
    }
    try await body(hierarchy, settings)
  }

  @Test func `judges what is signed, what is not, and what is signed by another key`() async throws {
    try await with { hierarchy, settings in
      let names = ["www.signed", "nothing.signed", "www.plain", "www.broken", "nowhere"]
      let validations = await Validator(settings).validate(try names.map { (try DomainName($0), .a) })
      #expect(validations[0] == .secure, "\(hierarchy.log)")
      // That it does not exist is proved.
      #expect(validations[1] == .secure)
      #expect(validations[2] == .insecure)
      guard case .bogus(let words) = validations[3] else {
        Issue.record("\(validations[3])")
        return
      }
      #expect(words.contains(" DS "), "\(words)")
      #expect(words.contains("broken."), "\(words)")
      #expect(validations[4] == .secure)
    }
  }

  @Test func `judges signatures as of the moment that is given`() async throws {
    try await with { _, settings in
      var later = settings
      later.at = Timestamp(seconds: Int64(Date().timeIntervalSince1970) + 60 * 86_400)
      let validations = await Validator(later).validate([(try DomainName("www.signed"), .a)])
      guard case .bogus(let words) = validations[0] else {
        Issue.record("\(validations[0])")
        return
      }
      #expect(words.contains("expired"), "\(words)")
    }
  }

  @Test func `more questions than go at once are all judged, in their order`() async throws {
    try await with { _, settings in
      let names = (0..<150).map { $0 % 3 == 0 ? "www.plain" : "n\($0).signed" }
      let validations = await Validator(settings).validate(try names.map { (try DomainName($0), .a) })
      #expect(validations == names.map { $0 == "www.plain" ? .insecure : .secure })
    }
  }
}
