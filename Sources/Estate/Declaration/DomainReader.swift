internal import DNSWire
internal import Names

/// Reads one domain of a declaration: its sources first each for itself, then against each other.
struct DomainReader {
  let name: DomainName
  let declaredAt: SourcePosition
  let network: Network
  var sets = DeclaredSets()
  var isWholeZone = false

  init(_ name: DomainName, declaredAt: SourcePosition, network: Network) {
    (self.name, self.declaredAt, self.network) = (name, declaredAt, network)
  }

  mutating func read(_ entry: Written.Entry, _ reader: inout DeclarationReader) -> Domain? {
    if case .nothing = entry.value.content {
      reader.faults.add(entry.position, .nothingDeclared(name))
      return nil
    }
    guard let fields = reader.fields(entry.value, .domain, entry.key, .domain) else { return nil }
    let sources = [
      "zone", "octodns", "dnscontrol", "terraform", "templates", "transfer", "nameservers", "ds", "records", "mail",
      "certificates",
    ]
    // What a domain is declared by beside records, or will be.
    let others = ["nameservers", "ds", "mail", "certificates", "transfer"]
    let isAnyWritten = fields.keys.contains(where: sources.contains)
    let (faultsBefore, order) = (reader.faults.count, entry.position)
    if let zone = fields["zone"] { readZone(zone, &reader) }
    if let octodns = fields["octodns"] { readOctoDNS(octodns, &reader) }
    if let dnscontrol = fields["dnscontrol"] { readDNSControl(dnscontrol, &reader) }
    if let terraform = fields["terraform"] { readTerraform(terraform, &reader) }
    if let transfer = fields["transfer"] { readTransfer(transfer, &reader) }
    if let templates = fields["templates"] { readTemplates(templates, &reader) }
    if let records = fields["records"] { readRecords(records, &reader) }
    let nameServers = fields["nameservers"].flatMap { readNameServers($0, &reader) }
    let secondaries = fields["secondaries"].map { readSecondaries($0, &reader) } ?? []
    let ds = fields["ds"].flatMap { readDS($0, &reader) } ?? .undeclared
    // Sources that hold no record are as good as none.
    let isEmpty = sets.claims.isEmpty && !fields.keys.contains(where: others.contains)
    if !isAnyWritten || isEmpty, reader.faults.count == faultsBefore, !hasUnknown(entry.value) {
      reader.faults.add(order, .nothingDeclared(name))
    }
    if let nameServers { compare(nameServers, &reader) }
    checkAliases(&reader)
    var domain = domain(nameServers, secondaries, ds)
    domain.mail = fields["mail"].flatMap { readMail($0, &reader) }
    domain.issuers = fields["certificates"].flatMap { readCertificates($0, &reader) }
    return domain
  }

  /// What was read, so far.
  func domain(_ nameServers: [NameServer]? = nil, _ secondaries: [SocketAddress] = [], _ ds: Domain.DS = .undeclared) -> Domain {
    Domain(
      name, nameServers: nameServers ?? nameServersOfZone(), secondaries: secondaries, ds: ds,
      records: sets.claims.map(\.set), isWholeZone: isWholeZone, declaredAt: declaredAt)
  }

  /// Whether a key stands there that has its own fault, so that "nothing is declared" would only repeat it.
  private func hasUnknown(_ written: Written) -> Bool {
    guard case .mapping(let entries) = written.content else { return true }
    return entries.contains { entry in
      switch DeclarationKeys.domain.key(entry.key)?.use {
      case .read, .notChecked: false
      case .refused, nil: true
      }
    }
  }

  // MARK: Zone file

  /// A declared RRset takes some 50 times its shortest text, so the zone files of a declaration have a bound. One that is audited
  /// alone may be larger: it stays flat.
  private let mostZoneOctets = 64 << 20

  private mutating func readZone(_ entry: Written.Entry, _ reader: inout DeclarationReader) {
    let position = entry.value.position
    guard let path = reader.text(entry, .path), let (full, octets) = reader.file(path, position) else { return }
    take(octets, from: full, order: position, &reader)
  }

  /// Joins what a zone file says to the domain.
  ///
  /// - Parameter order: The place that names the file; its faults follow that place in reading order.
  mutating func take(_ octets: [UInt8], from full: String, order position: SourcePosition, _ reader: inout DeclarationReader) {
    isWholeZone = true
    guard let zone = DeclaredZone(octets, from: full, origin: name, most: mostZoneOctets, order: position, &reader) else {
      return
    }
    take(zone.records, from: .zone, order: position, &reader)
  }

  /// Joins the records of a whole zone, but for those that servers and signers maintain themselves.
  mutating func take(
    _ records: some Collection<(ResourceRecord, SourcePosition)>, from source: DeclarationFault.Claim.Source,
    order: SourcePosition, _ reader: inout DeclarationReader
  ) {
    let isSigned = records.contains { $0.0.type == .rrsig }
    var leftOut = LeftOut()
    var gathering = RecordGathering()
    for (record, position) in records {
      guard record.recordClass == .in else {
        reader.faults.add(position, .notInternet(record.recordClass), order: order)
        continue
      }
      // The serial moves with every change; what the owner intends is in the other records.
      if record.type == .soa { continue }
      if record.type.isGenerated(inSignedZone: isSigned) {
        leftOut.add(record.type, at: position)
        continue
      }
      gathering.add(record, at: position)
    }
    for set in gathering.sets { add(set, from: source, order: order, &reader) }
    leftOut.tell(&reader)
  }

