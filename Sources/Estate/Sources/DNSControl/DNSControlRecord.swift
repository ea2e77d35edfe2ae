internal import DNSWire
internal import Names
internal import Notation

/// Reads the data of one record: `target`, and the fields that DNSControl has for its type. A field that is zero or empty is not
/// written.
struct DNSControlRecord {
  private enum Field {
    case number(String)
    case word(String)
    /// A string; escapes in it are those of a zone file.
    case quoted(String)
    case target
    /// What a zone file has, as it stands.
    case verbatim(String)
  }

  private let record: Written
  private let type: RRType
  private let domain: DomainName
  /// How sentences name it.
  private let title: String

  init(_ record: Written, type: RRType, domain: DomainName, title: String) {
    (self.record, self.type, self.domain, self.title) = (record, type, domain, title)
  }

  static func isRead(_ type: RRType) -> Bool { isText(type) || fields(of: type) != nil }

  private static func isText(_ type: RRType) -> Bool { type == .txt || type == .spf }

  private static func fields(of type: RRType) -> [Field]? {
    switch type {
    case .a, .aaaa, .dhcid, .openpgpkey: [.word("target")]
    case .cname, .dname, .ns, .ptr: [.target]
    case .mx: [.number("mxpreference"), .target]
    case .srv: [.number("srvpriority"), .number("srvweight"), .number("srvport"), .target]
    case .caa: [.number("caaflag"), .word("caatag"), .quoted("target")]
    case .tlsa: [.number("tlsausage"), .number("tlsaselector"), .number("tlsamatchingtype"), .word("target")]
    case .smimea: [.number("smimeausage"), .number("smimeaselector"), .number("smimeamatchingtype"), .word("target")]
    case .sshfp: [.number("sshfpalgorithm"), .number("sshfpfingerprint"), .word("target")]
    case .ds: [.number("dskeytag"), .number("dsalgorithm"), .number("dsdigesttype"), .word("dsdigest")]
    case .dnskey: [.number("dnskeyflags"), .number("dnskeyprotocol"), .number("dnskeyalgorithm"), .word("dnskeypublickey")]
    case .naptr:
      [
        .number("naptrorder"), .number("naptrpreference"), .quoted("naptrflags"), .quoted("naptrservice"),
        .quoted("naptrregexp"), .target,
      ]
    case .svcb, .https: [.number("svcpriority"), .target, .verbatim("svcparams")]
    case .loc: [.verbatim("target")]
    default: nil
    }
  }

  private func fault(_ position: SourcePosition, _ fault: DNSControlFault) -> DeclarationFault {
    DeclarationFault(position, .dnscontrol(fault))
  }

  func data() throws(DeclarationFault) -> RData {
    if Self.isText(type) { return try text() }
    var parts: [String] = []
    for field in Self.fields(of: type) ?? [] {
      let part = try part(field)
      if !part.isEmpty { parts.append(part) }
    }
    let text = parts.joined(separator: " ")
    do {
      return try RData(type: type, text: text, origin: domain)
    } catch {
      throw fault(record["target"]?.position ?? record.position, .record(type, text: text, error.cause))
    }
  }

  private func part(_ field: Field) throws(DeclarationFault) -> String {
    switch field {
    case .number(let key):
      let (text, position) = try value(key)
      if text.isEmpty { return "0" }
      guard RecordText.isWord(text) else { throw fault(position, .value(text, key: key, of: title)) }
      return text
    case .word(let key):
      let (text, position) = try value(key)
      if text.isEmpty { throw fault(position, .missing(key, of: title)) }
      guard RecordText.isWord(text) else { throw fault(position, .value(text, key: key, of: title)) }
      return text
    case .quoted(let key):
      let (text, position) = try value(key)
      guard RecordText.isWhole(text) else { throw fault(position, .value(text, key: key, of: title)) }
      return "\"\(text)\""
    case .verbatim(let key):
      let (text, position) = try value(key)
      // A comment would hide what follows it.
      guard !text.utf8.contains(UInt8(ascii: ";")) else { throw fault(position, .value(text, key: key, of: title)) }
      return text
    case .target: return try target()
    }
  }

  /// Text or a number; empty where it is missing.
  private func value(_ key: String) throws(DeclarationFault) -> (text: String, position: SourcePosition) {
    guard let written = record[key] else { return ("", record.position) }
    switch written.content {
    case .text(let text): return (text, written.position)
    case .nothing: return ("", written.position)
    case .list, .mapping: throw fault(written.position, .wrongKind(key, of: title))
    }
  }

  /// A name: whole with its final dot, or one label below the domain, as DNSControl takes it.
  private func target() throws(DeclarationFault) -> String {
    let (text, position) = try value("target")
    if text.isEmpty { throw fault(position, .missing("target", of: title)) }
    if text == "@" { return domain.description }
    do {
      let typed = try DomainName(displayed: text)
      if text.hasSuffix(".") { return typed.description }
      if typed.labelCount == 1 { return try DomainName("\(typed)".dropLast(), origin: domain).description }
    } catch {
      throw fault(position, .name(text, error))
    }
    throw fault(position, .noFinalDot(text, of: title))
  }

  /// One text without quotes or escapes; older files have its strings one by one.
  private func text() throws(DeclarationFault) -> RData {
    if let written = record["txtstrings"], case .list(let items) = written.content, !items.isEmpty {
      let strings = items.compactMap { $0.text.map { Array($0.utf8) } }
      guard strings.count == items.count, strings.allSatisfy({ $0.count <= 255 }), strings.count <= 250 else {
        throw fault(written.position, .wrongKind("txtstrings", of: title))
      }
      return RData(type: type, canonical: strings.flatMap { [UInt8(truncatingIfNeeded: $0.count)] + $0 })
    }
    let (text, position) = try value("target")
    // Each 255 octets need one more for their length (RFC 1035 §3.3.14); RDLENGTH has 16 bits.
    guard text.utf8.count <= 65_000 else {
      throw fault(position, .record(type, text: text, .dataTooLong(octets: text.utf8.count)))
    }
    return RData(type: type, canonical: TXT(Array(text.utf8)).rdata.octets)
  }
}
