import ArgumentParser

extension Nameward {
  struct Config: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check the declaration, or print its schema.", subcommands: [Check.self, Schema.self])
  }
}
