import Names
import Notation
import Testing

@testable import Indicators

/// Short packages, written here for what published files do not have.
enum STIX1Sample {
  /// A package with indicators; `xsi:type` needs no declared prefix where the parser is not asked for one.
  static func package(_ body: String, header: String = "") throws -> Publication {
    try STIX1.read(root(body, header: header))
  }

  static func root(_ body: String, header: String = "") throws -> XMLElement {
    let text = """
      <stix:STIX_Package xmlns:stix="http://stix.mitre.org/stix-1" xmlns:cybox="http://cybox.mitre.org/cybox-2"
        xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="TA-17-165A.xml" timestamp="2017-06-13T00:00:00Z">
      <stix:STIX_Header>\(header)</stix:STIX_Header>\(body)</stix:STIX_Package>
      """
    return try XMLElement(Array(text.utf8))
  }

  static func observable(_ type: String, _ properties: String, attributes: String = "", outer: String = "") -> String {
    """
    <Observable \(outer)><Object><Properties xsi:type="x:\(type)ObjectType" \(attributes)>\(properties)</Properties></Object></Observable>
    """
  }

  static func indicator(_ body: String, attributes: String = #"id="a:i""#) -> String {
    "<Indicator \(attributes)>\(body)</Indicator>"
  }

  /// What one observable compares.
  static func compared(_ observable: String) throws -> (values: [String], remarks: [Publication.Remark.Cause]) {
    let publication = try package(indicator(observable))
    return (
      publication.indicators.flatMap { $0.pattern?.expression.comparedValues.map(\.description) ?? [] },
      publication.remarks.map(\.cause)
    )
  }
}

