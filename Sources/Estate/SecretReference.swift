/// Where a secret is kept; never the secret itself, which only the edge that needs it reads.
public struct SecretReference: Hashable, Sendable, CustomStringConvertible {
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// An environment variable.
    case env
    /// A file that holds the secret and nothing else.
    case file
    /// A credential that systemd hands to the service.
    case cred
    /// What a command prints.
    case cmd
  }

  public var kind: Kind
  /// The variable, path, credential or command.
  public var text: String

  public init(_ kind: Kind, _ text: String) { (self.kind, self.text) = (kind, text) }

  /// Reads `env:NAME`, `file:PATH`, `cred:NAME` or `cmd:COMMAND`; `nil` for anything else, which may be a secret.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])), parts[1].utf8.count <= 4096,
      parts[1].utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
    else { return nil }
    let rest = String(parts[1])
    let isPlain = rest.utf8.allSatisfy { octet in
      (octet | 0x20) &- 0x61 < 26 || octet &- 0x30 < 10 || octet == UInt8(ascii: "_")
        || kind == .cred && [0x2D, 0x2E, 0x40].contains(octet)
    }
    switch kind {
    case .env: guard isPlain, !rest.isEmpty, rest.utf8.first.map({ $0 &- 0x30 >= 10 }) == true else { return nil }
    case .cred: guard isPlain, !rest.isEmpty, rest != ".", rest != ".." else { return nil }
    case .file, .cmd: guard rest.utf8.contains(where: { $0 != 0x20 }) else { return nil }
    }
    self.init(kind, rest)
  }

  public var description: String { "\(kind.rawValue):\(text)" }
}
