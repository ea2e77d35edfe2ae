import Names
import Testing

@Suite("RFC 1035 §5.1 Names in presentation form") struct DomainNameTextTests {
  @Test(
    arguments: [
      (".", [0], "."), ("a.", [1, 0x61, 0], "a."), ("a", [1, 0x61, 0], "a."), ("A.b.", [1, 0x61, 1, 0x62, 0], "a.b."),
      // A dot inside a label; \DDD is decimal; a backslash takes the next character as it is.
      ("a\\.b.", [3, 0x61, 0x2E, 0x62, 0], "a\\.b."), ("a\\046b.", [3, 0x61, 0x2E, 0x62, 0], "a\\.b."),
      ("\\000\\255.", [2, 0, 255, 0], "\\000\\255."), ("\\\\.", [1, 0x5C, 0], "\\\\."), ("\\A.", [1, 0x61, 0], "a."),
      ("\\065.", [1, 0x61, 0], "a."), ("a\\ b.", [3, 0x61, 0x20, 0x62, 0], "a\\032b."),
      ("\\\"\\(\\)\\;\\@\\$.", [6, 0x22, 0x28, 0x29, 0x3B, 0x40, 0x24, 0], "\\\"\\(\\)\\;\\@\\$."),
      ("_dmarc.x-y.", [6, 0x5F, 0x64, 0x6D, 0x61, 0x72, 0x63, 3, 0x78, 0x2D, 0x79, 0], "_dmarc.x-y."),
      ("@", [1, 0x40, 0], "\\@."),
    ] as [(String, [UInt8], String)])
  func `text becomes octets and octets become one text`(text: String, octets: [UInt8], again: String) throws {
    let name = try DomainName(text)
    #expect(name.octets == octets)
    #expect(name.description == again)
    #expect(try DomainName(again) == name)
  }

  @Test(
    arguments: [
      ("", .emptyLabel(at: 0)), ("..", .emptyLabel(at: 0)), (".a", .emptyLabel(at: 0)), ("a..b", .emptyLabel(at: 2)),
      ("a\\", .badEscape(at: 1)), ("a\\25", .badEscape(at: 1)), ("a\\256", .badEscape(at: 1)), ("a\\1x2", .badEscape(at: 1)),
      ("exa mple.com", .unescaped(octet: 0x20, at: 3)), ("a\u{7}", .unescaped(octet: 7, at: 1)),
      ("a\u{7F}", .unescaped(octet: 0x7F, at: 1)),
      (String(repeating: "a", count: 64), .labelTooLong(octets: 64, at: 63)),
      (String(repeating: "a.", count: 127) + "a.", .nameTooLong(octets: 257, at: 254)),
    ] as [(String, DomainName.Fault)])
  func `text that is no name is refused at its place`(text: String, fault: DomainName.Fault) {
    #expect(throws: fault) { try DomainName(text) }
  }

  @Test func `a relative name stands under its origin, an absolute one does not`() throws {
    let origin = try DomainName("example.gov.")
    #expect(try DomainName("www", origin: origin).description == "www.example.gov.")
    #expect(try DomainName("www.", origin: origin).description == "www.")
    #expect(try DomainName("a\\.", origin: origin).description == "a\\..example.gov.")
    #expect(try DomainName(String(repeating: "a.", count: 127), origin: origin).labelCount == 127)
    let long = try DomainName(String(repeating: "a.", count: 127))
    #expect(throws: DomainName.Fault.nameTooLong(octets: 257, at: 1)) { try DomainName("b", origin: long) }
  }

  @Test func `every octet reads back from its own text`() throws {
    for octet in UInt8.min...UInt8.max {
      let name = try DomainName.root.prepending(label: [0x61, octet])
      #expect(try DomainName(name.description) == name)
      #expect(name.description.utf8.allSatisfy { 0x21...0x7E ~= $0 })
    }
  }

  @Test(
    arguments: [
      (.labelTooLong(octets: 64, at: 3), "a label of 64 octets at 3: at most 63 are allowed"),
      (.unescaped(octet: 0x20, at: 3), "a label holds a space at 3"),
      (.pointerNotBackwards(to: 20, at: 12), "a compression pointer at 12 leads to 20, where no name stands before it"),
    ] as [(DomainName.Fault, String)])
  func `a fault is a sentence`(fault: DomainName.Fault, sentence: String) { #expect(fault.description == sentence) }
}

@Suite("RFC 5891 and UTS 46 International names") struct InternationalNameTests {
  @Test(
    arguments: [
      ("bücher.example", "xn--bcher-kva.example.", "xn--bcher-kva.example. (bücher.example.)"),
      ("BÜCHER.Example", "xn--bcher-kva.example.", "xn--bcher-kva.example. (bücher.example.)"),
      // UTS 46 §4, nontransitional: sharp s is a letter of its own.
      ("faß.de", "xn--fa-hia.de.", "xn--fa-hia.de. (faß.de.)"),
      // RFC 3492 §7.1 (B)
      ("他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye.", "xn--ihqwcrb4cv8a8dqg056pqjye. (他们为什么不说中文.)"),
      ("日本語。ＪＰ", "xn--wgv71a119e.jp.", "xn--wgv71a119e.jp. (日本語.jp.)"),
      ("_dmarc.bücher.example.", "_dmarc.xn--bcher-kva.example.", "_dmarc.xn--bcher-kva.example. (_dmarc.bücher.example.)"),
      ("plain.example", "plain.example.", "plain.example."),
    ])
  func `what a person types becomes A-labels, and both are shown`(typed: String, name: String, displayed: String) throws {
    #expect(try DomainName(displayed: typed).description == name)
    #expect(try DomainName(name).displayed == displayed)
  }

  @Test(arguments: ["\u{0300}a.example", "a\u{2028}b.example", "é\u{E000}.example"])
  func `what UTS 46 refuses is refused in libidn2's words`(text: String) {
    #expect {
      try DomainName(displayed: text)
    } throws: { fault in
      guard case .notInternational(let reason) = fault as? DomainName.Fault else { return false }
      return !reason.isEmpty
    }
  }

  @Test(arguments: ["xn--.example.", "xn--a.example.", "xn--zzzzzzzzzzzz99999999.example.", "xn--\\000.example."])
  func `a label that only looks like an A-label is shown as it is`(name: String) throws {
    #expect(try DomainName(name).displayed == name)
  }

  @Test func `what is shown holds no control character and no change of direction`() throws {
    let name = try DomainName.root.prepending(label: [0x1B, 0x5B, 0x32, 0x4A, 0xE2, 0x80, 0xAE])
    #expect(name.displayed == "\\027[2j\\226\\128\\174.")
    // Python's punycode codec writes "a", RIGHT-TO-LEFT OVERRIDE, "b" so; IDNA does not allow it.
    #expect(try DomainName("xn--ab-g4t.example.").displayed == "xn--ab-g4t.example.")
  }
}
