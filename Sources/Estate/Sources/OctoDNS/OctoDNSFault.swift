public import DNSWire
public import Names
internal import Notation

/// Why a zone file of octoDNS, or a record in it, cannot be read as what is intended.
public enum OctoDNSFault: Hashable, Sendable {
  /// octoDNS's own configuration, given for a zone file.
  case configuration(zoneFile: String)
  case noZone(found: DeclarationFault.Kind)
  case noFiles
  case tooLarge(octets: Int, limit: Int)

  // One record.
  case name(String, DomainName.Fault)
  /// `@`, which octoDNS does not know.
  case apex
  case finalDot(String)
  case noRecord(String, found: DeclarationFault.Kind)
  case missing(String, of: String)
  case type(String, suggestion: String?)
  case notDeclared(RRType)
  case ttl(String)
  case wrongKind(RRType, key: String, wanted: String)
  case value(RRType, key: String, text: String)
  case record(RRType, text: String, TextFault.Cause)
  case noFinalDot(String, RRType)

  /// What is wrong and what to do, without the place.
  public var sentence: String {
    switch self {
    case .configuration(let zoneFile):
      "This is octoDNS's configuration, which names providers and holds no records. Name the zone file, such as \(zoneFile)."
    case .noZone(let found):
      "The zone file holds \(found == .text ? "text" : "a \(found.rawValue)") where names and their records belong. "
        + "Write names as keys, as in www: {type: A, value: 192.0.2.1}."
    case .noFiles: "The folder holds no file whose name ends in .yaml. Name the zone's file, or the folder of its split files."
    case .tooLarge(let octets, let limit):
      "The zone file has \(octets) octets; at most \(limit) are read. Split the zone into files, one for each name."
    case .name(let text, let fault): "\(quoted(text)) is not a domain name: \(fault). Write it relative to the zone."
    case .apex: "octoDNS does not know \"@\". Write '' for the zone itself."
    case .finalDot(let text):
      "\(quoted(text)) ends in a dot, and octoDNS would add the zone to it. Write the name without the zone."
    case .noRecord(let name, .nothing): "\(quoted(name)) holds no record. Write its type and value, or remove it."
    case .noRecord(let name, let found):
      "\(quoted(name)) holds \(found == .text ? "text" : "a \(found.rawValue)") where a record belongs. "
        + "Write {type: A, value: 192.0.2.1}, or a list of such records."
    case .missing(let key, let what): "\(printable(what, limit: 80)) has no \(key). Write it."
    case .type(let text, let suggestion):
      "octoDNS's type \(quoted(text)) is not read."
        + (suggestion.map { " Did you mean \($0)?" } ?? " Declare the name under records:.")
    case .notDeclared(let type): "\(type) records are made by the server or signer and cannot be declared. Remove them."
    case .ttl(let text): "\(quoted(text)) is not a time to live. Write seconds from 0 to 2147483647."
    case .wrongKind(let type, let key, let wanted): "\(key) of \(article(type)) record does not hold \(wanted). Write \(wanted)."
    case .value(let type, let key, let text):
      "\(quoted(text)) is not what \(key) of \(article(type)) record holds. Write one word, or a number where one belongs."
    case .record(let type, let text, let cause):
      "\(quoted(text)) is not \(type) data: \(printable("\(cause)", limit: 300)). Mend the value."
    case .noFinalDot(let text, let type):
      "\(quoted(text)) has no final dot, and providers differ in what that means. "
        + "Write \(printable(text, limit: 80)). with the dot, as octoDNS wants for \(type)."
    }
  }

  private func article(_ type: RRType) -> String {
    let text = "\(type)"
    // As the letters are said: an A, an MX, an SRV record.
    return ("AEFHILMNORSX".contains(text.first ?? "B") ? "an " : "a ") + text
  }
}

/// What the owner should know of a zone file of octoDNS and that stops nothing.
public enum OctoDNSNotice: Hashable, Sendable {
  case empty
  case ignored(DomainName, type: String)
  case someProviders(DomainName, type: String)
  /// The provider answers with addresses of its own choosing: `by` says through what.
  case anyAddress(DomainName, by: String)
  case noFinalDot(String)
  case dsOfDomain(DomainName)

  public var sentence: String {
    switch self {
    case .empty: "The zone file holds no record, so nothing is expected of the zone."
    case .ignored(let name, let type):
      "\(name.displayed) \(type) is ignored by octoDNS, so what stands there is not judged. "
        + "Declare it under records: if it is intended."
    case .someProviders(let name, let type):
      "\(name.displayed) \(type) is for some providers only, so what stands there is not judged. "
        + "Declare it under records: if all servers have it."
    case .anyAddress(let name, let by):
      "\(name.displayed) is answered by the provider itself (\(by)): any address is accepted. "
        + "Declare it under records: with within: or originAS: to be stricter."
    case .noFinalDot(let text):
      "\(quoted(text)) has no final dot and is lenient: it is read as \(printable(text, limit: 80)). with the dot."
    case .dsOfDomain(let name):
      "DS records of \(name.displayed) itself stand with its parent and are left out. Declare them under ds:."
    }
  }
}
