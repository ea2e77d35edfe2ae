internal import DNSWire
internal import Names

extension DomainReader {
  /// `none`, or what is intended of SPF, DMARC, MTA-STS and TLS-RPT.
  func readMail(_ entry: Written.Entry, _ reader: inout DeclarationReader) -> MailPosture? {
    if entry.value.text == "none" { return MailPosture(isNone: true, declaredAt: entry.position) }
    let before = reader.faults.count
    guard let fields = reader.fields(entry.value, .mail, entry.key, .mail) else { return nil }
    if fields.isEmpty, reader.faults.count == before {
      reader.faults.add(entry.value.position, .wrongKind(entry.key, found: .nothing, wanted: .mail))
    }
    var posture = MailPosture(declaredAt: entry.position)
    posture.spf = fields["spf"].flatMap { reader.word($0, .spf) }
    posture.dmarc = fields["dmarc"].flatMap { reader.word($0, .dmarc) }
    posture.mtaSTS = fields["mtaSTS"].flatMap { reader.word($0, .mtaSTS) }
    posture.tlsRPT = fields["tlsRPT"].flatMap { reader.boolean($0) } ?? false
    return posture
  }

  func readCertificates(_ entry: Written.Entry, _ reader: inout DeclarationReader) -> IssuerPolicy? {
    guard let fields = reader.fields(entry.value, .certificates, entry.key, .certificates) else { return nil }
    var policy = IssuerPolicy(issuers: [], declaredAt: entry.position)
    // An empty list says that nobody may issue.
    if let issuers = fields["issuers"], !issuers.value.isEmptyList {
      policy.issuers = reader.each(issuers, .issuers, .issuer) { text in
        guard !text.contains("*"), let name = try? DomainName(displayed: text), name.labelCount >= 2 else { return nil }
        return "\("\(name)".dropLast())"
      }
    }
    if let accounts = fields["accounts"] {
      policy.accounts = reader.each(accounts, .accounts, .account) { text in
        let isURL = text.hasPrefix("https://") && text.utf8.count > 8 && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        return isURL ? text : nil
      }
    }
    if let keys = fields["keys"] {
      policy.keys = reader.each(keys, .publicKeys, .publicKey) { text in
        let digits = text.lowercased().utf8.dropFirst(7)
        guard text.hasPrefix("sha256:"), digits.count == 64, digits.allSatisfy({ $0 &- 0x30 < 10 || $0 &- 0x61 < 6 }) else {
          return nil
        }
        return text.lowercased()
      }
    }
    return policy
  }
}

extension Written {
  fileprivate var isEmptyList: Bool { if case .list(let items) = content { items.isEmpty } else { false } }
}

extension DeclarationReader {
  /// The items of a list of words, each once, as `read` writes them; a fault where it gives nothing.
  fileprivate mutating func each(
    _ entry: Written.Entry, _ list: DeclarationFault.Wanted, _ one: DeclarationFault.Wanted, _ read: (String) -> String?
  ) -> [String] {
    var all: [String] = []
    var first: [String: SourcePosition] = [:]
    for item in items(entry, list) ?? [] {
      guard let text = text(item, entry.key, one) else { continue }
      guard let value = read(text) else {
        faults.add(item.position, .notUnderstood(text, one))
        continue
      }
      if isNew(value, text, item.position, among: &first) { all.append(value) }
    }
    return all
  }
}
