import ArgumentParser
import Connectors
import Estate

/// How a far side is asked over HTTP. Secrets are references: nothing of them stands on the command line.
struct WebOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp("The bearer token for the URLs: env:NAME, file:PATH, cred:NAME or cmd:….", valueName: "secret"))
  var bearer: String?

  @Option(
    name: .long, help: ArgumentHelp("User and password for the URLs, as user:password in such a secret.", valueName: "secret"))
  var basic: String?

  @Option(
    name: .long, help: ArgumentHelp("Certificate authorities in PEM, in the place of the system's.", valueName: "file"),
    completion: .file())
  var authorities: String?

  @Option(
    name: .long,
    help: ArgumentHelp("The longest that one answer may take, 1 to 3600 (default: 60).", valueName: "seconds"))
  var timeout: Int?

  func validate() throws {
    if bearer != nil, basic != nil { throw ValidationError("Give either --bearer or --basic.") }
    if let timeout, !(1...3600).contains(timeout) { throw ValidationError("--timeout is 1 to 3600 seconds.") }
  }

  var areGiven: Bool { bearer != nil || basic != nil }

  /// - Throws: ``Ending`` where a secret cannot be had.
  var reader: SourceReader {
    get throws {
      var reader = SourceReader(authoritiesFile: authorities, timeout: timeout.map { Duration.seconds($0) })
      if let bearer { reader.credentials = .bearer(token: try secret(bearer)) }
      if let basic {
        let text = try secret(basic)
        guard let colon = text.firstIndex(of: ":") else { throw Ending(.usage, "what --basic names holds no user:password.") }
        reader.credentials = .basic(user: String(text[..<colon]), password: String(text[text.index(after: colon)...]))
      }
      return reader
    }
  }

  private func secret(_ text: String) throws -> String { try Secret.named(text) }
}

extension Secret {
  /// What a reference on the command line leads to.
  static func named(_ text: String) throws -> String {
    guard let reference = SecretReference(text) else {
      // It may be the secret itself, and what is said is kept in logs.
      throw Ending(.usage, "what is given is no reference to a secret. Write env:NAME, file:PATH, cred:NAME or cmd:….")
    }
    do { return try read(reference) } catch { throw Ending(.usage, "\(error).") }
  }
}
