import Fixtures
import Notation
import Testing

@testable import Indicators

/// The reader of patterns knows nothing of XML: what it takes back is a pattern of STIX 2.1.
@Suite("STIX 2.1 §9 patterns of STIX 1.x and OpenIOC files") struct STIX1WrittenPatternsTests {
  static let files: [String] = ["stix1-elevator/xml", "misp-stix", "us-cert", "openioc"].flatMap { folder in
    Fixture.files(below: "ioc/" + folder).filter { $0.hasSuffix(".xml") || $0.hasSuffix(".ioc") }.map { folder + "/" + $0 }
  }

  static func publication(_ file: String) throws -> Publication {
    let root = try XMLElement(Fixture.octets("ioc/" + file))
    return OpenIOC.isHeld(by: root) ? try OpenIOC.read(root) : try STIX1.read(root)
  }

  @Test func `there are 127 files`() { #expect(Self.files.count == 127) }

  @Test(arguments: files) func `every pattern is written and read back as it was, and can be matched`(file: String) throws {
    for indicator in try Self.publication(file).indicators {
      guard let pattern = indicator.pattern else { continue }
      #expect(try Pattern("\(pattern)") == pattern)
      #expect(throws: Never.self) { try PatternMatcher(pattern) }
    }
  }

  @Test func `a name is enough alone where relations are only told, and not where they are required`() throws {
    let root = try XMLElement(Fixture.octets("ioc/stix1-elevator/xml/resolve_to.xml"))
    func sufficient(_ relations: STIX1.Relations) throws -> [String] {
      try STIX1.read(root, relations: relations).indicators.flatMap { $0.pattern?.observables ?? [] }
        .filter(\.isSufficient).map(\.observable.value)
    }
    #expect(try sufficient(.told) == ["microsoftb.byinter.net", "www.dhcpserver.ns01.us"])
    #expect(try sufficient(.required) == [])
  }
}
