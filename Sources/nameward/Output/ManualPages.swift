import ArgumentParser

/// What argument-parser says of a command, as far as the manual tells it (its tool-info format, version 0).
struct CommandTree: Decodable {
  struct Name: Decodable {
    var kind: String
    var name: String

    var spelled: String { kind == "long" ? "--\(name)" : "-\(name)" }
  }

  struct Argument: Decodable {
    var kind: String
    var shouldDisplay: Bool
    var isOptional: Bool
    var isRepeating: Bool
    var names: [Name]?
    var valueName: String?
    var abstract: String?
    var defaultValue: String?

    /// `--format <format>`, `[<name> ...]`
    var spelled: String {
      let value = "<\(valueName ?? "value")>" + (isRepeating ? " ..." : "")
      return switch kind {
      case "positional": value
      case "flag": names?.map(\.spelled).joined(separator: ", ") ?? ""
      default: (names?.map(\.spelled).joined(separator: ", ") ?? "") + " " + value
      }
    }

    var told: String { (abstract ?? "") + (defaultValue.map { kind == "flag" ? "" : " (default: \($0))" } ?? "") }
  }

  struct Command: Decodable {
    var commandName: String
    var superCommands: [String]?
    var abstract: String?
    var discussion: String?
    var arguments: [Argument]?
    var subcommands: [Command]?
    var shouldDisplay: Bool?

    var path: String { ((superCommands ?? []) + [commandName]).joined(separator: " ") }

    /// This command and all below it, without `help`.
    var all: [Command] { commandName == "help" || shouldDisplay == false ? [] : [self] + (subcommands ?? []).flatMap(\.all) }

    var shownArguments: [Argument] {
      (arguments ?? []).filter { argument in
        argument.shouldDisplay && !(argument.names ?? []).contains { $0.name == "help" || $0.name == "version" }
      }
    }

    var synopsis: String {
      ([path] + shownArguments.map { $0.isOptional ? "[\($0.spelled)]" : $0.spelled }).joined(separator: " ")
    }
  }

  var command: Command
}

/// Docs/Commands.md.
struct CommandsPage {
  var command: CommandTree.Command

  init(_ command: CommandTree.Command) { self.command = command }

  var text: String {
    var text = "# Commands\n\nMade from the commands themselves by `Scripts/docs`; do not edit.\n"
    for one in command.all {
      text += "\n## \(one.path)\n\n\(one.abstract ?? "")\n"
      if let discussion = one.discussion, !discussion.isEmpty { text += "\n\(discussion)\n" }
      guard !one.shownArguments.isEmpty else { continue }
      text += "\n    \(one.synopsis)\n\n| argument | meaning |\n|---|---|\n"
      for argument in one.shownArguments {
        text += "| `\(argument.spelled)` | \(argument.told.replacing("|", with: "\\|")) |\n"
      }
    }
    return text
  }
}

/// man(7) source.
struct ManPage {
  var command: CommandTree.Command

  init(_ command: CommandTree.Command) { self.command = command }

  var text: String {
    var text =
      ".TH NAMEWARD 1 \"\" \"nameward \(Nameward.configuration.version)\" \"User Commands\"\n.SH NAME\nnameward \\- \(roff(command.abstract ?? ""))\n.SH SYNOPSIS\n"
    for one in command.all.dropFirst() where (one.subcommands ?? []).isEmpty { text += ".B \(roff(one.synopsis))\n.br\n" }
    text += ".SH DESCRIPTION\n\(roff(command.discussion ?? ""))\n.SH COMMANDS\n"
    for one in command.all.dropFirst() {
      text += ".SS \(roff(one.path))\n\(roff(one.abstract ?? ""))\n"
      if let discussion = one.discussion, !discussion.isEmpty { text += ".PP\n\(roff(discussion))\n" }
      for argument in one.shownArguments { text += ".TP\n.B \(roff(argument.spelled))\n\(roff(argument.told))\n" }
    }
    text += ".SH EXIT STATUS\n"
    for (code, meaning) in [
      (0, "all as intended"), (1, "error"), (2, "usage or configuration"), (3, "findings"), (4, "could not tell everything"),
    ] {
      text += ".TP\n.B \(code)\n\(meaning)\n"
    }
    return text
  }

  /// Text in which nothing is an order to troff.
  private func roff(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
    return escaped.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.isEmpty ? ".PP" : line.first == "." || line.first == "'" ? "\\&" + line : String(line)
    }.joined(separator: "\n")
  }
}
