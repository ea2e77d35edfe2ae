import Notation
import Testing

@testable import Indicators

@Suite("STIX 2.1 §10.7 Values of hash algorithms") struct HashAlgorithmTests {
  /// So many octets, in small letters.
  private static func digits(_ octets: Int) -> String { String(repeating: "ab", count: octets) }

  private static let (sha256, tlsh, ofMoreBuckets) = (digits(32), digits(35), digits(67))

  // ssdeep writes size:block:block,"file"; TLSH has 35 octets, or 37, 67, 69 with more buckets or a longer checksum.
  static let rows: [(HashAlgorithm, String, String?)] = [
    (.sha256, sha256.uppercased(), sha256), (.sha256, tlsh, nil), (.sha256, sha256.replacing("b", with: "g"), nil),
    (.ssdeep, "96:aB/+:c", "96:aB/+:c"), (.ssdeep, #"96:aB/+:c,"a.exe""#, "96:aB/+:c"), (.ssdeep, "96:aB c", nil),
    (.ssdeep, "", nil), (.ssdeep, #","a.exe""#, nil), (.ssdeep, String(repeating: "a", count: 151), nil),
    (.tlsh, tlsh.uppercased(), tlsh.uppercased()), (.tlsh, "T1\(tlsh)", "T1\(tlsh)"), (.tlsh, sha256, nil),
    (.tlsh, tlsh.replacing("b", with: "g"), nil), (.tlsh, "T2\(tlsh)", nil), (.tlsh, "", nil),
    (.tlsh, ofMoreBuckets, ofMoreBuckets),
  ]

  @Test(arguments: rows)
  func `have the length and the characters of theirs`(algorithm: HashAlgorithm, text: String, value: String?) {
    #expect(algorithm.value(text) == value)
  }

  @Test func `what is nearly a fuzzy hash is no URL`() {
    #expect(Observable.read("96:ab/c!", as: "ssdeep")?.observable == nil)
    #expect(Observable.read("evil.example", as: "tlsh")?.observable.type == "domain-name")
  }

  @Test func `a pattern that would be another when it is read back is a remark`() {
    // One part alone has no AND.
    let pattern = Pattern(ComparisonExpression.and([.equal(ObjectPath("domain-name", ["value"]), "a.example")]))
    let place = TextPlace(line: 7, column: 3)
    for (format, count) in [(.misp, 0), (.stix2, 1)] as [(Publication.Format, Int)] {
      var publication = Publication(format)
      publication.take(Indicator(id: "a", place: place, criterion: .pattern(pattern)))
      #expect(publication.indicators.count == count)
      #expect(publication.remarks.map(\.place) == (count == 0 ? [place] : []))
    }
  }
}
