import ArgumentParser
import Foundation
import Indicators
import Notation

extension Nameward.Indicators {
  struct Pattern: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check STIX patterns, or hold one against observations.",
      discussion: """
        With --check, reads STIX 2.1 patterns, one a line, from the files or standard input: each is printed as it was understood, or \
        with what is wrong and where. Exit code 3 where one is no pattern.

        With --match, holds a pattern against the observed-data of a STIX bundle. Exit code 3 where it matches, as for every finding, \
        and 0 where it does not.
        """)

    @Flag(name: .long, help: "Check patterns, one a line.")
    var check = false

    @Option(name: .long, help: ArgumentHelp("The pattern to hold against --observed.", valueName: "pattern"))
    var match: String?

    @Option(
      name: .long, help: ArgumentHelp("A bundle with observed-data; - for standard input.", valueName: "file"),
      completion: .file())
    var observed: String?

    @Flag(name: .long, help: "Read = with a prefix on an address as containment: many write ipv4-addr:value = '192.0.2.0/24'.")
    var lenient = false

    @Argument(help: ArgumentHelp("Files of patterns, with --check.", valueName: "file"), completion: .file())
    var files: [String] = []

    func validate() throws {
      if check == (match != nil) { throw ValidationError("Give either --check, or --match PATTERN with --observed FILE.") }
      if match != nil, observed == nil { throw ValidationError("--match needs --observed FILE.") }
      if match == nil, observed != nil || lenient { throw ValidationError("--observed and --lenient go with --match.") }
    }

    func run() throws {
      if let match, let observed { try hold(match, against: observed) } else { try checkAll() }
    }

    private func checkAll() throws {
      var faults = 0
      for file in files.isEmpty ? ["-"] : files {
        var number = 0
        for line in try text(of: file).split(separator: "\n", omittingEmptySubsequences: false) {
          number += 1
          let text = line.drop(while: \.isWhitespace)
          guard !text.isEmpty else { continue }
          do {
            let pattern = try Indicators.Pattern(String(text))
            Console.print("\(pattern)\n")
          } catch {
            faults += 1
            let name = file == "-" ? "" : "\(file):"
            Console.say("\(name)\(number):\(line.count - text.count + error.offset): \(error.sentence)".printable)
          }
        }
      }
      if faults > 0 { throw Ending(.findings) }
    }

    private func hold(_ text: String, against file: String) throws {
      let pattern: Indicators.Pattern
      do { pattern = try Indicators.Pattern(text) } catch {
        throw Ending(.usage, "the pattern, at character \(error.offset): \(error.sentence)".printable)
      }
      let bundle: JSONValue
      do { bundle = try JSONValue(Array(try self.text(of: file).utf8)) } catch let fault as JSONFault {
        throw Ending(.usage, "\(file):\(fault.place): \(fault.cause.sentence)".printable)
      }
      let observed: [ObservedData]
      do { observed = try ObservedData.read(bundle) } catch {
        throw Ending(.usage, "\(file):\(error.place): \(error.sentence)".printable)
      }
      let found: PatternMatch?
      do { found = try pattern.matches(observed, lenient: lenient) } catch { throw Ending(.couldNotTell, error.sentence) }
      guard let found else {
        Console.print("no match in \(observed.count) observed-data\n")
        return
      }
      for use in found.uses {
        let data = observed[use.observed]
        let name = (data.id ?? "observed-data at \(data.place)").printable
        Console.print("\(name), \(use.count) of \(data.count), first \(data.firstObserved)\n")
      }
      throw Ending(.findings)
    }

    private func text(of file: String) throws -> String {
      do {
        return String(decoding: try Reading.input(file), as: UTF8.self)
      } catch let error as Reading.Unreadable {
        throw Ending(.usage, "\(error).")
      }
    }
  }
}
