import Notation
import Testing

@testable import Indicators

@Suite("JSON that holds no indicators in a form that is read") struct JSONFormTests {
  private static let neither = """
    This is JSON, but neither STIX 2 (a bundle, or objects with a type) nor MISP (an event, a response, a warninglist). \
    Name a file that its source calls STIX 2.0 or 2.1, or MISP; or take its CSV or its list.
    """
  private static let lines = """
    This is JSON lines, one object behind another, which is not read as indicators. Write objects of STIX into one bundle; \
    of another source take the CSV or the list.
    """
  private static let nothing = "This is JSON that holds nothing. Fetch it again; what was taken in before stays."

  /// As Spamhaus' DROP list, STIX objects a line, Feodo Tracker, ThreatFox and OTX give theirs.
  static let rows: [(String, Int, String)] = [
    (#"{"cidr":"192.0.2.0/24","sblid":"SBL1"}\#n{"cidr":"198.51.100.0/24"}\#n"#, 2, lines),
    (#"{"type":"indicator","id":"indicator--1"}\#n\#n{"type":"indicator","id":"indicator--2"}"#, 3, lines),
    (#"[{"ip_address":"192.0.2.1","port":443,"malware":"Dridex"}]"#, 1, neither),
    (#"{"query_status":"ok","data":[{"ioc":"evil.example","ioc_type":"domain"}]}"#, 1, neither),
    (#"{"id":"5","name":"pulse","indicators":[{"type":"domain","indicator":"evil.example"}]}"#, 1, neither),
    ("{}", 1, nothing), (" [\n] ", 1, nothing),
  ]

  @Test(arguments: rows)
  func `it is called what it is, with what to take in its place`(text: String, line: Int, sentence: String) {
    let fault = #expect(throws: Publication.Fault.self) { try Publication(Array(text.utf8)) }
    #expect(fault?.place.line == line && fault?.sentence == sentence, "\(fault?.sentence ?? "")")
  }

  @Test func `a file of more values than are read is to be split`() {
    #expect(
      Publication.sentence(.tooManyValues(limit: 4_194_304))
        == """
        The file holds more than 4194304 values of JSON. Split it into several, or take it as CSV or a list, which may hold more.
        """)
  }

  @Test(arguments: [("", true), (" \r\n\t", true), ("\u{FEFF}\n", true), ("#\n", false), ("{}", false)])
  func `blank is what holds no octet but blanks and a mark`(text: String, isBlank: Bool) {
    #expect(Publication.isBlank(Array(text.utf8)) == isBlank)
  }
}
