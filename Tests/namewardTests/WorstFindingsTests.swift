import Audit
import DNSWire
import Estate
import Names
import Testing

@testable import nameward

@Suite("The worst of very many findings") struct WorstFindingsTests {
  private static func finding(_ number: Int) throws -> Finding {
    let severities: [Severity] = [.critical, .high, .medium, .low]
    let name = try DomainName("n\(number).example.gov")
    return Finding(
      "record-differs", severities[number % 4], .mismatch(.removed([])), name, .a,
      at: Place(.authoritative, nil, zone: name), since: Timestamp(seconds: 0))
  }

  @Test(arguments: [1, 7, 100, 1000, 5000]) func `are those that sorting all of them puts first, and all are counted`(most: Int)
    throws
  {
    // Every number from 0 to 2999 once, in no order.
    let findings = try (0..<3000).map { try Self.finding($0 * 1009 % 3000) }
    var worst = WorstFindings(most: most)
    for start in stride(from: 0, to: findings.count, by: 37) { worst.add(Array(findings[start..<min(start + 37, 3000)])) }
    #expect(worst.count == 3000)
    #expect(worst.sorted == Array(findings.sorted(by: Finding.isWorse).prefix(most)))
  }
}
