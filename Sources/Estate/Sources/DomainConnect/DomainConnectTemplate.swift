internal import DNSWire
internal import Names

/// A template applied to a domain, a host and variables (draft-ietf-dconn-domainconnect, "Resolving Template Variables").
struct DomainConnectTemplate {
  /// RDLENGTH has 16 bits; no field that makes a record is longer.
  static let mostOctets = 65_535

  let domain: DomainName
  /// `[host.]domain`: where `@` is.
  let scope: DomainName
  let records: [Written]
  private let values: [String: String]

  init(
    _ written: Written, domain: DomainName, host: String, variables: [String: String], groups: [String]?, order: SourcePosition
  ) throws(DeclarationFault) {
    guard case .mapping(let entries) = written.content else {
      throw DeclarationFault(written.position, .domainConnect(.notTemplate(lacks: "providerId")))
    }
    let fields = Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }
    for key in ["providerId", "serviceId"] where fields[key]?.text?.isEmpty ?? true {
      throw DeclarationFault(written.position, .domainConnect(.notTemplate(lacks: key)))
    }
    guard let list = fields["records"], case .list(let all) = list.content else {
      throw DeclarationFault(fields["records"]?.position ?? written.position, .domainConnect(.notTemplate(lacks: "records")))
    }
    if let version = fields["templateSpecVersion"], version.text != "1" {
      throw DeclarationFault(version.position, .domainConnect(.specVersion(version.text ?? "")))
    }
    try Self.refuseCritical(fields)
    if fields["hostRequired"]?.text == "true", host.isEmpty { throw DeclarationFault(order, .domainConnect(.hostRequired)) }
    self.domain = domain
    let plain = "\(domain)".dropLast()
    do throws(DomainName.Fault) {
      scope = host.isEmpty ? domain : try DomainName("\(try DomainName(displayed: host))".dropLast(), origin: domain)
    } catch {
      throw DeclarationFault(order, .domainConnect(.name(host, error)))
    }
    values = variables.merging(["domain": String(plain), "host": host, "fqdn": String("\(scope)".dropLast())]) { _, own in own }
    records = try Self.active(all, groups, order)
  }

  /// "Group Filtering": records without a group, and those of the groups that are asked for; all where none is.
  private static func active(_ all: [Written], _ groups: [String]?, _ order: SourcePosition) throws(DeclarationFault) -> [Written]
  {
    guard let groups else { return all }
    var (known, isAny) = ([String](), false)
    let active = all.filter { record in
      guard case .mapping(let entries) = record.content, let group = entries.first(where: { $0.key == "groupId" })?.value.text
      else { return true }
      let isIn = groups.contains(group)
      isAny = isAny || isIn
      if known.count < 20, !known.contains(group) { known.append(group) }
      return isIn
    }
    if !isAny { throw DeclarationFault(order, .domainConnect(.noRecordOfGroups(groups, known: known))) }
    return active
  }

  private static let understood: Set = [
    "providerId", "providerName", "serviceId", "serviceName", "version", "templateSpecVersion", "logoUrl", "description",
    "variableDescription", "syncBlock", "shared", "sharedProviderName", "sharedServiceName", "syncPubKeyDomain",
    "syncRedirectDomain", "warnPhishing", "multiInstance", "hostRequired", "records", "crit", "type", "groupId", "essential",
    "host",
    "name", "pointsTo", "ttl", "data", "txtConflictMatchingMode", "txtConflictMatchingPrefix", "priority", "weight", "port",
    "protocol", "service", "target", "spfRules",
  ]

  static func refuseCritical(_ fields: [String: Written]) throws(DeclarationFault) {
    guard case .list(let names)? = fields["crit"]?.content else { return }
    for name in names {
      guard let text = name.text, fields[text] != nil, !understood.contains(text) else { continue }
      throw DeclarationFault(name.position, .domainConnect(.critical(text)))
    }
  }

  // MARK: Variables

  /// Text with its variables replaced; what a value holds is not looked at again.
  func rendered(_ text: String, field: String, at position: SourcePosition) throws(DeclarationFault) -> String {
    var (out, rest) = ([UInt8](), Array(text.utf8)[...])
    while let octet = rest.first {
      if octet == UInt8(ascii: "%"), let name = Self.variable(rest) {
        guard let value = name == "@" ? values["fqdn"].map({ $0 + "." }) : values[name] else {
          throw DeclarationFault(position, .domainConnect(.variable(name)))
        }
        out += value.utf8
        rest = rest.dropFirst(name.utf8.count + 2)
      } else {
        out.append(octet)
        rest = rest.dropFirst()
      }
      guard out.count <= Self.mostOctets else {
        throw DeclarationFault(position, .domainConnect(.tooLong(field: field, limit: Self.mostOctets)))
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// The name between two percent signs; `nil` for a percent sign that stands for itself, as in SPF's macros (RFC 7208 §7).
  private static func variable(_ text: ArraySlice<UInt8>) -> String? {
    let name = text.dropFirst().prefix(101).prefix { octet in
      octet &- 0x30 < 10 || (octet | 0x20) &- 0x61 < 26
        || [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), 0x40].contains(octet)
    }
    guard !name.isEmpty, name.count <= 100, text.dropFirst(name.count + 1).first == UInt8(ascii: "%") else { return nil }
    return String(decoding: name, as: UTF8.self)
  }

  // MARK: Names

  /// "Host Name Rendering": relative to the scope unless it ends in a dot.
  func owner(_ host: String, at position: SourcePosition) throws(DeclarationFault) -> DomainName {
    if host.isEmpty || host == "@" { return scope }
    let name: DomainName
    do throws(DomainName.Fault) {
      let typed = try DomainName(displayed: host)
      name = host.hasSuffix(".") ? typed : try DomainName("\(typed)".dropLast(), origin: scope)
    } catch {
      throw DeclarationFault(position, .domainConnect(.name(host, error)))
    }
    guard name.isAtOrBelow(domain) else { throw DeclarationFault(position, .domainConnect(.outside(name, domain: domain))) }
    return name
  }

  /// What a record leads to is always a full name.
  func target(_ text: String) -> String { text == "@" ? "\(scope)" : text }
}
