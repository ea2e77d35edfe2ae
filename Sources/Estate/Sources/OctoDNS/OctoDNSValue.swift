internal import DNSWire
internal import Names

/// Reads one value of a record: text, or a mapping of the fields that its type has.
struct OctoDNSValue {
  let record: OctoDNSRecord

  /// What a value of a type looks like.
  enum Shape {
    /// One word as in a zone file.
    case word
    case target
    case text
    case fields([Field])
  }

  /// A field of a value, in the order of the zone file.
  struct Field {
    enum Kind {
      case word
      case target
      /// A string; escapes in it are those of a zone file.
      case quoted
      /// Letters that octoDNS writes as capitals.
      case capitals
      case direction
      case metres
      case parameters
    }

    /// The key, and the names that older files have for it.
    var keys: [String]
    var kind: Kind
    var missing: String?

    init(_ keys: String..., kind: Kind = .word, missing: String? = nil) {
      (self.keys, self.kind, self.missing) = (keys, kind, missing)
    }
  }

  static let types: [RRType] = [
    .a, .aaaa, .caa, .cname, .dname, .ds, .https, .loc, .mx, .naptr, .ns, .openpgpkey, .ptr, .spf, .srv, .sshfp, .svcb, .tlsa,
    .txt, .uri,
  ]

  static func shape(of type: RRType) -> Shape? {
    switch type {
    case .a, .aaaa, .openpgpkey: .word
    case .cname, .dname, .ns, .ptr: .target
    case .txt, .spf: .text
    case .mx: .fields([Field("preference", "priority"), Field("exchange", "value", kind: .target)])
    case .srv: .fields([Field("priority"), Field("weight"), Field("port"), Field("target", kind: .target)])
    case .caa: .fields([Field("flags", missing: "0"), Field("tag"), Field("value", kind: .quoted)])
    case .uri: .fields([Field("priority"), Field("weight"), Field("target", kind: .quoted)])
    case .sshfp: .fields([Field("algorithm"), Field("fingerprint_type"), Field("fingerprint")])
    case .ds: .fields([Field("key_tag"), Field("algorithm"), Field("digest_type"), Field("digest")])
    case .tlsa:
      .fields([
        Field("certificate_usage", missing: "0"), Field("selector", missing: "0"), Field("matching_type", missing: "0"),
        Field("certificate_association_data"),
      ])
    case .naptr:
      .fields([
        Field("order"), Field("preference"), Field("flags", kind: .capitals), Field("service", kind: .quoted),
        Field("regexp", kind: .quoted), Field("replacement", kind: .target),
      ])
    case .svcb, .https:
      .fields([Field("svcpriority"), Field("targetname", kind: .target), Field("svcparams", kind: .parameters, missing: "")])
    case .loc:
      .fields(
        ["lat", "long"].flatMap { side in
          ["degrees", "minutes", "seconds"].map { Field("\(side)_\($0)") } + [Field("\(side)_direction", kind: .direction)]
        }
          + ["altitude", "size", "precision_horz", "precision_vert"].map { Field($0, kind: .metres) })
    default: nil
    }
  }

  /// The names that DS fields had in octoDNS before 1.0, where `algorithm` is the digest's type.
  private static let oldDS = [Field("flags"), Field("protocol"), Field("algorithm"), Field("public_key")]

  // MARK: Reading

  private var type: RRType { record.type }

  func read(_ written: Written, _ key: String, _ reader: inout DeclarationReader) -> RData? {
    switch Self.shape(of: type) {
    case .text: text(written, key, &reader)
    case .word: data(of: [Field(key)], written, &reader) { _ in written }
    case .target: data(of: [Field(key, kind: .target)], written, &reader) { _ in written }
    case .fields(let fields):
      if case .mapping = written.content {
        data(
          of: type == .ds && (written["public_key"] ?? written["flags"]) != nil ? Self.oldDS : fields, written, &reader
        ) { field in field.keys.lazy.compactMap { written[$0] }.first }
      } else {
        wrongKind(written, key, fields.compactMap(\.keys.first).map { "\($0):" }.joined(separator: ", "), &reader)
      }
    case nil: nil
    }
  }

