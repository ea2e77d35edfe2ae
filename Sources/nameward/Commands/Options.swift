public import ArgumentParser
public import Estate
import Foundation
public import Names

struct ConfigurationOption: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("The declaration.", valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
  var config = "nameward.yaml"

  /// By which the store knows the declaration.
  var declarationName: String { URL(fileURLWithPath: config).standardizedFileURL.path }
}

struct StateOption: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Where the store is kept (default: $STATE_DIRECTORY, else $XDG_STATE_HOME/nameward, else ~/.local/state/nameward).",
      valueName: "dir"),
    completion: .directory)
  var state: String?

  var folder: String {
    if let state { return state }
    let environment = ProcessInfo.processInfo.environment
    if let given = environment["STATE_DIRECTORY"], let first = given.split(separator: ":").first { return String(first) }
    if let given = environment["XDG_STATE_HOME"], given.hasPrefix("/") { return given + "/nameward" }
    return (environment["HOME"] ?? "/root") + "/.local/state/nameward"
  }
}

struct OutputOptions: ParsableArguments {
  @Option(
    name: .long, help: ArgumentHelp("One of \(Format.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "format"))
  var format = Format.text

  @Flag(name: .long, help: "No progress and no notices on standard error.")
  var quiet = false
}

extension Timestamp: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension DomainName: ExpressibleByArgument {
  public init?(argument: String) {
    guard let name = try? DomainName(displayed: argument) else { return nil }
    self = name
  }
}

/// What a person answers for: a name with all below it, or addresses.
enum OwnValue: ExpressibleByArgument {
  case name(DomainName)
  case prefix(IPPrefix)

  init?(argument: String) {
    if let prefix = IPPrefix(argument) {
      self = .prefix(prefix)
    } else if !argument.contains("/"), let name = DomainName(argument: argument) {
      self = .name(name)
    } else {
      return nil
    }
  }
}

extension Server: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument, defaultPort: 53) }
}

/// How a command writes what it lists: for a person, or an object of JSON a line.
enum LineFormat: String, ExpressibleByArgument, CaseIterable { case text, jsonl }
