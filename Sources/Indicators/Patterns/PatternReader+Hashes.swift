extension PatternReader {
  /// As the reference validator does it: by the last property of a path that has `hashes` in it. It does so whatever the operator
  /// is; here only what looks for whole values is held against it.
  func checkHash(_ operand: Comparison.Operand, of path: ObjectPath, at token: PatternToken) throws(PatternFault) {
    guard bounds.checksHashes, path.steps.contains(.property("hashes")), case .property(let name)? = path.steps.last else {
      return
    }
    let constants: [Constant]
    switch operand {
    case .constant(let constant): constants = [constant]
    case .set(let set): constants = set
    }
    for case .string(let text) in constants where !HashAlgorithm.isValue(text, named: name) {
      throw lexer.fault(.hash(text, algorithm: name), at: token.range.lowerBound)
    }
  }
}
