public import DNSWire

/// Why a file tells nothing of origins. ``description`` is the sentence for a person: what happened, where, what to do.
public enum OriginFault: Error, Hashable, Sendable {
  /// The system's words.
  case cannotRead(path: String, String)
  case empty(path: String)
  case compressed(path: String)
  /// In octets.
  case tooLarge(path: String, octets: Int, most: Int)
  case tooManyPrefixes(path: String, most: Int)
  /// Neither a MaxMind database nor text.
  case unknownFormat(path: String)
  /// A MaxMind database of another kind, by its own word.
  case noOrigins(path: String, kind: String)
  /// libmaxminddb's words.
  case damaged(path: String, String)
  case line(SourcePosition, Line)

  /// What is wrong with a line of a pfx2as file; texts are as they stand there, cut and escaped.
  public enum Line: Hashable, Sendable {
    case tooLong(most: Int)
    case notThreeFields
    case notAnAddress(String)
    case notALength(String, most: Int)
    case hostBits(String)
    case notANumber(String)
  }
}

extension OriginFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .cannotRead(let path, let words):
      "\(path): the origins cannot be read: \(words). Name a MaxMind ASN database or a pfx2as file."
    case .empty(let path): "\(path): the file is empty. Fetch it again."
    case .compressed(let path): "\(path): the file is compressed. Unpack it first: gunzip, or tar."
    case .tooLarge(let path, let octets, let most):
      "\(path): the file has \(octets) octets and a pfx2as file has at most \(most). Name one day's file."
    case .tooManyPrefixes(let path, let most): "\(path): the file has more than \(most) prefixes. Name one day's file."
    case .unknownFormat(let path):
      "\(path): this is neither a whole MaxMind database nor a pfx2as file. Fetch it again, or name another file."
    case .noOrigins(let path, let kind):
      "\(path): this MaxMind database is of kind \(kind) and has no AS numbers. Name one that has, such as GeoLite2-ASN."
    case .damaged(let path, let words): "\(path): the MaxMind database is damaged: \(words). Fetch it again."
    case .line(let position, let fault): "\(position): \(fault). Fetch the file again, or remove the line."
    }
  }
}

extension OriginFault.Line: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tooLong(let most): "the line has more than \(most) octets"
    case .notThreeFields: "the line is not a prefix, its length and its AS numbers with tabs between them"
    case .notAnAddress(let text): "\(text) is not an address"
    case .notALength(let text, let most): "\(text) is not the length of a prefix, 0 to \(most)"
    case .hostBits(let text): "\(text) has bits set behind the length of the prefix"
    case .notANumber(let text): "\(text) is not an AS number"
    }
  }
}
