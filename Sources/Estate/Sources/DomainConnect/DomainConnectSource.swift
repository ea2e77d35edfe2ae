internal import DNSWire
internal import Names

/// What a service needs of a domain, as its Domain Connect template says (draft-ietf-dconn-domainconnect).
///
/// A template claims a whole RRset only where the draft lets it conflict with every other record of the type: A, AAAA, CNAME, NS,
/// MX, SRV, and TXT in mode `All`. Its other records are among the values of their names. Its TTLs are wishes that the DNS
/// provider may change, and are not compared.
enum DomainConnectSource {
  /// - Parameters:
  ///   - host: Relative to the domain; empty: the domain itself.
  ///   - groups: Which groups of records apply; all where absent.
  ///   - order: The place in the declaration that names the file.
  /// - Returns: What is intended; `nil` with at least one fault.
  static func read(
    _ octets: [UInt8], file: String, domain: DomainName, host: String = "", variables: [String: String] = [:],
    groups: [String]? = nil, _ reader: inout DeclarationReader, order: SourcePosition
  ) -> Sourced? {
    var faults = FaultList()
    let written = JSONText.read(octets, file: file, faults: &faults)
    for fault in faults.inReadingOrder() { reader.faults.add(fault.position, fault.cause, order: order) }
    guard let written else { return nil }
    let before = reader.faults.count
    do {
      let template = try DomainConnectTemplate(
        written, domain: domain, host: host, variables: variables, groups: groups, order: order)
      var sets = DomainConnectSets(template)
      for record in template.records {
        do { try sets.take(record) } catch { reader.faults.add(error.position, error.cause, order: order) }
      }
      guard reader.faults.count == before else { return nil }
      for (position, notice) in sets.notices { reader.notice(position, .domainConnect(notice)) }
      return Sourced(sets: sets.joined(), isWholeZone: false)
    } catch {
      reader.faults.add(error.position, error.cause, order: order)
      return nil
    }
  }
}

/// Joins the records of a template to RRsets.
struct DomainConnectSets {
  private struct Owner: Hashable {
    var name: DomainName
    var type: RRType
  }

  private struct Part {
    var position: SourcePosition
    var values: [RData] = []
    var seen: Set<RData> = []
    var isWhole = false
    /// The DNS provider chooses the addresses.
    var isAny = false
    var mayBeAbsent = false
  }

  private let template: DomainConnectTemplate
  private(set) var notices: [(SourcePosition, DomainConnectNotice)] = []
  private var owners: [Owner] = []
  private var sets: [Owner: Part] = [:]

  init(_ template: DomainConnectTemplate) { self.template = template }

  mutating func take(_ written: Written) throws(DeclarationFault) {
    guard case .mapping(let entries) = written.content else {
      throw DeclarationFault(written.position, .domainConnect(.wrongKind(field: "records", wanted: "objects only")))
    }
    let fields = Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }
    guard let typeText = fields["type"]?.text else {
      throw DeclarationFault(written.position, .domainConnect(.missing(field: "type", type: "")))
    }
    try DomainConnectTemplate.refuseCritical(fields)
    let record = DomainConnectRecord(position: written.position, type: typeText, fields: fields, template: template)
    let word = typeText.uppercased()
    switch word {
    case "SPFM":
      notices.append((written.position, .spf(try record.owner("host"), rules: try record.text("spfRules"))))
    case "REDIR301", "REDIR302", "APEXCNAME":
      let name = try record.owner("host")
      notices.append((written.position, .anyAddress(name, type: word)))
      // A web server that redirects has an IPv4 address at least; the target of an alias may have either.
      update(name, .a, written.position) { set in (set.isAny, set.mayBeAbsent) = (true, word == "APEXCNAME") }
      update(name, .aaaa, written.position) { set in (set.isAny, set.mayBeAbsent) = (true, true) }
    default:
      guard let type = RRType(word), !type.isMeta, type.rawValue != 0 else {
        let suggestion = nearestWord(to: typeText, among: RRType.declarable + ["SPFM"])
        throw DeclarationFault(
          fields["type"]?.position ?? written.position, .domainConnect(.type(typeText, suggestion: suggestion)))
      }
      let (name, value) = try record.value(type)
      // RFC 1034 §3.6.2: an alias has no other data, and the apex has SOA and NS.
      if type == .cname, name == template.domain {
        throw DeclarationFault(written.position, .domainConnect(.aliasAtApex(name)))
      }
      let isWhole =
        switch type {
        case .a, .aaaa, .cname, .ns, .mx, .srv: true
        case .txt: fields["txtConflictMatchingMode"]?.text == "All"
        default: false
        }
      update(name, type, written.position) { set in
        if set.seen.insert(value).inserted { set.values.append(value) }
        set.isWhole = set.isWhole || isWhole
      }
    }
  }

  private mutating func update(_ name: DomainName, _ type: RRType, _ position: SourcePosition, _ change: (inout Part) -> Void) {
    let owner = Owner(name: name, type: type)
    if sets[owner] == nil { owners.append(owner) }
    change(&sets[owner, default: Part(position: position)])
  }

  func joined() -> [DeclaredRRset] {
    owners.compactMap { owner in
      guard let set = sets[owner] else { return nil }
      let intended: DeclaredRRset.Intended =
        if set.isAny {
          .tolerant(Tolerance(allowsOthers: true, atLeast: set.mayBeAbsent ? 0 : 1))
        } else if set.isWhole {
          .exactly(set.values)
        } else {
          .tolerant(Tolerance(allOf: set.values, allowsOthers: true))
        }
      return DeclaredRRset(owner.name, owner.type, intended, declaredAt: set.position)
    }
  }
}

