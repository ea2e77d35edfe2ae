internal import DNSWire
internal import Names

/// Joins resources to the RRsets of one domain.
struct TerraformSets {
  private struct Owner: Hashable {
    var name: DomainName
    var type: RRType
  }

  /// Aliases lead to aliases in practice once or twice.
  private static let mostLinks = 8

  let domain: DomainName
  private(set) var notices: [(SourcePosition, TerraformNotice)] = []
  private var owners: [Owner] = []
  private var records: [Owner: [TerraformRecord]] = [:]
  private var isWholeZone = false
  private var known: [Owner: Answers] = [:]
  private var inHand: Set<Owner> = []
  private var told: Set<TerraformNotice> = []

  init(_ domain: DomainName) { self.domain = domain }

  // MARK: Resources

  mutating func take(_ file: TerraformFile, fault: (DeclarationFault) -> Void) throws(DeclarationFault) {
    var zones = TerraformZones()
    for resource in file.resources {
      do { try zones.take(resource) } catch { fault(error) }
    }
    let resources = file.resources.filter { !$0.isData && !$0.type.hasSuffix("_zone") }
    for resource in resources {
      guard let full = resource.block["fqdn"]?.text ?? resource.block["hostname"]?.text else { continue }
      zones.learn(try? TerraformZones.key(of: resource), relative: resource.block["name"]?.text, full: full)
    }
    var (unclear, hidden) = (Set<TerraformZones.Key?>(), [DomainName: (first: SourcePosition, count: Int)]())
    for resource in resources {
      do throws(DeclarationFault) {
        let key = try TerraformZones.key(of: resource)
        let zone = zones.zone(key, Self.provider(resource.type))
        if let zone, zone.isPrivate {
          if zone.name == domain { hidden[zone.name, default: (resource.block.position, 0)].count += 1 }
          continue
        }
        if let zone, zone.name != domain { continue }
        if key == nil, zones.mayBePrivate(domain, Self.provider(resource.type)) { throw resource.block.missing("zone_id") }
        guard let name = try name(of: resource, key: key, zone: zone?.name) else {
          // One is told for each zone: the others lack the same.
          if unclear.insert(key).inserted {
            let name = resource.block["name"]?.text ?? ""
            fault(resource.block.fault(.zoneUnclear(resource.block.address, name: name), at: resource.block["name"]))
          }
          continue
        }
        if name.isAtOrBelow(domain) { for record in try records(of: resource, name) { add(record) } }
      } catch {
        fault(error)
      }
    }
    for (zone, (first, count)) in hidden { notices.append((first, .privateZone(zone, records: count))) }
    for zone in zones.all where zone.name == domain && zone.isManaged && !zone.isPrivate {
      isWholeZone = true
      // The provider makes these itself when it makes the zone.
      let owner = Owner(name: domain, type: .ns)
      if records[owner] == nil, !zone.nameServers.isEmpty {
        add(TerraformRecord(name: domain, type: .ns, content: .values(zone.nameServers), block: zone.block))
      }
    }
  }

  private static func provider(_ type: String) -> TerraformZones.Provider {
    switch type {
    case "aws_route53_record": .route53
    case "google_dns_record_set": .google
    case "cloudflare_record", "cloudflare_dns_record": .cloudflare
    default: .azure
    }
  }

  private func name(
    of resource: TerraformFile.Resource, key: TerraformZones.Key?, zone: DomainName?
  ) throws(DeclarationFault) -> DomainName? {
    let block = resource.block
    switch Self.provider(resource.type) {
    case .route53: return try Route53.name(block, zone: zone, domain: domain)
    case .cloudflare:
      return try Cloudflare.name(block, zone: zone, domain: domain, isFull: resource.type == "cloudflare_dns_record")
    case .google: return try GoogleDNS.name(block)
    case .azure:
      let written =
        if let zone { zone } else { try block.name(try block.wantedText("zone_name"), at: block["zone_name"]) }
      // Another zone's names are not asked for.
      if written != domain { return .root }
      return try AzureDNS.name(block, zone: written, type: AzureDNS.recordType(resource.type) ?? .a)
    }
  }

