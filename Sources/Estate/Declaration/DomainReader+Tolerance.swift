internal import DNSWire
internal import Names

extension DomainReader {
  /// The keys that say more or less than one exact set.
  private static let tolerant = accepting + ["atLeast", "atMost", "others", "tlsProof"]
  /// Those that name what is accepted.
  private static let accepting = ["allOf", "anyOf", "within", "originAS", "endsIn", "matches"]

  /// What stands below a record type, or below `was:` and `to:` of a planned change: values, a tolerance or `absent`.
  func intended(
    _ entry: Written.Entry, _ type: RRType, _ reader: inout DeclarationReader
  ) -> (intended: DeclaredRRset.Intended, ttl: UInt32?)? {
    if entry.value.text == "absent" { return (.absent, nil) }
    guard case .mapping = entry.value.content else {
      return values(entry, entry.key, .recordValues, type, &reader).map { (.exactly($0), nil) }
    }
    let before = reader.faults.count
    guard let fields = reader.fields(entry.value, .recordSet, entry.key, .recordValues), reader.faults.count == before else {
      return nil
    }
    var ttl: UInt32?
    if let field = fields["ttl"] {
      // RFC 2181 §8: at most 2^31 - 1.
      guard let seconds = reader.integer(field, .ttl, 0...2_147_483_647) else { return nil }
      ttl = UInt32(seconds)
    }
    let beside = Self.tolerant.compactMap { fields[$0] }.min { $0.position < $1.position }
    if let exact = fields["values"] {
      if let beside {
        reader.faults.add(beside.position, .tolerance(.valuesBeside(key: beside.key)))
        return nil
      }
      return values(exact, entry.key, .recordValues, type, &reader).map { (.exactly($0), ttl) }
    }
    guard let beside else {
      reader.faults.add(entry.value.position, .tolerance(.saysNothing))
      return nil
    }
    if type == .ns || type == .ds {
      reader.faults.add(beside.position, .tolerance(.exactOnly(type)))
      return nil
    }
    return tolerance(fields, at: entry.value.position, type, &reader).map { (.tolerant($0), ttl) }
  }

  private func tolerance(
    _ fields: [String: Written.Entry], at position: SourcePosition, _ type: RRType, _ reader: inout DeclarationReader
  ) -> Tolerance? {
    let before = reader.faults.count
    refuse(fields, for: type, &reader)
    guard reader.faults.count == before else { return nil }
    var tolerance = Tolerance()
    func each<Value>(_ key: String, _ read: (Written.Entry) -> [Value]?) -> [Value] { fields[key].flatMap(read) ?? [] }
    tolerance.allOf = each("allOf") { values($0, $0.key, .recordValues, type, &reader) }
    tolerance.anyOf = each("anyOf") { values($0, $0.key, .recordValues, type, &reader) }
    tolerance.within = each("within") { prefixes($0, type, &reader) }
    tolerance.originAS = each("originAS") { reader.autonomousSystems($0) }
    tolerance.matches = each("matches") { reader.patterns($0) }
    tolerance.endsIn = each("endsIn") { reader.names($0) }
    if let others = fields["others"], let value = reader.boolean(others) { tolerance.allowsOthers = value }
    if let proof = fields["tlsProof"], let value = reader.boolean(proof) { tolerance.tlsProof = value }
    let atLeast = fields["atLeast"].flatMap { reader.integer($0, .count, 0...1000) }
    tolerance.atLeast = atLeast ?? 1
    tolerance.atMost = fields["atMost"].flatMap { reader.integer($0, .count, 0...1000) }
    guard reader.faults.count == before else { return nil }
    // A list that is empty here names a group that has its own fault.
    guard tolerance.allowsOthers || Self.accepting.contains(where: { fields[$0] != nil }) else {
      reader.faults.add(position, .tolerance(.saysNothing))
      return nil
    }
    return check(tolerance, atLeast, fields, &reader) ? tolerance : nil
  }

  /// Tells the keys that say nothing about a type.
  private func refuse(_ fields: [String: Written.Entry], for type: RRType, _ reader: inout DeclarationReader) {
    let isAddress = type == .a || type == .aaaa
    var refused: [(key: String, only: String)] = []
    if !isAddress { refused += [("within", "A and AAAA"), ("originAS", "A and AAAA"), ("tlsProof", "A and AAAA")] }
    if !isAddress, type != .cname { refused.append(("endsIn", "A, AAAA and CNAME")) }
    if type != .txt { refused.append(("matches", "TXT")) }
    for (key, only) in refused {
      guard let field = fields[key] else { continue }
      reader.faults.add(field.position, .tolerance(.notForType(key: key, type, only: only)))
    }
  }

  /// Whether the counts can be met together.
  private func check(
    _ tolerance: Tolerance, _ atLeast: Int?, _ fields: [String: Written.Entry], _ reader: inout DeclarationReader
  ) -> Bool {
    let isOpen =
      tolerance.allowsOthers || !tolerance.within.isEmpty || !tolerance.originAS.isEmpty || !tolerance.matches.isEmpty
      || tolerance.allOf.isEmpty && tolerance.anyOf.isEmpty
    let accepted = Set(tolerance.allOf).union(tolerance.anyOf).count
    if let atMost = tolerance.atMost, let place = fields["atMost"]?.value.position {
      if atMost == 0, tolerance.atLeast == 0 {
        reader.faults.add(place, .tolerance(.none))
        return false
      }
      if tolerance.atLeast > atMost {
        reader.faults.add(place, .tolerance(.counts(atLeast: tolerance.atLeast, atMost: atMost)))
        return false
      }
      if tolerance.allOf.count > atMost {
        reader.faults.add(place, .tolerance(.noRoom(atMost: atMost, allOf: tolerance.allOf.count)))
        return false
      }
    }
    if let atLeast, !isOpen, atLeast > accepted, let place = fields["atLeast"]?.value.position {
      reader.faults.add(place, .tolerance(.notEnough(atLeast: atLeast, accepted: accepted)))
      return false
    }
    return true
  }

