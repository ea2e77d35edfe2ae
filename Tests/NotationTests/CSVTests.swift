import Notation
import Testing

@Suite("RFC 4180 §2 Comma-separated values") struct CSVTests {
  static func rows(_ text: String, separator: Character = ",") throws(CSVReader.Fault) -> [[String]] {
    var reader = CSVReader(Array(text.utf8), separator: separator.asciiValue!)
    var (fields, rows) = ([CSVReader.Field](), [[String]]())
    while try reader.next(&fields) { rows.append(fields.map { reader.text($0) }) }
    return rows
  }

  @Test(
    arguments: [
      // §2.1 to 2.4, the RFC's own lines.
      ("aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n", [["aaa", "bbb", "ccc"], ["zzz", "yyy", "xxx"]]),
      ("aaa,bbb,ccc\r\nzzz,yyy,xxx", [["aaa", "bbb", "ccc"], ["zzz", "yyy", "xxx"]]),
      (
        "field_name,field_name,field_name\r\naaa,bbb,ccc\r\n",
        [["field_name", "field_name", "field_name"], ["aaa", "bbb", "ccc"]]
      ),
      // §2.5 to 2.7.
      ("\"aaa\",\"bbb\",\"ccc\"\r\nzzz,yyy,xxx", [["aaa", "bbb", "ccc"], ["zzz", "yyy", "xxx"]]),
      ("\"aaa\",\"b\r\nbb\",\"ccc\"\r\nzzz,yyy,xxx", [["aaa", "b\r\nbb", "ccc"], ["zzz", "yyy", "xxx"]]),
      ("\"aaa\",\"b\"\"bb\",\"ccc\"", [["aaa", "b\"bb", "ccc"]]),
    ] as [(String, [[String]])])
  func `reads the RFC's own lines`(text: String, expected: [[String]]) throws { #expect(try Self.rows(text) == expected) }

  @Test(
    arguments: [
      ("a,b\nc", [["a", "b"], ["c"]]), ("a\rb", [["a"], ["b"]]), ("a,", [["a", ""]]), (",", [["", ""]]), ("\n", [[""]]),
      ("a\n\nb", [["a"], [""], ["b"]]), ("", []), ("a \"b\",c", [["a \"b\"", "c"]]), (" \"a,b\" x,c", [["a,b", "c"]]),
      ("\u{FEFF}a,b", [["a", "b"]]), ("\"\",x", [["", "x"]]), ("\"\"\"\"", [["\""]]), ("\"a\"\"\"\"b\"", [["a\"\"b"]]),
    ] as [(String, [[String]])])
  func `reads what files have beside that`(text: String, expected: [[String]]) throws { #expect(try Self.rows(text) == expected) }

  @Test func `another separator is one`() throws { #expect(try Self.rows("a;b,c\td", separator: ";") == [["a", "b,c\td"]]) }

  @Test func `a field knows its line, also after a field of several lines`() throws {
    var reader = CSVReader(Array("a,\"x\ny\",b\nc".utf8))
    var fields: [CSVReader.Field] = []
    #expect(try reader.next(&fields))
    #expect(fields.map(\.place) == [TextPlace(line: 1, column: 1), TextPlace(line: 1, column: 3), TextPlace(line: 2, column: 4)])
    #expect(try reader.next(&fields))
    #expect(fields.map(\.place) == [TextPlace(line: 3, column: 1)])
  }

  @Test func `a quote that is never closed is told where it opens`() {
    let fault = #expect(throws: CSVReader.Fault.self) { try Self.rows("a,b\nc,\"d\ne\n") }
    #expect(fault?.place == TextPlace(line: 2, column: 3) && fault?.cause == .openQuote)
    #expect(
      fault?.sentence
        == "The quote that opens here is never closed: the file may be cut short. Close it, or fetch the file again.")
  }

  @Test func `fields and rows have bounds`() {
    let long = String(repeating: "x", count: CSVReader.mostFieldOctets + 1)
    #expect(throws: CSVReader.Fault.self) { try Self.rows(long) }
    #expect(throws: CSVReader.Fault.self) { try Self.rows("\"" + long) }
    #expect(throws: CSVReader.Fault.self) { try Self.rows(String(repeating: ",", count: CSVReader.mostFields)) }
    #expect((try? Self.rows(String(repeating: ",", count: CSVReader.mostFields - 1)))?.first?.count == CSVReader.mostFields)
  }

  @Test func `a field's octets stand where it says, or are appended with each doubled quote once`() throws {
    let octets = Array("a,\"b\"\"c\",\"d\"".utf8)
    var reader = CSVReader(octets)
    var (fields, text) = ([CSVReader.Field](), Array("x".utf8))
    #expect(try reader.next(&fields))
    #expect(fields.map { String(decoding: octets[$0.range], as: UTF8.self) } == ["a", "b\"\"c", "d"])
    #expect(fields.map(\.hasDoubledQuotes) == [false, true, false])
    for field in fields { CSVReader.append(unquoted: octets.span.extracting(field.range), to: &text) }
    #expect(String(decoding: text, as: UTF8.self) == "xab\"cd")
  }
}

@Suite("RFC 4180 §2, and OWASP's CSV Injection: a field as it is written") struct CSVFieldTests {
  @Test(
    arguments: [
      ("=1+1", "'=1+1"), ("+x", "'+x"), ("-x", "'-x"), ("@x", "'@x"), ("\tx", "\"'\tx\""), ("\r=x", "\"'\r=x\""),
      ("\n=x", "\"'\n=x\""), (" =x", "' =x"), ("\u{A0}=x", "'\u{A0}=x"), ("\u{200B}=x", "'\u{200B}=x"),
      ("\u{FEFF}@x", "'\u{FEFF}@x"), ("\u{FF1D}x", "'\u{FF1D}x"), ("\u{FF0B}x", "'\u{FF0B}x"), ("\u{FF0D}x", "'\u{FF0D}x"),
      ("\u{FF20}x", "'\u{FF20}x"), ("=a,b", "\"'=a,b\""), ("=\u{338}x", "'=\u{338}x"),
    ] as [(String, String)])
  func `a spreadsheet takes none for a formula`(text: String, field: String) {
    #expect(Array(CSVWriter.field(text).utf8) == Array(field.utf8))
  }

  @Test(arguments: ["=1+1", " =x", "\u{FF1D}x", "=\u{338}x", "'=x", "''+x", "'quoted'", "'", "", "plain"])
  func `the apostrophe is taken off again, and only that`(text: String) throws {
    let field = try #require(try CSVTests.rows(CSVWriter.field(text) + ",x\r\n").first?.first)
    #expect(Array(CSVWriter.withoutApostrophe(field).utf8) == Array(text.utf8))
  }

  @Test(
    arguments: [
      ("a,b", "\"a,b\""), ("a;b", "\"a;b\""), ("a\tb", "\"a\tb\""), ("a\"b", "\"a\"\"b\""), ("a\r\nb", "\"a\r\nb\""),
      ("a\"\u{301}b", "\"a\"\"\u{301}b\""), ("a,\u{301}b", "\"a,\u{301}b\""), ("plain", "plain"), ("1-1=0", "1-1=0"),
      (" x", " x"), ("", ""),
    ] as [(String, String)])
  func `stands in quotes where it holds a mark of the form`(text: String, field: String) {
    #expect(Array(CSVWriter.field(text).utf8) == Array(field.utf8))
  }

  @Test(arguments: ["a\"\u{301},b\r\n=x", "\"\"\u{301}\"", ",\u{301}", "a\"\u{200D}\"b\n"])
  func `comes back as one field of one row`(text: String) throws {
    let rows = try CSVTests.rows(CSVWriter.field(text) + ",x\r\n")
    #expect(rows.map { $0.map { Array($0.utf8) } } == [[Array(text.utf8), Array("x".utf8)]])
  }
}
