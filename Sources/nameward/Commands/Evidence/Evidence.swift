import ArgumentParser

extension Nameward {
  struct Evidence: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The stored questions and answers behind findings.", subcommands: [Show.self])
  }
}
