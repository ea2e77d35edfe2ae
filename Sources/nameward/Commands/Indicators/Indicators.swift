import ArgumentParser

extension Nameward {
  struct Indicators: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Indicators that others publish: read them, look for them in logs.",
      discussion: """
        Reads what CISA (US-CERT) and others publish: CSV, STIX 1.x and 2.x, MISP, OpenIOC, and plain lists; the format is told \
        by the content. An indicator that was seen is a sighting. It is never an incident by itself.
        """,
      subcommands: [
        Import.self, Refresh.self, List.self, Diff.self, Forget.self, Match.self, Export.self, Serve.self, Show.self,
        Pattern.self,
      ])
  }
}
