import Testing

@testable import Telemetry

@Suite("Logs: the values in them, by the form of the log") struct LogReaderTests {
  /// What was found: line (from 1), name and value.
  static func read(_ text: String) -> (form: LogReader.Form, fields: [String], lines: Int) {
    let octets = Array(text.utf8)
    let reader = LogReader(head: octets)
    var fields: [LogField] = []
    let lines = reader.read(octets.span, &fields)
    let shown = zip(fields, reader.names(of: fields, in: octets.span)).map { field, name in
      "\(field.line + 1) \(name)=\(String(decoding: octets[field.range], as: UTF8.self))"
    }
    return (reader.form, shown, lines)
  }

  /// The header and a line as Zeek 6 writes them (docs.zeek.org, dns.log).
  static let zeek = """
    #separator \\x09
    #set_separator\t,
    #empty_field\t(empty)
    #unset_field\t-
    #path\tdns
    #open\t2026-11-27-10-00-00
    #fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tquery\tqtype_name\tanswers\tTTLs\trejected
    #types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tstring\tvector[string]\tvector[interval]\tbool
    1764230400.000000\tCMdzit1AMNsmfAIiQc\t192.0.2.7\t51234\t198.51.100.53\t53\tudp\twww.example.net\tA\t203.0.113.9,alias.example.org\t60.0,60.0\tF
    1764230401.000000\tCJLg5G3UMWdjC6XJPb\t192.0.2.8\t51235\t198.51.100.53\t53\tudp\t-\t-\t-\t-\tF

    """

