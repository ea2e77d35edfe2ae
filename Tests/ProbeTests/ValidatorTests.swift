import DNSWire
import Estate
import Fixtures
import Foundation
import Names
import Testing

@testable import Probe

@Suite("RFC 4035 §5 Validation by libunbound against a signed hierarchy of Knot", .timeLimit(.minutes(2)), .serialized)
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
    let probe = Probe(.quick)
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

  @Test func `without servers nothing is judged, within the time`() async throws {
    let address = try await FaultServer.with { _ in
      []
    } while: {
      $0.address
    }
    var settings = ValidatorSettings()
    settings.trustAnchor = .records([". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D"])
    settings.roots = [address]
    settings.timeout = .seconds(2)
    let clock = ContinuousClock()
    let start = clock.now
    let validations = await Validator(settings).validate([(try DomainName("www.signed"), .a)])
    guard case .indeterminate(let words) = validations[0] else {
      Issue.record("\(validations[0])")
      return
    }
    #expect(!words.isEmpty)
    #expect(clock.now - start < .seconds(15))
  }

  @Test(
    arguments: [
      (.records([]), "there is no trust anchor"),
      (.records(["no record"]), "\"no record\" is no trust anchor: it is neither a DS nor a DNSKEY record"),
      (.records([". DS 20326 8 2 E06D4"]), "\". DS 20326 8 2 E06D4\" is no trust anchor: "),
      (.file("/nonexistent/root.key"), "the trust anchors in /nonexistent/root.key cannot be read: No such file or directory"),
    ] as [(ValidatorSettings.TrustAnchor, String)])
  func `says what is wrong with the trust anchor`(anchor: ValidatorSettings.TrustAnchor, words: String) async throws {
    var settings = ValidatorSettings()
    settings.trustAnchor = anchor
    let validations = await Validator(settings).validate([(.root, .soa), (.root, .ns)])
    #expect(validations.count == 2)
    for validation in validations {
      guard case .indeterminate(let said) = validation else {
        Issue.record("\(validation)")
        return
      }
      #expect(said.hasPrefix(words), "\(said)")
    }
  }

  @Test func `obeys cancellation`() async throws {
    try await FaultServer.with { _ in
      []
    } while: { server in
      var settings = ValidatorSettings()
      settings.trustAnchor = .records([". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D"])
      settings.roots = [server.address]
      settings.timeout = .seconds(50)
      let validator = Validator(settings)
      let clock = ContinuousClock()
      let start = clock.now
      let task = Task { await validator.validate([(.root, .soa)]) }
      while server.questions.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
      task.cancel()
      #expect(await task.value == [.indeterminate("the run was ended before the result")])
      #expect(clock.now - start < .seconds(20))
    }
  }

  @Test func `asks nobody for nothing`() async {
    #expect(await Validator().validate([]).isEmpty)
  }
}

@Suite("IANA root hints") struct Hints {
  @Test func `are those of InterNIC's named.root`() throws {
    // `a.root-servers.net. 3600000 A 198.41.0.4`, with comments and the NS records in between.
    let text = try String(contentsOfFile: Fixture.path("dns/named.root"), encoding: .utf8)
    var expected: [String: Set<String>] = [:]
    for line in text.split(separator: "\n") where !line.hasPrefix(";") {
      let fields = line.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
      guard fields.count == 4, fields[2] == "A" || fields[2] == "AAAA" else { continue }
      expected[fields[0].lowercased(), default: []].insert(fields[3])
    }
    #expect(expected.count == 13)
    #expect(
      Dictionary(uniqueKeysWithValues: RootHints.letters.map { ("\($0.name)", Set($0.addresses.map { "\($0)" })) }) == expected)
    #expect(RootHints.servers.count == 26)
  }
}