  // MARK: Secondaries and DS

  private func readSecondaries(_ entry: Written.Entry, _ reader: inout DeclarationReader) -> [SocketAddress] {
    guard let items = reader.items(entry, .socketAddresses) else { return [] }
    var addresses: [SocketAddress] = []
    var first: [SocketAddress: SourcePosition] = [:]
    for item in items {
      guard let text = reader.text(item, entry.key, .socketAddress) else { continue }
      guard let address = SocketAddress(text, defaultPort: network.port), address.port != 0 else {
        reader.faults.add(item.position, .notUnderstood(text, .socketAddress))
        continue
      }
      if reader.isNew(address, text, item.position, among: &first) { addresses.append(address) }
    }
    return addresses
  }

  private func readDS(_ entry: Written.Entry, _ reader: inout DeclarationReader) -> Domain.DS? {
    if entry.value.text == "unsigned" { return .unsigned }
    guard let items = reader.items(entry, .ds) else { return nil }
    var records: [RData] = []
    var first: [RData: SourcePosition] = [:]
    for item in items {
      guard let rdata = readDSRecord(item, &reader) else { continue }
      if reader.isNew(rdata, rdata.text, item.position, among: &first) { records.append(rdata) }
    }
    return .exactly(records)
  }

  private func readDSRecord(_ written: Written, _ reader: inout DeclarationReader) -> RData? {
    if let text = written.text {
      do {
        let rdata = try RData(type: .ds, text: text, origin: nil)
        return check(rdata, written.position, &reader) ? rdata : nil
      } catch {
        reader.faults.add(written.position, .notRecord(.ds, text, error.cause))
        return nil
      }
    }
    guard let fields = reader.fields(written, .ds, "ds", .dsMapping) else { return nil }
    let keyTag = fields["keyTag"].flatMap { reader.integer($0, .keyTag, 0...65_535) }
    let algorithm = fields["algorithm"].flatMap { reader.integer($0, .algorithm, 0...255) }
    let digestType = fields["digestType"].flatMap { reader.integer($0, .digestType, 0...255) }
    guard let digestField = fields["digest"], let digest = readDigest(digestField, &reader), let keyTag, let algorithm,
      let digestType
    else { return nil }
    let octets = [UInt8(keyTag >> 8), UInt8(keyTag & 0xFF), UInt8(algorithm), UInt8(digestType)] + digest
    let rdata = RData(type: .ds, canonical: octets)
    return check(rdata, digestField.value.position, &reader) ? rdata : nil
  }

  private func readDigest(_ entry: Written.Entry, _ reader: inout DeclarationReader) -> [UInt8]? {
    guard let text = reader.text(entry, .digest) else { return nil }
    let digits = text.utf8.filter { $0 != 0x20 }.prefix(1024)
    let values = digits.compactMap { hexDigit($0) }
    guard values.count == digits.count, !values.isEmpty, values.count.isMultiple(of: 2) else {
      reader.faults.add(entry.value.position, .oddDigest(text))
      return nil
    }
    return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
  }

  /// RFC 4034 §5.1, and the length of each registered digest.
  func check(_ rdata: RData, _ position: SourcePosition, _ reader: inout DeclarationReader) -> Bool {
    // RData of a DS has at least the four octets before the digest.
    guard rdata.octets.count >= 4, rdata.octets[2] != 0, rdata.octets[3] != 0 else {
      reader.faults.add(position, .deleteDS)
      return false
    }
    let lengths: [UInt8: Int] = [
      1: 20,  // SHA-1, RFC 4034 §A.2
      2: 32,  // SHA-256, RFC 4509 §2.1
      3: 32,  // GOST R 34.11-94, RFC 5933 §3
      4: 48,  // SHA-384, RFC 6605 §2
      5: 32,  // GOST R 34.11-2012, RFC 9558 §3
      6: 32,  // SM3, RFC 9563 §3
    ]
    let octets = rdata.octets.count - 4
    guard let expected = lengths[rdata.octets[3]], expected != octets else { return true }
    reader.faults.add(position, .digestLength(digestType: rdata.octets[3], octets: octets, expected: expected))
    return false
  }
}

/// Records that are in a zone and that nobody intends one by one, by type.
struct LeftOut {
  private var types: [RRType: (first: SourcePosition, count: Int)] = [:]

  mutating func add(_ type: RRType, _ count: Int = 1, at position: SourcePosition) {
    types[type, default: (position, 0)].count += count
  }

  func tell(_ reader: inout DeclarationReader) {
    for (type, (first, count)) in types.sorted(by: { $0.key < $1.key }) { reader.notice(first, .generated(type, count: count)) }
  }
}

extension RRType {
  /// Whether a server or signer makes records of this type by itself, so that the owner does not intend them one by one.
  func isGenerated(inSignedZone isSigned: Bool) -> Bool {
    RRType.generated.contains(self) || isSigned && RRType.addedBySigner.contains(self)
  }
}
