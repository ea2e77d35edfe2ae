internal import DNSWire

extension Tolerance {
  /// What is accepted, as the owner would write it: `allOf: …; within: 192.0.2.0/24; atLeast: 2`.
  public var words: String {
    var parts: [String] = []
    func part(_ key: String, _ values: [String]) {
      if !values.isEmpty { parts.append("\(key): \(shown(values))") }
    }
    part("allOf", allOf.map(\.text))
    part("anyOf", anyOf.map(\.text))
    part("within", within.map { "\($0)" })
    part("originAS", originAS.map { "\($0)" })
    part("matches", matches.map(\.source))
    part("endsIn", endsIn.map { "\($0)" })
    if allowsOthers { parts.append(parts.isEmpty ? "any value" : "any other") }
    if atLeast != 1 { parts.append("atLeast: \(atLeast)") }
    if let atMost { parts.append("atMost: \(atMost)") }
    return parts.joined(separator: "; ")
  }
}