  @Test func `Zeek: the columns that its header names`() {
    let (form, fields, lines) = Self.read(Self.zeek)
    #expect(form == .zeek(path: "dns") && lines == 10)
    #expect(
      fields == [
        "9 id.orig_h=192.0.2.7", "9 id.resp_h=198.51.100.53", "9 query=www.example.net",
        "9 answers=203.0.113.9,alias.example.org",
        "10 id.orig_h=192.0.2.8", "10 id.resp_h=198.51.100.53",
      ])
  }

  /// Two logs in one file, as `cat` and rotation leave them.
  @Test func `Zeek: each header says what the lines below it hold, wherever it stands`() {
    let other =
      "#separator \\x09\n#path\tconn\n#fields\tid.resp_h\tid.orig_h\n#types\taddr\taddr\n203.0.113.1\t192.0.2.9\n#close\tx\n"
    let octets = Array((Self.zeek + other + Self.zeek).utf8)
    let parts = LogReader(head: octets).parts(of: octets.span)
    #expect(parts.map { $0.reader.form } == [.zeek(path: "dns"), .zeek(path: "conn"), .zeek(path: "dns")])
    // Nothing is left out between them, and each begins with its header.
    #expect(parts.map(\.range).reduce(0) { $1.lowerBound == $0 ? $1.upperBound : -1 } == octets.count)
    let shown = parts.map { part in
      let octets = Array(octets[part.range])
      var fields: [LogField] = []
      _ = part.reader.read(octets.span, &fields)
      return zip(fields, part.reader.names(of: fields, in: octets.span)).map { field, name in
        "\(name)=\(String(decoding: octets[field.range], as: UTF8.self))"
      }
    }
    #expect(shown[1] == ["id.resp_h=203.0.113.1", "id.orig_h=192.0.2.9"])
    #expect(shown[0] == shown[2] && shown[0].first == "id.orig_h=192.0.2.7")
    // In a piece of its own a header is read as well, and takes what it does not say from the one before.
    let later = Array("#fields\tquery\n#types\tstring\nwww.example.net\n".utf8)
    #expect(LogReader(head: octets).parts(of: later.span).map { $0.reader.names } == [["query", "line"]])
  }

  @Test(arguments: ["evil.example", "a\tevil.example", "1\t2\t3\t4\t5\t6\t7\t8\t9\t10\t11\t12\tevil.example"])
  func `Zeek: a line that has not the columns is words`(line: String) {
    let (_, fields, _) = Self.read(Self.zeek + line + "\n")
    #expect(fields.last == "11 line=\(line)")
  }

  @Test func `Zeek: lines may end with CR LF`() {
    let text = "#fields\tts\tquery\n#types\ttime\tstring\n1\twww.example.net\n".replacing("\n", with: "\r\n")
    #expect(Self.read(text).fields == ["3 query=www.example.net"])
  }

  @Test(arguments: 1...60) func `Zeek: a piece may end anywhere`(dropped: Int) {
    let whole = Self.zeek.dropLast()
    let (_, fields, lines) = Self.read(String(whole.dropLast(dropped)))
    // The last line has 75 octets, its addresses are the third and fifth column.
    #expect(lines == 10 && fields.prefix(4).elementsEqual(Self.read(Self.zeek).fields.prefix(4)))
  }

  @Test(
    arguments: [
      (
        #"{"ts":1764230400.0,"id.orig_h":"192.0.2.7","query":"www.example.net","answers":["203.0.113.9","a.example"]}"#,
        [
          "1 line=id.orig_h", "1 id.orig_h=192.0.2.7", "1 query=www.example.net", "1 answers=203.0.113.9", "1 answers=a.example",
        ]
      ),
      (
        #"{"rrname":"www.example.net.","rrtype":"A","rdata":"203.0.113.9","count":1}"#,
        ["1 rrname=www.example.net.", "1 rrtype=A", "1 rdata=203.0.113.9"]
      ),
      (#"{"a": {"b" : "x\"y", "c":"d"}} "#, [#"1 a.b=x\"y"#, "1 a.c=d"]), (#"{"a":"cut"#, ["1 a=cut"]),
      (#"{"a":"cut\"#, [#"1 a=cut\"#]),
      (
        "{\"c\":\"d\"}\n<13>Nov 27 10:00:00 host 192.0.2.1: {\"a\":{\"b\":\"c\"}} tail",
        ["1 c=d", "2 line=<13>Nov 27 10:00:00 host 192.0.2.1: ", "2 a.b=c", "2 line= tail"]
      ),
      // Elastic Common Schema, and Suricata's EVE.
      (
        #"{"source":{"ip":"192.0.2.1","port":1},"destination":{"ip":"192.0.2.2"},"tags":["a","b"],"message":"{\"x\": {"}"# + "\n"
          + #"{"dns":{"answers":[{"rrname":"a.example","rdata":"192.0.2.3"},{"rdata":"192.0.2.4"}],"rrtype":"A"},"host":"c"}"#,
        [
          "1 source.ip=192.0.2.1", "1 destination.ip=192.0.2.2", "1 tags=a", "1 tags=b", #"1 message={\"x\": {"#,
          "2 dns.answers.rrname=a.example", "2 dns.answers.rdata=192.0.2.3", "2 dns.answers.rdata=192.0.2.4", "2 dns.rrtype=A",
          "2 host=c",
        ]
      ),
      ("{\"c\":\"d\"}\n" + #"it's "said" {"a":["b",["c"]]}"#, ["1 c=d", #"2 line=it's "said" "#, "2 a=b", "2 a=c"]),
      (#"{["a"]}"#, ["1 line=a"]),
      // What is counted may be a name of the object that counts.
      (
        #"{"host":"x.example","counts":{"evil.example":3,"2001:db8::66": 1,"plain":2}}"#,
        ["1 host=x.example", "1 counts=evil.example", "1 counts=2001:db8::66"]
      ),
      (#"{"d41d8cd98f00b204e9800998ecf8427e":true}"#, ["1 line=d41d8cd98f00b204e9800998ecf8427e"]),
      (#"{"a":"#.repeated(40) + #""b""#, ["1 " + Array(repeating: "a", count: 16).joined(separator: ".") + "=b"]),
      ("{\"c\":\"d\"}\n{src:192.0.2.1}", ["1 c=d", "2 line={src:192.0.2.1}"]),
      ("{\"a\":\"b\"}\nno JSON 192.0.2.1\n{\"c\":\"d\"}", ["1 a=b", "2 line=no JSON 192.0.2.1", "3 c=d"]),
    ] as [(String, [String])])
  func `JSON lines: texts under their names`(text: String, expected: [String]) {
    let (form, fields, _) = Self.read(text)
    #expect(form == .jsonLines && fields == expected)
  }

  /// BIND 9.18, Unbound 1.17 and dnsmasq 2.89, as their manuals show these lines; with options and without.
  @Test(
    arguments: [
      (
        "27-Nov-2026 10:00:00.000 queries: info: client @0x7f8a 192.0.2.7#53124 (www.example.net): query: www.example.net IN A +E(0)K (198.51.100.53)",
        .bind, ["1 client=192.0.2.7", "1 query=www.example.net"]
      ),
      (
        "27-Nov-2026 10:00:00.000 client 2001:db8::7#53124: query: www.example.net IN AAAA + (2001:db8::53)", .bind,
        ["1 client=2001:db8::7", "1 query=www.example.net"]
      ),
      (
        "[1764230400] unbound[4711:0] info: 192.0.2.7 www.example.net. A IN", .unbound,
        ["1 client=192.0.2.7", "1 query=www.example.net."]
      ),
      (
        "Nov 27 10:00:00 unbound[4711:0] reply: 192.0.2.7 www.example.net. A IN NOERROR 0.012 0 55", .unbound,
        ["1 client=192.0.2.7", "1 query=www.example.net."]
      ),
      (
        "Nov 27 10:00:00 dnsmasq[4711]: query[A] www.example.net from 192.0.2.7", .dnsmasq,
        ["1 query=www.example.net", "1 client=192.0.2.7"]
      ),
      (
        "Nov 27 10:00:00 dnsmasq[4711]: reply www.example.net is 203.0.113.9", .dnsmasq,
        ["1 query=www.example.net", "1 answer=203.0.113.9"]
      ),
      (
        "Nov 27 10:00:00 dnsmasq[4711]: 12 192.0.2.7/53124 query[A] www.example.net from 192.0.2.7", .dnsmasq,
        ["1 query=www.example.net", "1 client=192.0.2.7"]
      ),
      (
        "Nov 27 10:00:00 dnsmasq[4711]: forwarded www.example.net to 198.51.100.53", .dnsmasq,
        ["1 query=www.example.net", "1 server=198.51.100.53"]
      ),
    ] as [(String, LogReader.Form, [String])])
  func `query logs: who asked, what, and what came`(line: String, form: LogReader.Form, expected: [String]) {
    let read = Self.read(line + "\n")
    #expect(read.form == form && read.fields == expected && read.lines == 1)
  }

  @Test func `a line of another kind in a query log is words, so nothing in it is lost`() {
    let text = "[1] unbound[1:0] info: 192.0.2.7 a.example. A IN\n[2] unbound[1:0] info: start of service (unbound 1.17.1).\n"
    #expect(
      Self.read(text).fields == [
        "1 client=192.0.2.7", "1 query=a.example.", "2 line=[2] unbound[1:0] info: start of service (unbound 1.17.1).",
      ])
  }

  @Test func `anything else is lines of words`() {
    let (form, fields, lines) = Self.read("a 192.0.2.7\r\n\nb")
    #expect(form == .text && fields == ["1 line=a 192.0.2.7", "2 line=", "3 line=b"] && lines == 3)
  }

  @Test func `octets that are no text are read, and trap nothing`() {
    var state: UInt64 = 7
    for form in [
      "", "#separator \\x09\n#fields\ta\tb\n", "{", "client query: x : query: ", "unbound[1:0] info: ", "dnsmasq[1]: query[A] ",
    ] {
      for _ in 0..<200 {
        var octets = Array(form.utf8)
        for _ in 0..<100 {
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          octets.append(UInt8(truncatingIfNeeded: state >> 56) & (state >> 40 & 1 == 0 ? 0xFF : 0x3F))
        }
        var fields: [LogField] = []
        let lines = LogReader(head: octets).read(octets.span, &fields)
        #expect(fields.allSatisfy { $0.range.upperBound <= octets.count && $0.line < lines })
      }
    }
  }
}

extension String {
  fileprivate func repeated(_ count: Int) -> String { String(repeating: self, count: count) }
}
