internal import DNSWire
internal import Names

/// The records of one domain of DNSControl's.
struct DNSControlZone {
  let domain: DomainName
  /// The place in the declaration that names the file.
  let order: SourcePosition
  private var sets = SourcedSets()

  init(domain: DomainName, order: SourcePosition) { (self.domain, self.order) = (domain, order) }

  private func fault(_ position: SourcePosition, _ fault: DNSControlFault) -> DeclarationFault {
    DeclarationFault(position, .dnscontrol(fault))
  }

  mutating func read(_ config: Written, _ reader: inout DeclarationReader) throws(DeclarationFault) -> Sourced {
    let before = reader.faults.count
    for record in try list(config, "records") {
      do throws(DeclarationFault) {
        try take(record, &reader)
      } catch {
        reader.faults.add(error.position, error.cause, order: order)
      }
    }
    for record in try list(config, "rawrecords") {
      let word = record["type"]?.text ?? ""
      if Self.rules.contains(word) {
        reader.notice(record.position, .dnscontrol(.noRecord(domain, type: word)))
      } else {
        reader.faults.add(record.position, .dnscontrol(.raw(word)), order: order)
      }
    }
    try takeNameServers(config, &reader)
    for set in sets.besideAliases() {
      reader.faults.add(set.declaredAt ?? config.position, .aliasBesideOthers(set.name, set.type), order: order)
    }
    let isWholeZone = try isWholeZone(config, &reader)
    if isWholeZone { try takeAbsent(config) }
    if sets.sets.isEmpty, reader.faults.count == before { reader.notice(config.position, .dnscontrol(.empty(domain))) }
    return Sourced(sets: sets.all(), isWholeZone: isWholeZone)
  }

  private func list(_ config: Written, _ key: String) throws(DeclarationFault) -> [Written] {
    switch config[key]?.content {
    case .list(let items): return items
    case .nothing, nil: return []
    default: throw fault(config[key]?.position ?? config.position, .shape(key: key, wanted: "a list"))
    }
  }

  // MARK: The domain

  /// Whether DNSControl removes what it does not know.
  private func isWholeZone(_ config: Written, _ reader: inout DeclarationReader) throws(DeclarationFault) -> Bool {
    var isWhole = true
    if let keeps = config["keepunknown"], keeps.text == "true" {
      reader.notice(keeps.position, .dnscontrol(.keepsUnknown(domain)))
      isWhole = false
    }
    var (patterns, position) = (0, config.position)
    for key in ["unmanaged", "ignored_names", "ignored_targets"] {
      let items = try list(config, key)
      if patterns == 0, let first = config[key], !items.isEmpty { position = first.position }
      patterns += items.count
    }
    if config["ignore_external_dns"]?.text == "true" { patterns += 1 }
    if patterns > 0 {
      reader.notice(position, .dnscontrol(.ignored(domain, patterns: patterns)))
      isWhole = false
    }
    return isWhole
  }

  /// `nameservers`: all of them only where no provider is asked for its own.
  private mutating func takeNameServers(_ config: Written, _ reader: inout DeclarationReader) throws(DeclarationFault) {
    let items = try list(config, "nameservers")
    guard let first = items.first else { return }
    var values: [RData] = []
    for item in items {
      guard let field = item["name"], let text = field.text else {
        throw fault(item.position, .shape(key: "nameservers", wanted: "objects with a name"))
      }
      do {
        values.append(RData(type: .ns, canonical: try DomainName(displayed: text).octets))
      } catch {
        throw fault(field.position, .name(text, error))
      }
    }
    var asksProviders = false
    if case .mapping(let providers)? = config["dnsProviders"]?.content {
      asksProviders = providers.contains { $0.value.text != "0" }
    }
    let ttl = try config["meta"]?["ns_ttl"].map { (written) throws(DeclarationFault) in try self.ttl(written) }
    var intended = DeclaredRRset.Intended.exactly(values)
    if asksProviders {
      intended = .tolerant(Tolerance(allOf: values, allowsOthers: true))
      reader.notice(first.position, .dnscontrol(.moreNameServers(domain)))
    }
    sets.join(DeclaredRRset(domain, .ns, intended, ttl: ttl ?? Self.defaultTTL, declaredAt: first.position))
  }

  /// `recordsabsent` (ENSURE_ABSENT): in a whole zone no other record of that name and type is there either.
  private mutating func takeAbsent(_ config: Written) throws(DeclarationFault) {
    for record in try list(config, "recordsabsent") {
      guard let word = record["type"]?.text, let type = RRType(word), !type.isMeta else { continue }
      let owner = try owner(record)
      _ = sets.add(DeclaredRRset(owner, type, .absent, declaredAt: record.position))
    }
  }

  // MARK: Records

  /// What DNSControl writes where no TTL is set.
  static let defaultTTL: UInt32 = 300

