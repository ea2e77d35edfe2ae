import DNSWire
import Estate
import Names

/// One domain to judge, with what stays the same from round to round.
struct DomainTask {
  let domain: Domain
  /// Only names at or below one of these are judged; empty: all.
  let names: [DomainName]
  /// What is asked of each server.
  let questions: [RecordQuestion]
  /// Hosts that the domain's own records send mail or questions to.
  let keyHosts: Set<DomainName>

  /// Nil where none of the names asked for concerns the domain: neither stands in it nor is the domain below one of them.
  init?(_ domain: Domain, names asked: [DomainName]) {
    let isWhole = asked.isEmpty || asked.contains { domain.name.isAtOrBelow($0) }
    names = isWhole ? [] : asked.filter { $0.isBelow(domain.name) }
    guard isWhole || !names.isEmpty else { return nil }
    self.domain = domain
    questions = RecordQuestion.all(of: domain).knowingAliases()
    keyHosts = Importance.keyHosts(of: domain)
  }
}