@Suite("CybOX 2.1 objects") struct CybOXObjectTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var type: String
    var attributes = ""
    var properties: String
    var values: [String]
    var testDescription: String { "\(type) \(attributes) \(properties)" }
  }

  static let rows = [
    Row(
      type: "Address", attributes: #"category="ipv4-addr""#, properties: "<V>192.0.2.1</V>",
      values: ["ipv4-addr:value = 192.0.2.1"]),
    Row(type: "Address", properties: "<V>192[.]0[.]2.1 </V>", values: ["ipv4-addr:value = 192.0.2.1"]),
    Row(
      type: "Address", attributes: #"category="ipv6-addr""#, properties: "<V>2001:DB8:0:0::1</V>",
      values: ["ipv6-addr:value = 2001:db8::1"]),
    Row(
      type: "Address", attributes: #"category="cidr""#, properties: "<V>192.0.2.0/24</V>",
      values: ["ipv4-addr:value ISSUBSET 192.0.2.0/24"]),
    Row(
      type: "Address", attributes: #"category="cidr""#, properties: "<V>192.0.2.5/24</V>",
      values: ["ipv4-addr:value ISSUBSET 192.0.2.0/24"]),
    Row(
      type: "Address", attributes: #"category="e-mail""#, properties: "<V>Eve[@]Evil.Example</V>",
      values: ["email-addr:value = eve@evil.example"]),
    Row(
      type: "Address", attributes: #"category="mac""#, properties: "<V>D2:FB:49:24:37:18</V>",
      values: ["mac-addr:value = d2:fb:49:24:37:18"]),
    Row(
      type: "Address", attributes: #"category="asn""#, properties: "<V>AS64496</V>", values: ["autonomous-system:number = #64496"]
    ),
    Row(
      type: "Address", properties: #"<V condition="InclusiveBetween">101.80.0.0##comma##101.95.255.255</V>"#,
      values: ["ipv4-addr:value ISSUBSET 101.80.0.0/12"]),
    Row(
      type: "Address", properties: #"<V condition="InclusiveBetween">192.0.2.1##comma##192.0.2.6</V>"#,
      values: [
        "ipv4-addr:value ISSUBSET 192.0.2.1/32", "ipv4-addr:value ISSUBSET 192.0.2.2/31", "ipv4-addr:value ISSUBSET 192.0.2.4/31",
        "ipv4-addr:value ISSUBSET 192.0.2.6/32",
      ]),
    Row(
      type: "DomainName", attributes: #"type="FQDN""#, properties: "<Value>Evil[.]Example</Value>",
      values: ["domain-name:value = evil.example"]),
    Row(
      type: "DomainName", properties: #"<Value condition="Contains">evil.example</Value>"#,
      values: ["domain-name:value = evil.example", "domain-name:value LIKE %.evil.example"]),
    Row(
      type: "DomainName", properties: #"<Value condition="Contains">evil</Value>"#, values: ["domain-name:value LIKE %evil%"]),
    Row(
      type: "DomainName", properties: #"<Value condition="EndsWith">.evil.example</Value>"#,
      values: ["domain-name:value LIKE %.evil.example"]),
    Row(
      type: "DomainName", properties: #"<Value apply_condition="ANY">a.example##comma##b.example</Value>"#,
      values: ["domain-name:value IN a.example, b.example"]),
    Row(
      type: "DomainName", properties: #"<Value apply_condition="NONE" delimiter=";">a.example;b.example</Value>"#,
      values: ["domain-name:value NOT IN a.example, b.example"]),
    Row(
      type: "DomainName", properties: #"<Value condition="DoesNotEqual">a.example</Value>"#,
      values: ["domain-name:value != a.example"]),
    Row(
      type: "Hostname", properties: "<Hostname_Value>www.evil.example.</Hostname_Value>",
      values: ["domain-name:value = www.evil.example"]),
    Row(
      type: "URI", attributes: #"type="URL""#, properties: "<Value>hxxp://evil[.]example/a?b=1&amp;c</Value>",
      values: ["url:value = http://evil.example/a?b=1&c"]),
    Row(
      type: "URI", attributes: #"type="Domain Name""#, properties: "<Value>evil.example</Value>",
      values: ["domain-name:value = evil.example"]),
    Row(
      type: "URI", properties: #"<Value condition="StartsWith">http://evil.example/a_b</Value>"#,
      values: [#"url:value MATCHES ^http://evil\.example/a_b"#]),
    Row(
      type: "DNSRecord",
      properties:
        "<Domain_Name><Value>evil.example</Value></Domain_Name><IP_Address><Address_Value>192.0.2.1</Address_Value></IP_Address>",
      values: ["domain-name:value = evil.example", "domain-name:resolves_to_refs[*].value = 192.0.2.1"]),
    Row(
      type: "DNSQuery", properties: "<Question><QName><Value>evil.example</Value></QName><QType>A</QType></Question>",
      values: ["domain-name:value = evil.example"]),
    Row(
      type: "File",
      properties: "<Hashes><Hash><Simple_Hash_Value>D41D8CD98F00B204E9800998ECF8427E</Simple_Hash_Value></Hash></Hashes>",
      values: ["file:hashes.MD5 = d41d8cd98f00b204e9800998ecf8427e"]),
    Row(
      type: "File", properties: #"<File_Path>C:\Users\Public\doc.exe</File_Path>"#,
      values: ["file:name = doc.exe", #"file:parent_directory_ref.path = C:\Users\Public"#]),
    Row(
      type: "File",
      properties: "<File_Name>final</File_Name><File_Extension>exe</File_Extension>",
      values: ["file:name = final.exe"]),
    Row(
      type: "WindowsRegistryKey", properties: #"<Key>Software\Evil</Key><Hive>HKEY_LOCAL_MACHINE</Hive>"#,
      values: [#"windows-registry-key:key = HKEY_LOCAL_MACHINE\Software\Evil"#]),
    Row(
      type: "NetworkConnection",
      properties: """
        <Layer4_Protocol>UDP</Layer4_Protocol><Destination_Socket_Address><IP_Address><Address_Value>192.0.2.1</Address_Value></IP_Address>
        <Port><Port_Value condition="GreaterThanOrEqual">1024</Port_Value></Port></Destination_Socket_Address>
        """,
      values: [
        "network-traffic:protocols[*] = udp", "network-traffic:dst_port >= #1024", "network-traffic:dst_ref.value = 192.0.2.1",
      ]),
    Row(
      type: "EmailMessage",
      properties: "<Header><From><Address_Value>eve@evil.example</Address_Value></From><Subject>[1] x</Subject></Header>",
      values: ["email-message:from_ref.value = eve@evil.example", "email-message:subject = [1] x"]),
  ]

  @Test(arguments: rows) func `are the tests that STIX 2.1 has for them`(row: Row) throws {
    // Rows are short: an address has one property.
    let isShort = row.properties.hasPrefix("<V>") || row.properties.hasPrefix("<V ")
    let properties =
      isShort
      ? row.properties.replacing("<V", with: "<Address_Value").replacing("</V>", with: "</Address_Value>") : row.properties
    let (values, remarks) = try STIX1Sample.compared(STIX1Sample.observable(row.type, properties, attributes: row.attributes))
    #expect(values.sorted() == row.values.sorted())
    #expect(remarks == [])
  }

  @Test(arguments: [
    ("<Address_Value></Address_Value>", Publication.Remark.Cause.noValue),
    ("<Address_Value>evil</Address_Value>", .notOfType(type: "ipv4-addr", value: "evil")),
    (#"<Address_Value condition="BitwiseAnd">192.0.2.1</Address_Value>"#, .unsupported("the condition BitwiseAnd")),
  ]) func `a value that is nothing to look for is remarked upon, and never alerts`(
    properties: String, cause: Publication.Remark.Cause
  )
    throws
  {
    let publication = try STIX1Sample.package(STIX1Sample.indicator(STIX1Sample.observable("Address", properties)))
    #expect(publication.remarks.map(\.cause) == [cause])
    #expect(publication.indicators.allSatisfy { $0.pattern == nil })
  }

  @Test func `a name where an address belongs is read as a name`() throws {
    let (values, remarks) = try STIX1Sample.compared(
      STIX1Sample.observable("Address", "<Address_Value>evil.example</Address_Value>"))
    #expect(values == ["domain-name:value = evil.example"])
    #expect(remarks == [.readAs(type: "ipv4-addr", written: "evil.example", value: "evil.example")])
  }

  @Test func `an object that STIX 2.1 does not have is kept as foreign`() throws {
    let publication = try STIX1Sample.package(
      STIX1Sample.indicator(STIX1Sample.observable("WindowsDriver", "<Driver_Name>x</Driver_Name>")))
    #expect(publication.remarks.map(\.cause) == [.unknownType("WindowsDriverObjectType")])
    guard case .foreign("cybox", let text)? = publication.indicators.first?.criterion else {
      Issue.record("no foreign criterion")
      return
    }
    #expect(text.contains("<Driver_Name>x</Driver_Name>"))
  }
}

@Suite("STIX 1.2 Indicator") struct STIX1IndicatorTests {
  static let address = STIX1Sample.observable("Address", "<Address_Value>192.0.2.1</Address_Value>")

  @Test func `Benign never alerts`() throws {
    let publication = try STIX1Sample.package(STIX1Sample.indicator("<Type>Benign</Type>" + Self.address))
    #expect(publication.indicators.map(\.isBenign) == [true])
    #expect(publication.indicators.map(\.labels) == [["Benign"]])
    #expect(publication.id == "TA-17-165A.xml")
  }

  @Test(
    arguments: [
      ("None", 0), ("Low", 15), ("Medium", 50), ("HIGH", 85), ("Unknown", nil), ("75", 75), ("101", nil), ("-1", nil),
      ("inf", nil),
      ("nan", nil), ("4 - Doubtful", 30), ("Even Chance", 50), ("Almost Certain / Nearly Certain", 95),
    ] as [(String, Int?)]) func `confidence is on the scale of STIX 2.1 Appendix A`(word: String, confidence: Int?) throws
  {
    let body = "<Confidence><Value>\(word)</Value></Confidence>" + Self.address
    #expect(try STIX1Sample.package(STIX1Sample.indicator(body)).indicators.map(\.confidence) == [confidence])
  }

  @Test func `the strictest of package and indicator marks it`() throws {
    func handling(_ color: String) -> String {
      """
      <Handling><Marking><Controlled_Structure>../../../descendant-or-self::node()</Controlled_Structure>
      <Marking_Structure xsi:type="t:TLPMarkingStructureType" color="\(color)"/></Marking></Handling>
      """
    }
    let body =
      STIX1Sample.indicator(Self.address + handling("WHITE"))
      + STIX1Sample.indicator(Self.address + handling("RED"), attributes: #"id="b""#)
    let publication = try STIX1Sample.package(body, header: handling("GREEN"))
    #expect(publication.marking == .green)
    #expect(publication.indicators.map(\.marking) == [.green, .red])
  }

  @Test(arguments: ["Benign", "**Benign**", " benign ", "*Benign*"]) func `what is benign is so in marks of Markdown too`(
    type: String
  ) throws {
    let publication = try STIX1Sample.package(STIX1Sample.indicator("<Type>\(type)</Type>" + Self.address))
    #expect(publication.indicators.map(\.isBenign) == [true])
  }

  @Test func `validity, an owner and a revocation are told`() throws {
    let body = """
      <Indicators><Indicator id="a:i"><Title>T</Title>
      <Valid_Time_Position><Start_Time>2020-01-01T00:00:00Z</Start_Time><End_Time>2021-01-01T00:00:00Z</End_Time></Valid_Time_Position>
      \(Self.address)</Indicator>
      <Indicator id="a:j">\(Self.address)<Related_Indicators><Related_Indicator><Relationship>Revokes</Relationship>
      <Indicator idref="a:i"/></Related_Indicator></Related_Indicators></Indicator></Indicators>
      <Campaigns><Campaign id="a:c"><Names><Name>Sea Turtle</Name></Names>
      <Related_Indicators><Related_Indicator><Indicator idref="a:i"/></Related_Indicator></Related_Indicators></Campaign></Campaigns>
      """
    let publication = try STIX1Sample.package(body)
    #expect(publication.indicators.map(\.id) == ["a:i", "a:j"])
    #expect(publication.indicators.map(\.isRevoked) == [true, false])
    #expect(publication.indicators.map(\.context) == [["Sea Turtle"], []])
    #expect(publication.indicators[0].validFrom == Timestamp("2020-01-01T00:00:00Z"))
    #expect(publication.indicators[0].validUntil == Timestamp("2021-01-01T00:00:00Z"))
  }

  @Test func `packages in packages and in an answer of TAXII 1 are read`() throws {
    let inner =
      "<Related_Packages><Related_Package><Package id=\"p\"><Indicators>\(STIX1Sample.indicator(Self.address))</Indicators></Package></Related_Package></Related_Packages>"
    #expect(try STIX1Sample.package(inner).indicators.map(\.id) == ["a:i"])
    let root = try STIX1Sample.root(STIX1Sample.indicator(Self.address))
    var (content, block, answer) = (root, root, root)
    (content.name, content.children) = ("Content", [root])
    (block.name, block.children) = ("Content_Block", [content])
    (answer.name, answer.children) = ("Poll_Response", [block])
    #expect(STIX1.isHeld(by: answer))
    #expect(try STIX1.read(answer).indicators.map(\.id) == ["a:i"])
  }

  @Test func `XML without a package is refused`() throws {
    let root = try XMLElement(Array("<html/>".utf8))
    #expect(!STIX1.isHeld(by: root))
    #expect(throws: STIX1.Fault(place: root.place, root: "html")) { try STIX1.read(root) }
  }

  @Test func `an observable that no indicator refers to is nothing to look for`() throws {
    let publication = try STIX1Sample.package("<Observables>\(Self.address)</Observables>")
    #expect(publication.indicators == [])
  }

  @Test func `an indicator without anything to look for is remarked upon`() throws {
    let publication = try STIX1Sample.package(STIX1Sample.indicator("<Title>T</Title>"))
    #expect(publication.indicators == [])
    #expect(publication.remarks.map(\.cause) == [.noValue])
  }

  @Test func `the later of two with one id counts`() throws {
    let later = STIX1Sample.indicator(
      STIX1Sample.observable("Address", "<Address_Value>192.0.2.2</Address_Value>"),
      attributes: #"id="a:i" timestamp="2021-01-01T00:00:00Z""#)
    let earlier = STIX1Sample.indicator(Self.address, attributes: #"id="a:i" timestamp="2020-01-01T00:00:00Z""#)
    let publication = try STIX1Sample.package(earlier + later)
    #expect(
      publication.indicators.map { $0.pattern?.expression.comparedValues.map(\.description) } == [["ipv4-addr:value = 192.0.2.2"]]
    )
    #expect(publication.remarkCount == 1)
  }
}
