internal import DNSWire
internal import Names

/// The resources in a file that `terraform show -json` wrote of a state or a plan, those that have to do with DNS only.
struct TerraformFile {
  struct Resource {
    /// `aws_route53_record`
    var type: String
    /// Whether Terraform only looks it up. It shows a zone's name, and intends nothing.
    var isData: Bool
    var block: TerraformBlock
  }

  private(set) var resources: [Resource] = []
  private let isPlanned: Bool

  init(_ written: Written) throws(DeclarationFault) {
    guard case .mapping(let entries) = written.content else { throw DeclarationFault(written.position, .terraform(.notShown)) }
    let root = Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }
    guard let version = root["format_version"]?.text else {
      let isStored = root["lineage"] != nil || root["serial"] != nil && root["version"] != nil
      throw DeclarationFault(written.position, .terraform(isStored ? .storedState : .notShown))
    }
    // HashiCorp's rule: refuse another major version, pass over what a minor version adds.
    guard ["0", "1"].contains(version.split(separator: ".", omittingEmptySubsequences: false).first) else {
      throw DeclarationFault(root["format_version"]?.position ?? written.position, .terraform(.formatVersion(version)))
    }
    if let errored = root["errored"], errored.text == "true" { throw DeclarationFault(errored.position, .terraform(.planFailed)) }
    isPlanned = root["planned_values"] != nil
    if let values = root["planned_values"] ?? root["values"] { try take(values) { _ in true } }
    // What a plan looked up stands in the state before it.
    if let prior = root["prior_state"], case .mapping(let entries) = prior.content,
      let values = entries.first(where: { $0.key == "values" })?.value
    {
      try take(values) { $0 }
    }
  }

  /// Takes the resources of all modules.
  private mutating func take(_ values: Written, where isWanted: (_ isData: Bool) -> Bool) throws(DeclarationFault) {
    guard let root = try Self.mapping(values, "values")["root_module"] else { return }
    var modules = [root]
    var next = 0
    while next < modules.count {
      let module = try Self.mapping(modules[next], "root_module")
      next += 1
      for resource in try Self.list(module["resources"], "resources") {
        if let resource = try self.resource(resource), isWanted(resource.isData) { resources.append(resource) }
      }
      modules += try Self.list(module["child_modules"], "child_modules")
    }
  }

  private func resource(_ written: Written) throws(DeclarationFault) -> Resource? {
    let fields = try Self.mapping(written, "resources")
    guard let type = fields["type"]?.text else {
      throw DeclarationFault(written.position, .terraform(.shape(key: "type", wanted: "text")))
    }
    // What Terraform still has to destroy has a key of its own.
    guard Self.types.contains(type) || AzureDNS.recordType(type) != nil, fields["deposed_key"]?.text == nil else { return nil }
    guard let address = fields["address"]?.text else {
      throw DeclarationFault(written.position, .terraform(.shape(key: "address", wanted: "text")))
    }
    let entries: [Written.Entry] = if case .mapping(let entries)? = fields["values"]?.content { entries } else { [] }
    return Resource(
      type: type, isData: fields["mode"]?.text == "data",
      block: TerraformBlock(entries, address: address, isPlanned: isPlanned, position: written.position))
  }

  private static let types: Set = [
    "aws_route53_zone", "aws_route53_record", "cloudflare_zone", "cloudflare_record", "cloudflare_dns_record",
    "google_dns_managed_zone", "google_dns_record_set", "azurerm_dns_zone",
  ]

  private static func mapping(_ written: Written, _ key: String) throws(DeclarationFault) -> [String: Written] {
    switch written.content {
    case .mapping(let entries): return Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }
    case .nothing: return [:]
    default: throw DeclarationFault(written.position, .terraform(.shape(key: key, wanted: "an object")))
    }
  }

  private static func list(_ written: Written?, _ key: String) throws(DeclarationFault) -> [Written] {
    switch written?.content {
    case .list(let items): return items
    case .nothing, nil: return []
    default:
      throw DeclarationFault(
        written?.position ?? SourcePosition(file: "", line: 1, column: 1),
        .terraform(.shape(key: key, wanted: "a list")))
    }
  }
}
