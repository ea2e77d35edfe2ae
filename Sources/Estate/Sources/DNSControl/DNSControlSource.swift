internal import DNSWire
internal import Names

/// Reads what `dnscontrol print-ir` writes: DNSControl's configuration after its JavaScript has run.
enum DNSControlSource {
  static func read(
    _ octets: [UInt8], file: String, domain: DomainName, _ reader: inout DeclarationReader, order: SourcePosition
  ) -> Sourced? {
    var faults = FaultList()
    let written = JSONText.read(octets, file: file, faults: &faults)
    for (_, fault) in faults.faults { reader.faults.add(fault.position, fault.cause, order: order) }
    guard let written else { return nil }
    do throws(DeclarationFault) {
      let config = try config(of: domain, in: written)
      var zone = DNSControlZone(domain: domain, order: order)
      return try zone.read(config, &reader)
    } catch {
      reader.faults.add(error.position, error.cause, order: order)
      return nil
    }
  }

  /// The one domain of that name.
  private static func config(of domain: DomainName, in written: Written) throws(DeclarationFault) -> Written {
    guard let domains = written["domains"] else { throw fault(written.position, .notPrinted) }
    guard case .list(let items) = domains.content else {
      throw fault(domains.position, .shape(key: "domains", wanted: "a list"))
    }
    var found: [(config: Written, tag: String)] = []
    var others: [String] = []
    for item in items {
      guard let field = item["name"], let text = field.text else {
        throw fault(item.position, .shape(key: "domains", wanted: "objects with a name"))
      }
      // Older versions join the tag of a view to the name.
      let parts = text.split(separator: "!", maxSplits: 1)
      let name: DomainName
      do {
        name = try DomainName(displayed: parts.first.map(String.init) ?? "")
      } catch {
        throw fault(field.position, .name(text, error))
      }
      guard name == domain else {
        others.append(text)
        continue
      }
      let tag = item["tag"]?.text ?? item["meta"]?["dnscontrol_tag"]?.text ?? parts.dropFirst().first.map(String.init) ?? ""
      found.append((item, tag.isEmpty ? "without a tag" : "!" + tag))
    }
    guard let only = found.first else { throw fault(domains.position, .noDomain(domain, others: others)) }
    if found.count > 1 {
      throw fault(found[1].config.position, .splitHorizon(domain, tags: found.map(\.tag)))
    }
    return only.config
  }

  private static func fault(_ position: SourcePosition, _ fault: DNSControlFault) -> DeclarationFault {
    DeclarationFault(position, .dnscontrol(fault))
  }
}
