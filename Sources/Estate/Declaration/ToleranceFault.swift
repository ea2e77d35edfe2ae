public import DNSWire
public import Names
internal import Notation

/// What is wrong with a tolerance that is written for a name and type.
public enum ToleranceFault: Hashable, Sendable {
  /// `values` says all; a tolerance stands in its place.
  case valuesBeside(key: String)
  case saysNothing
  case notForType(key: String, RRType, only: String)
  /// Delegation is exact.
  case exactOnly(RRType)
  /// The C library's reason.
  case pattern(String, reason: String)
  /// `atMost: 0`.
  case none
  case counts(atLeast: Int, atMost: Int)
  /// More values are required than there may be.
  case noRoom(atMost: Int, allOf: Int)
  /// Fewer values are accepted than there must be.
  case notEnough(atLeast: Int, accepted: Int)
  case otherFamily(String, RRType)
  case noOriginDatabase
  case tlsProofOfServer(DomainName, namedBy: RRType)

  /// What is wrong and what to write instead, without the place.
  public var sentence: String {
    switch self {
    case .valuesBeside(let key):
      "values: says everything that the name has, so \(key): cannot stand beside it. "
        + "Write allOf: in place of values:, or remove \(key):."
    case .saysNothing:
      "This accepts nothing. Write which values the name may have, such as within: [192.0.2.0/24], anyOf: […], "
        + "endsIn: [cdn.example.net] or others: true."
    case .notForType(let key, let type, let only): "\(key): is for \(only), and this is \(type). Remove it, or write anyOf:."
    case .exactOnly(let type):
      "\(type) records are declared exactly: who holds one holds all below it. Write values: with all that are intended."
    case .pattern(let pattern, let reason):
      "\(quoted(pattern)) is not a pattern: \(printable(reason, limit: 200)). Write an extended regular expression, "
        + "such as \"^google-site-verification=\"."
    case .none: "atMost: 0 accepts no value. Write absent in place of all this."
    case .counts(let atLeast, let atMost):
      "atLeast: \(atLeast) is more than atMost: \(atMost). Write the smaller one as atLeast:."
    case .noRoom(let atMost, let allOf):
      "atMost: \(atMost) leaves no room for the \(allOf) values of allOf:. Write a larger atMost:."
    case .notEnough(let atLeast, let accepted):
      "atLeast: \(atLeast) cannot be reached with \(accepted) accepted value\(accepted == 1 ? "" : "s"). Write a smaller atLeast:."
    case .otherFamily(let text, let type):
      "\(quoted(text)) holds no address that \(type) could have. Write \(type == .a ? "IPv4" : "IPv6") prefixes here."
    case .noOriginDatabase:
      "originAS: needs a file that says who announces an address. Write network: {originDatabase: FILE}, a MaxMind DB or a pfx2as file."
    case .tlsProofOfServer(let name, let type):
      "tlsProof: cannot excuse \(name.displayed), which an \(type) record names: who moves that host moves all that it serves. "
        + "Remove tlsProof:."
    }
  }
}

/// What is wrong with a group of values, or where one is used.
public enum GroupFault: Hashable, Sendable {
  case badName(String)
  case nested(String)
  case tooMuch(limit: Int)
  case undefined(String, suggestion: String?, known: [String])

  /// What is wrong and what to write instead, without the place.
  public var sentence: String {
    switch self {
    case .badName(let name):
      "\(quoted(name)) cannot name a group. Write a letter, then letters, digits, - or _, such as office."
    case .nested(let text): "Groups hold values, not groups. Write out here what \(printable(text, limit: 80)) holds."
    case .tooMuch(let limit):
      "All uses of groups together stand for more than \(limit) values. Write smaller groups, or wider prefixes."
    case .undefined(let name, let suggestion, let known):
      "There is no group \(quoted(name))."
        + (suggestion.map { " Did you mean $\($0)?" }
          ?? (known.isEmpty
            ? " Write groups: {\(printable(name, limit: 80)): […]} at the top; quote text that starts with $ twice: '\"$…\"'."
            : " The groups are \(shown(known.map { printable($0, limit: 60) }))."))
    }
  }
}
