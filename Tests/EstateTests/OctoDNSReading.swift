import DNSWire
import Fixtures
import Foundation
import Names

@testable import Estate

/// Reads octoDNS's files as a source of a declaration.
struct OctoDNSReading {
  struct NoFile: Error, CustomStringConvertible { var description: String { "there is no such file" } }

  var sourced: Sourced?
  /// Sentences with their places, in reading order.
  var faults: [String]
  var notices: [String]

  var sets: [DeclaredRRset] { sourced?.sets ?? [] }

  /// Reads one file, and what it includes, out of files that exist only here.
  init(_ files: [String: [UInt8]], file: String, domain: String = "example.gov") {
    func load(_ path: String, _ at: SourcePosition) throws -> [UInt8] {
      guard let octets = files[path] else { throw NoFile() }
      return octets
    }
    self.init(load: load) { reader, order in
      OctoDNSSource.read(files[file] ?? [], file: file, domain: Sample.name(domain), &reader, order: order)
    }
  }

  init(_ yaml: String, files: [String: String] = [:], domain: String = "example.gov") {
    var all = files.mapValues { Array($0.utf8) }
    all["zones/z.yaml"] = Array(yaml.utf8)
    self.init(all, file: "zones/z.yaml", domain: domain)
  }

  /// Reads a fixture below `dns/declared`: a file, or a folder of a split zone. Places are as if the folder were ours.
  init(fixture path: String, domain: String) {
    let root = Fixture.path("dns/declared/")
    func octets(_ path: String) throws -> [UInt8] {
      guard let data = FileManager.default.contents(atPath: root + path) else { throw NoFile() }
      return Array(data)
    }
    func load(_ path: String, _ at: SourcePosition) throws -> [UInt8] { try octets(path) }
    self.init(load: load) { reader, order in
      let domain = Sample.name(domain)
      guard path.hasSuffix(".yaml") else {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root + path)) ?? []
        let files = names.map { (path + "/" + $0, (try? octets(path + "/" + $0)) ?? []) }
        return OctoDNSSource.read(folder: path, files, domain: domain, &reader, order: order)
      }
      return OctoDNSSource.read((try? octets(path)) ?? [], file: path, domain: domain, &reader, order: order)
    }
  }

  private init(
    load: @escaping (String, SourcePosition) throws -> [UInt8],
    _ read: (inout DeclarationReader, SourcePosition) -> Sourced?
  ) {
    var reader = DeclarationReader(file: "nameward.yaml", load: load)
    sourced = read(&reader, SourcePosition(file: "nameward.yaml", line: 3, column: 1))
    faults = reader.faults.inReadingOrder().map(\.description)
    notices = reader.notices.map(\.description)
  }
}
