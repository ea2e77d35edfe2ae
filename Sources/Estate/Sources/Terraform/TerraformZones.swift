internal import DNSWire
internal import Names

/// The zones that a file shows, by what its records name them with.
struct TerraformZones {
  enum Provider: Hashable { case route53, cloudflare, google, azure }

  struct Zone {
    var name: DomainName
    /// Whether only the owner's own networks see it.
    var isPrivate: Bool
    /// Whether the file's resources make it, rather than only look it up.
    var isManaged: Bool
    var nameServers: [RData]
    var block: TerraformBlock
  }

  struct Key: Hashable {
    var provider: Provider
    var id: String
  }

  private(set) var all: [Zone] = []
  private var byKey: [Key: Zone] = [:]
  /// Zones that a plan makes, whose identifiers are known only after apply.
  private var pending: [Provider: [Zone]] = [:]
  /// Zones that other files make, by what the names of their records show.
  private var inferred: [Key: DomainName] = [:]

  mutating func take(_ resource: TerraformFile.Resource) throws(DeclarationFault) {
    let block = resource.block
    let (provider, nameKey, ids): (Provider, String, [String])
    switch resource.type {
    case "aws_route53_zone": (provider, nameKey, ids) = (.route53, "name", ["zone_id", "id"])
    case "cloudflare_zone": (provider, nameKey, ids) = (.cloudflare, block["name"] == nil ? "zone" : "name", ["zone_id", "id"])
    case "google_dns_managed_zone": (provider, nameKey, ids) = (.google, "dns_name", ["name", "id"])
    case "azurerm_dns_zone": (provider, nameKey, ids) = (.azure, "name", ["name"])
    default: return
    }
    // A zone that was looked up, with nothing found yet, says nothing.
    if resource.isData, block[nameKey] == nil { return }
    let name = try block.name(try block.wantedText(nameKey), at: block[nameKey])
    var nameServers: [RData] = []
    for (text, written) in try block.texts("name_servers") ?? [] { nameServers.append(try block.data(.ns, text, at: written)) }
    let isInside = try !block.blocks("vpc").isEmpty
    let isHidden = try block.flag("private_zone")
    let isPrivate = try block.text("visibility") == "private" || isInside || isHidden
    let zone = Zone(name: name, isPrivate: isPrivate, isManaged: !resource.isData, nameServers: nameServers, block: block)
    all.append(zone)
    var isKnown = false
    for id in ids {
      guard let text = try block.text(id) else { continue }
      isKnown = true
      byKey[Self.key(provider, text)] = zone
    }
    if !isKnown { pending[provider, default: []].append(zone) }
  }

  /// Learns a zone's name from a record whose name is given both relative to it and in full.
  mutating func learn(_ key: Key?, relative: String?, full: String?) {
    guard let key, let text = relative, let full, let full = try? DomainName(displayed: full) else { return }
    if text.isEmpty || text == "@" {
      inferred[key] = full
      return
    }
    guard let relative = try? DomainName(displayed: text), full.labelCount > relative.labelCount,
      full.labels().prefix(relative.labelCount).elementsEqual(relative.labels(), by: ==)
    else { return }
    inferred[key] = full.ancestor(labels: full.labelCount - relative.labelCount)
  }

  /// What a record names its zone with; `nil` where that is known only after apply.
  static func key(of resource: TerraformFile.Resource) throws(DeclarationFault) -> Key? {
    switch resource.type {
    case "aws_route53_record": try resource.block.text("zone_id").map { key(.route53, $0) }
    case "google_dns_record_set": try resource.block.text("managed_zone").map { key(.google, $0) }
    case "cloudflare_record", "cloudflare_dns_record": try resource.block.text("zone_id").map { key(.cloudflare, $0) }
    default: key(.azure, try resource.block.wantedText("zone_name"))
    }
  }

  /// The zone of a record: as the file shows it; or the only one that the plan makes; or, by name, as other records show it.
  func zone(_ key: Key?, _ provider: Provider) -> (name: DomainName, isPrivate: Bool)? {
    if let key {
      if let zone = byKey[key] { return (zone.name, zone.isPrivate) }
      return inferred[key].map { ($0, false) }
    }
    guard let zones = pending[provider], let zone = zones.first, zones.count == 1 else { return nil }
    return (zone.name, zone.isPrivate)
  }

  /// Whether a record whose zone is known only after apply may be in a private one of this name.
  func mayBePrivate(_ name: DomainName, _ provider: Provider) -> Bool {
    guard let zones = pending[provider], zones.count > 1 else { return false }
    return zones.contains { $0.isPrivate && $0.name == name }
  }

  /// `/hostedzone/Z1` and `projects/p/managedZones/z` mean the same as their last part.
  private static func key(_ provider: Provider, _ id: String) -> Key {
    Key(provider: provider, id: id.split(separator: "/").last.map(String.init) ?? id)
  }
}
