public import DNSWire
public import Names
internal import Notation

/// Why a file of DNSControl's, or a record in it, cannot be read as what is intended.
public enum DNSControlFault: Hashable, Sendable {
  // The file.
  case notPrinted
  case shape(key: String, wanted: String)
  /// No domain of that name; the names that the file has.
  case noDomain(DomainName, others: [String])
  /// Several domains of one name, for askers at several places; by their tags.
  case splitHorizon(DomainName, tags: [String])

  // One record.
  case missing(String, of: String)
  case wrongKind(String, of: String)
  case name(String, DomainName.Fault)
  case outside(String, DomainName)
  case type(String)
  /// A record that DNSControl has not worked out.
  case raw(String)
  /// An alias whose target is known to the provider only, of a type that is no address.
  case alias(String, type: String, target: String)
  case ttl(String)
  case value(String, key: String, of: String)
  case record(RRType, text: String, TextFault.Cause)
  case noFinalDot(String, of: String)

  /// What is wrong and what to do, without the place.
  public var sentence: String {
    switch self {
    case .notPrinted: "This is not what dnscontrol print-ir writes. Write the file with: dnscontrol print-ir --out FILE."
    case .shape(let key, let wanted):
      "\(key) does not hold \(wanted), as dnscontrol print-ir writes it. Write the file again."
    case .noDomain(let domain, let others):
      "\(domain.displayed) is not in this file, which has "
        + (others.isEmpty ? "no domain at all" : printable(shown(others), limit: 300)) + ". Name the file that has it."
    case .splitHorizon(let domain, let tags):
      "The file has \(tags.count) domains \(domain.displayed), for several views: "
        + "\(printable(shown(tags), limit: 300)). "
        + "Print the one that the public sees: dnscontrol print-ir with a configuration that has only this tag."
    case .missing(let key, let what): "\(printable(what, limit: 100)) has no \(key). Write the file again."
    case .wrongKind(let key, let what):
      "\(key) of \(printable(what, limit: 100)) holds neither text nor a number. Write the file again."
    case .name(let text, let fault): "\(quoted(text)) is not a domain name: \(fault). Mend it in dnsconfig.js."
    case .outside(let text, let domain):
      "\(quoted(text)) leads out of \(domain.displayed) under which it stands. Write it below its own domain in dnsconfig.js."
    case .type(let text):
      "DNSControl's \(quoted(text)) is no type of DNS, and what the public sees of it is not known. "
        + "Leave it out, and declare the name under records:."
    case .raw(let text):
      "\(quoted(text)) is not worked out yet. "
        + "Write the file with a dnscontrol print-ir that knows it, or declare it under records:."
    case .alias(let what, let type, let target):
      "\(printable(what, limit: 100)): which \(printable(type, limit: 20)) the alias to \(quoted(target)) gives is known to the "
        + "provider only. Leave it out, and declare the name under records:."
    case .ttl(let text): "\(quoted(text)) is not a time to live. Write seconds from 0 to 2147483647 in dnsconfig.js."
    case .value(let text, let key, let what):
      "\(quoted(text)) is not what \(key) of \(printable(what, limit: 100)) holds. Mend it in dnsconfig.js."
    case .record(let type, let text, let cause):
      "\(quoted(text)) is not \(type) data: \(printable("\(cause)", limit: 300)). Mend it in dnsconfig.js."
    case .noFinalDot(let text, let what):
      "\(quoted(text)) of \(printable(what, limit: 100)) has no final dot. "
        + "Write \(printable(text, limit: 80)). with the dot in dnsconfig.js."
    }
  }
}

/// What the owner should know of a file of DNSControl's and that stops nothing.
public enum DNSControlNotice: Hashable, Sendable {
  /// The provider answers with addresses of its own choosing; `by` says through what.
  case anyAddress(DomainName, by: String)
  /// A rule of the provider that is no record.
  case noRecord(DomainName, type: String)
  case ignored(DomainName, patterns: Int)
  case keepsUnknown(DomainName)
  case moreNameServers(DomainName)
  case dsOfDomain(DomainName)
  case empty(DomainName)

  public var sentence: String {
    switch self {
    case .anyAddress(let name, let by):
      "\(name.displayed) is answered by the provider itself (\(printable(by, limit: 40))): any address is accepted. "
        + "Declare it under records: with within: or originAS: to be stricter."
    case .noRecord(let domain, let type):
      "\(printable(type, limit: 40)) of \(domain.displayed) is a rule of the provider and no record. It is left out."
    case .ignored(let domain, let patterns):
      "DNSControl ignores some names of \(domain.displayed) (\(patterns) pattern\(patterns == 1 ? "" : "s")), "
        + "so its records are not the whole zone."
    case .keepsUnknown(let domain):
      "DNSControl leaves records of \(domain.displayed) that it does not know (NO_PURGE), so its records are not the whole zone."
    case .moreNameServers(let domain):
      "DNSControl asks the providers of \(domain.displayed) for their name servers: "
        + "others beside those that it lists are accepted, and the delegation is not compared. "
        + "Declare nameservers: to be stricter."
    case .dsOfDomain(let domain):
      "DS records of \(domain.displayed) itself stand with its parent and are left out. Declare them under ds:."
    case .empty(let domain): "The file has no record of \(domain.displayed) that is compared, so nothing is expected of the zone."
    }
  }
}
