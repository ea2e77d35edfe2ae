import DNSWire
import Testing

@testable import Estate

@Suite("octoDNS's !include") struct OctoDNSIncludeTests {
  static let apex = "- {type: A, value: 192.0.2.1}\n- {type: TXT, value: x}\n"

  @Test func `a file stands where it is included, with its own places`() {
    let reading = OctoDNSReading(
      "'': !include common/apex.yaml\nwww: {type: A, values: !include ips.yaml}\n",
      files: ["zones/common/apex.yaml": Self.apex, "zones/ips.yaml": "[192.0.2.2, 192.0.2.3]"])
    #expect(reading.faults == [])
    #expect(
      reading.sets.map { "\($0.name) \($0.type) \($0.declaredAt?.description ?? "")" } == [
        "example.gov. A zones/common/apex.yaml:1:3", "example.gov. TXT zones/common/apex.yaml:2:3",
        "www.example.gov. A zones/z.yaml:2:1",
      ])
  }

  @Test func `paths are seen from the file that includes`() {
    let reading = OctoDNSReading(
      "www: !include a/one.yaml\n",
      files: [
        "zones/a/one.yaml": "!include two.yaml", "zones/a/two.yaml": "{type: A, value: !include ../ip.yaml}",
        "zones/ip.yaml": "192.0.2.7\n",
      ])
    #expect(reading.faults == [])
    #expect(reading.sets.first?.intended == Sample.rdata(.a, "192.0.2.7").map { .exactly([$0]) })
  }

  @Test func `of several files lists are joined, and later entries replace earlier ones`() {
    let reading = OctoDNSReading(
      "l: {type: A, values: !include [one.yaml, two.yaml]}\nm: !include\n  - base.yaml\n  - over.yaml\n",
      files: [
        "zones/one.yaml": "[192.0.2.1]", "zones/two.yaml": "[192.0.2.2, 192.0.2.3]",
        "zones/base.yaml": "{type: A, ttl: 60, value: 192.0.2.4}", "zones/over.yaml": "{value: 192.0.2.5}",
      ])
    #expect(reading.faults == [])
    let values = reading.sets.map { set -> [String] in
      if case .exactly(let values) = set.intended { values.map(\.text) } else { [] }
    }
    #expect(values == [["192.0.2.1", "192.0.2.2", "192.0.2.3"], ["192.0.2.5"]])
    #expect(reading.sets.last?.ttl == 60)
  }

  @Test func `what split files share stands beside their folder`() {
    var reader = DeclarationReader(file: "nameward.yaml") { path, _ in
      guard path == "zones/shared.yaml" else { throw OctoDNSReading.NoFile() }
      return Array("[192.0.2.1]".utf8)
    }
    let sourced = OctoDNSSource.read(
      folder: "./zones/example.gov./",
      [
        ("zones/example.gov./www.yaml", Array("www: {type: A, values: !include ../shared.yaml}".utf8)),
        ("zones/example.gov./x", []),
      ],
      domain: Sample.name("example.gov"), &reader, order: SourcePosition(file: "nameward.yaml", line: 1, column: 1))
    #expect(reader.faults.inReadingOrder().map(\.description) == [])
    #expect(sourced?.sets.count == 1)
  }

  @Test(arguments: [
    "/etc/passwd", "~/secret.yaml", "../../nameward.yaml", "../other/x.yaml", "a/../../x.yaml", "../zonesx/y.yaml", "..",
  ])
  func `a path that leaves the folder of the zones is not opened`(path: String) {
    var opened: [String] = []
    var reader = DeclarationReader(file: "nameward.yaml") { path, _ in
      opened.append(path)
      return Array("192.0.2.1".utf8)
    }
    _ = OctoDNSSource.read(
      Array("www:\n  type: A\n  value: !include \(path)\n".utf8), file: "zones/z.yaml", domain: Sample.name("example.gov"),
      &reader,
      order: SourcePosition(file: "nameward.yaml", line: 1, column: 1))
    #expect(opened == [])
    #expect(
      reader.faults.inReadingOrder().map(\.description).first
        == "zones/z.yaml:3:10: !include \"\(path)\" leads out of the folder of the zones. "
        + "Move the file there and name it from this one's folder.")
  }

  @Test func `a file that includes itself, through others too`() {
    let direct = OctoDNSReading("www: !include z.yaml\n")
    let says = "includes a file that is being read already. Remove one of the two."
    #expect(direct.faults == ["zones/z.yaml:1:6: !include \"z.yaml\" \(says)"])
    let round = OctoDNSReading(
      "www: !include a.yaml\n", files: ["zones/a.yaml": "x: !include b.yaml", "zones/b.yaml": "y: !include ./a.yaml"])
    #expect(round.faults.first == "zones/b.yaml:1:4: !include \"./a.yaml\" \(says)")
  }

  @Test(arguments: [
    ("www: !include {a: b}\n", "1:6: !include wants the path of a file. Write it, seen from the folder of this file."),
    ("www: !include\n", "1:6: !include wants the path of a file. Write it, seen from the folder of this file."),
    ("www: !include [[a.yaml]]\n", "1:16: !include wants the path of a file. Write it, seen from the folder of this file."),
    (
      "www: !includes a.yaml\n",
      "1:6: The YAML tag \"!includes\" is not read. Remove it; quote text that starts with an exclamation mark."
    ),
  ])
  func `what is no path`(yaml: String, line: String) {
    #expect(OctoDNSReading(yaml).faults.first == "zones/z.yaml:\(line)")
  }

  @Test func `files that multiply each other come to an end`() {
    var files: [String: String] = [:]
    for level in 0..<20 {
      let next = level == 19 ? "192.0.2.1" : "!include \(level + 1).yaml"
      files["zones/\(level).yaml"] = "[" + Array(repeating: next, count: 10).joined(separator: ", ") + "]"
    }
    let reading = OctoDNSReading("www: {type: A, values: !include 0.yaml}\n", files: files)
    #expect(reading.faults.contains { $0.hasSuffix(": More than 1000 files are included. Include fewer.") })
  }

  @Test func `included octets are bounded together, and levels across files`() {
    let large = OctoDNSReading(
      ["zones/z.yaml": Array("www: !include [a, a]".utf8), "zones/a": [UInt8](repeating: 0x20, count: 9 << 20)],
      file: "zones/z.yaml")
    #expect(large.faults == ["zones/z.yaml:1:19: The included files have more than 16 MB together. Include less."])
    let chain = (0..<40).map { ("zones/\($0).yaml", "[!include \($0 + 1).yaml]") }
    let deep = OctoDNSReading("www: !include 0.yaml\n", files: Dictionary(uniqueKeysWithValues: chain))
    #expect(deep.faults.first?.hasSuffix("nested deeper than 32 levels; a declaration needs 6. Flatten them.") == true)
  }

  @Test func `a declaration itself includes nothing`() {
    let reading = Sample.read("version: 1\ndomains: !include d.yaml\n", files: ["d.yaml": "{}"])
    #expect(
      reading.faults.first?.description
        == "nameward.yaml:2:10: The YAML tag \"!include\" is not read. Remove it; "
        + "quote text that starts with an exclamation mark."
    )
  }
}
