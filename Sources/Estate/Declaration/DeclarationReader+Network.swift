internal import DNSWire
internal import Names

extension DeclarationReader {
  // MARK: Resolvers

  mutating func readResolvers(_ entry: Written.Entry) -> Resolvers? {
    guard case .mapping = entry.value.content else {
      return readServers(entry).map { Resolvers($0) }
    }
    guard let fields = fields(entry.value, .resolvers, entry.key, .resolvers) else { return nil }
    let servers = fields["servers"].flatMap { readServers($0) }
    guard let agree = fields["agree"] else { return servers.map { Resolvers($0) } }
    guard let count = integer(agree, .agreement, 0...1_000_000), let servers else { return nil }
    guard count >= 1, count <= servers.count else {
      faults.add(agree.value.position, .agree(count, of: servers.count))
      return nil
    }
    return Resolvers(servers, agree: count)
  }

  private mutating func readServers(_ entry: Written.Entry) -> [Server]? {
    guard let items = items(entry, .resolvers) else { return nil }
    var servers: [Server] = []
    // A resolver that is asked twice would count twice towards those that agree.
    var first: [Server: SourcePosition] = [:]
    for item in items {
      guard let text = text(item, entry.key, .resolver) else { continue }
      guard let server = Server(text), server.address.port != 0 else {
        faults.add(item.position, .notUnderstood(text, .resolver))
        continue
      }
      if isNew(server, text, item.position, among: &first) { servers.append(server) }
    }
    return servers.count == items.count ? servers : nil
  }

  // MARK: Network

  mutating func readNetwork(_ entry: Written.Entry) -> Network? {
    guard let fields = fields(entry.value, .network, entry.key, .network) else { return nil }
    var network = Network()
    if let roots = fields["roots"] { network.roots = readRoots(roots) }
    if let port = fields["port"], let value = integer(port, .port, 1...65_535) { network.port = UInt16(value) }
    if let ipv6 = fields["ipv6"], let value = boolean(ipv6) { network.ipv6 = value }
    if let timeout = fields["timeout"], let value = duration(timeout) { network.timeout = value }
    if let retries = fields["retries"], let value = integer(retries, .retries, 0...20) { network.retries = value }
    if let rate = fields["perServerRate"], let value = perSecond(rate) { network.perServerRate = value }
    if let width = fields["width"], let value = integer(width, .width, 1...100_000) { network.width = value }
    if let anchors = fields["trustAnchors"] { network.trustAnchors = readTrustAnchors(anchors) }
    if let authorities = fields["tlsAuthorities"] { network.tlsAuthorities = readAuthorities(authorities) }
    if let database = fields["originDatabase"], let path = text(database, .path) {
      network.originDatabase = resolve(path, from: file)
    }
    if let ports = fields["ports"] { readPorts(ports, &network.ports) }
    return network
  }

  private mutating func readPorts(_ entry: Written.Entry, _ ports: inout Network.Ports) {
    guard let fields = fields(entry.value, .ports, entry.key, .ports) else { return }
    if let https = fields["https"], let value = integer(https, .port, 1...65_535) { ports.https = UInt16(value) }
    if let http = fields["http"], let value = integer(http, .port, 1...65_535) { ports.http = UInt16(value) }
    if let smtp = fields["smtp"], let value = integer(smtp, .port, 1...65_535) { ports.smtp = UInt16(value) }
  }

  private mutating func readRoots(_ entry: Written.Entry) -> [Network.Root] {
    guard let items = items(entry, .roots) else { return [] }
    var roots: [Network.Root] = []
    var first: [IPAddress: SourcePosition] = [:]
    for item in items {
      var root: (name: DomainName?, address: IPAddress)?
      if case .mapping = item.content {
        guard let fields = fields(item, .rootServer, "a root server", .root) else { continue }
        let named = fields["name"].flatMap { text($0, .organisation) }.flatMap {
          name($0, fields["name"]?.value.position ?? item.position)
        }
        root = fields["address"].flatMap { address($0.value, $0.key, .address) }.map { (named, $0) }
      } else {
        root = address(item, entry.key, .root).map { (nil, $0) }
      }
      guard let root, isNew(root.address, "\(root.address)", item.position, among: &first) else { continue }
      roots.append(Network.Root(name: root.name, address: root.address))
    }
    return roots
  }

