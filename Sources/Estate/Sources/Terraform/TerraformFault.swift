public import DNSWire
public import Names
internal import Notation

/// Why a file of Terraform's, or a resource in it, cannot be read as what is intended. Resources go by Terraform's addresses.
public enum TerraformFault: Hashable, Sendable {
  // The file.
  case notShown
  case storedState
  case formatVersion(String)
  case planFailed
  case nothing(DomainName)
  case shape(key: String, wanted: String)

  // One resource.
  case missing(String, attribute: String)
  /// Terraform learns the value only when it applies the plan.
  case unknown(String, attribute: String)
  case wrongKind(String, attribute: String, wanted: String)
  case notUnderstood(String, attribute: String, text: String, wanted: String)
  case record(String, RRType, text: String, TextFault.Cause)
  case name(String, text: String, DomainName.Fault)
  case type(String, text: String)
  case zoneUnclear(String, name: String)
  /// An alias whose target no file names, of a type that no server makes up for it.
  case alias(String, RRType, target: String)
  /// Two resources for one name and type that do not share it by routing.
  case twice(String, DomainName, RRType, other: String)

  /// What is wrong and what to do, without the place.
  public var sentence: String {
    switch self {
    case .notShown:
      "This is not what terraform show -json writes. Write the file with: terraform show -json (of a state or a plan)."
    case .storedState: "This is a state as Terraform stores it. Write the file with: terraform show -json."
    case .formatVersion(let version):
      "The format_version \(quoted(version)) is not read, only 0 and 1. Write the file with a Terraform that has one of these."
    case .planFailed: "The plan failed and may lack resources. Mend it and plan again."
    case .nothing(let domain):
      "No record of \(domain.displayed) stands in this file. Name the file that has its records, or remove this one."
    case .shape(let key, let wanted):
      "\(quoted(key)) does not hold \(wanted), as terraform show -json writes it. Write the file again."
    case .missing(let address, let attribute):
      "\(shown(address)) has no \(attribute). Apply it once more, or declare it under records:."
    case .unknown(let address, let attribute):
      "\(shown(address)): \(attribute) is known only after apply. Apply the plan and name the state instead."
    case .wrongKind(let address, let attribute, let wanted): "\(shown(address)): \(attribute) does not hold \(wanted)."
    case .notUnderstood(let address, let attribute, let text, let wanted):
      "\(shown(address)): \(attribute) holds \(quoted(text)) where \(wanted) belongs."
    case .record(let address, let type, let text, let cause):
      "\(shown(address)): \(quoted(text)) is not \(type) data: \(printable("\(cause)", limit: 300))."
    case .name(let address, let text, let fault): "\(shown(address)): \(quoted(text)) is not a domain name: \(fault)."
    case .type(let address, let text): "\(shown(address)): \(quoted(text)) is not a type of record that is audited."
    case .zoneUnclear(let address, let name):
      "\(shown(address)): the zone of \(quoted(name)) is not in this file, so its full name cannot be told. "
        + "Name the state instead, or write the name in full."
    case .alias(let address, let type, let target):
      "\(shown(address)): which \(type) its target \(quoted(target)) gives cannot be known. Declare it under records:."
    case .twice(let address, let name, let type, let other):
      "\(shown(address)) says something else of \(name.displayed) \(type) than \(shown(other)). Keep one of the two."
    }
  }

  private func shown(_ address: String) -> String { printable(address, limit: 200) }
}

/// What the owner should know of a file of Terraform's and that stops nothing.
public enum TerraformNotice: Hashable, Sendable {
  /// The provider answers with addresses of its own choosing.
  case anyAddress(String, DomainName, target: String)
  case proxied(String, DomainName)
  case privateZone(DomainName, records: Int)

  public var sentence: String {
    switch self {
    case .anyAddress(let address, let name, let target):
      "\(printable(address, limit: 200)) leads to \(quoted(target)), which answers with addresses of its own: any address of "
        + "\(name.displayed) is accepted. Declare it under records: with within: or originAS: to be stricter."
    case .proxied(let address, let name):
      "\(printable(address, limit: 200)) is proxied, so Cloudflare answers with addresses of its own: any address of "
        + "\(name.displayed) is accepted. Declare it under records: with within: or originAS: to be stricter."
    case .privateZone(let zone, let records):
      "\(records) record\(records == 1 ? "" : "s") of the private zone \(zone.displayed) \(records == 1 ? "is" : "are") left out: "
        + "the public does not see \(records == 1 ? "it" : "them")."
    }
  }
}
