import Foundation
import Testing

/// What python-stix wrote is what is read. The patterns are those that STIX 2.1 and the documentation of CybOX 2.1 give for it.
@Suite("nameward indicators show: STIX 1.1.1 and 1.2 by python-stix", .timeLimit(.minutes(5))) struct STIX1LibraryTests {
  private struct Line: Decodable, Equatable {
    var title: String
    var pattern: String
    var tlp: String
    var labels: [String]?
    var description: String?
    var confidence: Int?
    var firstSeen: String?
    var lastSeen: String?
    var validFrom: String?
    var validUntil: String?
    var modified: String
    var benign: Bool?

    init(_ title: String, _ pattern: String, tlp: String = "TLP:GREEN") {
      (self.title, self.pattern, self.tlp, modified) = (title, pattern, tlp, "2026-11-02T00:00:00Z")
    }
  }

  private static let (md5, sha1, sha256) = (
    "d41d8cd98f00b204e9800998ecf8427e", "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
  )

  private static var lines: [Line] {
    var (benign, told) = (
      Line("benign", "[domain-name:value = 'good.example']"), Line("told", "[domain-name:value = 'told.example']")
    )
    (benign.benign, benign.labels) = (true, ["Benign"])
    (told.labels, told.description) = (["Domain Watchlist"], "What is told of it")
    // High is 85 on the scale of STIX 2.1 Appendix A.
    told.confidence = 85
    (told.firstSeen, told.lastSeen) = ("2026-11-04T00:00:00Z", "2026-11-05T00:00:00Z")
    (told.validFrom, told.validUntil) = ("2026-11-03T00:00:00Z", "2026-11-20T00:00:00Z")
    return [
      Line("address", "[ipv4-addr:value = '192.0.2.66']"), Line("address 6", "[ipv6-addr:value = '2001:db8::66']"),
      Line("prefix", "[ipv4-addr:value ISSUBSET '198.51.100.0/24']"),
      Line("addresses", "[ipv4-addr:value IN ('192.0.2.1', '192.0.2.2')]"),
      Line("name", "[domain-name:value = 'evil.example']"), Line("host", "[domain-name:value = 'host.evil.example']"),
      Line("locator", "[url:value = 'http://evil.example/a?b=1&c=<2>']"),
      Line("locators", "[url:value LIKE 'http://evil.example/a%']"),
      Line("name as URI", "[domain-name:value = 'uri.example']"), Line("hash", "[file:hashes.MD5 = '\(md5)']"),
      Line("hashes", "[file:hashes.'SHA-1' = '\(sha1)' OR file:hashes.'SHA-256' = '\(sha256)']"),
      Line("mailbox", "[email-addr:value = 'eve@evil.example']"),
      Line("mail", #"[email-message:from_ref.value = 'eve@evil.example' AND email-message:subject = 'You\'re invited']"#),
      Line("record", "[domain-name:value = 'evil.example' AND domain-name:resolves_to_refs[*].value = '192.0.2.66']"),
      Line("either", "[domain-name:value = 'one.example' OR domain-name:value = 'two.example']"),
      Line("both", "[domain-name:value = 'one.example'] AND [ipv4-addr:value = '192.0.2.66']"),
      Line(
        "all of them",
        "[domain-name:value = 'one.example'] AND [ipv4-addr:value = '192.0.2.66'] "
          + "AND [domain-name:value = 'one.example' OR domain-name:value = 'two.example']"),
      Line("red", "[domain-name:value = 'red.example']", tlp: "TLP:RED"),
      // The package is green: the stricter counts.
      Line("white", "[domain-name:value = 'white.example']"), benign, told,
    ]
  }

  @Test(arguments: STIX1ByPython.Version.allCases) func `each indicator comes back as it was built`(
    version: STIX1ByPython.Version
  ) async throws {
    let place = try Scratch()
    try await STIX1ByPython.write(version, to: place("package.xml"))
    #expect(try place.text("package.xml").contains(" version=\"\(version.rawValue)\""))
    let ending = try await Executable.run(["indicators", "show", "--format", "jsonl", "package.xml"], in: place.path)
    #expect(ending.status == 0 && ending.talk.isEmpty, "\(ending.talk)")
    let lines = try ending.output.split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    #expect(lines == Self.lines)
  }

  @Test func `what it calls benign is never told, and what was composed is told as a part`() async throws {
    let place = try Scratch()
    try await STIX1ByPython.write(.v12, to: place("package.xml"))
    try place.write("good.example\ntold.example\none.example\n", to: "a.log")
    let ending = try await Executable.run(
      ["indicators", "match", "--now", "2026-11-10T00:00:00Z", "--indicators", "package.xml", "a.log"], in: place.path)
    struct Hit: Decodable {
      var value: String
      var title: String
      var sufficient: Bool?
    }
    let hits = try ending.output.split(separator: "\n").map { try JSONDecoder().decode(Hit.self, from: Data($0.utf8)) }
    #expect(
      Set(hits.map { "\($0.value) \($0.title) \($0.sufficient ?? true)" }) == [
        "told.example told true", "one.example either true", "one.example both false", "one.example all of them false",
      ])
  }
}
