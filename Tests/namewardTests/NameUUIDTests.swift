import Testing

@testable import nameward

@Suite("RFC 9562 §5.5 UUIDs of names") struct NameUUIDTests {
  // By Python's uuid.uuid5, of the parts with NUL between them; and, where a part holds one, of each after its length.
  @Test(
    arguments: [
      (["indicator", "list.txt", "domain-name whole evil.example."], "b6740ee9-0286-5914-870c-2ec24596bcde"),
      (["a", "b\0c"], "36d17f8e-4c14-535f-a270-69f8268c1fd0"),
    ] as [([String], String)])
  func `are what others make of the same names`(parts: [String], uuid: String) {
    switch parts.count {
    case 2: #expect(NameUUID.of(parts[0], parts[1]) == uuid)
    default: #expect(NameUUID.of(parts[0], parts[1], parts[2]) == uuid)
    }
  }

  @Test func `of two lists of parts are two, wherever a NUL stands in them`() {
    let uuids = [
      NameUUID.of("a", "b", "c"), NameUUID.of("a\0b", "c"), NameUUID.of("a", "b\0c"), NameUUID.of("a\0b\0c"),
      NameUUID.of("a\0", "b", "c"), NameUUID.of("a", "\0b", "c"), NameUUID.of("1:a", "b\0c"),
    ]
    #expect(Set(uuids).count == uuids.count)
  }
}
