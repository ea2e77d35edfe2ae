import Audit
import Connectors
import DNSWire
import Estate
import Names
import Probe

/// Joins judgement, which says what it wants to know, with the edges that find it out.
struct Pass {
  var declaration: Declaration
  var scope: AuditScope
  /// What judgement takes for the present.
  var now: Timestamp
  var settings: ProbeSettings
  var isQuiet = false
  /// Which autonomous system announces an address, where the owner gives a database of them.
  var origins: OriginDatabase?

  func run() async -> Survey {
    var survey = Survey(declaration, scope: scope, now: now)
    await run(&survey)
    return survey
  }

  /// One that asks as this pass is to.
  var probe: Probe {
    Probe(settings, now: Clock.now) { [isQuiet] notice in
      if !isQuiet { Console.say("note: \(notice)") }
    }
  }

  /// Finds out what an investigation wants, until it wants nothing more.
  func run(_ investigation: inout some Investigation) async { await run(&investigation, with: probe) }

  func run(_ investigation: inout some Investigation, with probe: Probe) async {
    let inquirer = Inquirer(declaration.network, probe: probe, origins: origins)
    investigation.advance()
    while !investigation.isComplete {
      let wanted = investigation.wanted
      if !wanted.isEmpty {
        let observations = await probe.ask(wanted) { [isQuiet] done, total in
          if !isQuiet { Console.progress("asking: \(done) of \(total) questions") }
        }
        investigation.learn(observations)
      }
      let inquiries = investigation.wantedInquiries
      if !inquiries.isEmpty {
        if !isQuiet { Console.progress("asking further: \(inquiries.count) transfers, services and pages") }
        for (inquiry, answer) in zip(inquiries, await inquirer.answers(to: inquiries)) {
          investigation.learn(answer, to: inquiry)
        }
      }
      // The validator is shown the zones that were found on the way, so it waits until nothing else is to be found out.
      let subjects = investigation.wantedValidations
      if wanted.isEmpty, inquiries.isEmpty, !subjects.isEmpty { await validate(subjects, &investigation) }
      investigation.advance()
    }
    Console.endProgress()
  }

  private func validate(_ subjects: [Knowledge.Subject], _ investigation: inout some Investigation) async {
    if !isQuiet { Console.progress("validating: \(subjects.count) RRsets") }
    let validator = Validator(validation(zones: investigation.zones))
    let validations = await validator.validate(subjects.map { ($0.name, $0.type) })
    for (subject, validation) in zip(subjects, validations) { investigation.learn(validation, of: subject) }
  }

  /// On the public Internet the validator finds its own way. A hierarchy of one's own, with its own roots or port, is shown to it
  /// zone by zone, since delegations carry no ports.
  private func validation(zones: [DomainName: [SocketAddress]]) -> ValidatorSettings {
    var settings = ValidatorSettings()
    if !declaration.network.trustAnchors.isEmpty {
      settings.trustAnchor = .records(declaration.network.trustAnchors.map(\.description))
    }
    settings.usesIPv6 = declaration.network.ipv6
    settings.at = now
    if !declaration.network.isPublic {
      settings.stubs = zones.filter { !$0.value.isEmpty }.map { ValidatorSettings.Stub($0.key, $0.value) }
    }
    return settings
  }
}
