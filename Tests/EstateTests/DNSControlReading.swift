import DNSWire
import Fixtures
import Foundation
import Names

@testable import Estate

/// Reads DNSControl's JSON as a source of a declaration.
struct DNSControlReading {
  var sourced: Sourced?
  /// Sentences with their places, in reading order.
  var faults: [String]
  var notices: [String]

  var sets: [DeclaredRRset] { sourced?.sets ?? [] }

  init(_ octets: [UInt8], file: String = "ir.json", domain: String = "foo.com") {
    var reader = DeclarationReader(file: "nameward.yaml") { _, _ in throw OctoDNSReading.NoFile() }
    let order = SourcePosition(file: "nameward.yaml", line: 3, column: 1)
    let name = (try? DomainName(displayed: domain)) ?? .root
    sourced = DNSControlSource.read(octets, file: file, domain: name, &reader, order: order)
    faults = reader.faults.inReadingOrder().map(\.description)
    notices = reader.notices.map(\.description)
  }

  init(_ json: String, domain: String = "foo.com") { self.init(Array(json.utf8), domain: domain) }

  init(fixture path: String, domain: String) {
    self.init(Self.contents(path), file: path, domain: domain)
  }

  static func contents(_ path: String) -> [UInt8] {
    Array(FileManager.default.contents(atPath: Fixture.path("dns/declared/dnscontrol/" + path)) ?? Data())
  }
}
