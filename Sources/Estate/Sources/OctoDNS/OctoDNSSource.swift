internal import DNSWire
internal import Names

/// Reads zone files as octoDNS's `YamlProvider` reads them: one file, or a folder with a file for each name.
///
/// What octoDNS would refuse is a fault here too, unless the record is lenient. A record that is answered by place or health
/// (`geo`, `dynamic`) accepts any of its values.
enum OctoDNSSource {
  static func read(
    _ octets: [UInt8], file: String, domain: DomainName, _ reader: inout DeclarationReader, order: SourcePosition
  ) -> Sourced? {
    read([(file, octets)], domain: domain, folder: folder(of: file), &reader, order: order)
  }

  /// Whether a file in the folder of a split zone belongs to it, whatever its name says.
  static func isPart(_ path: String) -> Bool { path.hasSuffix(".yaml") }

  /// Reads the files of a split zone together.
  ///
  /// - Parameter files: All files of the folder; those that are not ``isPart(_:)`` are passed over.
  static func read(
    folder: String, _ files: [(path: String, octets: [UInt8])], domain: DomainName, _ reader: inout DeclarationReader,
    order: SourcePosition
  ) -> Sourced? {
    let parts = files.filter { isPart($0.path) }.sorted { $0.path < $1.path }
    guard !parts.isEmpty else {
      reader.faults.add(order, .octodns(.noFiles))
      return nil
    }
    // What split files share stands beside their folder.
    let path = Inclusion.plain(folder)
    return read(parts, domain: domain, folder: Self.folder(of: path), &reader, order: order)
  }

  private static func read(
    _ files: [(path: String, octets: [UInt8])], domain: DomainName, folder: String, _ reader: inout DeclarationReader,
    order: SourcePosition
  ) -> Sourced? {
    let before = reader.faults.count
    var zone = OctoDNSZone(domain: domain, order: order)
    for (path, octets) in files {
      guard octets.count <= DeclarationText.mostOctets else {
        let cause = OctoDNSFault.tooLarge(octets: octets.count, limit: DeclarationText.mostOctets)
        zone.fault(SourcePosition(file: path, line: 1, column: 1), cause, &reader)
        continue
      }
      var faults = FaultList()
      var written: Written?
      if let source = DeclarationText(octets, file: path, faults: &faults) {
        var inclusion: Inclusion? = Inclusion(from: path, within: folder, load: reader.load)
        written = WrittenReader.read(source, file: path, level: 1, faults: &faults, inclusion: &inclusion)
      }
      for (_, fault) in faults.faults { reader.faults.add(fault.position, fault.cause, order: order) }
      if let written { zone.take(written, &reader) }
    }
    return zone.finish(
      &reader, mayBeEmpty: reader.faults.count == before, start: SourcePosition(file: files.first?.path ?? "", line: 1, column: 1)
    )
  }

  /// The folder of a file, without its final slash.
  private static func folder(of file: String) -> String {
    Inclusion.plain(file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "")
  }
}