  /// Rules of Cloudflare that change no answer of DNS.
  private static let rules: Set = [
    "CF_REDIRECT", "CF_TEMP_REDIRECT", "CF_WORKER_ROUTE", "CLOUDFLAREAPI_SINGLE_REDIRECT", "PAGE_RULE", "WORKER_ROUTE",
  ]

  /// Names that the provider answers with addresses of its own.
  private static let answered: Set = [
    "AKAMAICDN", "AKAMAITLC", "ALIAS", "ANAME", "BUNNY_DNS_PZ", "BUNNY_DNS_RDR", "CLOUDNS_WR", "FRAME", "NETLIFY", "NETLIFYv6",
    "NS1_URLFWD", "PORKBUN_URLFWD", "URL", "URL301",
  ]

  private mutating func take(_ record: Written, _ reader: inout DeclarationReader) throws(DeclarationFault) {
    guard case .mapping = record.content else {
      throw fault(record.position, .shape(key: "records", wanted: "a list of objects"))
    }
    guard let typeField = record["type"], let word = typeField.text, !word.isEmpty else {
      throw fault(record.position, .missing("type", of: "a record"))
    }
    let owner = try owner(record)
    let title = "\(owner) \(word)"
    if Self.rules.contains(word) {
      reader.notice(record.position, .dnscontrol(.noRecord(domain, type: word)))
      return
    }
    if Self.answered.contains(word) { return takeAnswered(owner, [.a, .aaaa], by: word, at: record.position, &reader) }
    if word == "R53_ALIAS" || word == "AZURE_ALIAS" {
      let aliased = record[word.lowercased()]?["type"]?.text ?? ""
      guard aliased == "A" || aliased == "AAAA" else {
        throw fault(record.position, .alias(title, type: aliased, target: record["target"]?.text ?? ""))
      }
      return takeAnswered(owner, [aliased == "A" ? .a : .aaaa], by: word, at: record.position, &reader)
    }
    guard let type = RRType(word), !type.isMeta, type.rawValue != 0 else { throw fault(typeField.position, .type(word)) }
    // The serial moves with every change; what the owner intends is in the other records.
    if type == .soa { return }
    if type.isGenerated(inSignedZone: false) {
      reader.notice(record.position, .generated(type, count: 1))
      return
    }
    if type == .ds, owner == domain {
      reader.notice(record.position, .dnscontrol(.dsOfDomain(domain)))
      return
    }
    let proxy = record["meta"]?["cloudflare_proxy"]?.text?.lowercased()
    if proxy == "on" || proxy == "full", type == .a || type == .aaaa || type == .cname {
      return takeAnswered(owner, [.a, .aaaa], by: "cloudflare_proxy", at: record.position, &reader)
    }
    guard DNSControlRecord.isRead(type) else { throw fault(typeField.position, .type(word)) }
    let data = try DNSControlRecord(record, type: type, domain: domain, title: title).data()
    let ttl = try record["ttl"].map { (written) throws(DeclarationFault) in try self.ttl(written) } ?? 0
    sets.join(
      DeclaredRRset(owner, type, .exactly([data]), ttl: ttl == 0 ? Self.defaultTTL : ttl, declaredAt: record.position))
  }

  private mutating func takeAnswered(
    _ owner: DomainName, _ types: [RRType], by word: String, at position: SourcePosition, _ reader: inout DeclarationReader
  ) {
    if types.contains(where: { sets[owner, $0]?.isOpen != true }) {
      reader.notice(position, .dnscontrol(.anyAddress(owner, by: word)))
    }
    for type in types {
      let any = Tolerance(allowsOthers: true, atLeast: 0)
      sets.join(DeclaredRRset(owner, type, .tolerant(any), declaredAt: position))
    }
  }

  /// `@`, or a name relative to the domain.
  private func owner(_ record: Written) throws(DeclarationFault) -> DomainName {
    guard let field = record["name"], let text = field.text else {
      throw fault(record.position, .missing("name", of: "a record"))
    }
    if text == "@" || text.isEmpty { return domain }
    do {
      let typed = try DomainName(displayed: text)
      guard text.hasSuffix(".") else { return try DomainName("\(typed)".dropLast(), origin: domain) }
      if typed.isAtOrBelow(domain) { return typed }
    } catch {
      throw fault(field.position, .name(text, error))
    }
    throw fault(field.position, .outside(text, domain))
  }

  private func ttl(_ written: Written) throws(DeclarationFault) -> UInt32 {
    // RFC 2181 §8: at most 2^31 - 1.
    guard let text = written.text, let seconds = UInt32(text), seconds <= 2_147_483_647 else {
      throw fault(written.position, .ttl(written.text ?? ""))
    }
    return seconds
  }
}

extension DeclaredRRset {
  /// Whether any value is accepted.
  fileprivate var isOpen: Bool { if case .tolerant(let tolerance) = intended { tolerance.allowsOthers } else { false } }
}
