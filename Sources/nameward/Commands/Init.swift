import ArgumentParser
import Audit
import DNSWire
import Estate
import Foundation
import Names
import Probe

extension Nameward {
  struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Propose a declaration from what is served now.",
      discussion: """
        Asks the parent zone, every name server and the resolvers for the names that a domain usually has, for those that its \
        servers tell by zone transfer or NSEC, and for those in --names, and prints a declaration with each value and who gives it.

        What is served now may already be hijacked, so nothing is accepted by itself: read it, compare it with your own records, \
        then save it.
        """)

    @Argument(help: ArgumentHelp("The domains to look at.", valueName: "domain"))
    var domains: [DomainName]

    @OptionGroup var configuration: ConfigurationOption

    @Option(
      name: .long, help: ArgumentHelp("A file of names, one a line, that are looked at too.", valueName: "file"),
      completion: .file())
    var names: String?

    @Option(
      name: .long,
      help: ArgumentHelp("Propose this zone file as what is intended, and say what is served otherwise.", valueName: "file"),
      completion: .file())
    var fromZone: String?

    @Option(
      name: .long,
      help: ArgumentHelp("The same with a file of octoDNS, DNSControl or Terraform; which, its content says.", valueName: "file"),
      completion: .file())
    var fromProvider: String?

    @Option(
      name: .long, parsing: .upToNextOption,
      help: ArgumentHelp("Ask these resolvers too, in the place of the declared ones.", valueName: "addr"))
    var resolvers: [Server] = []

    @Option(
      name: .long,
      help: ArgumentHelp("Write there in the place of standard output; a file that is there is kept.", valueName: "file"),
      completion: .file())
    var output: String?

    @Flag(name: .long, help: "No progress and no notices on standard error.")
    var quiet = false

    func validate() throws {
      if domains.isEmpty { throw ValidationError("name at least one domain, as in: nameward init example.gov") }
      if fromZone != nil || fromProvider != nil {
        if fromZone != nil, fromProvider != nil { throw ValidationError("--from-zone and --from-provider: name one of the two.") }
        if domains.count > 1 { throw ValidationError("--from-zone and --from-provider go with one domain.") }
      }
    }

    func run() async throws {
      let now = Clock.second()
      let (base, text) = try Reading.base(at: configuration.config)
      for domain in domains where base.declared.contains(domain) {
        throw Ending(
          .usage,
          "\(domain.displayed) is declared in \(configuration.config) already. What would accept what is served now: nameward "
            + "audit \(domain.displayed) --propose.")
      }
      var declaration = base.declaration
      if !resolvers.isEmpty { declaration.resolvers = Resolvers(resolvers) }
      let pass = Pass(
        declaration: declaration, scope: AuditScope(), now: now, settings: ProbeSettings(declaration.network), isQuiet: quiet)
      var census = Census(domains, seenNames: try seenNames(), with: declaration, now: now)
      await pass.run(&census)
      var isServedOtherwise = false
      var page = ProposalPage(domains: census.domains, base: text.map { ($0, base.domains) }, at: now)
      if let source = try source() {
        page.source = source
        let findings = try await departures(page.text, now)
        page.departures = findings.map(Self.words)
        isServedOtherwise = findings.contains { $0.verdict.kind == "mismatch" }
      }
      try write(page.text)
      try leave(census.domains)
      if isServedOtherwise { throw Ending(.findings) }
    }
  }
}

extension Nameward.Init {
  private func seenNames() throws -> [SeenName] {
    guard let names else { return [] }
    return try SeenNames.list(at: names)
  }

  private func write(_ text: String) throws {
    guard let output else {
      Console.print(text)
      return
    }
    do {
      // Made new or not at all: a declaration that is there is somebody's work.
      try Data(text.utf8).write(to: URL(fileURLWithPath: output), options: .withoutOverwriting)
    } catch CocoaError.fileWriteFileExists {
      throw Ending(
        .usage, "\(output) is there already and is kept. Name another file, or compare: nameward init … | diff \(output) -")
    } catch {
      let why = (error as NSError).localizedDescription
      throw Ending(.error, "\(output) cannot be written: \(why)" + (why.hasSuffix(".") ? "" : "."))
    }
    if !quiet { Console.say("Wrote \(output). Read it before you accept it: what is served now may already be hijacked.") }
  }

  /// A proposal without a single server's word would be empty.
  private func leave(_ domains: [ServedDomain]) throws {
    for domain in domains where domain.records.isEmpty {
      throw Ending(
        .couldNotTell, "nothing was found of \(domain.name.displayed): \(domain.noParent?.words ?? "no server of it answered").")
    }
    if domains.contains(where: { !$0.differing.isEmpty }) { throw Ending(.findings) }
  }
}

extension Nameward.Init {
  /// The file that is to say what is intended, by the key that the declaration has for its kind.
  private func source() throws -> (key: String, path: String)? {
    if let fromZone { return ("zone", seen(fromZone)) }
    guard let fromProvider else { return nil }
    if Reading.files(in: fromProvider) != nil { return ("octodns", seen(fromProvider)) }
    let octets: [UInt8]
    do { octets = try Reading.contents(of: fromProvider) } catch { throw Ending(.usage, "\(error).") }
    return (ProviderFormat(octets).rawValue, seen(fromProvider))
  }

  /// A path as the declaration's folder sees it.
  private func seen(_ path: String) -> String {
    let folder = URL(fileURLWithPath: output ?? configuration.config).deletingLastPathComponent().standardizedFileURL.path
    let here = URL(fileURLWithPath: ".").standardizedFileURL.path
    return folder == here ? path : URL(fileURLWithPath: path).standardizedFileURL.path
  }

  /// What an audit of the proposal finds: how what is served departs from the file.
  private func departures(_ text: String, _ now: Timestamp) async throws -> [Finding] {
    let reading = Declaration.read(
      octets: Array(text.utf8), file: output ?? configuration.config, now: now, list: Reading.files(in:)
    ) { path, _ in try Reading.contents(of: path) }
    guard var declaration = reading.declaration else { throw Ending(.usage, reading.faults.map { "\($0)".printable }) }
    declaration.network = declaration.network.withRoots
    if !resolvers.isEmpty { declaration.resolvers = Resolvers(resolvers) }
    var scope = AuditScope()
    scope.names = domains
    let settings = ProbeSettings(declaration.network)
    let pass = Pass(declaration: declaration, scope: scope, now: now, settings: settings, isQuiet: quiet)
    return await pass.run().findings.filter { $0.severity != .info }
  }

  private static func words(_ finding: Finding) -> String {
    let values = finding.observed.isEmpty ? "" : ": " + finding.observed.joined(separator: ", ")
    let type = finding.type.map { " \($0)" } ?? ""
    return "\(finding.check) \(finding.name.displayed)\(type) at \(finding.place.words), \(finding.verdict.words)\(values)"
  }
}

/// Which tool wrote a file, as its first characters and members tell.
enum ProviderFormat: String {
  case octodns, dnscontrol, terraform

  init(_ octets: [UInt8]) {
    let blanks: Set<UInt8> = [0x09, 0x0A, 0x0D, 0x20, 0xEF, 0xBB, 0xBF]
    guard octets.first(where: { !blanks.contains($0) }) == UInt8(ascii: "{") else {
      self = .octodns
      return
    }
    let text = String(decoding: octets.prefix(1 << 20), as: UTF8.self)
    self = text.contains("\"format_version\"") || text.contains("\"terraform_version\"") ? .terraform : .dnscontrol
  }
}
