import DNSWire
import Estate
import Names

/// One domain to judge, with what stays the same from round to round.
struct DomainTask {
  let domain: Domain
  /// Only names at or below one of these are judged; empty: all.
  let names: NameSet
  /// What is asked of each server.
  let questions: [RecordQuestion]
  /// Hosts that the domain's own records send mail or questions to.
  let keyHosts: Set<DomainName>
  /// Where names were found to lead that are not declared as aliases, before: the finding of it was told then.
  var redirected: [DomainName: Set<RData>] = [:]

  init(_ domain: Domain, questions: [RecordQuestion], keyHosts: Set<DomainName>, redirected: [DomainName: Set<RData>] = [:]) {
    (self.domain, names, self.questions, self.keyHosts, self.redirected) = (domain, NameSet(), questions, keyHosts, redirected)
  }

  /// Nil where none of the names asked for concerns the domain: neither stands in it nor is the domain below one of them.
  init?(_ domain: Domain, names asked: [DomainName]) {
    let isWhole = asked.isEmpty || NameSet(asked).covers(domain.name)
    names = isWhole ? NameSet() : NameSet(asked.filter { $0.isBelow(domain.name) })
    guard isWhole || !names.isEmpty else { return nil }
    self.domain = domain
    questions = RecordQuestion.all(of: domain).knowingAliases()
    keyHosts = Importance.keyHosts(of: domain)
  }
}
