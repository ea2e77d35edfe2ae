public import Names

extension ZoneFile {
  /// A master file that holds the records: the inverse of reading.
  ///
  /// The SOA comes first, as name servers want it; otherwise the order is kept. Owner names are relative to the origin,
  /// names in the data are absolute. Types that have no format here are written as RFC 3597 §5 has it.
  public static func text(_ records: [ResourceRecord], origin: DomainName) -> String {
    var text = "$ORIGIN \(origin)\n"
    for record in records where record.type == .soa { line(record, origin, into: &text) }
    for record in records where record.type != .soa { line(record, origin, into: &text) }
    return text
  }

  private static func line(_ record: ResourceRecord, _ origin: DomainName, into text: inout String) {
    text += owner(record.name, origin)
    text += "\t\(record.ttl)\t\(record.recordClass)\t\(record.type)\t\(record.rdata.text)\n"
  }

  private static func owner(_ name: DomainName, _ origin: DomainName) -> String {
    if name == origin { return "@" }
    guard origin != .root, name.isBelow(origin) else { return "\(name)" }
    return String("\(name)".dropLast("\(origin)".count + 1))
  }
}