  private func records(of resource: TerraformFile.Resource, _ name: DomainName) throws(DeclarationFault) -> [TerraformRecord] {
    switch Self.provider(resource.type) {
    case .route53: try Route53.records(resource.block, name)
    case .cloudflare: try Cloudflare.records(resource.block, name, domain: domain)
    case .google: try GoogleDNS.records(resource.block, name)
    case .azure: try AzureDNS.records(resource.block, AzureDNS.recordType(resource.type) ?? .a, name)
    }
  }

  private mutating func add(_ record: TerraformRecord) {
    let owner = Owner(name: record.name, type: record.type)
    if records[owner] == nil { owners.append(owner) }
    records[owner, default: []].append(record)
  }

  // MARK: Sets

  mutating func joined(fault: (DeclarationFault) -> Void) -> Sourced {
    var sets: [DeclaredRRset] = []
    for owner in owners {
      guard let own = records[owner], let first = own.first else { continue }
      do {
        let (answers, least) = (try answers(owner, links: Self.mostLinks), own.allSatisfy(\.mayBeAbsent) ? 0 : 1)
        let intended: DeclaredRRset.Intended =
          if answers.isAny {
            .tolerant(Tolerance(allowsOthers: true, atLeast: least))
          } else if answers.isRouted || least == 0 {
            .tolerant(Tolerance(anyOf: answers.values, atLeast: least))
          } else {
            .exactly(answers.values)
          }
        sets.append(
          DeclaredRRset(owner.name, owner.type, intended, ttl: own.compactMap(\.ttl).max(), declaredAt: first.block.position))
      } catch {
        fault(error)
      }
    }
    return Sourced(sets: sets, isWholeZone: isWholeZone)
  }

  /// What a name and type answer with, over all who ask.
  private struct Answers {
    var values: [RData] = []
    /// Whether each who asks gets only some of them.
    var isRouted = false
    var isAny = false
  }

  private mutating func answers(_ owner: Owner, links: Int) throws(DeclarationFault) -> Answers {
    if let known = known[owner] { return known }
    // Aliases in a ring.
    guard inHand.insert(owner).inserted else { return Answers(isAny: true) }
    defer { inHand.remove(owner) }
    let own = records[owner] ?? []
    var answers = Answers(isRouted: own.count > 1 && own.allSatisfy { $0.share == .routed })
    var (seen, targets) = (Set<RData>(), Set<DomainName>())
    let isOne = own.count > 1 && own.contains { $0.share == .whole }
    for record in own {
      if isOne, let first = own.first {
        guard record.says(as: first) else {
          throw record.block.fault(.twice(record.block.address, owner.name, owner.type, other: first.block.address))
        }
      }
      switch record.content {
      case .values(let values): answers.values += values.filter { seen.insert($0).inserted }
      case .anyAddress(let notice):
        answers.isAny = true
        if let notice { tell(notice, record) }
      case .target(let target):
        guard targets.insert(target).inserted else { continue }
        let other = Owner(name: target, type: owner.type)
        // What is wrong with the target is told at the target.
        let isAddress = owner.type == .a || owner.type == .aaaa
        if links > 0, records[other] != nil, let more = try? self.answers(other, links: links - 1), isAddress || !more.isAny {
          answers.values += more.values.filter { seen.insert($0).inserted }
          answers.isRouted = answers.isRouted || more.isRouted
          answers.isAny = answers.isAny || more.isAny
        } else if isAddress {
          answers.isAny = true
          tell(.anyAddress(record.block.address, owner.name, target: "\(target)"), record)
        } else {
          throw record.block.fault(.alias(record.block.address, owner.type, target: "\(target)"))
        }
      }
    }
    // Where all are answered alike, routing makes no difference.
    if targets.isEmpty, own.allSatisfy({ $0.values.map { Set($0).count } == seen.count }) { answers.isRouted = false }
    known[owner] = answers
    return answers
  }

  private mutating func tell(_ notice: TerraformNotice, _ record: TerraformRecord) {
    if told.insert(notice).inserted { notices.append((record.block.position, notice)) }
  }
}
