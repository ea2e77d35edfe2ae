import DNSWire
import Estate
import Names

extension Tolerance {
  /// How a set of values departs from what is accepted; nil where it does not.
  func departure(of observed: [RData]) -> Departure? {
    let seen = Set(observed)
    let missing = Set(allOf).subtracting(seen)
    let strange = seen.filter { !accepts($0) }
    let accepted = seen.subtracting(strange)
    if !strange.isEmpty {
      return missing.isEmpty && !accepted.isEmpty
        ? .added(strange.inCanonicalOrder, beside: accepted.inCanonicalOrder) : .replaced(seen.inCanonicalOrder)
    }
    if !missing.isEmpty || seen.count < atLeast {
      return .removed(missing.inCanonicalOrder, left: seen.inCanonicalOrder)
    }
    if let atMost, seen.count > atMost { return .added([], beside: seen.inCanonicalOrder) }
    return nil
  }

  func accepts(_ value: RData) -> Bool {
    if allowsOthers || allOf.contains(value) || anyOf.contains(value) { return true }
    if !within.isEmpty, let address = IPAddress(octets: value.octets.span) {
      return within.contains { $0.contains(address) }
    }
    return false
  }
}
