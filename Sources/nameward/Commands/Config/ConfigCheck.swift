import ArgumentParser
import Estate
import Names

extension Nameward.Config {
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read the declaration and all its files, and tell every fault with file, line and column; ask nobody.")

    @OptionGroup var configuration: ConfigurationOption

    func run() throws {
      let reading = try Reading.offline(at: configuration.config, now: Clock.second())
      guard let declaration = reading.declaration else {
        let zones = reading.wantedTransfers.map(\.zone.displayed).joined(separator: ", ")
        Console.print(
          "\(configuration.config): no fault. An audit transfers \(zones) first; what it says there is not checked here.\n")
        return
      }
      _ = try Reading.origins(declaration.network, now: Clock.second(), isQuiet: true)
      let sets = declaration.domains.map(\.records.count).reduce(0, +)
      Console.print(
        "\(configuration.config): \(counted(declaration.domains.count, "domain")), \(counted(sets, "RRset")), "
          + "\(counted(declaration.resolvers.servers.count, "resolver")).\n"
      )
    }
  }
}

private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
