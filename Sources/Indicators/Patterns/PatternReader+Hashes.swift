extension PatternReader {
  /// As the reference validator does it: by the last property of a path that has `hashes` in it. It does so whatever the operator
  /// is; here only what looks for whole values is held against it.
  func checkHash(_ operand: Comparison.Operand, of path: ObjectPath, at token: PatternToken) throws(PatternFault) {
    guard path.steps.contains(.property("hashes")), case .property(let name)? = path.steps.last else { return }
    let constants: [Constant]
    switch operand {
    case .constant(let constant): constants = [constant]
    case .set(let set): constants = set
    }
    for case .string(let text) in constants where !Self.isHash(text, algorithm: name) {
      throw lexer.fault(.hash(text, algorithm: name), at: token.range.lowerBound)
    }
  }

  private static func isHash(_ text: String, algorithm name: String) -> Bool {
    let lengths: [Int]
    switch name.uppercased().filter({ $0 != "-" }) {
    case "MD5": lengths = [32]
    case "MD6": lengths = [32, 40, 56, 64, 96, 128]
    case "RIPEMD160", "SHA1": lengths = [40]
    case "SHA224", "SHA3224": lengths = [56]
    case "SHA256", "SHA3256": lengths = [64]
    case "SHA384", "SHA3384": lengths = [96]
    case "SHA512", "SHA3512", "WHIRLPOOL": lengths = [128]
    case "SSDEEP":
      // Its blocks are base64, and colons stand between them.
      return 1...150 ~= text.utf8.count
        && text.utf8.allSatisfy { $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 26 || "/+:.".utf8.contains($0) }
    default: return true
    }
    return lengths.contains(text.utf8.count) && text.utf8.allSatisfy { isHexadecimal($0) }
  }
}
