import Indicators
import Names
import Notation
import Testing

@Suite("Lists, a value a line") struct PlainListTests {
  static func values(_ text: String) -> [String] {
    PlainList.read(Array(text.utf8)).indicators.flatMap {
      $0.observables.map { "\($0.observable.type) \($0.observable.value)" }
    }
  }

  @Test(
    arguments: [
      (
        "evil.example\n192.0.2.66\r\n2001:db8::/32\rhttp://evil.example/a#b\n",
        ["domain-name evil.example", "ipv4-addr 192.0.2.66", "ipv6-addr 2001:db8::/32", "url http://evil.example/a#b"]
      ),
      ("# comment\n; another\n\n  evil.example  # why\n//x\n", ["domain-name evil.example"]),
      ("evil[.]example", ["domain-name evil.example"]),
      (
        "0.0.0.0 evil.example\n127.0.0.1 localhost a.example b.example\n",
        ["domain-name evil.example", "domain-name a.example", "domain-name b.example"]
      ),
      ("evil.example\nEVIL.example.\n", ["domain-name evil.example"]), ("no value\nword\n", []),
      ("münchen.example", ["domain-name xn--mnchen-3ya.example"]),
    ] as [(String, [String])])
  func `is read`(text: String, expected: [String]) { #expect(Self.values(text) == expected) }

  @Test func `a dot or a star before a name says what is below it`() {
    let read = PlainList.read(Array("a.example\n.b.example\n*.c.example\n".utf8)).indicators.compactMap {
      $0.pattern?.observables
    }
    func reach(_ observable: Observable) -> String {
      if case .name(let name, let reach) = observable { "\(name) \(reach.rawValue)" } else { "" }
    }
    #expect(
      read.flatMap { $0.map { reach($0.observable) } } == [
        "a.example. whole", "b.example. whole", "b.example. below", "c.example. below",
      ])
  }

  @Test func `what is no value has a remark with its line, and what stands twice too`() {
    let publication = PlainList.read(Array("evil.example\nno value\nevil.example\n".utf8))
    #expect(publication.remarks.map(\.place.line) == [2, 3] && publication.indicators.map(\.id) == ["line 1"])
  }

  @Test func `a value that stands again is told with the line of the first, however many stand between`() {
    let text = (0..<3000).map { "n\($0 % 2000).example\n" }.joined()
    let publication = PlainList.read(Array(text.utf8))
    #expect(publication.indicators.count == 2000 && publication.remarkCount == 1000)
    for (number, remark) in publication.remarks.enumerated() {
      #expect(remark.place.line == 2001 + number && remark.cause == .repeated(first: TextPlace(line: 1 + number, column: 1)))
    }
  }
}
