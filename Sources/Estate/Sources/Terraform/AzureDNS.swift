internal import DNSWire
internal import Names

/// `azurerm_dns_a_record` and its kin: one type of resource for each type of record.
enum AzureDNS {
  /// The type of record that a type of resource is; the private zones' resources have other names.
  static func recordType(_ resource: String) -> RRType? {
    switch resource {
    case "azurerm_dns_a_record": .a
    case "azurerm_dns_aaaa_record": .aaaa
    case "azurerm_dns_caa_record": .caa
    case "azurerm_dns_cname_record": .cname
    case "azurerm_dns_mx_record": .mx
    case "azurerm_dns_ns_record": .ns
    case "azurerm_dns_ptr_record": .ptr
    case "azurerm_dns_srv_record": .srv
    case "azurerm_dns_txt_record": .txt
    default: nil
    }
  }

  static func records(_ block: TerraformBlock, _ type: RRType, _ name: DomainName) throws(DeclarationFault) -> [TerraformRecord] {
    var record = TerraformRecord(name: name, type: type, content: .values([]), ttl: try block.ttl(), block: block)
    if let target = try block.text("target_resource_id") {
      record.content = try content(target, of: record)
    } else {
      record.content = .values(try values(block, type))
    }
    return [record]
  }

  /// Relative to the zone always; `@` is the zone, and what an MX record without a name has.
  static func name(_ block: TerraformBlock, zone: DomainName, type: RRType) throws(DeclarationFault) -> DomainName {
    let text = type == .mx ? try block.text("name") ?? "@" : try block.wantedText("name")
    return text == "@" ? zone : try block.join(try block.name(text, at: block["name"]), zone)
  }

  /// An alias: of another record set of the same zone, or of a resource whose address only Azure knows.
  private static func content(
    _ target: String, of record: TerraformRecord
  ) throws(DeclarationFault) -> TerraformRecord.Content {
    let block = record.block
    let parts = target.split(separator: "/").map(String.init)
    if let at = parts.firstIndex(where: { $0.lowercased() == "dnszones" }), parts.count == at + 4 {
      let (zone, label) = (try block.name(parts[at + 1]), parts[at + 3])
      return .target(label == "@" ? zone : try block.join(try block.name(label), zone))
    }
    let shown = parts.suffix(2).joined(separator: "/")
    guard record.type == .a || record.type == .aaaa else {
      throw block.fault(.alias(block.address, record.type, target: shown), at: block["target_resource_id"])
    }
    return .anyAddress(.anyAddress(block.address, record.name, target: shown))
  }

  private static func values(_ block: TerraformBlock, _ type: RRType) throws(DeclarationFault) -> [RData] {
    var values: [RData] = []
    switch type {
    case .cname: values.append(try block.data(type, try block.wantedText("record"), at: block["record"]))
    case .a, .aaaa, .ns, .ptr:
      for (text, written) in try block.texts("records") ?? [] { values.append(try block.data(type, text, at: written)) }
      if values.isEmpty { throw block.missing("records") }
    default:
      for item in try block.blocks("record") { values.append(try value(item, type)) }
      if values.isEmpty { throw block.missing("record") }
    }
    return values
  }

  private static func value(_ item: TerraformBlock, _ type: RRType) throws(DeclarationFault) -> RData {
    switch type {
    case .txt: return try item.plainText(type, try item.text("value") ?? "", at: item["value"])
    case .caa:
      let words = "\(try item.wantedText("flags")) \(try item.wantedText("tag"))"
      return try item.data(type, "\(words) \(TerraformBlock.quotes(try item.text("value") ?? ""))", at: item["value"])
    case .mx:
      return try item.data(type, "\(try item.wantedText("preference")) \(try item.wantedText("exchange"))", at: item["exchange"])
    default:
      var words: [String] = []
      for field in ["priority", "weight", "port", "target"] { words.append(try item.wantedText(field)) }
      return try item.data(type, words.joined(separator: " "), at: item["target"])
    }
  }
}
