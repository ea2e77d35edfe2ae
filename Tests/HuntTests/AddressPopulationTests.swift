import Hunt
import Names
import Testing

@Suite("How many names are known at an address") struct AddressPopulationTests {
  @Test func `each name counts once, in any case, and an address that nobody saw has none`() throws {
    var population = AddressPopulation()
    let (one, other) = (try #require(IPAddress("192.0.2.1")), try #require(IPAddress("2001:db8::1")))
    for text in ["a.example", "A.example", "b.example"] { population.add(try DomainName(text), at: one) }
    #expect(population[one] == 2 && population[other] == nil)
  }

  @Test func `beyond a thousand names nothing more is counted`() throws {
    var population = AddressPopulation()
    let (one, other) = (try #require(IPAddress("192.0.2.1")), try #require(IPAddress("192.0.2.2")))
    for number in 0..<AddressPopulation.mostNames + 7 { population.add(try DomainName("host\(number).example"), at: one) }
    population.add(try DomainName("a.example"), at: other)
    #expect(population[one] == AddressPopulation.mostNames && population[other] == 1)
  }
}
