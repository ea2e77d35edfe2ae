import ArgumentParser
import Foundation

extension Nameward {
  /// Made from the commands themselves, so that neither page can say what the program does not.
  struct Manual: ParsableCommand {
    enum Form: String, ExpressibleByArgument, CaseIterable { case man, markdown }

    static let configuration = CommandConfiguration(
      abstract: "Print the manual: as a man page, or as Markdown.",
      discussion: "Shell completions: nameward --generate-completion-script bash|zsh|fish.")

    @Option(name: .long, help: ArgumentHelp("man or markdown.", valueName: "format"))
    var format = Form.man

    func run() throws {
      let tree = try JSONDecoder().decode(CommandTree.self, from: Data(Nameward._dumpHelp().utf8))
      Console.print(format == .man ? ManPage(tree.command).text : CommandsPage(tree.command).text)
    }
  }
}
