import Names
import Notation
import Testing

@testable import Indicators

@Suite("CybOX 2.1 Observable_Composition, STIX 1.2 Composite_Indicator_Expression") struct STIX1CompositionTests {
  static func address(_ number: Int, _ outer: String = "") -> String {
    STIX1Sample.observable("Address", "<Address_Value>192.0.2.\(number)</Address_Value>", outer: outer)
  }
  static let file = STIX1Sample.observable("File", "<File_Name>a</File_Name>")

  static func equal(_ number: Int) -> ComparisonExpression { .equal(ObjectPath("ipv4-addr", ["value"]), "192.0.2.\(number)") }

  static func compose(_ operation: String, _ parts: String...) -> String {
    "<Observable><Observable_Composition operator=\"\(operation)\">\(parts.joined())</Observable_Composition></Observable>"
  }

  static func pattern(_ observable: String) throws -> Pattern? {
    try STIX1Sample.package(STIX1Sample.indicator(observable)).indicators.first?.pattern
  }

  @Test func `OR is one observation, AND is one each, and both nest`() throws {
    #expect(
      try Self.pattern(Self.compose("OR", Self.address(1), Self.address(2))) == Pattern(.or([Self.equal(1), Self.equal(2)])))
    #expect(
      try Self.pattern(Self.compose("AND", Self.address(1), Self.address(2)))
        == Pattern(.and([.observation(Self.equal(1)), .observation(Self.equal(2))])))
    #expect(
      try Self.pattern(Self.compose("AND", Self.compose("OR", Self.address(1), Self.file), Self.address(2)))
        == Pattern(
          .and([.observation(.or([Self.equal(1), .equal(ObjectPath("file", ["name"]), "a")])), .observation(Self.equal(2))])))
    #expect(
      try Self.pattern(Self.compose("OR", Self.compose("AND", Self.address(1), Self.file), Self.address(2)))
        == Pattern(
          .or([
            .observation(Self.equal(2)),
            .and([.observation(Self.equal(1)), .observation(.equal(ObjectPath("file", ["name"]), "a"))]),
          ])))
  }

  @Test func `what is not to be seen makes an AND foreign and leaves an OR`() throws {
    let negated = Self.address(1, #"negate="true""#)
    #expect(try Self.pattern(Self.compose("AND", negated, Self.address(2))) == nil)
    #expect(try Self.pattern(negated) == nil)
    #expect(try Self.pattern(Self.compose("OR", negated, Self.address(2))) == Pattern(Self.equal(2)))
    let publication = try STIX1Sample.package(STIX1Sample.indicator(Self.address(1), attributes: #"id="a" negate="true""#))
    #expect(publication.indicators.map(\.pattern) == [nil])
    #expect(publication.remarks.map(\.cause) == [.unsupported("negate: that something is not seen")])
  }

  @Test func `references that lead in a circle are refused`() throws {
    let body = """
      <Observables><Observable id="a:1"><Observable_Composition operator="AND"><Observable idref="a:2"/></Observable_Composition></Observable>
      <Observable id="a:2"><Observable_Composition operator="AND"><Observable idref="a:1"/></Observable_Composition></Observable></Observables>
      <Indicators><Indicator id="a:i"><Observable idref="a:1"/></Indicator>
      <Indicator id="a:j"><Composite_Indicator_Expression operator="OR"><Indicator idref="a:j"/><Indicator idref="a:none"/>
      </Composite_Indicator_Expression></Indicator></Indicators>
      """
    let publication = try STIX1Sample.package(body)
    #expect(publication.indicators.map(\.pattern) == [nil, nil])
    #expect(
      publication.remarks.map(\.cause) == [
        .unsupported("a reference that leads back to itself: a:1"), .unsupported("a reference that leads back to itself: a:j"),
        .danglingReference("a:none"),
      ])
  }

  @Test func `references that multiply are bounded`() throws {
    var body = "<Observables>\(Self.address(1, #"id="o0""#))"
    for level in 1...60 {
      body += """
        <Observable id="o\(level)"><Observable_Composition operator="AND"><Observable idref="o\(level - 1)"/>
        <Observable idref="o\(level - 1)"/></Observable_Composition></Observable>
        """
    }
    body += "</Observables><Indicators>"
    for number in 0..<100 { body += #"<Indicator id="i\#(number)"><Observable idref="o14"/></Indicator>"# }
    body += #"<Indicator id="last"><Observable idref="o60"/></Indicator></Indicators>"#
    let publication = try STIX1Sample.package(body)
    // 2^14 comparisons are still allowed, but not a hundred times.
    #expect(publication.indicators.count { $0.pattern != nil } == STIX1.mostComparisonsInAll / (1 << 14))
    #expect(publication.indicators.last?.pattern == nil)
  }

  @Test(.timeLimit(.minutes(5)))
  func `a long pattern that many indicators refer to is put together no more often than a file may`() throws {
    let parts = (0..<15_000).map { STIX1Sample.observable("DomainName", "<Value>n\($0).example</Value>") }.joined()
    var body = "<Observables>\(Self.address(1, #"id="one""#))<Observable id=\"big\"><Observable_Composition operator=\"OR\">"
    body += parts + "</Observable_Composition></Observable></Observables><Indicators>"
    for number in 0..<2000 {
      body += #"<Indicator id="i\#(number)"><Observable idref="big"/><Observable idref="one"/></Indicator>"#
    }
    let publication = try STIX1Sample.package(body + "</Indicators>")
    // Each is a copy of 15,001 comparisons; the long one was put together once before.
    #expect(publication.indicators.count { $0.pattern != nil } == STIX1.mostComparisonsInAll / 15_001)
    // What is not even put together is kept as it is written.
    #expect(publication.indicators.count { $0.pattern == nil } == 2000 - (STIX1.mostComposed - 15_000) / 15_001)
  }

  @Test func `a long chain of references is bounded`() throws {
    var body = "<Observables>\(Self.address(1, #"id="o0""#))"
    for level in 1...5000 {
      body +=
        #"<Observable id="o\#(level)"><Observable_Composition operator="OR"><Observable idref="o\#(level - 1)"/></Observable_Composition></Observable>"#
    }
    body += #"</Observables><Indicators><Indicator id="i"><Observable idref="o5000"/></Indicator></Indicators>"#
    #expect(try STIX1Sample.package(body).indicators.map(\.pattern) == [nil])
  }

  @Test func `a file and what it created are both to be seen, unless relations are only told`() throws {
    let body = STIX1Sample.indicator(
      """
      <Observable><Object><Properties xsi:type="x:FileObjectType"><File_Name>a</File_Name></Properties><Related_Objects><Related_Object>
      <Properties xsi:type="x:MutexObjectType"><Name>m</Name></Properties><Relationship>Created</Relationship></Related_Object>
      </Related_Objects></Object></Observable>
      """)
    let root = try STIX1Sample.root(body)
    let file = ObservationExpression.observation(.equal(ObjectPath("file", ["name"]), "a"))
    #expect(
      try STIX1.read(root).indicators.first?.pattern
        == Pattern(.and([file, .observation(.equal(ObjectPath("mutex", ["name"]), "m"))])))
    #expect(try STIX1.read(root, relations: .told).indicators.first?.pattern == Pattern(file))
  }
}
