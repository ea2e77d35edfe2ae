extension DeclarationKeys {
  static let template = DeclarationKeys(
    title: "a template",
    keys: [
      DeclarationKey("template", .anyText, "The template's JSON file."),
      DeclarationKey("variables", .named(.anyText, names: "the template's variables"), "Values for its variables."),
      DeclarationKey("host", .anyText, "The name below the domain that it is for; the domain itself where it is not written."),
      DeclarationKey("groups", .list(.anyText, least: 1), "Which of the template's groups apply; all where it is not written."),
    ], required: ["template"])

  static let transfer = DeclarationKeys(
    title: "transfer",
    keys: [
      DeclarationKey("primary", socketAddress, "The server's address; port 53 where none is written."),
      DeclarationKey("key", .mapping(transferKey), "The TSIG key (RFC 8945)."),
    ], required: ["primary", "key"])

  static let transferKey = DeclarationKeys(
    title: "a key",
    keys: [
      DeclarationKey("name", .anyText, "The key's name, the same at the server."),
      DeclarationKey("algorithm", words(TransferRequest.Algorithm.self), "How messages are signed."),
      DeclarationKey(
        "secret", .text(pattern: "^(env|file|cred|cmd):.+$"),
        "Where the secret is kept, in base64: env:NAME, file:PATH, cred:NAME or cmd:COMMAND. Never the secret."),
    ], required: ["name", "algorithm", "secret"])

  static let mail = DeclarationKeys(
    title: "mail",
    keys: [
      DeclarationKey("spf", words(MailPosture.SPF.self), "How SPF ends: -all, at least ~all, or in any way."),
      DeclarationKey("dmarc", words(MailPosture.DMARC.self), "The least policy of DMARC."),
      DeclarationKey("mtaSTS", words(MailPosture.MTASTS.self), "The least mode of MTA-STS."),
      DeclarationKey("tlsRPT", .boolean, "Whether reports of TLS are asked for: false."),
    ])

  static let certificates = DeclarationKeys(
    title: "certificates",
    keys: [
      DeclarationKey("issuers", .list(.anyText, least: 0), "Issuers as CAA records name them; an empty list is nobody."),
      DeclarationKey("accounts", .list(.anyText, least: 1), "ACME account URLs; any where it is not written."),
      DeclarationKey(
        "keys", .list(.text(pattern: "^(sha256:[0-9A-Fa-f]{64}|\\$[A-Za-z][A-Za-z0-9_-]*)$"), least: 1),
        "SHA-256 of public keys in use; any where it is not written."),
    ], required: ["issuers"])

  private static func words<Word: CaseIterable & RawRepresentable>(_: Word.Type) -> Shape where Word.RawValue == String {
    .any(of: Word.allCases.map { .word($0.rawValue) })
  }
}
