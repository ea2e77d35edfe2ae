import Audit
import DNSWire
import Estate
import Names
import Probe

/// Finds out what a survey wants, until it wants nothing more.
struct Pass {
  var declaration: Declaration
  var scope: AuditScope
  /// What judgement takes for the present.
  var now: Timestamp
  var settings: ProbeSettings
  var isQuiet = false

  func run() async -> Survey {
    let probe = Probe(settings, now: Clock.now) { [isQuiet] notice in
      if !isQuiet { Console.say("note: \(notice)") }
    }
    var survey = Survey(declaration, scope: scope, now: now)
    survey.advance()
    while !survey.isComplete {
      let wanted = survey.wanted
      if !wanted.isEmpty {
        let observations = await probe.ask(wanted) { [isQuiet] done, total in
          if !isQuiet { Console.progress("asking: \(done) of \(total) questions") }
        }
        survey.learn(observations)
      }
      // The validator is shown the zones that were found on the way, so it waits until nothing else is to be found out.
      let subjects = survey.wantedValidations
      if wanted.isEmpty, !subjects.isEmpty { await validate(subjects, &survey) }
      survey.advance()
    }
    Console.endProgress()
    return survey
  }

  private func validate(_ subjects: [Knowledge.Subject], _ survey: inout Survey) async {
    if !isQuiet { Console.progress("validating: \(subjects.count) RRsets") }
    let validator = Validator(validation(zones: survey.zones))
    let validations = await validator.validate(subjects.map { ($0.name, $0.type) })
    for (subject, validation) in zip(subjects, validations) { survey.learn(validation, of: subject) }
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
