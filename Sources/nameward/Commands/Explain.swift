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
      guard let specification = all.first(where: { $0.id.rawValue == check }) else {
        let known = all.map(\.id.rawValue).joined(separator: ", ")
        throw Ending(.usage, "There is no check \(check.printable). Known are: \(known).")
      }
      Console.print(
        format == .markdown ? ChecksPage([specification]).sections : specification.text(width: min(Console.width, 100)))
    }
  }
}

extension CheckSpecification {
  func text(width: Int) -> String {
    func paragraph(_ label: String, _ body: String) -> String { "\(label)\n\(Wrapped(body, to: width - 2).indented(by: 2))\n" }
    func list(_ label: String, _ examples: [Example]) -> String {
      examples.isEmpty
        ? "" : "\(label)\n" + examples.map { Wrapped("- \($0.says)", to: width - 2).indented(by: 2) }.joined() + "\n"
    }
    return "\(id.rawValue): \(title)\n\n"
      + paragraph("What it compares", about) + paragraph("How bad", severity) + paragraph("What to do", advice)
      + list("Fires", fires) + list("Stays silent", silent) + "Sources\n  \(sources.joined(separator: "; "))\n"
  }
}

/// Docs/Checks.md, made from the checks themselves.
struct ChecksPage {
  var checks: [CheckSpecification]

  init(_ checks: [CheckSpecification]) { self.checks = checks }

  var markdown: String {
    "# Checks\n\nMade from the checks' own files by `Scripts/docs`; do not edit.\n\n| check | what it tells | severity |\n|---|---|---|\n"
      + checks.map { "| [`\($0.id)`](#\($0.id)) | \($0.title) | \($0.severity) |\n" }.joined() + "\n" + sections
  }

  var sections: String {
    checks.map { check in
      "## \(check.id)\n\n**\(check.title).** \(check.about)\n\n- **Severity:** \(check.severity)\n- **What to do:** \(check.advice)\n"
        + "- **Sources:** \(check.sources.joined(separator: "; "))\n\nFires: "
        + check.fires.map(\.says).joined(separator: "; ") + ".\n\nStays silent: "
        + check.silent.map(\.says).joined(separator: "; ") + ".\n"
    }.joined(separator: "\n")
  }
}

/// Text broken at white space.
struct Wrapped {
  var lines: [String] = []

  init(_ text: String, to width: Int) {
    var line = ""
    for word in text.split(whereSeparator: \.isWhitespace) {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    if !line.isEmpty { lines.append(line) }
  }

  func indented(by columns: Int) -> String {
    lines.map { String(repeating: " ", count: columns) + $0 + "\n" }.joined()
  }
}
