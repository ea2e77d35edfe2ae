internal import DNSWire
internal import Names
internal import Notation

extension DeclarationFault: CustomStringConvertible {
  /// Where, what is wrong, and what to write instead.
  public var description: String { "\(position): \(cause.sentence)" }
}

extension DeclarationNotice: CustomStringConvertible {
  public var description: String { "\(position): \(cause.sentence)" }
}

extension DeclarationNotice.Cause {
  public var sentence: String {
    switch self {
    case .notChecked(let key): "\(key) is accepted and not checked by this version."
    case .generated(let type, 1): "1 \(type) record is left out of the comparison: a signer makes it and renews it by itself."
    case .generated(let type, let count):
      "\(count) \(type) records are left out of the comparison: a signer makes them and renews them by itself."
    case .zoneFile(let cause): ZoneFault(position: SourcePosition(file: "", line: 1, column: 1), cause: cause).message
    case .terraform(let notice): notice.sentence
    case .domainConnect(let notice): notice.sentence
    case .octodns(let notice): notice.sentence
    case .dnscontrol(let notice): notice.sentence
    case .unusedGroup(let name):
      "The group \(quoted(name)) is used nowhere. Remove it, or write $\(printable(name, limit: 80)) where its values belong."
    }
  }
}

extension DeclarationFault.Cause {
  /// What is wrong and what to write instead, without the place.
  public var sentence: String {
    switch self {
    case .empty: "The declaration is empty. Write version: 1 and, below domains:, the domains to audit."
    case .tooLarge(let octets, let limit):
      "The declaration has \(octets) octets; at most \(limit) are read. Move records to zone files and name these with zone:."
    case .notUTF8(let octet, let offset):
      "Octet \(offset) of the file is \(hexadecimal(UInt32(octet), digits: 2)), which is not UTF-8 here. Save the file as UTF-8."
    case .utf16: "The file is UTF-16. Save it as UTF-8."
    case .forbiddenCharacter(let scalar):
      "The character U+\(hexadecimal(scalar, digits: 4, prefix: "")) may not stand in YAML. "
        + "Remove it, or write it as \\u\(hexadecimal(scalar, digits: 4, prefix: "")) in double quotes."
    case .tab: "A tab stands where YAML wants spaces. Indent with spaces."
    case .anchor: "YAML anchors (&name) are not read. Write the value out where it is needed; quote text that starts with &."
    case .alias: "YAML aliases (*name) are not read. Write the value out; quote text that starts with *."
    case .unquotedAsterisk: "YAML takes an unquoted * for an alias. Quote it: \"*\" or \"*.example\"."
    case .unquotedAddress(let text): "YAML takes the colons of \(quoted(text)) for its own. Write the address in double quotes."
    case .tag(let tag): "The YAML tag \(quoted(tag)) is not read. Remove it; quote text that starts with an exclamation mark."
    case .severalDocuments: "A second YAML document starts here; a declaration is one. Remove the line ---."
    case .tooDeep(let limit): "Lists and mappings are nested deeper than \(limit) levels; a declaration needs 6. Flatten them."
    case .notYAML(let problem):
      "This is not YAML: \(problem). Mend it here or on the line above; text with : # or quotes is quoted."
    case .keyNotText: "A key is text. Quote an IPv6 address that ends in a colon, and write lists and mappings as values only."
    case .keyTwice(let key, let first): "\(quoted(key)) stands twice, first at \(first). Keep one of the two."
    case .keyRepeated(let key): "\(quoted(key)) stands more than once in one mapping. Keep one."
    case .json(let fault): fault.sentence
    case .terraform(let fault): fault.sentence
    case .domainConnect(let fault): fault.sentence
    case .inclusion(let fault): fault.sentence
    case .octodns(let fault): fault.sentence
    case .dnscontrol(let fault): fault.sentence

    case .unknownKey(let key, let inside, let suggestion, let known):
      "There is no key \(quoted(key))\(inside.map { " in \($0)" } ?? "")."
        + (suggestion.map { " Did you mean \($0)?" } ?? " The keys here are \(known.joined(separator: ", ")).")
    case .notHonoured(let key, let instead):
      "This version cannot honour \(key), and ignoring it would change verdicts. \(instead)"
    case .missing(let key, let inside, let write):
      "\(inside.map { "\($0) lacks" } ?? "The declaration lacks") \(key). Write \(write)."
    case .wrongKind(let key, .nothing, let wanted): "\(key): holds nothing. Write \(wanted.write)."
    case .wrongKind(let key, .text, let wanted): "\(key): holds text where \(wanted.noun) belongs. Write \(wanted.write)."
    case .wrongKind(let key, let found, let wanted):
      "\(key): holds a \(found.rawValue) where \(wanted.noun) belongs. Write \(wanted.write)."
    case .notUnderstood(let text, let wanted): "\(quoted(text)) is not \(wanted.noun). Write \(wanted.write)."
    case .leadingZero(let text, let decimal):
      "\(quoted(text)) starts with a zero, which some YAML readers take for octal. Write \(decimal)."
    case .version(let text): "\(quoted(text)) is not a version that this nameward reads. Write version: 1."
    case .twice(let text, let first): "\(quoted(text)) stands twice, first at \(first). Remove one."

    case .notName(let text, let fault): "\(quoted(text)) is not a domain name: \(fault). Write a name such as www.example.gov."
    case .agree(let agree, let count):
      "agree: \(agree) does not fit \(count) resolver\(count == 1 ? "" : "s"). Write a number from 1 to \(count)."
    case .unreadable(let path, let reason):
      "\(quoted(path)) cannot be read: \(printable(reason, limit: 300)). "
        + "Write the path of a readable file, seen from the declaration's folder."
    case .notPEM(let path):
      "\(quoted(path)) holds no certificate in PEM form. Write the path of a file with -----BEGIN CERTIFICATE----- lines."
    case .notTrustAnchor(let text):
      "\(quoted(text)) is not a trust anchor. "
        + "Write a DS or DNSKEY record such as \". DS 20326 8 2 …\", or the path of a file of them."
    case .deleteDS: "Algorithm 0 and digest type 0 stand for no DS at all (RFC 8078). Write ds: unsigned for a domain without DS."
    case .digestLength(let digestType, let octets, let expected):
      "A digest of type \(digestType) has \(expected) octets (\(expected * 2) hexadecimal digits); this has \(octets). "
        + "Copy it whole from the registry or the signer."
    case .oddDigest(let text): "\(quoted(text)) is not a digest. Write an even number of hexadecimal digits."
    case .unknownType(let type, let suggestion):
      "There is no record type \(quoted(type))."
        + (suggestion.map { " Did you mean \($0)?" }
          ?? " Write a type such as A or MX, or TYPE and its number.")
    case .generatedType(let type): "\(type) records are made by the server or signer and cannot be declared. Remove them."
    case .metaType(let type): "\(type) stands in questions only; no zone holds it. Write the types that the name has."
    case .dsOfDomain: "The DS of the domain itself stands with its parent. Write it under ds:, beside records:."
    case .notRecord(let type, let text, let cause):
      "\(quoted(text)) is not \(type) data: \(printable("\(cause)", limit: 300)). Write it as in a zone file."
    case .noFinalDot(let text, let domain):
      "\(quoted(text)) means \(join(text, domain)) here, since it has no final dot. "
        + "Write \(printable(text, limit: 80)). with the dot, or \(join(text, domain)) in full if that is meant."
    case .repeatsDomain(let text, let domain):
      "\(quoted(text)) means \(join(text, domain)) here, since it has no final dot. "
        + "Write the name relative to \(domain) or with its final dot."
    case .outside(let name, let domain):
      "\(name.displayed) is outside \(domain.displayed) under which it stands. Declare it under the domain that it is in."
    case .absentApex: "The domain itself cannot be absent: it has SOA and NS. Write absent for single types, as in {MX: absent}."
    case .aliasBesideOthers(let name, let type):
      "\(name.displayed) has a CNAME and \(type); a CNAME stands alone (RFC 1034 §3.6.2). Keep one of the two."
    case .severalAliases(let name, let count):
      "\(name.displayed) has \(count) CNAME records; a name has at most one (RFC 2181 §10.1). "
        + "Keep one, or write anyOf: where it is now one and now another."
    case .zoneFile(let cause): ZoneFault(position: SourcePosition(file: "", line: 1, column: 1), cause: cause).message
    case .notInternet(let recordClass): "This record is of class \(recordClass), and only IN is audited. Remove it, or write IN."

    case .tolerance(let fault): fault.sentence
    case .group(let fault): fault.sentence
    case .ofGroup(let name, let position, let cause): "\(cause.sentence) It comes from the group \(quoted(name)) at \(position)."
    case .change(let fault): fault.sentence
    case .exception(let fault): fault.sentence
    case .source(let fault): fault.sentence

    case .domainsInBraces:
      "The domains stand in braces, so no line can be added below them. Write each on a line of its own below domains:."
    case .noDomains: "No domain is declared. Write at least one below domains:."
    case .nothingDeclared(let name):
      "Nothing is declared for \(name.displayed), so nothing would be checked. "
        + "Write zone:, nameservers:, ds: or records: below it."
    case .disagree(let what, let one, let other):
      "\(what): \(one.clause), \(other.clause). Keep one of the two, or make them equal."
    }
  }
}

extension DeclarationFault.Claim {
  /// `records say 192.0.2.1 at nameward.yaml:12:7`.
  var clause: String {
    switch source {
    case .records: "records say \(says) at \(position)"
    case .zone: "the zone file says \(says) at \(position)"
    case .nameServers: "nameservers say \(says) at \(position)"
    case .octoDNS: "octoDNS says \(says) at \(position)"
    case .dnsControl: "DNSControl says \(says) at \(position)"
    case .terraform: "Terraform says \(says) at \(position)"
    case .template: "the template says \(says) at \(position)"
    case .transfer: "the transferred zone says \(says) at \(position)"
    case .sources: "the declaration says \(says) at \(position)"
    }
  }
}

private func join(_ text: String, _ domain: DomainName) -> String {
  printable(text, limit: 80) + (domain == .root ? "." : ".\(domain)")
}
