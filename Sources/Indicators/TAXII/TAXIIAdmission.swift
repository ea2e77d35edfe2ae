/// Who may ask a server, and what of it.
public struct TAXIIAdmission: Sendable {
  /// What whoever reaches the server may do, without a token.
  public var anyone: Rights
  public var tokens: [Token]

  /// Without tokens, and with no rights for anyone, nobody is let in.
  public init(anyone: Rights = Rights(), tokens: [Token] = []) { (self.anyone, self.tokens) = (anyone, tokens) }

  /// What a client may do, as far as the collections themselves allow it.
  public struct Rights: Hashable, Sendable {
    /// Collections, by id.
    public enum Reach: Hashable, Sendable {
      case all
      case only(Set<String>)

      func covers(_ collection: String) -> Bool {
        switch self {
        case .all: true
        case .only(let ids): ids.contains(collection)
        }
      }

      func joined(with other: Reach) -> Reach {
        guard case .only(let one) = self, case .only(let two) = other else { return .all }
        return .only(one.union(two))
      }
    }

    public var reading: Reach
    public var writing: Reach

    public init(reading: Reach = .only([]), writing: Reach = .only([])) { (self.reading, self.writing) = (reading, writing) }

    public static let nothing = Rights()
    public static let everything = Rights(reading: .all, writing: .all)
  }

  /// A secret that is shared with one client.
  public struct Token: Sendable {
    fileprivate var secret: [UInt8]
    var rights: Rights

    public init(_ secret: String, _ rights: Rights) { (self.secret, self.rights) = (Array(secret.utf8), rights) }
  }

  /// What the sender of a request may do; `nil` for a stranger.
  ///
  /// A token comes as a bearer token (RFC 6750 §2.1), or as the password of Basic authentication (RFC 7617), whose user is not
  /// looked at: every client of TAXII speaks Basic (§8.5.1), and servers should (§8.2.2).
  func rights(_ authorization: String?) -> Rights? {
    var found = anyone == .nothing ? nil : anyone
    guard let secret = authorization.flatMap(Self.secret), !secret.isEmpty else { return found }
    // All of them, so that the time tells neither which token fits nor how far one does. Who has it twice may do both.
    for token in tokens where Self.areEqual(token.secret, secret) {
      let rights = found ?? .nothing
      found = Rights(
        reading: rights.reading.joined(with: token.rights.reading), writing: rights.writing.joined(with: token.rights.writing))
    }
    return found
  }

  private static func secret(_ field: String) -> [UInt8]? {
    guard field.utf8.count <= 4096, let blank = field.firstIndex(of: " ") else { return nil }
    let credentials = field[blank...].drop { $0 == " " }
    switch field[..<blank].lowercased() {
    case "bearer": return Array(credentials.utf8)
    case "basic":
      guard let pair = base64Octets(credentials.utf8), let colon = pair.firstIndex(of: UInt8(ascii: ":")) else { return nil }
      return Array(pair[(colon + 1)...])
    default: return nil
    }
  }

  /// Takes a time that depends on the length of what was sent, never on the secret.
  private static func areEqual(_ secret: [UInt8], _ sent: [UInt8]) -> Bool {
    guard !secret.isEmpty else { return false }
    var difference = UInt8(secret.count == sent.count ? 0 : 1)
    var place = 0
    for octet in sent {
      difference |= octet ^ secret[place]
      place = place + 1 == secret.count ? 0 : place + 1
    }
    return difference == 0
  }
}
