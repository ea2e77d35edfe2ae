public import DNSWire
public import Names
internal import Notation

/// Why a Domain Connect template does not say what is intended.
public enum DomainConnectFault: Hashable, Sendable {
  case notTemplate(lacks: String)
  case specVersion(String)
  /// A property that the template says must be understood.
  case critical(String)
  case hostRequired
  case noRecordOfGroups([String], known: [String])
  case variable(String)
  case tooLong(field: String, limit: Int)
  case missing(field: String, type: String)
  case wrongKind(field: String, wanted: String)
  case notUnderstood(field: String, text: String, wanted: String)
  case type(String, suggestion: String?)
  case record(RRType, text: String, TextFault.Cause)
  case name(String, DomainName.Fault)
  case outside(DomainName, domain: DomainName)
  case aliasAtApex(DomainName)

  /// What is wrong and what to do, without the place.
  public var sentence: String {
    switch self {
    case .notTemplate(let key): "This is not a Domain Connect template: it lacks \(key). Name a file from the service's provider."
    case .specVersion(let version): "The template's templateSpecVersion \(quoted(version)) is not read, only 1."
    case .critical(let key):
      "The template says that \(quoted(key)) must be understood, and this version does not. Declare its records under records:."
    case .hostRequired: "The template wants a host. Write host: beside template:."
    case .noRecordOfGroups(let groups, let known):
      "No record of the template is in the groups \(list(groups)). "
        + (known.isEmpty ? "It has none; remove groups:." : "It has \(list(known)).")
    case .variable(let name): "The variable %\(printable(name, limit: 80))% has no value. Write it below variables:."
    case .tooLong(let field, let limit):
      "\(field) has more than \(limit) octets once its variables have their values. Shorten these."
    case .missing(let field, ""): "This record lacks \(field). Mend the template."
    case .missing(let field, let type): "This record of type \(printable(type, limit: 80)) lacks \(field). Mend the template."
    case .wrongKind(let field, let wanted): "\(field) does not hold \(wanted). Mend the template."
    case .notUnderstood(let field, let text, let wanted):
      "\(field) holds \(quoted(text)) where \(wanted) belongs. Mend the template or the variable."
    case .type(let type, let suggestion):
      "There is no record type \(quoted(type)) in Domain Connect or DNS."
        + (suggestion.map { " Did you mean \($0)?" } ?? " Mend the template.")
    case .record(let type, let text, let cause):
      "\(quoted(text)) is not \(type) data: \(printable("\(cause)", limit: 300)). Mend the template or the variable."
    case .name(let text, let fault):
      "\(quoted(text)) is not a domain name: \(fault). Mend the template, the host or the variable."
    case .outside(let name, let domain):
      "\(name.displayed) is outside \(domain.displayed) to which the template is applied. Mend the template or the variable."
    case .aliasAtApex(let name):
      "A CNAME cannot stand at \(name.displayed) itself, which has SOA and NS. Write host: beside template:."
    }
  }

  private func list(_ words: [String]) -> String { printable(shown(words), limit: 200) }
}

/// What the owner should know of a template and that stops nothing.
public enum DomainConnectNotice: Hashable, Sendable {
  /// Terms that the provider merges into the SPF record.
  case spf(DomainName, rules: String)
  /// The DNS provider answers with addresses of its own.
  case anyAddress(DomainName, type: String)

  public var sentence: String {
    switch self {
    case .spf(let name, let rules):
      "The template wants \(quoted(rules)) in the SPF record of \(name.displayed), which the DNS provider merges with others: this "
        + "is not compared. Declare the whole SPF record under records:."
    case .anyAddress(let name, let type):
      "\(printable(type, limit: 80)) lets the DNS provider answer with addresses of its own: any address of \(name.displayed) is "
        + "accepted. Declare it under records: with within: or originAS: to be stricter."
    }
  }
}
