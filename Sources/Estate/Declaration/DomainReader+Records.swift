internal import DNSWire
internal import Names

extension DomainReader {
  mutating func readRecords(_ entry: Written.Entry, _ reader: inout DeclarationReader) {
    guard case .mapping(let entries) = entry.value.content, !entries.isEmpty else {
      let found = if case .mapping = entry.value.content { DeclarationFault.Kind.nothing } else { entry.value.kind }
      reader.faults.add(entry.value.position, .wrongKind(entry.key, found: found, wanted: .records))
      return
    }
    var first: [DomainName: SourcePosition] = [:]
    for entry in entries {
      guard let owner = owner(entry, &reader), reader.isNew(owner, entry.key, entry.position, among: &first) else { continue }
      if entry.value.text == "absent" {
        if owner == name {
          reader.faults.add(entry.value.position, .absentApex)
        } else {
          for type in RRType.keyTypes {
            add(DeclaredRRset(owner, type, .absent, declaredAt: entry.position), from: .records, &reader)
          }
        }
      } else if case .mapping(let types) = entry.value.content, !types.isEmpty {
        readTypes(types, of: owner, &reader)
      } else {
        let found = if case .mapping = entry.value.content { DeclarationFault.Kind.nothing } else { entry.value.kind }
        reader.faults.add(entry.value.position, .wrongKind(entry.key, found: found, wanted: .recordsOfName))
      }
    }
  }

  private mutating func readTypes(_ entries: [Written.Entry], of owner: DomainName, _ reader: inout DeclarationReader) {
    var first: [RRType: SourcePosition] = [:]
    for entry in entries {
      guard let type = type(entry, of: owner, &reader), reader.isNew(type, entry.key, entry.position, among: &first) else {
        continue
      }
      guard let (intended, ttl) = intended(entry, type, &reader) else { continue }
      if intended == .absent, owner == name, type == .ns {
        reader.faults.add(entry.value.position, .absentApex)
        continue
      }
      add(DeclaredRRset(owner, type, intended, ttl: ttl, declaredAt: entry.position), from: .records, &reader)
    }
  }

  /// Joins a set to what the other sources say; tells where they do not agree.
  ///
  /// - Parameter order: The place in the declaration that names the file that the set is in.
  mutating func add(
    _ set: DeclaredRRset, from source: DeclarationFault.Claim.Source, order: SourcePosition? = nil,
    _ reader: inout DeclarationReader
  ) {
    guard let other = sets.add(set, from: source) else { return }
    let position = set.declaredAt ?? order ?? declaredAt
    let own = DeclaredSets.Claimed(set: set, source: source).claim
    reader.faults.add(position, .disagree("\(set.name) \(set.type)", own, other.claim), order: order)
  }

  /// RFC 1034 §3.6.2: an alias has no other data, so none stands at the apex; RFC 2181 §10.1: a name has one at most. Types
  /// declared absent do not count.
  ///
  /// Over all sources together. What one source says by itself is not looked at where its reader has told it.
  func checkAliases(_ reader: inout DeclarationReader) {
    var apex: DeclaredSets.Claimed?
    for claimed in sets.claims where !claimed.set.intended.mayBeAbsent {
      if claimed.set.type == .cname {
        if claimed.set.name == name { apex = apex ?? claimed }
        let count = claimed.set.intended.fewest
        if count > 1 { fault([claimed], .severalAliases(claimed.set.name, count), &reader) }
        continue
      }
      guard let alias = sets[claimed.set.name, .cname], !alias.set.intended.mayBeAbsent else { continue }
      if alias.source == claimed.source, [.zone, .octoDNS, .dnsControl].contains(alias.source) { continue }
      fault([claimed, alias], .aliasBesideOthers(claimed.set.name, claimed.set.type), &reader)
    }
    // The SOA is nobody's to declare.
    if let apex, sets.claims.allSatisfy({ $0.set.name != name || $0.set.type == .cname || $0.set.intended.mayBeAbsent }) {
      fault([apex], .aliasBesideOthers(name, .soa), &reader)
    }
  }