  mutating func boolean(_ entry: Written.Entry) -> Bool? {
    guard let text = text(entry, .boolean) else { return nil }
    switch text {
    case "true": return true
    case "false": return false
    default:
      faults.add(entry.value.position, .notUnderstood(text, .boolean))
      return nil
    }
  }

  /// `2s`, `500ms`, `1m`; a bare number is seconds.
  private mutating func duration(_ entry: Written.Entry) -> Duration? {
    guard let text = text(entry, .duration) else { return nil }
    let units: [(suffix: String, milliseconds: Double)] = [("ms", 1), ("s", 1000), ("m", 60_000), ("", 1000)]
    for unit in units where text.hasSuffix(unit.suffix) {
      guard let number = decimal(text.dropLast(unit.suffix.count)) else { break }
      let milliseconds = (number * unit.milliseconds).rounded()
      guard milliseconds >= 1, milliseconds <= 300_000 else { break }
      return .milliseconds(Int64(milliseconds))
    }
    faults.add(entry.value.position, .notUnderstood(text, .duration))
    return nil
  }

  private mutating func perSecond(_ entry: Written.Entry) -> Double? {
    guard let text = text(entry, .rate) else { return nil }
    guard let value = decimal(text[...]), value >= 0.1, value <= 1_000_000 else {
      faults.add(entry.value.position, .notUnderstood(text, .rate))
      return nil
    }
    return value
  }

  /// Digits, perhaps a point and digits: none of the exponents, hexadecimal forms and words that `Double` reads too.
  private func decimal(_ text: Substring) -> Double? {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    guard text.utf8.count <= 15, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0 &- 0x30 < 10 } }) else { return nil }
    return Double(text)
  }

  // MARK: Trust

  private mutating func readTrustAnchors(_ entry: Written.Entry) -> [ResourceRecord] {
    guard let items = items(entry, .trustAnchors) else { return [] }
    if case .text(let path) = entry.value.content, !path.contains(where: \.isWhitespace) { return readTrustAnchors(path, entry) }
    return items.compactMap { item in
      guard let text = text(item, entry.key, .trustAnchors) else { return nil }
      guard let anchor = trustAnchor(text) else {
        faults.add(item.position, .notTrustAnchor(text))
        return nil
      }
      return anchor
    }
  }

  /// `. DS 20326 8 2 …`, with or without a TTL and a class.
  private func trustAnchor(_ text: String) -> ResourceRecord? {
    var words = text.split(whereSeparator: \.isWhitespace)
    guard words.count >= 2, let name = try? DomainName(words.removeFirst()) else { return nil }
    while let word = words.first, word.utf8.allSatisfy({ $0 &- 0x30 < 10 }) || word.uppercased() == "IN" { words.removeFirst() }
    guard let type = words.first.flatMap({ RRType($0) }), type == .ds || type == .dnskey,
      let rdata = try? RData(type: type, text: words.dropFirst().joined(separator: " "), origin: nil)
    else { return nil }
    return ResourceRecord(name: name, ttl: 0, rdata: rdata)
  }

  private mutating func readTrustAnchors(_ path: String, _ entry: Written.Entry) -> [ResourceRecord] {
    let position = entry.value.position
    guard let (full, octets) = file(path, position) else { return [] }
    let zone = ZoneFile(octets: octets, file: full, origin: .root, defaultTTL: 0)
    for fault in zone.faults { faults.add(fault.position, .zoneFile(fault.cause), order: position) }
    let anchors = zone.records.map(\.record).filter { $0.type == .ds || $0.type == .dnskey }
    if anchors.isEmpty, zone.faults.isEmpty { faults.add(position, .notTrustAnchor(path)) }
    return anchors
  }

  private mutating func readAuthorities(_ entry: Written.Entry) -> String? {
    guard let path = text(entry, .path), let (full, octets) = file(path, entry.value.position) else { return nil }
    guard String(decoding: octets.prefix(4 << 20), as: UTF8.self).contains("-----BEGIN CERTIFICATE-----") else {
      faults.add(entry.value.position, .notPEM(path: path))
      return nil
    }
    return full
  }
}
