import ArgumentParser
import Foundation
import Indicators
import Names

extension Nameward.Indicators {
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What files of indicators say.",
      discussion: """
        Reads the files and prints their indicators; nothing is kept. What became no indicator is told: how much of each kind, or each \
        with its place (--remarks; as JSON after the indicators, where that is the format).
        """)

    @Argument(help: ArgumentHelp("The files; - for standard input.", valueName: "file"), completion: .file())
    var files: [String]

    @Option(name: .long, help: ArgumentHelp("One of text, jsonl.", valueName: "format"))
    var format = LineFormat.text

    @Flag(name: .long, help: "Only how many there are.")
    var count = false

    @Flag(name: .long, help: "Tell everything that became no indicator, with its place.")
    var remarks = false

    @Flag(name: .long, help: "No notices on standard error.")
    var quiet = false

    func run() throws {
      for file in files {
        let source = try IndicatorFiles.read(file)
        let page = PublicationPage(source)
        Console.print(count ? page.head : format == .text ? page.text : page.lines)
        if remarks, format == .jsonl {
          Console.print(page.remarkObjects.map { $0 + "\n" }.joined())
        } else if !quiet {
          for line in remarks ? page.remarks : [page.summary].compactMap(\.self) { Console.say(line) }
        }
      }
    }
  }
}
