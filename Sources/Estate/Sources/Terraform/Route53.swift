internal import DNSWire
internal import Names

/// `aws_route53_record`, as the AWS provider writes it.
enum Route53 {
  static func records(_ block: TerraformBlock, _ name: DomainName) throws(DeclarationFault) -> [TerraformRecord] {
    let type = try block.type(try block.wantedText("type"))
    // The serial moves with every change.
    guard type != .soa else { return [] }
    var record = TerraformRecord(name: name, type: type, content: .values([]), ttl: try block.ttl(), block: block)
    if try block.text("set_identifier") != nil {
      record.share = .routed
      // Who is nowhere on the list gets the default, if there is one.
      let countries = try block.blocks("geolocation_routing_policy")
      var isForAll = countries.isEmpty
      for country in countries where try country.text("country") == "*" { isForAll = true }
      record.mayBeAbsent = try block.blocks("cidr_routing_policy").isEmpty ? !isForAll : true
    }
    if let alias = try block.blocks("alias").first {
      let target = try alias.name(decimal(try alias.wantedText("name")), at: alias["name"])
      (record.content, record.ttl) = (.target(target), nil)
      return [record]
    }
    guard let texts = try block.texts("records") else { throw block.missing("records") }
    var values: [RData] = []
    for (text, written) in texts {
      values.append(try block.data(type, type == .txt || type == .spf ? quotedOnce(decimal(text)) : decimal(text), at: written))
    }
    record.content = .values(values)
    return [record]
  }

  /// The full name: the provider makes it of a name that ends in the zone's, and of one that does not.
  static func name(_ block: TerraformBlock, zone: DomainName?, domain: DomainName) throws(DeclarationFault) -> DomainName? {
    if let full = try block.text("fqdn") { return try block.name(decimal(full), at: block["fqdn"]) }
    guard let text = try block.text("name") else {
      if block["name"] == nil, block.isPlanned { throw block.missing("name") }
      return zone
    }
    let typed = try block.name(decimal(text), at: block["name"])
    if typed.isAtOrBelow(zone ?? domain) { return typed }
    return try zone.map { zone throws(DeclarationFault) in try block.join(typed, zone) }
  }

  /// Route 53 writes `\052` for an octet in octal where a zone file writes `\042` in decimal.
  static func decimal(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "\\")) else { return text }
    var (out, rest) = ([UInt8](), Array(text.utf8)[...])
    while let octet = rest.popFirst() {
      out.append(octet)
      guard octet == UInt8(ascii: "\\") else { continue }
      let digits = rest.prefix(3).map { $0 &- 0x30 }
      if digits.count == 3, digits.allSatisfy({ $0 < 8 }) {
        let value = Int(digits[0]) * 64 + Int(digits[1]) * 8 + Int(digits[2])
        let decimal = "\(value)"
        out += String(repeating: "0", count: max(0, 3 - decimal.utf8.count)).utf8
        out += decimal.utf8
        rest = rest.dropFirst(3)
      } else if let escaped = rest.popFirst() {
        out.append(escaped)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// The provider puts quotes around each text, and takes away those that it has already; `""` inside begins a new string.
  private static func quotedOnce(_ text: String) -> String {
    text.utf8.count > 1 && text.hasPrefix("\"") && text.hasSuffix("\"") ? text : "\"\(text)\""
  }
}

extension TerraformBlock {
  /// A name below a zone.
  func join(_ relative: DomainName, _ zone: DomainName) throws(DeclarationFault) -> DomainName {
    do {
      return try DomainName("\(relative)".dropLast(), origin: zone)
    } catch {
      throw fault(.name(address, text: "\(relative)\(zone)", error), at: self["name"])
    }
  }
}
