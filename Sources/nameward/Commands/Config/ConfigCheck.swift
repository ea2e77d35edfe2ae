import ArgumentParser
import Estate
import Names

extension Nameward.Config {
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read the declaration and all its files, and tell every fault with file, line and column; ask nobody.")

    @OptionGroup var configuration: ConfigurationOption

    func run() throws {
      let declaration = try Reading.declaration(at: configuration.config, isQuiet: false)
      let sets = declaration.domains.map(\.records.count).reduce(0, +)
      Console.print(
        "\(configuration.config): \(declaration.domains.count) domains, \(sets) RRsets, \(declaration.resolvers.servers.count) resolvers.\n"
      )
    }
  }
}
