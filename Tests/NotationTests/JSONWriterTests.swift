import Foundation
import Notation
import Testing

@Suite("RFC 8259 §7 Strings, as written") struct JSONWriterTests {
  static let texts =
    [
      "", "plain", "a \"quoted\" word", "C:\\temp\\x", "line\nbreak\r\n\ttab", "\u{8}\u{C}\u{7F}", "é ü 日本 😀", "\u{2028}\u{FEFF}",
      "/",
    ]
    + (0..<0x20).map { "a\(Character(Unicode.Scalar(UInt8($0))))b" }

  @Test(arguments: texts) func `another reader reads the same text, as value and as name`(text: String) throws {
    var json = JSONWriter()
    json.object { $0.write(text, as: text) }
    let read = try #require(try JSONSerialization.jsonObject(with: Data(json.text.utf8)) as? [String: String])
    #expect(read == [text: text])
    #expect(try JSONValue(Array(json.text.utf8))[text]?.string == text)
  }

  @Test func `members and items are set apart, and what is empty is closed at once`() {
    var json = JSONWriter()
    json.object { json in
      json.write("text", as: "a")
      json.write(-5, as: "b")
      json.write(true, as: "c")
      json.write(["x", "y"], as: "d")
      json.array(as: "e") { list in
        list.object { $0.write(false, as: "f") }
        list.array { _ in }
      }
      json.object(as: "g") { _ in }
    }
    #expect(
      json.text == """
        {
          "a": "text",
          "b": -5,
          "c": true,
          "d": [
            "x",
            "y"
          ],
          "e": [
            {
              "f": false
            },
            []
          ],
          "g": {}
        }
        """)
  }
}
