internal import Names

/// A hash algorithm, by its name in STIX 2.1 §10.7 (hash-algorithm-ov).
public enum HashAlgorithm: String, Hashable, Sendable, CaseIterable {
  case md5 = "MD5"
  case sha1 = "SHA-1"
  case sha224 = "SHA-224"
  case sha256 = "SHA-256"
  case sha384 = "SHA-384"
  case sha512 = "SHA-512"
  case sha3256 = "SHA3-256"
  case sha3512 = "SHA3-512"
  case ssdeep = "SSDEEP"
  case tlsh = "TLSH"

  /// Reads a name in any case, with or without its hyphens: `sha256`, `SHA_256`.
  public init?(name: some StringProtocol) {
    let word = name.lowercased().filter { $0.isLetter || $0.isNumber }
    guard let found = Self.allCases.first(where: { $0.rawValue.lowercased().filter { $0 != "-" } == word }) else { return nil }
    self = found
  }

  /// The algorithm whose values have so many hexadecimal digits; of two with the same length, the usual one.
  public init?(digits: Int) {
    switch digits {
    case 32: self = .md5
    case 40: self = .sha1
    case 56: self = .sha224
    case 64: self = .sha256
    case 96: self = .sha384
    case 128: self = .sha512
    default: return nil
    }
  }

  /// Hexadecimal digits of a value; `nil` for a fuzzy hash, which has a form of its own.
  public var digits: Int? {
    switch self {
    case .md5: 32
    case .sha1: 40
    case .sha224: 56
    case .sha256, .sha3256: 64
    case .sha384: 96
    case .sha512, .sha3512: 128
    case .ssdeep, .tlsh: nil
    }
  }

  /// A value of this algorithm, in lower case but for a fuzzy hash; `nil` where the text is none.
  public func value(_ text: some StringProtocol) -> String? {
    let text = String(text)
    return value(text.utf8.span)
  }

  /// The same from octets.
  func value(_ text: Span<UInt8>) -> String? {
    guard let digits else { return fuzzyValue(text.string) }
    // As certificates' fingerprints are shown: `9F:86:…`.
    if text.count == digits / 2 * 3 - 1, (1..<digits / 2).allSatisfy({ text[3 * $0 - 1] == UInt8(ascii: ":") }) {
      return value(text.string.filter { $0 != ":" })
    }
    guard text.count == digits else { return nil }
    // All have whole words of digits.
    for place in stride(from: 0, to: digits, by: 8) {
      guard EightOctets(text, at: place, before: digits).areHexadecimal else { return nil }
    }
    // As many octets as there is room for, all ASCII.
    return unsafe String(unsafeUninitializedCapacity: digits) { octets in
      for place in stride(from: 0, to: digits, by: 8) {
        let word = EightOctets(text, at: place, before: digits).lowerCased.word
        unsafe UnsafeMutableRawBufferPointer(octets).storeBytes(of: word.littleEndian, toByteOffset: place, as: UInt64.self)
      }
      return digits
    }
  }

  /// Of ``ssdeep`` also where the name of the file follows, as in `96:abc:def,"a.exe"`, which its program writes.
  private func fuzzyValue(_ text: String) -> String? {
    if self == .tlsh {
      let digits = text.hasPrefix("T1") ? text.dropFirst(2) : text[...]
      return Self.digitsOfTLSH.contains(digits.utf8.count) && digits.utf8.allSatisfy(isHexadecimal) ? text : nil
    }
    let hash = text.firstRange(of: ",\"").map { String(text[..<$0.lowerBound]) } ?? text
    // Its blocks are base64, and colons stand between them.
    let isValue =
      1...150 ~= hash.utf8.count
      && hash.utf8.allSatisfy { $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 26 || "/+:.".utf8.contains($0) }
    return isValue ? hash : nil
  }

  /// Of 128 and of 256 buckets, with a checksum of one octet and of three.
  private static let digitsOfTLSH = [70, 74, 134, 138]

  /// Whether a text is a value of the algorithm of this name, with nothing beside it. Of a name that is not known here any text is.
  static func isValue(_ text: String, named name: String) -> Bool {
    if let algorithm = HashAlgorithm(name: name) { return algorithm.value(text)?.utf8.count == text.utf8.count }
    guard let digits = digitsOfOthers[name.uppercased().filter { $0 != "-" }] else { return true }
    return digits.contains(text.utf8.count) && text.utf8.allSatisfy(isHexadecimal)
  }

  /// Of algorithms that are no case here.
  private static let digitsOfOthers = [
    "MD6": [32, 40, 56, 64, 96, 128], "RIPEMD160": [40], "SHA3224": [56], "SHA3384": [96], "WHIRLPOOL": [128],
  ]
}

extension EightOctets {
  /// Whether all are hexadecimal digits.
  fileprivate var areHexadecimal: Bool {
    if beyondASCII != 0 { return false }
    let (digits, lower) = (atLeast(0x30) & ~atLeast(0x3A), EightOctets(word: word | 0x2020_2020_2020_2020))
    return digits | (lower.atLeast(0x61) & ~lower.atLeast(0x67)) == Self.highBits
  }
}

func isHexadecimal(_ octet: UInt8) -> Bool {
  octet &- 0x30 < 10 || (octet | 0x20) &- 0x61 < 6
}
