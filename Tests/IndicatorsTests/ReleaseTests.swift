import Indicators
import Names
import Notation
import Testing

@Suite("TLP 2.0: what may leave in an export") struct ReleaseTests {
  static func indicator(_ marking: TLP?) -> Indicator {
    var indicator = Indicator(
      id: marking?.label ?? "unmarked", place: .start, criterion: .pattern(Pattern(Observable.detect("evil.example")!.comparison))
    )
    indicator.marking = marking
    return indicator
  }

  static let all = TLP.allCases.map { indicator($0) } + [indicator(nil)]

  @Test(
    arguments: [
      (.clear, 1), (.green, 2), (.amber, 3), (.amberStrict, 4), (.red, 5),
    ] as [(TLP, Int)])
  func `nothing stricter than the export leaves in it`(marking: TLP, count: Int) {
    let release = Release(Self.all, marked: marking, assuming: nil)
    #expect(release.indicators.count == count && release.indicators.allSatisfy { $0.marking! <= marking })
    #expect(release.tooStrict == 5 - count && release.unmarked == 1)
  }

  @Test func `what nobody marked leaves only as what it is said to be`() {
    let release = Release(Self.all, marked: .clear, assuming: .clear)
    #expect(release.indicators.map(\.id) == ["TLP:CLEAR", "unmarked"] && release.unmarked == 0)
    #expect(Release(Self.all, marked: .clear, assuming: .amber).indicators.map(\.id) == ["TLP:CLEAR"])
  }

  @Test(
    arguments: [
      (nil, nil, true), ("2026-01-01T00:00:00Z", nil, true), ("2026-01-01T00:00:01Z", nil, false),
      (nil, "2026-01-01T00:00:00Z", false), (nil, "2026-01-01T00:00:01Z", true),
      ("2025-01-01T00:00:00Z", "2027-01-01T00:00:00Z", true),
    ] as [(String?, String?, Bool)])
  func `from a form that says no time what is not valid now stays out`(from: String?, until: String?, isValid: Bool) {
    var indicator = Self.indicator(.clear)
    (indicator.validFrom, indicator.validUntil) = (from.flatMap { Timestamp($0) }, until.flatMap { Timestamp($0) })
    let release = Release([indicator], marked: .clear, assuming: nil, validAt: Timestamp("2026-01-01T00:00:00Z"))
    #expect(release.indicators.count == (isValid ? 1 : 0) && release.untimely == (isValid ? 0 : 1))
    #expect(Release([indicator], marked: .clear, assuming: nil).indicators.count == 1)
  }

