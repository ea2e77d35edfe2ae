import Estate
import Foundation
import Testing

@Suite("What the guide shows can be read") struct GuideTests {
  struct Block: Sendable, CustomTestStringConvertible {
    var page: String
    var line: Int
    var yaml: String
    var testDescription: String { "\(page):\(line)" }
  }

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The blocks of YAML in the pages of the guide and the README.
  static func blocks() throws -> [Block] {
    let guide = root.appendingPathComponent("Docs/Guide")
    let pages = try FileManager.default.contentsOfDirectory(atPath: guide.path).filter { $0.hasSuffix(".md") }.sorted()
    var blocks: [Block] = []
    for page in ["../../README.md"] + pages {
      let text = try String(contentsOf: guide.appendingPathComponent(page), encoding: .utf8)
      var open: Block?
      for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        if line == "```yaml" {
          open = Block(page: page, line: index + 2, yaml: "")
        } else if line == "```", let block = open {
          blocks.append(block)
          open = nil
        } else {
          open?.yaml += line + "\n"
        }
      }
    }
    return blocks
  }

  static let zone = """
    $ORIGIN example.gov.
    $TTL 3600
    @ SOA ns1 hostmaster 1 7200 3600 1209600 300
    @ NS ns1
    @ NS ns2.example.net.
    ns1 A 192.0.2.53
    ns1 AAAA 2001:db8::53
    mail 300 A 192.0.2.25

    """

  static let files = [
    "zones/example.gov.zone": zone,
    "octodns/example.gov.yaml": "ftp:\n  type: A\n  value: 192.0.2.21\n",
    "plan.json": Sample.files["plan.json"]?.replacing("plan.example", with: "example.gov") ?? "",
    "ir.json": Sample.files["ir.json"]?.replacing("code.example", with: "example.net") ?? "",
    "authorities.pem": Sample.files["authorities.pem"] ?? "",
    "mailer.json": Sample.files["suite.json"] ?? "",
    "ip-ranges.json": Sample.files["aws.json"] ?? "",
  ]

  @Test func `there are blocks to read`() throws {
    let pages = Set(try Self.blocks().map(\.page))
    #expect(
      pages.isSuperset(of: [
        "../../README.md", "declare.md", "tolerate-what-is-normal.md", "plan-a-change.md", "start-from-what-is-served.md",
        "use-what-you-have.md", "mail-and-certificates.md",
      ]))
  }

  /// What a block leaves out is what it is not about: the version, and a domain.
  @Test(arguments: try blocks()) func `every block is a declaration, or a part of one`(block: Block) {
    func holds(_ key: String) -> Bool { ("\n" + block.yaml).contains("\n\(key):") }
    let yaml =
      (holds("version") ? "" : "version: 1\n") + block.yaml
      + (holds("domains") ? "" : "domains: {example.gov: {zone: zones/example.gov.zone, ds: unsigned}}\n")
    let reading = Sample.read(yaml, files: Self.files)
    #expect(reading.faults.map(\.description) == [])
    #expect(reading.declaration != nil || !reading.wantedTransfers.isEmpty)
  }
}
