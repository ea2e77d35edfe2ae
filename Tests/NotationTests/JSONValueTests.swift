import Notation
import Testing

@Suite("RFC 8259 JSON, as values of their kinds") struct JSONValueTests {
  @Test func `every kind is told apart, and has its place`() throws {
    let value = try JSONValue(Array("{\"a\": [1, 1.5, \"1\", true, null], \"b\": {}}".utf8))
    let items = try #require(value["a"]?.items)
    #expect(items[0].integer == 1 && items[1].integer == nil && items[2].string == "1" && items[3].boolean == true)
    guard case .null = items[4].content, case .number("1.5") = items[1].content else { return #expect(Bool(false)) }
    #expect(items[4].place == TextPlace(line: 1, column: 27) && value["b"]?.members?.isEmpty == true && value["c"] == nil)
  }

  @Test func `a member that stands twice is found wherever it stands`() throws {
    let doubled = try JSONValue(Array("[{\"a\": {\"b\": 1,\n\"b\": 2}}]".utf8)).doubledMember
    #expect(
      doubled?.name == "b" && doubled?.first == TextPlace(line: 1, column: 9) && doubled?.second == TextPlace(line: 2, column: 1))
    #expect(try JSONValue(Array("{\"a\": {\"a\": 1}, \"b\": [{\"a\": 1}, {\"a\": 1}]}".utf8)).doubledMember == nil)
  }

  @Test func `levels and values have bounds`() {
    func cause(_ text: String, _ bounds: JSONValue.Bounds) -> JSONFault.Cause? {
      do { _ = try JSONValue(Array(text.utf8), bounds: bounds) } catch { return error.cause }
      return nil
    }
    #expect(cause(String(repeating: "[", count: 100_000), .init()) == .tooDeep(limit: 64))
    #expect(cause("[1,2]", .init(values: 2)) == .tooManyValues(limit: 2))
    #expect(cause("[1,2]", .init(values: 3)) == nil)
  }

  @Test(arguments: [("1", 1), ("[]", 1), ("[1,2]", 3), ("{\"a\": {\"b\": [null, true]}, \"c\": \"\"}", 6)])
  func `values are counted as they are bounded`(text: String, count: Int) throws {
    #expect(try JSONValue(Array(text.utf8), bounds: .init(values: count)).valueCount == count)
    #expect(throws: JSONFault.self) { try JSONValue(Array(text.utf8), bounds: .init(values: count - 1)) }
  }
}
