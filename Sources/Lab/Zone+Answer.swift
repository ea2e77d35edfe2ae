import DNSWire
import Names

/// What one zone says to one question, before the message around it is made.
struct Answer {
  var responseCode = ResponseCode.noError
  var isAuthoritative = true
  var answers: [ResourceRecord] = []
  var authorities: [ResourceRecord] = []
  var additionals: [ResourceRecord] = []
}

extension Zone {
  /// Aliases followed for one question. Knot stops at 20 as well; a loop ends sooner.
  private static let mostAliases = 20

  /// Where a name leads in the zone (RFC 1034 §4.3.2, step 3).
  private enum Match {
    /// Out of the authoritative data, at this cut.
    case delegated(cut: DomainName)
    /// Strictly below a DNAME (RFC 6672 §3.2).
    case redirected(owner: DomainName)
    case found
    /// The source of synthesis (RFC 4592 §3.3.1).
    case wildcard(source: DomainName)
    case missing(encloser: DomainName)
  }

  /// Answers one question about a name at or below the apex.
  ///
  /// Aliases are followed inside the zone. The response code is that of the last name (RFC 6604 §3), authority that of the first
  /// (RFC 1035 §4.1.1).
  func answer(_ question: Question, dnssecOK: Bool) -> Answer {
    var answer = Answer()
    var name = question.name
    var visited: Set<DomainName> = []
    while visited.count < Self.mostAliases, visited.insert(name).inserted {
      var next: DomainName?
      switch match(name, question.type) {
      case .delegated(let cut):
        // The bit speaks of the first owner name: an alias of ours that leads out of the zone keeps it.
        if answer.answers.isEmpty { answer.isAuthoritative = false }
        refer(to: cut, dnssecOK, &answer)
      case .redirected(let owner):
        next = redirect(name, at: owner, question.type, dnssecOK, &answer)
      case .found:
        next = take(name, as: name, question.type, dnssecOK, &answer)
      case .wildcard(let source):
        next = take(source, as: name, question.type, dnssecOK, &answer)
        if dnssecOK { append(denial(of: name), to: &answer.authorities) }
      case .missing(let encloser):
        answer.responseCode = .nameError
        deny(&answer, dnssecOK)
        if dnssecOK {
          append(denial(of: name), to: &answer.authorities)
          if let wildcard = Self.wildcard(below: encloser) { append(denial(of: wildcard), to: &answer.authorities) }
        }
      }
      guard let target = next, target.isAtOrBelow(apex) else { break }
      name = target
    }
    addAddresses(dnssecOK, &answer)
    return answer
  }

  private func match(_ name: DomainName, _ type: RRType) -> Match {
    var encloser = apex
    if name != apex, nodes[apex]?[.dname] != nil { return .redirected(owner: apex) }
    var labels = apex.labelCount
    while labels < name.labelCount {
      labels += 1
      let ancestor = name.ancestor(labels: labels)
      guard let node = nodes[ancestor] else { break }
      encloser = ancestor
      // DS belongs to the parent's side of a cut (RFC 4035 §3.1.4.1).
      if node[.ns] != nil, !(type == .ds && ancestor == name) { return .delegated(cut: ancestor) }
      if node[.dname] != nil, ancestor != name { return .redirected(owner: ancestor) }
    }
    if encloser == name { return .found }
    if let wildcard = Self.wildcard(below: encloser), nodes[wildcard] != nil { return .wildcard(source: wildcard) }
    return .missing(encloser: encloser)
  }

  /// Answers from the RRsets at `owner` under the name asked for; returns where an alias leads.
  private func take(
    _ owner: DomainName, as name: DomainName, _ type: RRType, _ dnssecOK: Bool, _ answer: inout Answer
  ) -> DomainName? {
    let node = nodes[owner] ?? [:]
    if type == .any, !node.isEmpty {
      for type in node.keys.sorted() { answer.answers += rrset(type, at: owner, as: name, dnssecOK: false) }
      return nil
    }
    // RFC 4035 §2.5: an alias that is signed owns RRSIG and NSEC of its own.
    if let alias = node[.cname]?.first, ![.cname, .rrsig, .nsec].contains(type) {
      answer.answers += rrset(.cname, at: owner, as: name, dnssecOK: dnssecOK)
      return CNAME(alias.rdata)?.target
    }
    guard node[type] == nil else {
      answer.answers += rrset(type, at: owner, as: name, dnssecOK: dnssecOK && type != .rrsig)
      return nil
    }
    deny(&answer, dnssecOK)
    if dnssecOK { append(denial(of: owner), to: &answer.authorities) }
    return nil
  }

