internal import DNSWire
internal import Names

/// `cloudflare_record` and, from version 5 of the provider, `cloudflare_dns_record`: one value each.
enum Cloudflare {
  static func records(_ block: TerraformBlock, _ name: DomainName, domain: DomainName) throws(DeclarationFault)
    -> [TerraformRecord]
  {
    let type = try block.type(try block.wantedText("type"))
    guard type != .soa else { return [] }
    var record = TerraformRecord(name: name, type: type, content: .values([]), share: .added, block: block)
    if try block.flag("proxied"), [.a, .aaaa, .cname].contains(type) {
      return anyAddress(record, .proxied(block.address, name))
    }
    // RFC 1034 §3.6.2 has no alias beside SOA and NS: Cloudflare answers with what its target leads to, elsewhere on request.
    let isFlattened = try block.blocks("settings").first?.flag("flatten_cname") ?? false
    if type == .cname, name == domain || isFlattened {
      guard let target = try block.text("content", or: "value") else { throw block.missing("content") }
      return anyAddress(record, .anyAddress(block.address, name, target: target))
    }
    // 1 is "automatic", which Cloudflare chooses.
    record.ttl = try block.ttl().flatMap { $0 == 1 ? nil : $0 }
    record.content = .values([try value(block, type)])
    return [record]
  }

  /// Cloudflare answers for both families, whichever the owner wrote.
  private static func anyAddress(_ record: TerraformRecord, _ notice: TerraformNotice) -> [TerraformRecord] {
    var (ipv4, ipv6) = (record, record)
    (ipv4.type, ipv4.content) = (.a, .anyAddress(notice))
    (ipv6.type, ipv6.content) = (.aaaa, .anyAddress(nil))
    (ipv4.mayBeAbsent, ipv6.mayBeAbsent) = (record.type != .a, record.type != .aaaa)
    return [ipv4, ipv6]
  }

  /// The full name. Version 4 keeps what the owner wrote, and the full name in `hostname`.
  ///
  /// - Parameter isFull: Whether the provider asks for full names, as version 5 does; some still write `www`.
  static func name(
    _ block: TerraformBlock, zone: DomainName?, domain: DomainName, isFull: Bool
  ) throws(DeclarationFault) -> DomainName? {
    if let full = try block.text("hostname") { return try block.name(full, at: block["hostname"]) }
    let text = try block.wantedText("name")
    if text == "@" { return zone }
    let typed = try block.name(text, at: block["name"])
    if typed.isAtOrBelow(zone ?? domain) { return typed }
    // `_sip._tls` is no full name.
    if isFull, zone == nil, typed.labelCount > 1, typed.labels().last?.first != UInt8(ascii: "_") { return typed }
    return try zone.map { zone throws(DeclarationFault) in try block.join(typed, zone) }
  }

  /// The fields of `data`, in the order in which a zone file has them; `"` before those that stand in quotes there.
  private static let fields: [RRType: [String]] = [
    .caa: ["flags", "tag", "\"value"],
    .cert: ["type", "key_tag", "algorithm", "certificate"],
    .dnskey: ["flags", "protocol", "algorithm", "public_key"],
    .ds: ["key_tag", "algorithm", "digest_type", "digest"],
    .https: ["priority", "target", "value"],
    .naptr: ["order", "preference", "\"flags", "\"service", "\"regex", "replacement"],
    .smimea: ["usage", "selector", "matching_type", "certificate"],
    .srv: ["priority", "weight", "port", "target"],
    .sshfp: ["algorithm", "type", "fingerprint"],
    .svcb: ["priority", "target", "value"],
    .tlsa: ["usage", "selector", "matching_type", "certificate"],
    .uri: ["priority", "weight", "\"target"],
  ]

  private static func value(_ block: TerraformBlock, _ type: RRType) throws(DeclarationFault) -> RData {
    if let fields = fields[type], let data = try block.blocks("data").first {
      var words: [String] = []
      for field in fields {
        if field.hasPrefix("\"") {
          words.append(TerraformBlock.quotes(try data.text(String(field.dropFirst())) ?? ""))
        } else if field == "value" {
          words.append(try data.text(field) ?? "")
        } else if field == "priority" {
          // Older versions have it beside the block.
          if let priority = try data.text(field) { words.append(priority) } else { words.append(try block.wantedText(field)) }
        } else {
          words.append(try data.wantedText(field))
        }
      }
      return try block.data(type, words.joined(separator: " "), at: block["data"])
    }
    guard let text = try block.text("content", or: "value") else { throw block.missing("content") }
    let written = block["content"] ?? block["value"]
    switch type {
    case .mx, .srv, .uri: return try block.data(type, "\(try block.wantedText("priority")) \(text)", at: written)
    case .txt, .spf:
      let isQuoted = text.utf8.count > 1 && text.hasPrefix("\"") && text.hasSuffix("\"")
      return try isQuoted ? block.data(type, text, at: written) : block.plainText(type, text, at: written)
    default: return try block.data(type, text, at: written)
    }
  }
}