  // MARK: Lists

  /// The values of one list; `nil` with a fault where one cannot be read.
  ///
  /// A group may hold addresses of both families, so that A and AAAA share it: each takes its own.
  private func values(
    _ entry: Written.Entry, _ key: String, _ wanted: DeclarationFault.Wanted, _ type: RRType, _ reader: inout DeclarationReader
  ) -> [RData]? {
    let before = reader.faults.count
    guard let items = reader.items(entry, wanted) else { return nil }
    var set: [RData] = []
    var first: [RData: SourcePosition] = [:]
    for item in items {
      guard let text = reader.text(item, key, .recordValue) else { continue }
      if reader.faults.isOfGroup(item.position), let address = IPAddress(text), Self.isOther(address, than: type) { continue }
      guard let rdata = rdata(text, type, item.position, &reader) else { continue }
      if reader.isNew(rdata, text, item.position, among: &first) { set.append(rdata) }
    }
    if set.isEmpty, reader.faults.count == before, let item = items.first {
      reader.faults.add(item.position, .tolerance(.otherFamily(item.text ?? "", type)))
    }
    return reader.faults.count == before ? set : nil
  }

  private func prefixes(_ entry: Written.Entry, _ type: RRType, _ reader: inout DeclarationReader) -> [IPPrefix]? {
    guard let items = reader.items(entry, .prefixes) else { return nil }
    var prefixes: [IPPrefix] = []
    var first: [IPPrefix: SourcePosition] = [:]
    var passedOver: Written?
    for item in items {
      guard let text = reader.text(item, entry.key, .prefix), let prefix = reader.prefix(text, item.position) else { continue }
      if Self.isOther(prefix.address, than: type) {
        if reader.faults.isOfGroup(item.position) {
          passedOver = item
        } else {
          reader.faults.add(item.position, .tolerance(.otherFamily(text, type)))
        }
      } else if reader.isNew(prefix, text, item.position, among: &first) {
        prefixes.append(prefix)
      }
    }
    if prefixes.isEmpty, first.isEmpty, let passedOver {
      reader.faults.add(passedOver.position, .tolerance(.otherFamily(passedOver.text ?? "", type)))
    }
    return prefixes
  }

  private static func isOther(_ address: IPAddress, than type: RRType) -> Bool {
    type == .a && address.isV6 || type == .aaaa && !address.isV6
  }
}

extension DeclarationReader {
  mutating func prefix(_ text: String, _ position: SourcePosition) -> IPPrefix? {
    guard let prefix = IPPrefix(text) else {
      faults.add(position, .notUnderstood(text, .prefix))
      return nil
    }
    return prefix
  }

  /// Prefixes of either family.
  mutating func prefixes(_ entry: Written.Entry) -> [IPPrefix] {
    var prefixes: [IPPrefix] = []
    var first: [IPPrefix: SourcePosition] = [:]
    for item in items(entry, .prefixes) ?? [] {
      guard let text = text(item, entry.key, .prefix), let prefix = prefix(text, item.position) else { continue }
      if isNew(prefix, text, item.position, among: &first) { prefixes.append(prefix) }
    }
    return prefixes
  }

  fileprivate mutating func autonomousSystems(_ entry: Written.Entry) -> [UInt32]? {
    guard let items = items(entry, .autonomousSystems) else { return nil }
    var numbers: [UInt32] = []
    var first: [UInt32: SourcePosition] = [:]
    for item in items {
      guard let text = text(item, entry.key, .autonomousSystem) else { continue }
      let digits = text.hasPrefix("AS") ? text.dropFirst(2) : text[...]
      // RFC 7607: zero is nobody's.
      guard digits.utf8.allSatisfy({ $0 &- 0x30 < 10 }), let number = UInt32(digits), number != 0, "\(number)" == digits else {
        faults.add(item.position, .notUnderstood(text, .autonomousSystem))
        continue
      }
      if isNew(number, text, item.position, among: &first) { numbers.append(number) }
    }
    return numbers
  }

  fileprivate mutating func patterns(_ entry: Written.Entry) -> [TextPattern]? {
    guard let items = items(entry, .patterns) else { return nil }
    var patterns: [TextPattern] = []
    var first: [TextPattern: SourcePosition] = [:]
    for item in items {
      guard let text = text(item, entry.key, .pattern) else { continue }
      do {
        let pattern = try TextPattern(text)
        if isNew(pattern, text, item.position, among: &first) { patterns.append(pattern) }
      } catch {
        faults.add(item.position, .tolerance(.pattern(text, reason: error.reason)))
      }
    }
    return patterns
  }

  fileprivate mutating func names(_ entry: Written.Entry) -> [DomainName]? {
    guard let items = items(entry, .names) else { return nil }
    var names: [DomainName] = []
    var first: [DomainName: SourcePosition] = [:]
    for item in items {
      guard let text = text(item, entry.key, .name), let name = name(text, item.position) else { continue }
      if isNew(name, text, item.position, among: &first) { names.append(name) }
    }
    return names
  }
}
