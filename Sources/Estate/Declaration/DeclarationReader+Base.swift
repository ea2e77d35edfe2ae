public import DNSWire
public import Names

extension Declaration {
  /// What stands in a declaration beside its domains, and where further domains can be written: what a proposal builds on.
  public struct Base: Sendable {
    /// Without domains.
    public var declaration: Declaration
    /// The domains that are declared already.
    public var declared: [DomainName]
    /// The line of `domains:`, from 1, and how far its keys are indented; absent where there is no such key yet.
    public var domains: (line: Int, indent: Int)?

    public init(_ declaration: Declaration, declared: [DomainName] = []) {
      (self.declaration, self.declared) = (declaration, declared)
    }
  }

  /// Reads the part of a declaration that says how to ask. Domains may be missing and are not read.
  ///
  /// - Returns: The base, or `nil` and what is wrong.
  public static func readBase(
    octets: [UInt8], file: String, load: @escaping (_ path: String, _ at: SourcePosition) throws -> [UInt8]
  ) -> (base: Base?, faults: [DeclarationFault]) {
    var reader = DeclarationReader(file: file, load: load)
    let base = reader.readBase(octets)
    return (reader.faults.count == 0 ? base : nil, Array(reader.faults.inReadingOrder().prefix(Reading.mostFaults)))
  }
}

extension DeclarationReader {
  fileprivate mutating func readBase(_ octets: [UInt8]) -> Declaration.Base? {
    guard let source = DeclarationText(octets, file: file, faults: &faults),
      let written = WrittenReader.read(source, file: file, faults: &faults)
    else { return nil }
    var keys = DeclarationKeys.root
    keys.required = ["version"]
    guard let fields = fields(written, keys, "the declaration", .declaration) else { return nil }
    if let version = fields["version"] { readVersion(version) }
    if let groups = fields["groups"] { readGroups(groups) }
    let network = fields["network"].flatMap { readNetwork($0) } ?? Network()
    let resolvers = fields["resolvers"].flatMap { readResolvers($0) } ?? Resolvers()
    let organisation = fields["organisation"].flatMap { text($0, .organisation) }
    var base = Declaration.Base(Declaration(organisation: organisation, resolvers: resolvers, network: network))
    if let domains = fields["domains"], case .mapping(let entries) = domains.value.content, let first = entries.first {
      base.declared = entries.compactMap { name($0.key, $0.position) }
      // On the key's own line stands a mapping in braces, into which no line can be put.
      guard first.position.line > domains.position.line else {
        faults.add(domains.position, .domainsInBraces)
        return nil
      }
      base.domains = (domains.position.line, first.position.column - 1)
    }
    return base
  }
}
