internal import DNSWire
internal import Names

extension DomainReader {
  private static let mostFiles = 20_000
  private static let mostFolderOctets = 256 << 20

  // MARK: Files of other tools

  mutating func readOctoDNS(_ entry: Written.Entry, _ reader: inout DeclarationReader) {
    for item in reader.items(entry, .path) ?? [] {
      guard let path = reader.text(item, entry.key, .path) else { continue }
      let full = reader.resolve(path, from: reader.file)
      guard let names = reader.list(full) else {
        guard let (file, octets) = reader.file(path, item.position) else { continue }
        join(OctoDNSSource.read(octets, file: file, domain: name, &reader, order: item.position), .octoDNS, item, &reader)
        continue
      }
      guard let files = load(names, of: path, item.position, &reader) else { continue }
      join(
        OctoDNSSource.read(folder: full, files, domain: name, &reader, order: item.position), .octoDNS, item, &reader)
    }
  }

  /// The files of a split zone.
  private func load(
    _ names: [String], of folder: String, _ position: SourcePosition, _ reader: inout DeclarationReader
  ) -> [(path: String, octets: [UInt8])]? {
    let base = folder.hasSuffix("/") ? folder : folder + "/"
    var (files, octets): ([(path: String, octets: [UInt8])], Int) = ([], 0)
    for name in names.sorted() where OctoDNSSource.isPart(name) && !name.utf8.contains(UInt8(ascii: "/")) {
      guard let file = reader.file(base + name, position) else { return nil }
      octets += file.octets.count
      guard files.count < Self.mostFiles, octets <= Self.mostFolderOctets else {
        reader.faults.add(
          position, .source(.tooMuch(path: folder, files: Self.mostFiles, megabytes: Self.mostFolderOctets >> 20)))
        return nil
      }
      files.append(file)
    }
    return files
  }

  mutating func readDNSControl(_ entry: Written.Entry, _ reader: inout DeclarationReader) {
    for item in reader.items(entry, .path) ?? [] {
      guard let path = reader.text(item, entry.key, .path), let (file, octets) = reader.file(path, item.position) else {
        continue
      }
      join(DNSControlSource.read(octets, file: file, domain: name, &reader, order: item.position), .dnsControl, item, &reader)
    }
  }

  mutating func readTerraform(_ entry: Written.Entry, _ reader: inout DeclarationReader) {
    for item in reader.items(entry, .path) ?? [] {
      guard let path = reader.text(item, entry.key, .path), let (file, octets) = reader.file(path, item.position) else {
        continue
      }
      join(TerraformSource.read(octets, file: file, domain: name, &reader, order: item.position), .terraform, item, &reader)
    }
  }

  mutating func readTemplates(_ entry: Written.Entry, _ reader: inout DeclarationReader) {
    for written in reader.mappings(entry, .templates) {
      guard let fields = reader.fields(written, .template, "templates", .templates), let path = fields["template"],
        let text = reader.text(path, .path), let (file, octets) = reader.file(text, path.value.position)
      else { continue }
      let host = fields["host"].flatMap { reader.text($0, .name) }
      let before = reader.faults.count
      let variables = fields["variables"].map { readVariables($0, &reader) } ?? [:]
      let groups = fields["groups"].map { field in
        (reader.items(field, .templateGroups) ?? []).compactMap { reader.text($0, field.key, .templateGroups) }
      }
      guard reader.faults.count == before else { continue }
      let sourced = DomainConnectSource.read(
        octets, file: file, domain: name, host: host == "@" ? "" : host ?? "", variables: variables, groups: groups, &reader,
        order: path.value.position)
      join(sourced, .template, path.value, &reader)
    }
  }

  private func readVariables(_ entry: Written.Entry, _ reader: inout DeclarationReader) -> [String: String] {
    guard case .mapping(let entries) = entry.value.content else {
      reader.faults.add(entry.value.position, .wrongKind(entry.key, found: entry.value.kind, wanted: .variables))
      return [:]
    }
    var variables: [String: String] = [:]
    for entry in entries {
      guard let text = entry.value.text else {
        reader.faults.add(entry.value.position, .source(.variable(entry.key)))
        continue
      }
      variables[entry.key] = text
    }
    return variables
  }

  /// Joins what a source says; its conflicts stand where the declaration names it.
  private mutating func join(
    _ sourced: Sourced?, _ source: DeclarationFault.Claim.Source, _ written: Written, _ reader: inout DeclarationReader
  ) {
    guard let sourced else { return }
    if sourced.isWholeZone { isWholeZone = true }
    for var set in sourced.sets {
      set.declaredAt = set.declaredAt ?? written.position
      add(set, from: source, order: written.position, &reader)
    }
  }

  // MARK: Transfer

  mutating func readTransfer(_ entry: Written.Entry, _ reader: inout DeclarationReader) {
    guard let fields = reader.fields(entry.value, .transfer, entry.key, .transfer) else { return }
    var primary: SocketAddress?
    if let field = fields["primary"], let text = reader.text(field, .socketAddress) {
      primary = SocketAddress(text, defaultPort: 53)
      if primary == nil || primary?.port == 0 {
        primary = nil
        reader.faults.add(field.value.position, .notUnderstood(text, .socketAddress))
      }
    }
    guard let key = fields["key"], let inner = reader.fields(key.value, .transferKey, key.key, .transferKey) else { return }
    let keyName = inner["name"].flatMap { field in
      reader.text(field, .name).flatMap { reader.name($0, field.value.position) }
    }
    let algorithm = inner["algorithm"].flatMap { reader.word($0, .transferAlgorithm) as TransferRequest.Algorithm? }
    let secret = inner["secret"].flatMap { reader.secret($0) }
    guard let primary, let keyName, let algorithm, let secret else { return }
    let request = TransferRequest(
      zone: name, primary: primary, keyName: keyName, algorithm: algorithm, secret: secret, position: entry.position)
    switch reader.transfers[request] {
    case nil: reader.wantedTransfers.append(request)
    case .failed(let reason):
      reader.faults.add(entry.position, .source(.transfer(name, from: primary, reason: reason)))
    case .records(let records):
      isWholeZone = true
      take(records.lazy.map { ($0, entry.position) }, from: .transfer, order: entry.position, &reader)
    }
  }
}

extension DeclarationReader {
  mutating func secret(_ entry: Written.Entry) -> SecretReference? {
    guard let text = entry.value.text, let reference = SecretReference(text) else {
      faults.add(entry.value.position, .source(.literalSecret))
      return nil
    }
    return reference.kind == .file ? SecretReference(.file, resolve(reference.text, from: file)) : reference
  }

  /// One of the words of an enumeration.
  mutating func word<Word: RawRepresentable>(_ entry: Written.Entry, _ wanted: DeclarationFault.Wanted) -> Word?
  where Word.RawValue == String {
    guard let text = text(entry, wanted) else { return nil }
    guard let word = Word(rawValue: text) else {
      faults.add(entry.value.position, .notUnderstood(text, wanted))
      return nil
    }
    return word
  }
}
