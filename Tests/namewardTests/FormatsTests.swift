import DNSWire
import Estate
import Foundation
import Names
import Testing

@testable import Audit
@testable import nameward

@Suite("Formats of an audit") struct FormatsTests {
  static let zone = name("example.gov.")
  static let now = Timestamp("2026-11-23T09:00:00Z")!

  private static func name(_ text: String) -> DomainName { (try? DomainName(text)) ?? .root }

  /// A changed MX at two servers, a silent third, and one RRset as intended.
  static let result: AuditResult = {
    func place(_ address: String) -> Place { Place(.authoritative, Server(address), zone: zone, nameServer: nil) }
    let intended = MX(preference: 10, exchange: name("mx1.example.gov.")).rdata
    let foreign = MX(preference: 10, exchange: name("mx.evil.example.")).rdata
    let verdict = Verdict.mismatch(.replaced([foreign]))
    let position = SourcePosition(file: "zones/example.gov.zone", line: 14, column: 1)
    func judged(_ address: String) -> Judged {
      let place = place(address)
      return Judged(
        Expectation("record-differs", zone, .mx, at: place, .exactly([intended], ttl: nil), declaredAt: position), verdict,
        Finding(
          "record-differs", .critical, verdict, zone, .mx, at: place, intended: [intended.text], observed: [foreign.text],
          proof: .unsigned, since: now, declaredAt: position))
    }
    let silence = Verdict.couldNotTell(.silent(.timedOut(attempts: 4)))
    let silent = Judged(
      Expectation("server-lame", zone, .soa, at: place("192.0.2.3"), .authority), silence,
      Finding("name-server-unreachable", .medium, silence, zone, nil, at: place("192.0.2.3"), since: now))
    let match = Judged(Expectation("record-differs", zone, .txt, at: place("192.0.2.1"), .absent), .match)
    let verdicts = [judged("192.0.2.1"), judged("192.0.2.2"), silent, match].map { $0.about(zone) }
    var totals = Totals()
    for one in verdicts { totals.count(one.verdict) }
    return AuditResult(
      organisation: nil, started: now, finished: now, totals: totals, findings: verdicts.compactMap(\.finding),
      verdicts: verdicts,
      gone: [], new: [], isFirstPass: true, domains: [Domain(zone)])
  }()

  @Test func `JSON has the contract's fields with the contract's values`() throws {
    let text = try Self.result.rendered(as: .json, coloured: false, width: 100)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(object["version"] as? Int == 1)
    #expect(object["started"] as? String == "2026-11-23T09:00:00Z")
    #expect(object["totals"] as? [String: Int] == ["expected": 4, "match": 1, "mismatch": 2, "couldNotTell": 1, "excepted": 0])
    let finding = try #require((object["findings"] as? [[String: Any]])?.first)
    #expect(finding["check"] as? String == "record-differs")
    #expect(finding["severity"] as? String == "critical")
    #expect(finding["verdict"] as? String == "mismatch")
    #expect(finding["name"] as? String == "example.gov.")
    #expect(finding["type"] as? String == "MX")
    #expect(finding["how"] as? String == "replaced")
    let place = try #require(finding["where"] as? [String: Any])
    #expect(place["kind"] as? String == "authoritative")
    #expect(place["server"] as? String == "192.0.2.1:53")
    #expect(place["zone"] as? String == "example.gov.")
    #expect(finding["intended"] as? [String] == ["10 mx1.example.gov."])
    #expect(finding["observed"] as? [String] == ["10 mx.evil.example."])
    #expect(finding["proof"] as? String == "unsigned")
    #expect(finding["since"] as? String == "2026-11-23T09:00:00Z")
    #expect((finding["advice"] as? String)?.isEmpty == false)
  }

