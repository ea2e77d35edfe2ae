internal import DNSWire
internal import Names

/// `google_dns_record_set`: names and data as a zone file has them.
enum GoogleDNS {
  static func records(_ block: TerraformBlock, _ name: DomainName) throws(DeclarationFault) -> [TerraformRecord] {
    let type = try block.type(try block.wantedText("type"))
    guard type != .soa else { return [] }
    var record = TerraformRecord(name: name, type: type, content: .values([]), ttl: try block.ttl(), block: block)
    if let texts = try block.texts("rrdatas") {
      record.content = .values(try values(texts, type, block))
      return [record]
    }
    record.share = .routed
    var records: [TerraformRecord] = []
    for policy in try block.blocks("routing_policy") {
      var answers = try policy.blocks("wrr") + policy.blocks("geo")
      for pair in try policy.blocks("primary_backup") {
        answers += try pair.blocks("backup_geo")
        for primary in try pair.blocks("primary") {
          record.content = .values(try checked(primary, type))
          records.append(record)
        }
      }
      for answer in answers {
        var data = try values(try answer.texts("rrdatas") ?? [], type, answer)
        for targets in try answer.blocks("health_checked_targets") { data += try checked(targets, type) }
        if data.isEmpty { throw answer.missing("rrdatas") }
        record.content = .values(data)
        records.append(record)
      }
    }
    if records.isEmpty { throw block.missing("rrdatas") }
    return records
  }

  static func name(_ block: TerraformBlock) throws(DeclarationFault) -> DomainName {
    try block.name(try block.wantedText("name"), at: block["name"])
  }

  private static func values(
    _ texts: [(text: String, written: Written)], _ type: RRType, _ block: TerraformBlock
  ) throws(DeclarationFault) -> [RData] {
    var values: [RData] = []
    for (text, written) in texts { values.append(try block.data(type, text, at: written)) }
    return values
  }

  /// The addresses of load balancers and endpoints whose health decides.
  private static func checked(_ block: TerraformBlock, _ type: RRType) throws(DeclarationFault) -> [RData] {
    var data: [RData] = []
    for balancer in try block.blocks("internal_load_balancers") {
      data.append(try balancer.data(type, try balancer.wantedText("ip_address"), at: balancer["ip_address"]))
    }
    if let texts = try block.texts("external_endpoints") { data += try values(texts, type, block) }
    if data.isEmpty { throw block.missing("internal_load_balancers") }
    return data
  }
}