  @Test(
    arguments: [
      ("TLP:WHITE", .clear), ("white", .clear), ("TLP:CLEAR", .clear), ("tlp: green", .green), ("TLP:AMBER", .amber),
      ("TLP:AMBER+STRICT", .amberStrict), ("amber-strict", .amberStrict), ("RED", .red), ("TLP:PURPLE", nil), ("", nil),
    ] as [(String, TLP?)])
  func `labels of both versions are read`(text: String, expected: TLP?) { #expect(TLP(text) == expected) }

  @Test(arguments: [
    "TLP:AMBER_STRICT", "TLP:AMBER (STRICT)", "TLP:AMBER//STRICT", "TLP:AMBER/STRICT", "TLP: AMBER STRICT", "TLP:AMBER + STRICT",
    "TLP:AMBER-STRICT", "TLPAMBERSTRICT", "amber (strict)", "AMBER STRICT", "TLP:AMBER: strictly for the board",
  ])
  func `STRICT counts whatever stands between it and AMBER`(text: String) { #expect(TLP(text) == .amberStrict) }

  @Test(
    arguments: [
      ("TLP:AMBER - partners only", .amber), ("TLP:GREEN (community)", .green), ("TLP:RED//NOFORN", .red),
      ("[TLP:AMBER] for partners", .amber), ("TLP:WHITE. Recipients may share it.", .clear), ("GREEN (community)", .green),
      // Of several the strictest.
      ("TLP:GREEN/TLP:AMBER", .amber), ("TLP:CLEAR, the annex TLP:RED", .red),
      // Other labels, and words that are none.
      ("TLP:AMBER+PARTNERS", nil), ("TLP:CLEAR-PARTNERS", nil), ("TLP:CLEAR_2", nil), ("TLP:CLEAR2", nil),
      ("TLP:CLEARED", nil), ("clear for partners", nil), ("clear - for partners", nil), ("TLP", nil),
      ("TLP: not for everyone, so not CLEAR", nil),
    ] as [(String, TLP?)])
  func `words behind a label make it no milder`(text: String, expected: TLP?) { #expect(TLP(text) == expected) }
}

@Suite("What is exported comes back the same") struct WritingTests {
  static let lines = """
    evil.example
    192.0.2.66
    2001:db8::66
    192.0.2.0/24
    http://evil.example/a,b
    a@evil.example
    e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855

    """

  static func observables(_ publication: Publication) -> [Observable] {
    publication.indicators.flatMap { $0.observables.map(\.observable) }
  }

  @Test func `as a list`() {
    let read = PlainList.read(Array(Self.lines.utf8))
    let (text, leftOut, inPart) = PlainList.file(of: read.indicators)
    #expect(text == Self.lines && leftOut == 0 && inPart == 0)
  }

  @Test func `as US-CERT's eight columns, defanged`() throws {
    let read = PlainList.read(Array(Self.lines.utf8))
    let (text, leftOut, inPart) = USCERT.file(of: read.indicators)
    #expect(Self.observables(try USCERT.read(Array(text.utf8))) == Self.observables(read) && leftOut == 0 && inPart == 0)
    #expect(
      text.hasPrefix("INDICATOR_VALUE,TYPE,COMMENT,ROLE,ATTACK_PHASE,OBSERVED_DATE,HANDLING,DESCRIPTION\r\nevil[.]example,FQDN,"))
  }

  @Test(arguments: [
    "http://a.example/?u=http://b.example/x", "HTTPS://a.example/", "sftp://a.example/b", "http://a.example/ftp://c@b.example",
  ])
  func `as US-CERT's eight columns, without a link in any place`(url: String) throws {
    let indicator = Indicator(id: "i", place: .start, criterion: .value(.url(url)))
    let text = USCERT.file(of: [indicator]).text
    #expect(!text.contains("ttp://") && !text.contains("HTTPS://") && !text.contains("a.example") && !text.contains("b.example"))
    #expect(Self.observables(try USCERT.read(Array(text.utf8))) == [Observable.url(url)])
  }

  @Test func `what is said of an indicator goes with it, and no text becomes a formula`() throws {
    var indicator = ReleaseTests.indicator(.green)
    indicator.labels = ["C2", "DELIVERY"]
    indicator.description = "=HYPERLINK(\"x\"),\nmore"
    let back = try #require(try USCERT.read(Array(USCERT.file(of: [indicator]).text.utf8)).indicators.first)
    #expect(back.labels == ["C2", "DELIVERY"] && back.marking == .green && back.description == indicator.description)
  }

  @Test func `what must be seen together is left out and counted`() throws {
    let both = Indicator(
      id: "both", place: .start,
      criterion: .pattern(
        Pattern(.and([Observable.detect("evil.example")!.comparison, Observable.detect("192.0.2.66")!.comparison]))))
    #expect(USCERT.file(of: [both]).leftOut == 1 && PlainList.file(of: [both]).leftOut == 1)
  }

  @Test(
    arguments: [
      (".evil.example\n", 0, 1), ("*.evil.example\n", 1, 0), ("evil.example\n", 0, 0),
    ] as [(String, Int, Int)])
  func `all below a name is more than US-CERT's form says, and a list says it`(line: String, leftOut: Int, inPart: Int) {
    let read = PlainList.read(Array(line.utf8)).indicators
    let file = USCERT.file(of: read)
    #expect(file.leftOut == leftOut && file.inPart == inPart)
    let list = PlainList.file(of: read)
    #expect(list.leftOut == 0 && list.inPart == 0)
  }

  @Test func `an alternative that is no value is a part that is not written`() throws {
    let pattern = try Pattern("[domain-name:value = 'evil.example' OR domain-name:value MATCHES 'evil']")
    let indicator = Indicator(id: "i", place: .start, criterion: .pattern(pattern))
    #expect(USCERT.file(of: [indicator]).inPart == 1 && PlainList.file(of: [indicator]).inPart == 1)
  }

  @Test func `a role that is also the phase is one label`() throws {
    let read = try USCERT.read(Array("INDICATOR_VALUE,TYPE,ROLE,ATTACK_PHASE\nevil.example,FQDN,C2,C2\n".utf8))
    #expect(read.indicators.map(\.labels) == [["C2"]])
  }
}
