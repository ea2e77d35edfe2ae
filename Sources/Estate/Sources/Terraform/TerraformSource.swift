internal import DNSWire
internal import Names

/// What Terraform's resources say of a domain, from the JSON that `terraform show -json` writes of a state or a plan.
///
/// Read are the records and zones of Route 53, Cloudflare, Google Cloud DNS and Azure DNS; other resources are passed over, and
/// no fault tells what they hold.
enum TerraformSource {
  /// - Parameter order: The place in the declaration that names the file.
  /// - Returns: What is intended; `nil` with at least one fault.
  static func read(
    _ octets: [UInt8], file: String, domain: DomainName, _ reader: inout DeclarationReader, order: SourcePosition
  ) -> Sourced? {
    var faults = FaultList()
    let written = JSONText.read(octets, file: file, faults: &faults)
    for fault in faults.inReadingOrder() { reader.faults.add(fault.position, fault.cause, order: order) }
    guard let written else { return nil }
    let before = reader.faults.count
    do {
      var sets = TerraformSets(domain)
      try sets.take(try TerraformFile(written)) { reader.faults.add($0.position, $0.cause, order: order) }
      let sourced = sets.joined { fault in reader.faults.add(fault.position, fault.cause, order: order) }
      guard reader.faults.count == before else { return nil }
      for (position, notice) in sets.notices { reader.notice(position, .terraform(notice)) }
      if sourced.sets.isEmpty {
        reader.faults.add(written.position, .terraform(.nothing(domain)), order: order)
        return nil
      }
      return sourced
    } catch {
      reader.faults.add(error.position, error.cause, order: order)
      return nil
    }
  }
}