  @Test func `every format tells of the same findings`() throws {
    let findings = Self.result.findings.count
    #expect(try Self.result.rendered(as: .jsonl, coloured: false, width: 100).split(separator: "\n").count == findings)
    #expect(try Self.result.rendered(as: .csv, coloured: false, width: 100).components(separatedBy: "\r\n").count == findings + 2)
    let sarif = try #require(
      try JSONSerialization.jsonObject(with: Data(Self.result.rendered(as: .sarif, coloured: false, width: 100).utf8))
        as? [String: Any])
    let run = try #require((sarif["runs"] as? [[String: Any]])?.first)
    #expect((run["results"] as? [Any])?.count == findings)
    let junit = try Self.result.rendered(as: .junit, coloured: false, width: 100)
    #expect(junit.components(separatedBy: "<failure").count - 1 == 2)
    #expect(junit.components(separatedBy: "<skipped").count - 1 == 1)
    #expect(junit.components(separatedBy: "<testcase").count - 1 == 4)
  }

  @Test func `a person reads one finding for two servers, worst first, and the sum`() throws {
    let text = try Self.result.rendered(as: .text, coloured: false, width: 100)
    #expect(
      text.hasPrefix(
        """
        example.gov.  NOT AS INTENDED  4 expected = 1 as intended + 2 not + 1 could not tell

          CRITICAL  example.gov. MX  replaced  [record-differs]
            intended  10 mx1.example.gov.
            observed  10 mx.evil.example.
            at        192.0.2.1:53 (authoritative)
                      192.0.2.2:53 (authoritative)
            since     2026-11-23T09:00:00Z
            proof     unsigned
            declared  zones/example.gov.zone:14:1
            do        If nobody of yours made this change,
        """), "\(text)")
    #expect(text.contains("UNKNOWN   example.gov.  no answer to 4 attempts  [name-server-unreachable]"))
    #expect(!text.contains("\u{1B}"))
    #expect(try Self.result.rendered(as: .text, coloured: true, width: 100).contains("\u{1B}[41;97;1mCRITICAL"))
  }

  /// The same, with the foreign MX excepted.
  static let exceptedResult: AuditResult = {
    var result = Self.result
    let exception = DeclaredException(
      "record-differs", name: zone, type: .mx, reason: "the provider moves <us>", owner: "Ada",
      expires: Timestamp("2026-12-05T21:00:00Z")!)
    let covered = result.findings.filter { $0.check == exception.check }
    result.findings.removeAll { $0.check == exception.check }
    result.excepted = covered.map { ExceptedFinding($0, exception, now: now) }
    for index in result.verdicts.indices where result.verdicts[index].finding?.check == exception.check {
      result.verdicts[index].exception = exception
    }
    result.totals = Totals()
    for one in result.verdicts { result.totals.count(one) }
    return result
  }()

  @Test func `what is excepted is apart from the findings in JSON, and each has its exception`() throws {
    let text = try Self.exceptedResult.rendered(as: .json, coloured: false, width: 100)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(object["totals"] as? [String: Int] == ["expected": 2, "match": 1, "mismatch": 0, "couldNotTell": 1, "excepted": 2])
    let findings = try #require(object["findings"] as? [[String: Any]])
    #expect(findings.map { $0["check"] as? String } == ["name-server-unreachable"])
    #expect(findings.allSatisfy { $0["exception"] == nil })
    let excepted = try #require(object["excepted"] as? [[String: Any]])
    #expect(excepted.map { $0["verdict"] as? String } == ["mismatch", "mismatch"])
    #expect(
      excepted.first?["exception"] as? [String: String]
        == ["reason": "the provider moves <us>", "owner": "Ada", "expires": "2026-12-05T21:00:00Z"])
  }

  @Test func `a person reads what is excepted, why, by whom and for how long`() throws {
    let text = try Self.exceptedResult.rendered(as: .text, coloured: false, width: 100)
    #expect(
      text.hasPrefix(
        """
        example.gov.  COULD NOT TELL ALL  2 expected = 1 as intended + 0 not + 1 could not tell; 2 excepted

          UNKNOWN   example.gov.  no answer to 4 attempts  [name-server-unreachable]
        """), "\(text)")
    #expect(
      text.contains(
        """
          EXCEPTED  example.gov. MX  replaced  [record-differs]
            because   the provider moves <us> (Ada), 12 days left
            at        192.0.2.1:53 (authoritative)
                      192.0.2.2:53 (authoritative)
            since     2026-11-23T09:00:00Z
        """), "\(text)")
    #expect(text.hasSuffix("2 expected = 1 as intended + 0 not + 1 could not tell; 2 excepted\n"))
  }

  @Test func `SARIF suppresses what is excepted, and says of every other result that it is not suppressed`() throws {
    let text = try Self.exceptedResult.rendered(as: .sarif, coloured: false, width: 100)
    let sarif = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let run = try #require((sarif["runs"] as? [[String: Any]])?.first)
    let results = try #require(run["results"] as? [[String: Any]])
    let suppressions = results.map { $0["suppressions"] as? [[String: String]] }
    let one = ["kind": "external", "justification": "the provider moves <us> (Ada), 12 days left"]
    #expect(suppressions == [[], [one], [one]])
    #expect(!(try Self.result.rendered(as: .sarif, coloured: false, width: 100).contains("suppressions")))
  }

  @Test func `JUnit skips what is excepted, and tables call it by its word`() throws {
    let junit = try Self.exceptedResult.rendered(as: .junit, coloured: false, width: 100)
    #expect(junit.contains("tests=\"4\" failures=\"0\" skipped=\"3\""))
    #expect(
      junit.contains(
        "<skipped message=\"excepted until 2026-12-05T21:00:00Z: the provider moves &lt;us&gt; (Ada); replaced\"/>"))
    #expect(!junit.contains("<failure") && junit.components(separatedBy: "<skipped").count - 1 == 3)
    let rows = try Self.exceptedResult.rendered(as: .csv, coloured: false, width: 100).components(separatedBy: "\r\n").dropLast()
    #expect(
      rows.map { $0.split(separator: ",", omittingEmptySubsequences: false)[2] } == [
        "verdict", "couldNotTell", "excepted", "excepted",
      ])
    #expect(rows.last?.hasSuffix(",\"the provider moves <us> (Ada, until 2026-12-05T21:00:00Z)\",") ?? false)
    let lines = try Self.exceptedResult.rendered(as: .jsonl, coloured: false, width: 100).split(separator: "\n")
    #expect(lines.count { $0.contains("\"verdict\":\"excepted\"") } == 2 && lines.count == 3)
  }

  @Test func `what is excepted does not change the exit code`() {
    var result = Self.exceptedResult
    #expect(result.ending == .couldNotTell)
    result.findings = []
    result.totals = Totals(match: 2, mismatch: 0, couldNotTell: 0, excepted: 2)
    #expect(result.ending == .intended)
  }

  @Test(arguments: [
    (0, "less than a day left"), (86_399, "less than a day left"), (86_400, "1 day left"), (864_000, "10 days left"),
  ])
  func `days left`(seconds: Int64, words: String) {
    let exception = DeclaredException(
      "record-differs", reason: "r", owner: "o", expires: Timestamp(seconds: Self.now.seconds + seconds))
    #expect(ExceptedFinding(Self.result.findings[0], exception, now: Self.now).words == "r (o), \(words)")
  }

  @Test func `the exit code follows the worst verdict`() {
    var result = Self.result
    #expect(result.ending == .findings)
    result.findings = result.findings.filter { $0.verdict.kind != "mismatch" }
    result.totals = Totals(match: 3, mismatch: 0, couldNotTell: 1)
    #expect(result.ending == .couldNotTell)
    result.totals = Totals(match: 4, mismatch: 0, couldNotTell: 0)
    result.findings = []
    #expect(result.ending == .intended)
  }
}
