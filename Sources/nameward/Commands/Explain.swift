import ArgumentParser
import Audit
import Estate

extension Nameward {
  struct Explain: ParsableCommand {
    enum Form: String, ExpressibleByArgument, CaseIterable { case text, markdown }

    static let configuration = CommandConfiguration(
      abstract: "What a check compares, why, how bad it is, and what to do.",
      discussion: "Without a name, all checks.")

    @Argument(help: ArgumentHelp("The check, as findings name it.", valueName: "check"))
    var check: String?

    @Option(name: .long, help: ArgumentHelp("text or markdown.", valueName: "format"))
    var format = Form.text

    func run() throws {
      let all = CheckSpecification.all
      guard let check else {
        Console.print(
          format == .markdown ? ChecksPage(all).markdown : all.map { "\($0.id.rawValue.padded(to: 26)) \($0.title)\n" }.joined())
        return
      }
      guard let specification = all.first(where: { $0.id == CheckID(rawValue: check).current }) else {
        let known = all.map(\.id.rawValue).joined(separator: ", ")
        throw Ending(.usage, "There is no check \(check.printable). Known are: \(known).")
      }
      Console.print(
        format == .markdown ? ChecksPage([specification]).sections : specification.text(width: min(Console.width, 100)))
    }
  }
}