  /// Tells a fault at the first of these that stands in the declaration itself, beside what another file says.
  private func fault(_ claims: [DeclaredSets.Claimed], _ cause: DeclarationFault.Cause, _ reader: inout DeclarationReader) {
    let places = claims.compactMap(\.set.declaredAt)
    let place = places.first { $0.file == reader.file } ?? places.first ?? declaredAt
    reader.faults.add(place, cause, order: place.file == reader.file ? nil : declaredAt)
  }

  /// The owner name of a key: relative to the domain unless it ends in a dot; `@` is the domain.
  private func owner(_ entry: Written.Entry, _ reader: inout DeclarationReader) -> DomainName? {
    if entry.key == "@" { return name }
    guard let typed = reader.name(entry.key, entry.position) else { return nil }
    guard isRelative(entry.key) else {
      if typed.isAtOrBelow(name) { return typed }
      reader.faults.add(entry.position, .outside(typed, domain: name))
      return nil
    }
    // "www.example.gov" below example.gov is a forgotten dot, not a name of its own.
    if typed.isAtOrBelow(name), name != .root {
      reader.faults.add(entry.position, .repeatsDomain(entry.key, domain: name))
      return nil
    }
    do {
      return try DomainName("\(typed)".dropLast(), origin: name)
    } catch {
      reader.faults.add(entry.position, .notName(entry.key, error))
      return nil
    }
  }

  private func isRelative(_ text: String) -> Bool {
    // UTS 46 §2.3: the ideographic full stops end a name too.
    !text.hasSuffix(".") && !text.hasSuffix("\u{3002}") && !text.hasSuffix("\u{FF0E}") && !text.hasSuffix("\u{FF61}")
      || text.hasSuffix("\\.")
  }

  private func type(_ entry: Written.Entry, of owner: DomainName, _ reader: inout DeclarationReader) -> RRType? {
    guard let type = RRType(entry.key) else {
      reader.faults.add(entry.position, .unknownType(entry.key, suggestion: nearestWord(to: entry.key, among: RRType.declarable)))
      return nil
    }
    if type.isMeta || type.rawValue == 0 {
      reader.faults.add(entry.position, .metaType(type))
    } else if type == .soa || type.isGenerated(inSignedZone: false) {
      reader.faults.add(entry.position, .generatedType(type))
    } else if type == .ds, owner == name {
      reader.faults.add(entry.position, .dsOfDomain)
    } else {
      return type
    }
    return nil
  }

  func rdata(_ text: String, _ type: RRType, _ position: SourcePosition, _ reader: inout DeclarationReader) -> RData? {
    if type == .txt, !text.hasPrefix("\""), !text.hasPrefix("\\#") {
      // Each 255 octets need one more for their length (RFC 1035 §3.3.14); RDLENGTH has 16 bits.
      guard text.utf8.count <= 65_000 else {
        reader.faults.add(position, .notRecord(type, text, .dataTooLong(octets: text.utf8.count)))
        return nil
      }
      return Self.txt(text)
    }
    if let target = Self.nameAtEnd(text, type), target.contains("."), isRelative(target) {
      reader.faults.add(position, .noFinalDot(target, below: name))
      return nil
    }
    do {
      let rdata = try RData(type: type, text: text, origin: name)
      return type != .ds || check(rdata, position, &reader) ? rdata : nil
    } catch {
      reader.faults.add(position, .notRecord(type, text, error.cause))
      return nil
    }
  }

  /// The name that ends the data of types whose target is mistaken most often.
  ///
  /// `CNAME: cdn.example.net` without its final dot would mean a name below the domain, which hardly anyone intends.
  private static func nameAtEnd(_ text: String, _ type: RRType) -> String? {
    switch type {
    case .ns, .cname, .dname, .ptr, .mx, .srv: text.split(separator: " ").last.map(String.init)
    default: nil
    }
  }

  /// Text without quotes is one value, whatever spaces it holds: strings of 255 octets and a rest, which readers join
  /// (RFC 7208 §3.3, RFC 6376 §3.6.2.2).
  private static func txt(_ text: String) -> RData {
    var (octets, rest) = ([UInt8](), Array(text.utf8)[...])
    repeat {
      let string = rest.prefix(255)
      octets.append(UInt8(string.count))
      octets += string
      rest = rest.dropFirst(255)
    } while !rest.isEmpty
    return RData(type: .txt, canonical: octets)
  }
}
