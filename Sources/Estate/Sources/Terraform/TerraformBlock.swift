internal import DNSWire
internal import Names

/// The attributes of a resource, or of a block inside it, as `terraform show -json` writes them.
struct TerraformBlock {
  /// Terraform's address of the resource: `module.dns.aws_route53_record.www[0]`.
  let address: String
  /// Whether it is of a plan, where what is missing is known only after apply.
  let isPlanned: Bool
  let position: SourcePosition
  /// What leads to the block inside the resource: `alias.`; empty for the resource itself.
  private let path: String
  private let entries: [String: Written]

  init(_ entries: [Written.Entry], address: String, isPlanned: Bool, position: SourcePosition, path: String = "") {
    (self.address, self.isPlanned, self.position, self.path) = (address, isPlanned, position, path)
    self.entries = Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }
  }

  /// What an attribute holds; `nil` where it is missing or null.
  subscript(key: String) -> Written? {
    guard let written = entries[key] else { return nil }
    if case .nothing = written.content { return nil }
    return written
  }

  func fault(_ fault: TerraformFault, at written: Written? = nil) -> DeclarationFault {
    DeclarationFault(written?.position ?? position, .terraform(fault))
  }

  func missing(_ key: String, at written: Written? = nil) -> DeclarationFault {
    fault(isPlanned ? .unknown(address, attribute: path + key) : .missing(address, attribute: path + key), at: written)
  }

  /// Text, or a number as it is written; `nil` where it is missing, null or empty.
  func text(_ key: String) throws(DeclarationFault) -> String? {
    guard let written = self[key] else { return nil }
    guard let text = written.text else {
      throw fault(.wrongKind(address, attribute: path + key, wanted: "text"), at: written)
    }
    return text.isEmpty ? nil : text
  }

  /// Text of the first of two attributes that has any.
  func text(_ key: String, or other: String) throws(DeclarationFault) -> String? {
    if let text = try text(key) { return text }
    return try text(other)
  }

  func wantedText(_ key: String) throws(DeclarationFault) -> String {
    guard let text = try text(key) else { throw missing(key) }
    return text
  }

  func number(_ key: String, upTo limit: Int) throws(DeclarationFault) -> Int? {
    guard let text = try text(key) else { return nil }
    guard text.utf8.count <= 18, text.utf8.allSatisfy({ $0 &- 0x30 < 10 }), let value = Int(text), value <= limit else {
      throw fault(
        .notUnderstood(address, attribute: path + key, text: text, wanted: "a number from 0 to \(limit)"), at: self[key])
    }
    return value
  }

  /// RFC 2181 §8: at most 2^31 - 1.
  func ttl() throws(DeclarationFault) -> UInt32? { try number("ttl", upTo: 2_147_483_647).map { UInt32($0) } }

  func flag(_ key: String) throws(DeclarationFault) -> Bool { try text(key) == "true" }

  /// The texts of a list, each with its place; `nil` where the list is missing, null or empty.
  func texts(_ key: String) throws(DeclarationFault) -> [(text: String, written: Written)]? {
    guard let written = self[key] else { return nil }
    guard case .list(let items) = written.content else {
      throw fault(.wrongKind(address, attribute: path + key, wanted: "a list"), at: written)
    }
    var texts: [(String, Written)] = []
    for item in items {
      guard let text = item.text else {
        if case .nothing = item.content { throw missing(key, at: item) }
        throw fault(.wrongKind(address, attribute: path + key, wanted: "a list of texts"), at: item)
      }
      texts.append((text, item))
    }
    return texts.isEmpty ? nil : texts
  }

  /// The blocks of a name: a list of objects, or one object as newer providers write it.
  func blocks(_ key: String) throws(DeclarationFault) -> [TerraformBlock] {
    guard let written = self[key] else { return [] }
    var blocks: [TerraformBlock] = []
    let items = if case .list(let items) = written.content { items } else { [written] }
    for item in items {
      switch item.content {
      case .mapping(let entries):
        blocks.append(
          TerraformBlock(entries, address: address, isPlanned: isPlanned, position: item.position, path: "\(path)\(key)."))
      case .nothing: throw missing(key, at: item)
      default: throw fault(.wrongKind(address, attribute: path + key, wanted: "a list of blocks"), at: item)
      }
    }
    return blocks
  }

  // MARK: DNS

  /// A name as a person or a provider writes it; a missing final dot means nothing.
  func name(_ text: String, at written: Written? = nil) throws(DeclarationFault) -> DomainName {
    do {
      return try DomainName(displayed: text)
    } catch {
      throw fault(.name(address, text: text, error), at: written)
    }
  }

  func type(_ text: String) throws(DeclarationFault) -> RRType {
    guard let type = RRType(text), !type.isMeta, type.rawValue != 0 else {
      throw fault(.type(address, text: text), at: self["type"])
    }
    return type
  }

  /// Data as a zone file writes it, where every name is whole.
  func data(_ type: RRType, _ text: String, at written: Written?) throws(DeclarationFault) -> RData {
    do {
      return try RData(type: type, text: text, origin: .root)
    } catch {
      throw fault(.record(address, type, text: text, error.cause), at: written)
    }
  }

  /// One value without quotes or escapes, in strings of 255 octets.
  func plainText(_ type: RRType, _ text: String, at written: Written?) throws(DeclarationFault) -> RData {
    // Each 255 octets need one more for their length (RFC 1035 §3.3.14); RDLENGTH has 16 bits.
    guard text.utf8.count <= 65_000 else {
      throw fault(.record(address, type, text: text, .dataTooLong(octets: text.utf8.count)), at: written)
    }
    return RData(type: type, canonical: TXT(Array(text.utf8)).rdata.octets)
  }

  /// Text in quotes, as a zone file has it.
  static func quotes(_ text: String) -> String {
    var out = "\""
    for character in text.unicodeScalars {
      if character == "\"" || character == "\\" { out.unicodeScalars.append("\\") }
      out.unicodeScalars.append(character)
    }
    return out + "\""
  }
}
