import ArgumentParser
import Foundation

/// The one executable: it parses, wires rooms together, and ends with the contract's exit codes.
@main
struct Nameward: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nameward",
    abstract: "Keeps your names pointing where you intend.",
    discussion: """
      Nameward compares what you declare in nameward.yaml with what the registry's parent zone, every authoritative server and \
      the resolvers you name tell the world. It needs no secret for that.

      Exit codes: 0 all as intended, 1 error, 2 usage or configuration, 3 findings, 4 could not tell everything.
      """,
    version: "0.1.0",
    subcommands: [Init.self, Audit.self, Indicators.self, Drill.self, Explain.self, Evidence.self, Config.self, Manual.self])

  static func main() async {
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let ending as Ending {
      ending.leave()
    } catch let code as ExitCode {
      exit(withError: code)
    } catch {
      // What argument-parser throws is help (0) or usage; the contract's code for usage is 2.
      let code = exitCode(for: error)
      let message = fullMessage(for: error)
      if code == .success {
        print(message)
        Foundation.exit(0)
      }
      Console.say(message)
      Foundation.exit(2)
    }
  }
}

/// How a command ends when not all is as intended: a sentence for the person, a code for the script.
struct Ending: Error {
  enum Code: Int32 {
    case intended = 0
    case error = 1
    case usage = 2
    case findings = 3
    case couldNotTell = 4
  }

  var code: Code
  /// What happened, where, what to do; one per line.
  var sentences: [String]

  init(_ code: Code, _ sentences: String...) { (self.code, self.sentences) = (code, sentences) }
  init(_ code: Code, _ sentences: [String]) { (self.code, self.sentences) = (code, sentences) }

  func leave() -> Never {
    for sentence in sentences { Console.say("nameward: \(sentence)") }
    Foundation.exit(code.rawValue)
  }
}
