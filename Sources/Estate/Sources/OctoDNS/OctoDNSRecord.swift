internal import DNSWire
internal import Names
internal import Notation

/// Reads what one record intends.
struct OctoDNSRecord {
  let type: RRType
  let isLenient: Bool
  /// How sentences name it.
  let title: String
  let position: SourcePosition
  let order: SourcePosition

  func fault(_ position: SourcePosition, _ fault: OctoDNSFault, _ reader: inout DeclarationReader) {
    reader.faults.add(position, .octodns(fault), order: order)
  }

  func intended(_ written: Written, _ reader: inout DeclarationReader) -> DeclaredRRset.Intended? {
    guard let values = defaults(written, &reader), var others = byPlace(written["geo"], &reader),
      let pooled = pooled(written["dynamic"], &reader)
    else { return nil }
    others += pooled
    guard !others.isEmpty else { return .exactly(values) }
    var seen = Set(values)
    return .tolerant(Tolerance(anyOf: values + others.filter { seen.insert($0).inserted }))
  }

  private func defaults(_ written: Written, _ reader: inout DeclarationReader) -> [RData]? {
    let key = written["values"] == nil ? "value" : "values"
    guard let field = written[key] else {
      fault(position, .missing("value", of: title), &reader)
      return nil
    }
    return self.values(field, key, &reader)
  }

  /// One value, or a list of them.
  private func values(_ field: Written, _ key: String, _ reader: inout DeclarationReader) -> [RData]? {
    let items = if case .list(let items) = field.content { items } else { [field] }
    let holdsNothing = if case .nothing = field.content { true } else { items.isEmpty }
    if holdsNothing {
      fault(field.position, .missing("value", of: title), &reader)
      return nil
    }
    var values: [RData] = []
    var first: [RData: SourcePosition] = [:]
    var isWhole = true
    for item in items {
      guard let value = OctoDNSValue(record: self).read(item, key, &reader) else {
        isWhole = false
        continue
      }
      if let earlier = first[value] {
        // Lenient files hold the same value twice; a set does not.
        if !isLenient { reader.faults.add(item.position, .twice(value.text, first: earlier), order: order) }
      } else {
        first[value] = item.position
        values.append(value)
      }
    }
    return isWhole ? values : nil
  }

  /// The values of `geo`, whoever asks.
  private func byPlace(_ geo: Written?, _ reader: inout DeclarationReader) -> [RData]? {
    guard let geo else { return [] }
    guard case .mapping(let places) = geo.content else {
      fault(geo.position, .wrongKind(type, key: "geo", wanted: "places and their values"), &reader)
      return nil
    }
    var all: [RData] = []
    for place in places {
      guard let values = values(place.value, place.key, &reader) else { return nil }
      all += values
    }
    return all
  }

  /// The values of all pools of `dynamic`, also of those that only stand in for others.
  private func pooled(_ dynamic: Written?, _ reader: inout DeclarationReader) -> [RData]? {
    guard let dynamic else { return [] }
    guard case .mapping(let pools)? = dynamic["pools"]?.content, !pools.isEmpty else {
      fault(dynamic.position, .wrongKind(type, key: "dynamic", wanted: "pools: and rules:"), &reader)
      return nil
    }
    var all: [RData] = []
    for pool in pools {
      guard case .list(let members)? = pool.value["values"]?.content, !members.isEmpty else {
        fault(pool.position, .missing("values", of: "pool \(quoted(pool.key))"), &reader)
        return nil
      }
      for member in members {
        guard let value = member["value"] else {
          fault(member.position, .missing("value", of: "a member of pool \(quoted(pool.key))"), &reader)
          return nil
        }
        guard let rdata = OctoDNSValue(record: self).read(value, "value", &reader) else { return nil }
        all.append(rdata)
      }
    }
    return all
  }
}
