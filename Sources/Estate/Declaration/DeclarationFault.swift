public import DNSWire
public import Names
public import Notation

/// What is wrong at one place in a declaration or in a file that it names; ``description`` is the sentence for a person.
public struct DeclarationFault: Error, Hashable, Sendable {
  public var position: SourcePosition
  public var cause: Cause

  public init(_ position: SourcePosition, _ cause: Cause) { (self.position, self.cause) = (position, cause) }

  public enum Cause: Hashable, Sendable {
    // The file as text and as YAML.
    case empty
    case tooLarge(octets: Int, limit: Int)
    case notUTF8(octet: UInt8, offset: Int)
    case utf16
    case forbiddenCharacter(UInt32)
    case tab
    case anchor
    case alias
    case unquotedAsterisk
    /// An IPv6 address whose colons YAML takes for its own.
    case unquotedAddress(String)
    case tag(String)
    case severalDocuments
    case tooDeep(limit: Int)
    /// libyaml's own words.
    case notYAML(String)
    case keyNotText
    case keyTwice(String, first: SourcePosition)
    /// A key that stands twice, where the second place could not be found.
    case keyRepeated(String)
    /// What is wrong with a file as JSON, besides what it shares with a declaration.
    case json(JSONFault.Cause)
    case terraform(TerraformFault)
    case domainConnect(DomainConnectFault)
    case inclusion(InclusionFault)
    case octodns(OctoDNSFault)
    case dnscontrol(DNSControlFault)

    // Keys and kinds.
    case unknownKey(String, inside: String?, suggestion: String?, known: [String])
    case notHonoured(String, instead: String)
    case missing(String, inside: String?, write: String)
    case wrongKind(String, found: Kind, wanted: Wanted)
    case notUnderstood(String, Wanted)
    case leadingZero(String, decimal: String)
    case version(String)
    case twice(String, first: SourcePosition)

    // What single values mean.
    case notName(String, DomainName.Fault)
    case agree(Int, of: Int)
    case unreadable(path: String, reason: String)
    case notPEM(path: String)
    case notTrustAnchor(String)
    case deleteDS
    case digestLength(digestType: UInt8, octets: Int, expected: Int)
    case oddDigest(String)
    case unknownType(String, suggestion: String?)
    case generatedType(RRType)
    case metaType(RRType)
    case dsOfDomain
    case notRecord(RRType, String, TextFault.Cause)
    case noFinalDot(String, below: DomainName)
    case repeatsDomain(String, domain: DomainName)
    case outside(DomainName, domain: DomainName)
    case absentApex
    case aliasBesideOthers(DomainName, RRType)
    case severalAliases(DomainName, Int)
    /// A zone file that the declaration names; the sentence is the zone reader's.
    case zoneFile(ZoneFault.Cause)
    case notInternet(RRClass)

    // What is tolerated, planned and excepted.
    case tolerance(ToleranceFault)
    case group(GroupFault)
    /// What is wrong where a group is used, with the group and where it stands.
    indirect case ofGroup(String, at: SourcePosition, DeclarationFault.Cause)
    case change(ChangeFault)
    case exception(ExceptionFault)
    case source(SourceFault)

    // What the whole says.
    case noDomains
    /// Where lines are to be added below `domains:`.
    case domainsInBraces
    case nothingDeclared(DomainName)
    case disagree(String, Claim, Claim)
  }

  /// What a place in the file holds.
  public enum Kind: String, Hashable, Sendable { case nothing, text, list, mapping }

  /// What one source says of a name and type, and where.
  public struct Claim: Hashable, Sendable {
    public enum Source: Hashable, Sendable {
      case records, zone, nameServers, octoDNS, dnsControl, terraform, template, transfer
      /// One of them, whichever it is.
      case sources
    }

    public var source: Source
    public var says: String
    public var position: SourcePosition

    public init(_ source: Source, _ says: String, at position: SourcePosition) {
      (self.source, self.says, self.position) = (source, says, position)
    }
  }

  /// What belongs in a place.
  public enum Wanted: Hashable, Sendable {
    case declaration, domains, domain, network, resolvers, resolver, agreement
    case roots, root, port, boolean, duration, retries, rate, width, trustAnchors, path, organisation
    case nameServers, addressesOrAny, address, socketAddresses, socketAddress
    case ds, dsRecord, dsMapping, keyTag, algorithm, digestType, digest
    case records, recordsOfName, recordValues, recordValue, ttl
    case prefixes, prefix, autonomousSystems, autonomousSystem, names, name, patterns, pattern, count
    case groups, group, changes, change, exceptions, exception, recordType, time, ticket, check, reason, owner
    case templates, template, templateGroups, variables, transfer, transferKey, transferAlgorithm, clouds, ports
    case mail, spf, dmarc, mtaSTS, certificates, issuers, issuer, accounts, account, publicKeys, publicKey
  }
}

/// Something that the owner should know and that does not stop the audit.
public struct DeclarationNotice: Hashable, Sendable {
  public var position: SourcePosition
  public var cause: Cause

  public init(_ position: SourcePosition, _ cause: Cause) { (self.position, self.cause) = (position, cause) }

  public enum Cause: Hashable, Sendable {
    /// A key that this version accepts and does nothing with.
    case notChecked(String)
    /// Records of a zone file that a signer makes and the owner does not intend one by one.
    case generated(RRType, count: Int)
    /// A zone file that is legal and deserves a look; the sentence is the zone reader's.
    case zoneFile(ZoneFault.Cause)
    case terraform(TerraformNotice)
    case domainConnect(DomainConnectNotice)
    case octodns(OctoDNSNotice)
    case dnscontrol(DNSControlNotice)
    /// A group that no list uses.
    case unusedGroup(String)
  }
}
