import ArgumentParser
import Dashboard
import Estate
import Foundation
import Indicators
import Names
import Notation
import Store

extension Nameward.Indicators {
  struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give indicators and findings to others, by TAXII 2.1.",
      discussion: """
        What was taken in is one collection, with what may leave under --tlp (see `indicators export`). What audits of the declaration \
        found is another, for those who have a --findings-token. Nobody can send anything unless there is a --sending-token; what is \
        sent is taken in as a source of its own.

        It listens on this machine alone unless --listen says otherwise; put it behind a proxy that speaks TLS then, since tokens \
        travel as they are.
        """)

    @Option(name: .long, help: ArgumentHelp("How far the indicators that are served may go.", valueName: "tlp"))
    var tlp: TLP

    @Option(name: .long, help: ArgumentHelp("What an indicator counts as that nobody marked.", valueName: "tlp"))
    var assume: TLP?

    @Option(name: .customLong("findings-tlp"), help: ArgumentHelp("The marking of findings.", valueName: "tlp"))
    var findingsTLP = TLP.amber

    @Option(name: .long, help: ArgumentHelp("Where to listen.", valueName: "addr:port"))
    var listen = "127.0.0.1:6100"

    @Option(
      name: .long, parsing: .upToNextOption,
      help: ArgumentHelp(
        "Tokens of those who may read indicators: env:NAME, file:PATH, cred:NAME or cmd:….", valueName: "secret"))
    var token: [String] = []

    @Option(
      name: .long, parsing: .upToNextOption,
      help: ArgumentHelp("Tokens of those who may read findings too; with them findings are served.", valueName: "secret"))
    var findingsToken: [String] = []

    @Option(
      name: .long, parsing: .upToNextOption,
      help: ArgumentHelp("Tokens of those who may read indicators and send their own.", valueName: "secret"))
    var sendingToken: [String] = []

    @Flag(name: .long, help: "Whoever reaches it may read the indicators; without it a token is needed.")
    var anyone = false

    @OptionGroup var configuration: ConfigurationOption
    @OptionGroup var state: StateOption

    func validate() throws {
      guard anyone || !(token + findingsToken + sendingToken).isEmpty else {
        throw ValidationError("Say who may read: --token SECRET…, or --anyone.")
      }
      if anyone, !token.isEmpty { throw ValidationError("Give either --token or --anyone.") }
      guard SocketAddress(listen, defaultPort: 6100) != nil else {
        throw ValidationError("--listen is an address and a port, as in 127.0.0.1:6100.")
      }
    }

    func run() async throws {
      guard let address = SocketAddress(listen, defaultPort: 6100) else { return }
      let shared = try catalog()
      let reports = Reports()
      let service = TAXIIService(
        title: "Nameward", information: TAXIIAPIRoot(title: "Nameward", maxContentLength: 10 << 20),
        admission: try admission(shared.ids), catalog: shared,
        now: { TAXIITimestamp(Clock.now()) }, identify: { UUID().uuidString.lowercased() },
        report: { error in
          if reports.isNew("\(error)") { Console.say("a request could not be answered: \(error)".printable) }
        })
      let names = shared.collections().map { $0.title.lowercased() }.joined(separator: ", ")
      do {
        try await TAXIIServer(service, at: address).run { port in
          Console.say("serving \(names) at http://\(address.address):\(port)/taxii2/")
        }
      } catch let fault as TAXIIServerFault {
        throw Ending(.error, "\(listen) cannot be listened on: \(fault.sentence)".printable)
      } catch {
        throw Ending(.error, "\(listen) cannot be listened on: \(error)".printable)
      }
    }

    private func catalog() throws -> SharedStore {
      do {
        // Who sends may be the first who has anything.
        if !sendingToken.isEmpty { _ = try Store(folder: state.folder) }
        return try SharedStore(
          StoreReader(folder: state.folder), tlp: tlp, assumed: assume, findings: try findingTerms(),
          receiving: sendingToken.isEmpty ? nil : state.folder)
      } catch let fault as StoreFault { throw Ending(of: fault) }
    }

    /// Findings are those of one declaration, and told in the name of its organisation.
    private func findingTerms() throws -> SharedStore.FindingTerms? {
      guard !findingsToken.isEmpty else { return nil }
      let declaration = try Reading.offline(at: configuration.config, now: Clock.second()).declaration
      let name = declaration?.organisation ?? declaration?.domains.first?.name.displayed ?? configuration.config
      return SharedStore.FindingTerms(
        declaration: configuration.declarationName, organisation: name.printable, marking: findingsTLP)
    }

    private func admission(_ ids: SharedCollections) throws -> TAXIIAdmission {
      let indicators = TAXIIAdmission.Rights(reading: .only([ids.indicators]))
      func tokens(_ secrets: [String], _ rights: TAXIIAdmission.Rights) throws -> [TAXIIAdmission.Token] {
        try secrets.map { TAXIIAdmission.Token(try Secret.named($0), rights) }
      }
      return TAXIIAdmission(
        anyone: anyone ? indicators : .nothing,
        tokens: try tokens(token, indicators)
          + tokens(findingsToken, TAXIIAdmission.Rights(reading: .only([ids.indicators, ids.findings])))
          + tokens(sendingToken, TAXIIAdmission.Rights(reading: .only([ids.indicators]), writing: .only([ids.received]))))
    }
  }
}
