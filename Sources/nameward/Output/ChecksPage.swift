import Audit
import Estate

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
