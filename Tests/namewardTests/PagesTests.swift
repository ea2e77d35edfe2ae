import ArgumentParser
import Audit
import Foundation
import Testing

@testable import nameward

/// Pages that are made from the program: `Scripts/docs` writes them, and here they are held against it.
@Suite("Docs are what the program says") struct PagesTests {
  private func page(_ name: String, here: String = #filePath) throws -> String {
    let root = URL(fileURLWithPath: here).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "Docs/\(name)"), encoding: .utf8)
  }

  @Test func `Docs/Checks.md is made from the checks; Scripts/docs makes it anew`() throws {
    #expect(try page("Checks.md") == ChecksPage(CheckSpecification.all).markdown)
  }

  @Test func `Docs/Commands.md is made from the commands; Scripts/docs makes it anew`() throws {
    let tree = try JSONDecoder().decode(CommandTree.self, from: Data(Nameward._dumpHelp().utf8))
    #expect(try page("Commands.md") == CommandsPage(tree.command).text)
  }

  @Test func `the man page gives no order to troff that we did not write`() throws {
    let tree = try JSONDecoder().decode(CommandTree.self, from: Data(Nameward._dumpHelp().utf8))
    let orders = Set(
      ManPage(tree.command).text.split(separator: "\n").filter { $0.first == "." }.compactMap { $0.split(separator: " ").first })
    #expect(orders.isSubset(of: [".TH", ".SH", ".SS", ".TP", ".PP", ".B", ".br"]), "\(orders)")
  }
}
