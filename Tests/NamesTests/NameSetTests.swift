import Names
import Testing

@Suite("A set of names, looked up whole or at a label's border") struct NameSetTests {
  static let names = ["example.gov.", "mail.example.gov.", "co.uk.", "x.", "*.wild.example.", "a.b.c.d.e.f.g.h.i.j.k."]

  @Test(arguments: [
    ("example.gov.", "example.gov."), ("EXAMPLE.gov.", "example.gov."), ("www.example.gov.", "example.gov."),
    ("smtp.mail.example.gov.", "mail.example.gov."), ("y.x.", "x."), ("z.a.b.c.d.e.f.g.h.i.j.k.", "a.b.c.d.e.f.g.h.i.j.k."),
    ("*.wild.example.", "*.wild.example."),
  ])
  func `finds the name itself, or the nearest above it`(name: String, nearest: String) throws {
    let set = NameSet(try Self.names.map { try DomainName($0) })
    let name = try DomainName(name)
    let found = set.nearest(to: name.octets.span)
    let number = try #require(found)
    #expect(set[number] == (try DomainName(nearest)))
    #expect(set.covers(name))
    #expect(set.contains(name) == (set[number] == name))
  }

  @Test(arguments: [
    "gov.", "badexample.gov.", "example.gov.evil.", "uk.", ".", "b.c.d.e.f.g.h.i.j.k.", "wild.example.", "q.wild.example.",
  ])
  func `a name beside, above or only spelt like one is none of them`(name: String) throws {
    let set = NameSet(try Self.names.map { try DomainName($0) })
    #expect(!set.covers(try DomainName(name)))
    #expect(!set.contains(try DomainName(name)))
  }

  @Test func `the root covers every name, and an empty set none`() throws {
    #expect(NameSet([.root]).covers(try DomainName("www.example.gov.")))
    #expect(NameSet([.root]).covers(.root))
    #expect(!NameSet().covers(.root) && !NameSet().contains(.root))
  }

  @Test func `a name twice is one name with one number`() throws {
    var set = NameSet()
    let (one, two) = (set.insert(try DomainName("a.example.")), set.insert(try DomainName("A.EXAMPLE.")))
    #expect(one == two && set.count == 1)
  }

  @Test func `twenty thousand names agree with a comparison of each`() throws {
    let names = try (0..<20_000).map { try DomainName("n\($0).d\($0 % 97).example.") }
    let half = names.filter { $0.octets.count % 2 == 0 }
    let set = NameSet(half)
    let plain = Set(half)
    for name in names {
      #expect(set.contains(name) == plain.contains(name))
      let below = try name.prepending(label: Array("host".utf8))
      #expect(set.covers(below) == plain.contains(name))
    }
  }

  @Test func `names of 255 octets and of 127 labels fit`() throws {
    let label = String(repeating: "a", count: 63)
    let longest = try DomainName("\(label).\(label).\(label).\(String(repeating: "b", count: 61)).")
    let deepest = try DomainName(String(repeating: "a.", count: 127))
    let set = NameSet([longest, deepest])
    #expect(set.contains(longest) && set.contains(deepest))
    #expect(longest.octets.count == 255 && deepest.octets.count == 255)
    #expect(!set.covers(try DomainName(String(repeating: "a.", count: 126))))
  }
}
