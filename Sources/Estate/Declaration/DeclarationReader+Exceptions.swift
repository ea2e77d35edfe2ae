internal import DNSWire
internal import Names

extension DeclarationReader {
  mutating func readExceptions(_ entry: Written.Entry, _ domains: [Domain]) -> [DeclaredException] {
    mappings(entry, .exceptions).compactMap { readException($0, domains) }
  }

  private mutating func readException(_ written: Written, _ domains: [Domain]) -> DeclaredException? {
    let before = faults.count
    guard let fields = fields(written, .exception, "exceptions", .exception) else { return nil }
    let check = fields["check"].flatMap { readCheck($0) }
    let domain = fields["domain"].flatMap { readDeclared($0, domains) }
    let name = fields["name"].flatMap { readName($0) }
    let type = fields["type"].flatMap { recordType($0) }
    let reason = fields["reason"].flatMap { text($0, .reason) }
    let owner = fields["owner"].flatMap { text($0, .owner) }
    let expires = fields["expires"].flatMap { readExpiry($0) }
    switch (fields["domain"], fields["name"]) {
    case (nil, nil): faults.add(written.position, .exception(.noScope))
    case (let domain?, let name?): faults.add(max(domain.position, name.position), .exception(.bothScopes))
    case (_?, nil): if let type = fields["type"] { faults.add(type.position, .exception(.typeWithoutName)) }
    default: break
    }
    guard faults.count == before, let check, let reason, let owner, let expires else { return nil }
    return DeclaredException(
      check, domain: domain, name: name, type: type, reason: reason, owner: owner, expires: expires, declaredAt: written.position)
  }

  private mutating func readName(_ entry: Written.Entry) -> DomainName? {
    text(entry, .name).flatMap { name($0, entry.value.position) }
  }

  private mutating func readCheck(_ entry: Written.Entry) -> CheckID? {
    guard let text = text(entry, .check) else { return nil }
    let check = CheckID(rawValue: text).current
    if ExceptionFault.watching.contains(check) {
      faults.add(entry.value.position, .exception(.cannotBeExcepted(check)))
      return nil
    }
    guard knownChecks.isEmpty || knownChecks.contains(check) else {
      let suggestion = nearestWord(to: text, among: knownChecks.map(\.rawValue))
      faults.add(entry.value.position, .exception(.unknownCheck(text, suggestion: suggestion)))
      return nil
    }
    return check
  }

  private mutating func readDeclared(_ entry: Written.Entry, _ domains: [Domain]) -> DomainName? {
    guard let name = readName(entry) else { return nil }
    guard domains.contains(where: { $0.name == name }) else {
      let known = domains.prefix(10_000).map { "\("\($0.name)".dropLast())" }
      let suggestion = nearestWord(to: "\("\(name)".dropLast())", among: known)
      faults.add(entry.value.position, .exception(.notDeclared(name, suggestion: suggestion)))
      return nil
    }
    return name
  }

  private mutating func readExpiry(_ entry: Written.Entry) -> Timestamp? {
    guard let expires = time(entry, isEnd: true) else { return nil }
    // A date stands for its end; the last day that is allowed is allowed whole.
    let latest = now.advanced(by: .seconds(DeclaredException.mostDays * 86_400))
    let isDate = entry.value.text.map { !$0.contains(":") } ?? false
    guard expires <= (isDate ? endOfDay(latest) : latest) else {
      faults.add(entry.value.position, .exception(.tooLong(expires, latest: latest)))
      return nil
    }
    return expires
  }

  // MARK: Times and types

  /// A time of RFC 3339, with or without seconds. A date alone is the start of that day in UTC, or its end.
  mutating func time(_ entry: Written.Entry, isEnd: Bool) -> Timestamp? {
    guard let text = text(entry, .time) else { return nil }
    guard let time = Timestamp(text) else {
      faults.add(entry.value.position, .notUnderstood(text, .time))
      return nil
    }
    return isEnd && !text.contains(":") ? endOfDay(time) : time
  }

  /// The last second of the day in UTC.
  private func endOfDay(_ time: Timestamp) -> Timestamp {
    let seconds = time.seconds
    return Timestamp(seconds: seconds - (seconds % 86_400 + 86_400) % 86_400 + 86_399)
  }

  /// A type that a zone can hold.
  mutating func recordType(_ entry: Written.Entry) -> RRType? {
    guard let text = text(entry, .recordType) else { return nil }
    guard let type = RRType(text) else {
      faults.add(
        entry.value.position, .unknownType(text, suggestion: nearestWord(to: text, among: RRType.declarable)))
      return nil
    }
    guard !type.isMeta, type.rawValue != 0 else {
      faults.add(entry.value.position, .metaType(type))
      return nil
    }
    return type
  }
}
