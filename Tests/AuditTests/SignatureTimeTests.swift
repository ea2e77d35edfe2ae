import Audit
import DNSWire
import Estate
import Names
import Testing

/// Times in signatures are serial numbers in 32 bits: read as the moment nearest to the present.
@Suite("RFC 4034 §3.1.5: the times of a signature") struct SignatureTimeTests {
  static let day: Int64 = 86_400

  struct Row: CustomTestStringConvertible {
    var says: String
    var now: String
    /// Seconds from now; two for each signature over one RRset.
    var signatures: [(inception: Int64, expiration: Int64)]
    var severity: Severity?
    var testDescription: String { says }
  }

  static let rows: [Row] = [
    Row(says: "weeks to go", now: "2026-11-23T09:00:00Z", signatures: [(-10 * day, 20 * day)], severity: nil),
    Row(says: "a day to go", now: "2026-11-23T09:00:00Z", signatures: [(-10 * day, day)], severity: .medium),
    Row(says: "expired a day ago", now: "2026-11-23T09:00:00Z", signatures: [(-10 * day, -day)], severity: .high),
    Row(says: "not valid before tomorrow", now: "2026-11-23T09:00:00Z", signatures: [(day, 20 * day)], severity: .high),
    Row(says: "a signer's clock a minute ahead", now: "2026-11-23T09:00:00Z", signatures: [(60, 20 * day)], severity: nil),
    Row(
      says: "an old signature beside a fresh one", now: "2026-11-23T09:00:00Z",
      signatures: [(-30 * day, -day), (-day, 20 * day)],
      severity: nil),
    Row(
      says: "the 32 bits begin anew in a week", now: "2106-02-01T00:00:00Z", signatures: [(-10 * day, 20 * day)], severity: nil),
    Row(
      says: "expired after the 32 bits began anew", now: "2106-03-01T00:00:00Z", signatures: [(-40 * day, -day)], severity: .high),
    Row(says: "valid since before they did", now: "2106-02-10T00:00:00Z", signatures: [(-10 * day, 20 * day)], severity: nil),
  ]

  @Test(arguments: rows) func `a signature is judged by the clock of its time`(row: Row) throws {
    let now = try #require(Timestamp(row.now))
    let survey = try ModelEstate.audited { estate in
      estate.present = now
      try estate.apply(.declareDS("12345 13 2 \(String(repeating: "ab", count: 32))"))
      try estate.tamper(ModelEstate.secondary, "example.gov.", .soa) { message in
        for signature in row.signatures {
          let rrsig = RRSIG(
            covered: .soa, algorithm: 13, labels: 2, originalTTL: 3600,
            expiration: UInt32(truncatingIfNeeded: now.seconds + signature.expiration),
            inception: UInt32(truncatingIfNeeded: now.seconds + signature.inception), keyTag: 1, signer: ModelEstate.domain,
            signature: [1, 2, 3])
          message.answers.append(ResourceRecord(name: ModelEstate.domain, ttl: 3600, rdata: rrsig.rdata))
        }
      }
    }
    #expect(survey.findings("signature-expiring").map(\.severity) == [row.severity].compactMap(\.self), "\(survey.summary)")
  }

  @Test func `a signature by another zone is not this zone's to renew`() throws {
    let survey = try ModelEstate.audited { estate in
      try estate.apply(.declareDS("12345 13 2 \(String(repeating: "ab", count: 32))"))
      try estate.tamper(ModelEstate.secondary, "www.example.gov.", .a) {
        $0.answers += try ModelEstate.records(
          "x.lab.example.gov. RRSIG A 13 4 60 20200101000000 20191201000000 1 lab.example.gov. AAAA")
      }
    }
    #expect(survey.findings("signature-expiring").isEmpty)
  }
}
