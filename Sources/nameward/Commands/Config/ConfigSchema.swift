import ArgumentParser
import Estate

extension Nameward.Config {
  struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the declaration's JSON Schema (draft 2020-12), so that editors complete it.")

    func run() throws { Console.print(Declaration.schema) }
  }
}
