internal import DNSWire
internal import Names
internal import Notation

/// The records of one zone, from all its files.
struct OctoDNSZone {
  let domain: DomainName
  /// The place in the declaration that names the files.
  let order: SourcePosition
  private var sets = SourcedSets()
  private var isEmpty = true

  init(domain: DomainName, order: SourcePosition) { (self.domain, self.order) = (domain, order) }

  func fault(_ position: SourcePosition, _ fault: OctoDNSFault, _ reader: inout DeclarationReader) {
    reader.faults.add(position, .octodns(fault), order: order)
  }

  func finish(_ reader: inout DeclarationReader, mayBeEmpty: Bool, start: SourcePosition) -> Sourced {
    for set in sets.besideAliases() {
      reader.faults.add(set.declaredAt ?? start, .aliasBesideOthers(set.name, set.type), order: order)
    }
    if isEmpty, mayBeEmpty { reader.notice(start, .octodns(.empty)) }
    return Sourced(sets: sets.all(), isWholeZone: true)
  }

  // MARK: Files and names

  mutating func take(_ written: Written, _ reader: inout DeclarationReader) {
    switch written.content {
    case .nothing: return
    case .mapping(let entries):
      if let zoneFile = configured(entries) {
        isEmpty = false
        fault(written.position, .configuration(zoneFile: zoneFile), &reader)
        return
      }
      for entry in entries { take(entry, &reader) }
    case .list, .text:
      isEmpty = false
      fault(written.position, .noZone(found: written.kind), &reader)
    }
  }

  /// Where octoDNS's configuration, if this is one, says that zone files are.
  private func configured(_ entries: [Written.Entry]) -> String? {
    let keys: Set = ["providers", "zones", "manager"]
    let found = entries.filter { keys.contains($0.key) && $0.value["type"] == nil && !$0.value.isList }
    guard found.contains(where: { $0.key == "zones" || $0.key == "providers" }) else { return nil }
    var folder = ""
    if case .mapping(let providers)? = found.first(where: { $0.key == "providers" })?.value.content {
      let directory = providers.lazy.compactMap { $0.value["directory"]?.text }.first { !$0.hasPrefix("env/") }
      if let directory { folder = Inclusion.plain(directory) }
    }
    return printable((folder.isEmpty ? "" : folder + "/") + "\(domain)yaml", limit: 200)
  }

  private mutating func take(_ entry: Written.Entry, _ reader: inout DeclarationReader) {
    isEmpty = false
    guard let owner = owner(entry, &reader) else { return }
    switch entry.value.content {
    case .mapping: take(entry.value, of: owner, entry, &reader)
    case .list(let items) where !items.isEmpty: for item in items { take(item, of: owner, entry, &reader) }
    case .list: fault(entry.position, .noRecord(entry.key, found: .nothing), &reader)
    case .nothing, .text: fault(entry.position, .noRecord(entry.key, found: entry.value.kind), &reader)
    }
  }

  private func owner(_ entry: Written.Entry, _ reader: inout DeclarationReader) -> DomainName? {
    if entry.key.isEmpty { return domain }
    if entry.key == "@" {
      fault(entry.position, .apex, &reader)
      return nil
    }
    if entry.key.hasSuffix(".") {
      fault(entry.position, .finalDot(entry.key), &reader)
      return nil
    }
    do {
      let relative = try DomainName(displayed: entry.key)
      return try DomainName("\(relative)".dropLast(), origin: domain)
    } catch {
      fault(entry.position, .name(entry.key, error), &reader)
      return nil
    }
  }

  // MARK: Records

