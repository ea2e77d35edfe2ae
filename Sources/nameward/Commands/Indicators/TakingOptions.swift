import ArgumentParser

/// How indicators are taken in, and what is told of it.
struct TakingOptions: ParsableArguments {
  @Flag(name: .long, help: "Take also a source that is suddenly empty, or of another size.")
  var force = false

  @Flag(name: .long, help: "Tell everything that became no indicator, with its place.")
  var remarks = false

  @Option(name: .long, help: ArgumentHelp("One of text, jsonl; the latter has all remarks.", valueName: "format"))
  var format = LineFormat.text

  @Flag(name: .long, help: "No notices on standard error.")
  var quiet = false
}
