import Foundation
import Names

/// A signed root with zones below it, served by one Knot on loopback (Debian's knot package).
///
/// `signed.` has its DS in the root, `broken.` has another's, `plain.` has none and is not signed.
final class SignedHierarchy {
  struct Failed: Error { var words: String }

  let address: SocketAddress
  /// DS records of the root.
  let anchors: [String]
  private let folder: URL
  private let knot: Process

  static let zones = ["signed", "broken", "plain"]

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "nameward-knot-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder.appending(path: "keys"), withIntermediateDirectories: true)
    let port = UInt16.random(in: 20_000...30_000)
    guard let address = SocketAddress("127.0.0.1:\(port)", defaultPort: port) else { throw Failed(words: "port \(port)") }
    self.address = address
    let here = folder.path
    let signing = "    dnssec-signing: on\n    dnssec-policy: manual\n"
    var configuration = """
      server:
          rundir: \(here)
          listen: 127.0.0.1@\(port)
      database:
          storage: \(here)
          kasp-db: keys
      log:
        - target: \(here)/knot.log
          any: info
      policy:
        - id: manual
          manual: on
          algorithm: ecdsap256sha256
          rrsig-lifetime: 14d
      zone:

      """
    for (zone, isSigned) in [(".", true), ("signed.", true), ("broken.", true), ("plain.", false)] {
      configuration += "  - domain: \(zone)\n    file: \(here)/\(zone == "." ? "root" : zone)zone\n    zonefile-sync: -1\n"
      configuration += "    journal-content: none\n    zonefile-load: whole\n" + (isSigned ? signing : "")
    }
    try configuration.write(to: folder.appending(path: "knot.conf"), atomically: true, encoding: .utf8)
    var records: [String: [String]] = [:]
    for zone in [".", "signed.", "broken."] {
      _ = try Self.run("/usr/sbin/keymgr", ["-c", "\(here)/knot.conf", zone, "generate", "algorithm=13", "ksk=yes", "zsk=yes"])
      let lines = try Self.run("/usr/sbin/keymgr", ["-c", "\(here)/knot.conf", zone, "ds"]).split(separator: "\n").map(
        String.init)
      records[zone] = lines.filter { $0.hasPrefix(zone) }
    }
    anchors = records["."] ?? []
    let start = "SOA ns.signed. host.signed. 1 3600 600 86400 60\n"
    // broken. carries the digest of signed.'s key under its own name.
    let other = (records["signed."] ?? []).map { $0.replacingOccurrences(of: "signed.", with: "broken.") }
    var root = "$TTL 300\n. \(start). NS ns.signed.\n"
    for zone in Self.zones { root += "\(zone). NS ns.signed.\n" }
    root += "ns.signed. A 127.0.0.1\n" + ((records["signed."] ?? []) + other).joined(separator: "\n") + "\n"
    try root.write(to: folder.appending(path: "rootzone"), atomically: true, encoding: .utf8)
    for zone in Self.zones {
      let text =
        "$ORIGIN \(zone).\n$TTL 300\n@ \(start)@ NS ns.signed.\nwww A 192.0.2.1\n" + (zone == "signed" ? "ns A 127.0.0.1\n" : "")
      try text.write(to: folder.appending(path: "\(zone).zone"), atomically: true, encoding: .utf8)
    }
    knot = Process()
    knot.executableURL = URL(fileURLWithPath: "/usr/sbin/knotd")
    knot.arguments = ["-c", "\(here)/knot.conf"]
    (knot.standardOutput, knot.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    try knot.run()
  }

  /// Ends the server that this value started, and its files.
  func stop() {
    knot.terminate()
    knot.waitUntilExit()
    try? FileManager.default.removeItem(at: folder)
  }

  var log: String { (try? String(contentsOf: folder.appending(path: "knot.log"), encoding: .utf8)) ?? "" }

  private static func run(_ program: String, _ arguments: [String]) throws -> String {
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    (process.standardOutput, process.standardError) = (pipe, pipe)
    try process.run()
    let words = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failed(words: words) }
    return words
  }
}