  private mutating func take(
    _ written: Written, of owner: DomainName, _ entry: Written.Entry, _ reader: inout DeclarationReader
  ) {
    guard case .mapping(let fields) = written.content else {
      fault(written.position, .noRecord(entry.key, found: written.kind), &reader)
      return
    }
    // The place of the only record of a name is where the name stands.
    let position = if case .mapping = entry.value.content { entry.position } else { written.position }
    guard let typeField = written["type"], let word = typeField.text, !word.isEmpty else {
      fault(written["type"]?.position ?? position, .missing("type", of: entry.key.isEmpty ? "''" : quoted(entry.key)), &reader)
      return
    }
    let options = written["octodns"]
    if word == "ALIAS" || word == "URLFWD" || options?["cloudflare"]?["proxied"]?.isTrue == true {
      takeAnswered(owner, by: word == "ALIAS" || word == "URLFWD" ? word : "proxied", at: position, fields, &reader)
      return
    }
    guard let type = type(word, typeField.position, &reader) else { return }
    if options?["ignored"]?.isTrue == true {
      sets.leave(owner, type)
      reader.notice(position, .octodns(.ignored(owner, type: "\(type)")))
      return
    }
    if options?["excluded"]?.isFilledList == true || options?["included"]?.isFilledList == true {
      sets.leave(owner, type)
      reader.notice(position, .octodns(.someProviders(owner, type: "\(type)")))
      return
    }
    if type == .ds, owner == domain {
      reader.notice(position, .octodns(.dsOfDomain(domain)))
      return
    }
    let record = OctoDNSRecord(
      type: type, isLenient: options?["lenient"]?.isTrue == true, title: "\(owner.displayed) \(type)", position: position,
      order: order)
    guard let ttl = ttl(written["ttl"], &reader), let intended = record.intended(written, &reader) else { return }
    add(DeclaredRRset(owner, type, intended, ttl: ttl, declaredAt: position), &reader)
  }

  private mutating func add(_ set: DeclaredRRset, _ reader: inout DeclarationReader) {
    guard let earlier = sets.add(set), let position = set.declaredAt else { return }
    let first = earlier.declaredAt ?? position
    reader.faults.add(position, .twice("\(set.name) \(set.type)", first: first), order: order)
  }

  /// A name that the provider answers itself, with addresses of its own.
  private mutating func takeAnswered(
    _ owner: DomainName, by word: String, at position: SourcePosition, _ fields: [Written.Entry],
    _ reader: inout DeclarationReader
  ) {
    reader.notice(position, .octodns(.anyAddress(owner, by: word)))
    for type in [RRType.a, .aaaa] {
      let any = Tolerance(allowsOthers: true, atLeast: 0)
      _ = sets.add(DeclaredRRset(owner, type, .tolerant(any), declaredAt: position))
    }
  }

  private func type(_ word: String, _ position: SourcePosition, _ reader: inout DeclarationReader) -> RRType? {
    guard let type = RRType(word), OctoDNSValue.shape(of: type) != nil else {
      if let type = RRType(word), type == .soa || type.isGenerated(inSignedZone: true) {
        fault(position, .notDeclared(type), &reader)
      } else {
        let near = nearestWord(to: word, among: OctoDNSValue.types.map { "\($0)" }).flatMap { $0 == word ? nil : $0 }
        fault(position, .type(word, suggestion: near), &reader)
      }
      return nil
    }
    return type
  }

  /// Where none is written, what `YamlProvider` takes unless its configuration says otherwise.
  static let defaultTTL: UInt32 = 3600

  private func ttl(_ written: Written?, _ reader: inout DeclarationReader) -> UInt32? {
    guard let written else { return Self.defaultTTL }
    // RFC 2181 §8: at most 2^31 - 1.
    guard let text = written.text, let seconds = UInt32(text), seconds <= 2_147_483_647 else {
      fault(written.position, .ttl(written.text ?? ""), &reader)
      return nil
    }
    return seconds
  }
}

extension Written {
  /// As PyYAML, with which octoDNS reads: YAML 1.1 has more words for it.
  fileprivate var isTrue: Bool { text.map { ["true", "yes", "on"].contains($0.lowercased()) } ?? false }
  fileprivate var isList: Bool { if case .list = content { true } else { false } }
  fileprivate var isFilledList: Bool { if case .list(let items) = content { !items.isEmpty } else { false } }
}