/// One record of a template, its fields rendered as they are asked for.
struct DomainConnectRecord {
  var position: SourcePosition
  var type: String
  var fields: [String: Written]
  var template: DomainConnectTemplate

  func text(_ field: String) throws(DeclarationFault) -> String {
    guard let text = try optionalText(field) else {
      throw DeclarationFault(position, .domainConnect(.missing(field: field, type: type)))
    }
    return text
  }

  private func optionalText(_ field: String) throws(DeclarationFault) -> String? {
    guard let written = fields[field] else { return nil }
    switch written.content {
    case .nothing: return nil
    case .text(let text): return try template.rendered(text, field: field, at: written.position)
    default: throw DeclarationFault(written.position, .domainConnect(.wrongKind(field: field, wanted: "text")))
    }
  }

  private func place(_ field: String) -> SourcePosition { fields[field]?.position ?? position }

  func owner(_ field: String) throws(DeclarationFault) -> DomainName {
    try template.owner(try optionalText(field) ?? "", at: place(field))
  }

  private func number(_ field: String) throws(DeclarationFault) -> String {
    let text = try text(field)
    guard !text.isEmpty, text.utf8.count <= 5, text.utf8.allSatisfy({ $0 &- 0x30 < 10 }), UInt16(text) != nil else {
      throw DeclarationFault(
        place(field), .domainConnect(.notUnderstood(field: field, text: text, wanted: "a number from 0 to 65535")))
    }
    return text
  }

  func value(_ type: RRType) throws(DeclarationFault) -> (name: DomainName, value: RData) {
    switch type {
    case .a, .aaaa: return (try owner("host"), try data(type, try text("pointsTo"), "pointsTo"))
    case .cname, .ns:
      return (try owner("host"), try data(type, template.target(try text("pointsTo")), "pointsTo"))
    case .mx:
      let target = template.target(try text("pointsTo"))
      return (try owner("host"), try data(type, "\(try number("priority")) \(target)", "pointsTo"))
    case .srv:
      let numbers = "\(try number("priority")) \(try number("weight")) \(try number("port"))"
      let value = try data(type, "\(numbers) \(template.target(try text("target")))", "target")
      return (try service(below: try owner("name")), value)
    case .txt: return (try owner("host"), try txt(try text("data")))
    default: return (try owner("host"), try data(type, try text("data"), "data"))
    }
  }

  /// `_service._protocol.name` (RFC 2782); templates write both with and without the underscore.
  private func service(below name: DomainName) throws(DeclarationFault) -> DomainName {
    var labels: [String] = []
    for field in ["service", "protocol"] {
      let text = try text(field)
      labels.append(text.hasPrefix("_") ? text : "_\(text)")
    }
    do throws(DomainName.Fault) {
      return try DomainName(labels.joined(separator: "."), origin: name)
    } catch {
      throw DeclarationFault(place("service"), .domainConnect(.name(labels.joined(separator: "."), error)))
    }
  }

  private func data(_ type: RRType, _ text: String, _ field: String) throws(DeclarationFault) -> RData {
    do {
      return try RData(type: type, text: text, origin: .root)
    } catch {
      throw DeclarationFault(place(field), .domainConnect(.record(type, text: text, error.cause)))
    }
  }

  /// Strings in quotes, or one without them whatever spaces it holds; without escapes it may also be longer than 255 octets.
  private func txt(_ text: String) throws(DeclarationFault) -> RData {
    if text.utf8.count > 1, text.hasPrefix("\""), text.hasSuffix("\"") { return try data(.txt, text, "data") }
    guard text.utf8.contains(UInt8(ascii: "\\")) else {
      // Each 255 octets need one more for their length (RFC 1035 §3.3.14); RDLENGTH has 16 bits.
      guard text.utf8.count <= 65_000 else {
        throw DeclarationFault(place("data"), .domainConnect(.record(.txt, text: text, .dataTooLong(octets: text.utf8.count))))
      }
      return TXT(Array(text.utf8)).rdata
    }
    return try data(.txt, "\"\(text)\"", "data")
  }
}
