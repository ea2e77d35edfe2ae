import ArgumentParser
import Audit

/// What an audit does beside asking for what is declared; each is asked for, since it costs more or touches more than DNS.
struct FurtherOptions: ParsableArguments {
  @Flag(
    name: .long,
    help: "Walk signed zones by NSEC, and read zones that are transferred to anybody, for names that nobody declared.")
  var undeclared = false

  @Option(
    name: .long,
    help: ArgumentHelp("Names that certificates hold, one a line, to be compared with what is declared.", valueName: "file"),
    completion: .file())
  var names: String?

  @Option(
    name: .customLong("passive-dns"),
    help: ArgumentHelp("The same with a passive-DNS export: JSON lines in the Common Output Format.", valueName: "file"),
    completion: .file())
  var passiveDNS: String?

  @Flag(name: .long, help: "Also connect to the services: TLS for TLSA records, the MTA-STS policy. Otherwise only DNS is asked.")
  var services = false

  @Flag(name: .long, help: "Also fetch the page behind each alias and compare it with fingerprints of unclaimed services.")
  var http = false

  var isGiven: Bool { undeclared || names != nil || passiveDNS != nil || services || http }

  func extend(_ scope: inout AuditScope) throws {
    (scope.enumerates, scope.contactsServices, scope.fetchesPages) = (undeclared, services, http)
    if let names { scope.seenNames += try SeenNames.list(at: names) }
    if let passiveDNS { scope.seenNames += try SeenNames.passiveDNS(at: passiveDNS) }
  }
}