  /// A referral: the cut's name servers, its DS or the proof that there is none (RFC 4035 §3.1.4), and glue (RFC 9471).
  private func refer(to cut: DomainName, _ dnssecOK: Bool, _ answer: inout Answer) {
    answer.authorities += records(cut, .ns)
    guard dnssecOK else { return }
    let ds = rrset(.ds, at: cut, as: cut, dnssecOK: true)
    answer.authorities += ds
    if ds.isEmpty { append(denial(of: cut), to: &answer.authorities) }
  }

  /// The DNAME and the CNAME made from it (RFC 6672 §3.1), with the same TTL; returns where it leads.
  private func redirect(
    _ name: DomainName, at owner: DomainName, _ type: RRType, _ dnssecOK: Bool, _ answer: inout Answer
  ) -> DomainName? {
    append(rrset(.dname, at: owner, as: owner, dnssecOK: dnssecOK), to: &answer.answers)
    guard let record = records(owner, .dname).first, var target = DNAME(record.rdata)?.target else { return nil }
    for label in name.labels().dropLast(owner.labelCount).reversed() {
      guard let longer = try? target.prepending(label: Array(label)) else {
        answer.responseCode = .nameExists  // RFC 6672 §2.2: the name would be too long
        return nil
      }
      target = longer
    }
    answer.answers.append(ResourceRecord(name: name, ttl: record.ttl, rdata: CNAME(target: target).rdata))
    return type == .cname ? nil : target
  }

  /// The SOA of a negative answer; its TTL is the lesser of its own and the MINIMUM field (RFC 2308 §3).
  private func deny(_ answer: inout Answer, _ dnssecOK: Bool) {
    let ttl = records(apex, .soa).first.flatMap { record in SOA(record.rdata).map { min(record.ttl, $0.minimum) } }
    append(
      rrset(.soa, at: apex, as: apex, dnssecOK: dnssecOK).map { record in
        var record = record
        record.ttl = min(record.ttl, ttl ?? record.ttl)
        return record
      }, to: &answer.authorities)
  }

  /// Addresses of the hosts that the other sections name: glue below cuts, our own data elsewhere (RFC 1034 §4.3.2, step 6).
  private func addAddresses(_ dnssecOK: Bool, _ answer: inout Answer) {
    for record in answer.answers + answer.authorities {
      let host: DomainName? =
        switch record.type {
        case .ns: NS(record.rdata)?.nameServer
        case .mx: MX(record.rdata)?.exchange
        case .srv: SRV(record.rdata)?.target
        default: nil
        }
      guard let host, host.isAtOrBelow(apex) else { continue }
      for type in [RRType.a, .aaaa] {
        let addresses =
          switch match(host, type) {
          case .found: rrset(type, at: host, as: host, dnssecOK: dnssecOK)
          case .delegated: records(host, type)
          case .wildcard(let source): rrset(type, at: source, as: host, dnssecOK: dnssecOK)
          case .redirected, .missing: [ResourceRecord]()
          }
        append(addresses.filter { !answer.answers.contains($0) }, to: &answer.additionals)
      }
    }
  }

  /// An RRset with the signatures over it, under another owner name where a wildcard made it.
  private func rrset(_ type: RRType, at owner: DomainName, as name: DomainName, dnssecOK: Bool) -> [ResourceRecord] {
    var records = records(owner, type)
    if dnssecOK, !records.isEmpty {
      records += self.records(owner, .rrsig).filter { RRSIG($0.rdata)?.covered == type }
    }
    guard owner != name else { return records }
    return records.map { ResourceRecord(name: name, recordClass: $0.recordClass, ttl: $0.ttl, rdata: $0.rdata) }
  }

  /// The NSEC that stands at a name or covers it (RFC 4035 §3.1.3), with its signatures; none in a zone that has none.
  private func denial(of name: DomainName) -> [ResourceRecord] {
    var (low, high) = (0, denials.count)
    while low < high {
      let middle = (low + high) / 2
      if denials[middle] <= name { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return [] }
    return rrset(.nsec, at: denials[low - 1], as: denials[low - 1], dnssecOK: true)
  }

  private func append(_ records: [ResourceRecord], to section: inout [ResourceRecord]) {
    for record in records where !section.contains(record) { section.append(record) }
  }

  private static func wildcard(below encloser: DomainName) -> DomainName? { try? encloser.prepending(label: [0x2A]) }
}
