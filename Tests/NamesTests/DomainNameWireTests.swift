import Names
import Testing

@Suite("RFC 1035 §2.3.4 and §3.1 Names in wire form") struct DomainNameWireTests {
  @Test(
    arguments: [
      ([0x40], .labelTooLong(octets: 64, at: 0)), ([0xBF], .labelTooLong(octets: 191, at: 0)),
      ([0xC0, 0], .pointerNotAllowed(at: 0)), ([0x03, 0x77], .truncated(at: 4)), ([], .truncated(at: 0)),
      ([0x01, 0x61], .truncated(at: 2)),
    ] as [([UInt8], DomainName.Fault)])
  func `refuses what the RFC refuses`(octets: [UInt8], fault: DomainName.Fault) {
    var offset = 0
    #expect(throws: fault) { try DomainName(octets.span, at: &offset) }
    #expect(offset == 0)
  }

  @Test func `a name ends at its zero and is lower-cased`() throws {
    let octets: [UInt8] = [0xFF, 3, 0x57, 0x77, 0x5A, 1, 0x41, 0, 0xFF]
    var offset = 1
    let name = try DomainName(octets.span, at: &offset)
    #expect(offset == 8)
    #expect(name.octets == [3, 0x77, 0x77, 0x7A, 1, 0x61, 0])
    #expect(name == (try DomainName("WWZ.a.")))
  }

  /// RFC 4343 §3: only A to Z have two cases.
  @Test func `only ASCII letters lose their case`() {
    for octet in UInt8.min...UInt8.max {
      #expect(lowerCased(octet) == (0x41...0x5A ~= octet ? octet + 32 : octet))
    }
  }

  @Test func `a name of 255 octets is taken, of 256 refused`() throws {
    let label = [UInt8(63)] + [UInt8](repeating: 0x61, count: 63)
    var offset = 0
    let longest = label + label + label + [61] + [UInt8](repeating: 0x61, count: 61) + [0]
    #expect(try DomainName(longest.span, at: &offset).octets.count == 255)
    offset = 0
    let longer = label + label + label + label + [0]
    #expect(throws: DomainName.Fault.nameTooLong(octets: 256, at: 256)) { try DomainName(longer.span, at: &offset) }
    offset = 0
    let most = Array([[UInt8]](repeating: [1, 0x61], count: 127).joined()) + [0]
    #expect(try DomainName(most.span, at: &offset).labelCount == 127)
  }

  @Test func `two names of a message are compared without making one`() throws {
    // www.a. whole at 20, and its parts in other letters and by pointers behind it.
    let message: [UInt8] =
      [UInt8](repeating: 0, count: 20) + [3, 0x57, 0x57, 0x77, 1, 0x61, 0, 3, 0x77, 0x57, 0x77, 0xC0, 24, 0xC0, 20, 0xC0, 33]
    for (start, end) in [(20, 27), (27, 33), (33, 35)] {
      var offset = start
      #expect(DomainName.isSame(as: 20, in: message.span, at: &offset))
      #expect(offset == end)
    }
    var offset = 24
    #expect(DomainName.isSame(as: 24, in: message.span, at: &offset) && offset == 27)
    // A part, the root, a pointer to itself, beyond the message, and a name beyond it.
    for (other, start) in [(24, 20), (26, 20), (20, 24), (20, 26), (20, 99), (99, 20)] {
      var offset = start
      #expect(!DomainName.isSame(as: other, in: message.span, at: &offset), "\(other) \(start)")
      #expect(offset == start)
    }
  }
}

@Suite("RFC 4034 §6.1 Canonical order of names") struct DomainNameOrderTests {
  /// The list of the RFC, word for word.
  static let sorted = [
    "example.", "a.example.", "yljkjljk.a.example.", "Z.a.example.", "zABC.a.EXAMPLE.", "z.example.", "\\001.z.example.",
    "*.z.example.", "\\200.z.example.",
  ]

  @Test func `the example of the RFC is in order`() throws {
    let names = try Self.sorted.map { try DomainName($0) }
    #expect(names.reversed().sorted() == names)
    for (one, other) in zip(names, names.dropFirst()) { #expect(one < other && !(other < one)) }
    #expect(names.allSatisfy { !($0 < $0) && DomainName.root < $0 && !($0 < .root) })
  }

  @Test(
    arguments: [
      ("a.example.", "example.", true, true), ("example.", "example.", false, true), ("example.", "a.example.", false, false),
      ("xexample.", "example.", false, false), ("a.example.", ".", true, true), (".", ".", false, true),
      // The octets end alike, the labels do not.
      ("a\\007example.", "example.", false, false), ("b.a.example.", "a.example.", true, true),
    ])
  func `below means by whole labels`(name: String, ancestor: String, below: Bool, atOrBelow: Bool) throws {
    #expect(try DomainName(name).isBelow(DomainName(ancestor)) == below)
    #expect(try DomainName(name).isAtOrBelow(DomainName(ancestor)) == atOrBelow)
  }

  @Test func `labels, parents and ancestors`() throws {
    let name = try DomainName("*.b.example.")
    #expect(name.labelCount == 3 && DomainName.root.labelCount == 0)
    #expect(name.labels().map { String(decoding: $0, as: UTF8.self) } == ["*", "b", "example"])
    #expect(name.isWildcard && !DomainName.root.isWildcard)
    #expect(try DomainName("a*.example.").isWildcard == false)
    #expect(name.parent == (try DomainName("b.example.")) && DomainName.root.parent == nil)
    #expect(try DomainName("example.").parent == .root)
    for (count, text) in [(-1, "."), (0, "."), (1, "example."), (2, "b.example."), (3, "*.b.example."), (9, "*.b.example.")] {
      #expect(name.ancestor(labels: count).description == text)
    }
    #expect(try name.parent?.prepending(label: [0x57]).description == "w.b.example.")
    #expect(throws: DomainName.Fault.emptyLabel(at: 0)) { try name.prepending(label: []) }
    #expect(throws: DomainName.Fault.labelTooLong(octets: 64, at: 0)) {
      try name.prepending(label: Array(repeating: 1, count: 64))
    }
  }
}
