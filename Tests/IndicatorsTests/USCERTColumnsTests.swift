import Indicators
import Names
import Notation
import Testing

@Suite("Columns of tables") struct USCERTColumnsTests {
  /// 2024-01-02 is 1 704 153 600 seconds after 1970.
  @Test(
    arguments: [
      ("2024-01-02", 0), ("2024-01-02T03:04:05Z", 11_045), ("2024-01-02T03:04:05+02:00", 3845), ("2024-01-02 03:04", 11_040),
      ("2024-01-02 03:04:05", 11_045), ("2024-01-02 03:04:05 UTC", 11_045), ("2024/01/02", 0), ("2024/01/02 03:04", 11_040),
      ("20240102", 0), ("2024-01", -86_400), ("", nil),
      // Another day elsewhere, a day that spreadsheets count, none, and words.
      ("01/02/2024", nil), ("1/13/2024", nil), ("02.01.2024", nil), ("45293", nil), ("2024-13-45", nil), ("20241345", nil),
      ("Jan 2 2024", nil), ("2-Jan-24", nil),
    ] as [(String, Int64?)])
  func `a time that can be read in one way is read, and another is told`(text: String, seconds: Int64?) throws {
    let publication = try USCERTTests.read("INDICATOR_VALUE,TYPE,OBSERVED_DATE\n203.0.113.1,IPV4ADDR,\(text)\n")
    #expect(publication.indicators.map(\.firstSeen) == [seconds.map { Timestamp(seconds: 1_704_153_600 + $0) }])
    let remark = Publication.Remark(TextPlace(line: 2, column: 1), .badTime(text))
    #expect(publication.remarks == (seconds == nil && !text.isEmpty ? [remark] : []))
  }

  @Test func `a time that cannot be read has a sentence`() {
    #expect(
      Publication.Remark.Cause.badTime("01/02/2024").sentence
        == "\"01/02/2024\" is no time that can be read in one way only; the indicator is kept without it. Write it as 2024-01-31, "
        + "or 2024-01-31T09:00:00Z.")
  }

  /// The columns that MISP's search returns as CSV.
  @Test func `MISP's own table: tags mark and label, and what is not for detection never alerts`() throws {
    let publication = try USCERTTests.read(
      #"""
      uuid,event_id,category,type,value,comment,to_ids,date,object_relation,attribute_tag,object_uuid,object_name,event_tag
      "a",1,"Network activity","ip-dst","192.0.2.5","C2",1,20240502,"","tlp:amber,ransomware","","","tlp:green"
      "b",1,"Network activity","domain","evil.example","",0,20240502,"","","","",""
      "c",1,"Network activity","domain","a.example","",1,20240502,"","misp-galaxy:threat-actor=""A, B""","","",""
      "d",1,"Network activity","domain","b.example","",1,20240502,"","tlp:purple","","",""

      """#)
    #expect(publication.indicators.map(\.marking) == [.amber, nil, nil, .red] && publication.marking == .red)
    #expect(publication.indicators.map(\.isBenign) == [false, true, false, false])
    #expect(publication.indicators.map(\.labels) == [["ransomware"], [], [], ["tlp:purple"]])
    #expect(publication.indicators.map(\.context) == [["C2"], [], ["A, B"], []])
    #expect(publication.indicators.allSatisfy { $0.firstSeen == Timestamp("2024-05-02") })
    #expect(publication.remarks == [.init(TextPlace(line: 5, column: 1), .unreadableMarking("tlp:purple"))])
  }

  @Test func `a hash that is not hexadecimal is written as it is`() throws {
    let md5 = "d41d8cd98f00b204e9800998ecf8427e"
    let read = try USCERTTests.read("INDICATOR_VALUE,TYPE\n3072:aBcDeF:gHi,SSDEEP\n\(md5),MD5\n")
    let text = USCERT.file(of: read.indicators).text
    #expect(text.contains("\r\n3072:aBcDeF:gHi,SSDEEP,") && text.contains("\r\n\(md5.uppercased()),MD5,"))
    #expect(USCERTTests.values(try USCERTTests.read(text)) == [["file 3072:aBcDeF:gHi"], ["file \(md5)"]])
  }

  @Test(arguments: ["=1+1", "+x", "-x", "@x", "\t=x", "'=x", "'quoted'", "http://live.example/ and evil.example"])
  func `what is said of a value comes back as it was`(text: String) throws {
    var indicator = ReleaseTests.indicator(.green)
    (indicator.description, indicator.context) = (text, [text])
    let back = try USCERTTests.read(USCERT.file(of: [indicator]).text).indicators
    #expect(back.map(\.description) == [text] && back.map(\.context) == [[text]])
  }

  @Test func `an address of mail that would begin a formula comes back`() throws {
    let read = PlainList.read(Array("+a@evil.example\n".utf8))
    let back = try USCERTTests.read(USCERT.file(of: read.indicators).text)
    #expect(USCERTTests.values(back) == [["email-addr +a@evil.example"]])
  }

  @Test(arguments: [
    "first_seen_utc,dst_ip,dst_port\n2024-03-04,50.16.16.211,443\n", "a;b\nc;d\n", "# url\n\"1\",\"x\"\n\"2\",\"y\"\n",
  ]) func `a table whose columns nobody knows is told which are known`(text: String) {
    let fault = #expect(throws: Publication.Fault.self) { try Publication(Array(text.utf8)) }
    #expect(
      fault?.sentence
        == "No line holds a value to look for: this is a table, and no row of it names a column of values (INDICATOR_VALUE, "
        + "INDICATOR, VALUE, IOC or OBSERVABLE) and one of types (TYPE, INDICATOR_TYPE, IOC_TYPE or VALUE_TYPE). Add such a header; "
        + "what was taken in before stays.")
  }
}
