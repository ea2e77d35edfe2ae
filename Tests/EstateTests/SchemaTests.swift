import Estate
import Foundation
import Testing

@Suite("The declaration's JSON Schema") struct SchemaTests {
  func schema() throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(Declaration.schema.utf8)) as? [String: Any])
  }

  /// The members below a path of keys.
  func below(_ path: String...) throws -> [String: Any] {
    var object = try schema()
    for key in path { object = try #require(object[key] as? [String: Any], "\(key)") }
    return object
  }

  @Test func `is JSON of the stated draft`() throws {
    #expect(try schema()["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    #expect(try schema()["required"] as? [String] == ["version", "domains"])
    #expect(try schema()["additionalProperties"] as? Bool == false)
  }

  @Test func `has every key that is accepted, and none that is refused`() throws {
    let root = try Set(below("properties").keys)
    #expect(
      root == [
        "version", "organisation", "resolvers", "network", "domains", "groups", "changes", "exceptions", "inventory",
        "clouds", "accounts",
      ])
    let network = try Set(below("properties", "network", "properties").keys)
    #expect(
      network == [
        "roots", "port", "ipv6", "timeout", "retries", "perServerRate", "width", "trustAnchors", "tlsAuthorities",
        "originDatabase", "ports",
      ])
    let domain = try Set(below("properties", "domains", "additionalProperties", "properties").keys)
    #expect(
      domain == [
        "zone", "nameservers", "secondaries", "ds", "records", "octodns", "dnscontrol", "terraform", "templates", "transfer",
        "mail", "registrar", "certificates",
      ])
  }

  static let transferred = """
        transfer: {primary: 192.0.2.1, key: {name: k, algorithm: hmac-sha256, secret: "env:K"}}
    """

  /// Each key of the schema stands in a sample declaration, which reads: so reading and schema have the same keys.
  @Test func `every key of the schema is read`() throws {
    for yaml in [Sample.whole, Sample.sourced] {
      #expect(Sample.read(yaml, files: Sample.files).faults.map(\.description) == [])
    }
    let all = Sample.whole + Sample.sourced + Self.transferred
    func check(_ value: Any, _ path: String) {
      if let list = value as? [Any] { for item in list { check(item, path) } }
      guard let object = value as? [String: Any] else { return }
      for key in ((object["properties"] as? [String: Any]) ?? [:]).keys {
        #expect(all.contains("\(key):") || Self.elsewhere.contains(key), "\(path).\(key)")
      }
      for (key, inner) in object { check(inner, "\(path).\(key)") }
    }
    check(try schema(), "")
  }

  /// Keys that ToleranceFormTests and others read.
  static let elsewhere: Set = ["allOf", "anyOf", "matches", "atLeast", "others", "tlsProof", "was", "domain"]

  /// PyPI's jsonschema knows the draft's own schema, and PyYAML reads declarations as an editor does.
  @Test(.enabled(if: hasPython("import jsonschema, yaml"), "Python has jsonschema and yaml"))
  func `jsonschema finds the schema sound and the samples valid`() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nameward-schema-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let transferred = "version: 1\ndomains:\n  a.example:\n\(Self.transferred)\n"
    let wrong = "version: 1\ndomains: {a.example: {records: {www: {A: {within: [office], atLeast: few}}}}}\n"
    for (name, text) in [
      ("schema.json", Declaration.schema), ("a.yaml", Sample.whole), ("b.yaml", Sample.sourced), ("c.yaml", transferred),
      ("wrong.yaml", wrong),
    ] { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
    let script = """
      import json, sys, yaml, jsonschema
      class Loader(yaml.SafeLoader): pass
      Loader.yaml_implicit_resolvers = {
        k: [r for r in v if r[0] != 'tag:yaml.org,2002:timestamp'] for k, v in yaml.SafeLoader.yaml_implicit_resolvers.items()}
      schema = json.load(open('schema.json'))
      jsonschema.Draft202012Validator.check_schema(schema)
      for name in ['a.yaml', 'b.yaml', 'c.yaml']:
        jsonschema.Draft202012Validator(schema).validate(yaml.load(open(name), Loader))
      if jsonschema.Draft202012Validator(schema).is_valid(yaml.load(open('wrong.yaml'), Loader)): sys.exit('wrong.yaml is valid')
      """
    let (status, said) = try Self.python(script, in: folder)
    #expect(status == 0, "\(said)")
  }

  static func hasPython(_ line: String) -> Bool { (try? python(line, in: FileManager.default.temporaryDirectory).status) == 0 }

  static func python(_ script: String, in folder: URL) throws -> (status: Int32, said: String) {
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    (process.arguments, process.currentDirectoryURL) = (["python3", "-W", "ignore", "-c", script], folder)
    (process.standardOutput, process.standardError) = (pipe, pipe)
    try process.run()
    let said = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: said.suffix(2000), as: UTF8.self))
  }
}
