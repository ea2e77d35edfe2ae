import DNSWire
import Estate
import Fixtures
import Foundation
import Names
import Testing

@testable import Probe

@Suite("A validator whose servers say nothing, or that trusts nothing", .timeLimit(.minutes(5))) struct LonelyValidator {
  @Test func `without servers nothing is judged, within the time`() async throws {
    let address = try await FaultServer.quietAddress()
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
    #expect(clock.now - start < .seconds(60))
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
      settings.timeout = .seconds(200)
      let validator = Validator(settings)
      let clock = ContinuousClock()
      let start = clock.now
      let task = Task { await validator.validate([(.root, .soa)]) }
      while server.questions.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
      task.cancel()
      #expect(await task.value == [.indeterminate("the run was ended before the result")])
      #expect(clock.now - start < .seconds(100))
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