  private func wrongKind(
    _ written: Written, _ key: String, _ wanted: String, _ reader: inout DeclarationReader
  ) -> RData? {
    record.fault(written.position, .wrongKind(type, key: key, wanted: wanted), &reader)
    return nil
  }

  private func data(
    of fields: [Field], _ written: Written, _ reader: inout DeclarationReader, _ value: (Field) -> Written?
  ) -> RData? {
    var parts: [String] = []
    for field in fields {
      let key = field.keys[0]
      guard let found = value(field) else {
        guard let missing = field.missing else {
          record.fault(written.position, .missing(key, of: record.title), &reader)
          return nil
        }
        if !missing.isEmpty { parts.append(missing) }
        continue
      }
      if field.kind == .parameters {
        guard let words = parameters(found, &reader) else { return nil }
        parts += words
        continue
      }
      guard let text = found.text else {
        return wrongKind(found, key, "text or a number", &reader)
      }
      guard let part = part(text, field.kind, found.position, key, &reader) else { return nil }
      parts.append(part)
    }
    let text = parts.joined(separator: " ")
    do {
      return try RData(type: type, text: text, origin: .root)
    } catch {
      record.fault(written.position, .record(type, text: text, error.cause), &reader)
      return nil
    }
  }

  /// One field as a zone file writes it.
  private func part(
    _ text: String, _ kind: Field.Kind, _ position: SourcePosition, _ key: String, _ reader: inout DeclarationReader
  ) -> String? {
    switch kind {
    case .quoted: if RecordText.isWhole(text) { return "\"\(text)\"" }
    case .capitals: if RecordText.isWhole(text) { return "\"\(text.uppercased())\"" }
    case .direction: if RecordText.isWord(text) { return text.uppercased() }
    case .target: return target(text, position, &reader)
    case .word, .parameters: if RecordText.isWord(text) { return text }
    case .metres: if RecordText.isWord(text) { return text.hasSuffix("m") ? text : text + "m" }
    }
    record.fault(position, .value(type, key: key, text: text), &reader)
    return nil
  }

  private func target(_ text: String, _ position: SourcePosition, _ reader: inout DeclarationReader) -> String? {
    if !text.hasSuffix(".") {
      guard record.isLenient, !text.isEmpty else {
        record.fault(position, .noFinalDot(text, type), &reader)
        return nil
      }
      reader.notice(position, .octodns(.noFinalDot(text)))
    }
    do {
      return try DomainName(displayed: text).description
    } catch {
      record.fault(position, .name(text, error), &reader)
      return nil
    }
  }

  /// Text without quotes or escapes, except that a semicolon may have a backslash before it. Strings in quotes are joined.
  private func text(_ written: Written, _ key: String, _ reader: inout DeclarationReader) -> RData? {
    guard var text = written.text else { return wrongKind(written, key, "text", &reader) }
    if text.hasPrefix("\"") { text = String(text.dropFirst().dropLast()) }
    let octets = RecordText.replacing("\\;", with: ";", in: RecordText.replacing("\" \"", with: "", in: Array(text.utf8)))
    // Each 255 octets need one more for their length (RFC 1035 §3.3.14); RDLENGTH has 16 bits.
    guard octets.count <= 65_000 else {
      record.fault(written.position, .record(type, text: text, .dataTooLong(octets: octets.count)), &reader)
      return nil
    }
    return RData(type: type, canonical: TXT(octets).rdata.octets)
  }

  /// Service parameters (RFC 9460 §2.1), each with text, a list or nothing.
  private func parameters(_ written: Written, _ reader: inout DeclarationReader) -> [String]? {
    guard case .mapping(let entries) = written.content else {
      _ = wrongKind(written, "svcparams", "parameters and their values", &reader)
      return nil
    }
    var words: [String] = []
    for entry in entries {
      var items: [String] = []
      switch entry.value.content {
      case .nothing:
        words.append(entry.key)
        continue
      case .text(let text): items = [text]
      case .list(let list): items = list.compactMap(\.text)
      case .mapping: break
      }
      let value = items.joined(separator: ",")
      guard RecordText.isWord(entry.key), !items.isEmpty, RecordText.isWhole(value) else {
        record.fault(entry.value.position, .value(type, key: entry.key, text: value), &reader)
        return nil
      }
      words.append("\(entry.key)=\"\(value)\"")
    }
    return words
  }
}
