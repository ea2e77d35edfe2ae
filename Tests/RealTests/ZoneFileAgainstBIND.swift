import DNSWire
import Fixtures
import Foundation
import Names
import Testing

/// Programs of BIND and ldns that read zone files; where Debian puts them.
private enum ZoneProgram: String {
  case compilezone = "/usr/bin/named-compilezone"
  case checkzone = "/usr/bin/named-checkzone"
  case readZone = "/usr/bin/ldns-read-zone"

  var isThere: Bool { FileManager.default.isExecutableFile(atPath: rawValue) }

  /// Runs the program in a folder and gives what it wrote to stdout, and to stderr.
  func run(_ arguments: [String], in folder: String) throws -> (status: Int32, output: [UInt8], talk: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: rawValue)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let output = Pipe()
    process.standardOutput = output
    let talk = FileManager.default.temporaryDirectory.appendingPathComponent("zone-talk-" + UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: talk) }
    try Data().write(to: talk)
    process.standardError = try FileHandle(forWritingTo: talk)
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, Array(data), try String(contentsOf: talk, encoding: .utf8))
  }
}

private let zones = Fixture.path("dns/zonemaster/test-zone-data")

/// The zones that the scenarios' CoreDNS files name: `file PATH ORIGIN`.
private let served: [(path: String, origin: String)] = {
  var found = Set<String>()
  for case let path as String in FileManager.default.enumerator(atPath: zones) ?? .init() where path.hasSuffix(".cfg") {
    let text = (try? String(contentsOfFile: zones + "/" + path, encoding: .utf8)) ?? ""
    for line in text.split(separator: "\n") {
      let words = line.split(whereSeparator: \.isWhitespace)
      if words.count > 2, words[0] == "file", FileManager.default.fileExists(atPath: zones + "/" + words[1]) {
        found.insert("\(words[1]) \(words[2])")
      }
    }
  }
  return found.sorted().map { line in
    let words = line.split(separator: " ")
    return (String(words[0]), String(words[1]))
  }
}()

private func read(_ path: String, in folder: String, origin: String) throws -> ZoneFile {
  func octets(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: folder + "/" + path))) }
  return ZoneFile(octets: try octets(path), file: path, origin: try DomainName(origin)) { path, _ in try octets(path) }
}

/// The folder and the file: $INCLUDE means files of the same folder there.
private func place(_ path: String) -> (folder: String, file: String) {
  let url = URL(fileURLWithPath: zones + "/" + path)
  return (url.deletingLastPathComponent().path, url.lastPathComponent)
}

@Suite("Zone files: the same records as BIND and ldns read") struct ZoneFileAgainstBIND {
  @Test(
    .enabled(if: ZoneProgram.compilezone.isThere, "named-compilezone is missing: apt-get install bind9-utils"),
    arguments: served)
  func `as named-compilezone`(path: String, origin: String) throws {
    let (folder, file) = place(path)
    let ours = try read(file, in: folder, origin: origin)
    let loose = ["-i", "none", "-k", "ignore", "-n", "ignore", "-m", "ignore", "-M", "ignore", "-r", "ignore", "-S", "ignore"]
    let theirs = try ZoneProgram.compilezone.run(loose + ["-o", "-", origin, file], in: folder)
    guard theirs.status == 0 else {
      // A name server without address is no matter of how the file is written, but BIND refuses the zone for it.
      #expect(ours.faultCount > 0 || theirs.talk.contains("has no address records"), "\(theirs.talk)")
      return
    }
    // BIND leaves out what is outside the zone, with a warning.
    let outside = ours.faults.filter { if case .outsideZone = $0.cause { true } else { false } }
    #expect(ours.faults == outside)
    #expect(outside.isEmpty != theirs.talk.contains("ignoring out-of-zone data"))
    let compiled = ZoneFile(octets: theirs.output, file: "compiled", origin: try DomainName(origin))
    #expect(Set(ours.records.map(\.record)) == Set(compiled.records.map(\.record)))
    #expect(ours.records.count == compiled.records.count)
  }

  /// One file with all that the other zones do not use.
  private static let everything = """
    $TTL 1h
    @ IN SOA ns host\\.master 1 2h 3m 4w 5
      NS ns
    ns A 192.0.2.1
    $GENERATE 0-20/3 g${10,4,x} 7 MX "10 m$.sub"
    $GENERATE 1-3 n${200,5,N} A 192.0.2.$
    $GENERATE 4-6 CLASSLESS-$ CNAME ${0,3,o}.${-2}
    t1 TXT foo"bar"baz "a b" c\\ d "\\"" \\"x\\" "\\010\\200" a;b
    t2 600 IN TXT ( "one" ; first
      "two" )  
    t3 IN 2d TXT v=spf1
    \\@.\\097b A 192.0.2.3
    $ORIGIN deep
    @ AAAA 2001:db8::1
    \\$x CAA 0 issue "ca.example.net; a=b"
    a.b 1 SRV 0 5 5060 sip
    $ORIGIN .
    u.example 5 TYPE65280 \\# 3 ( ab
     cdef )
    u.example 5 A \\# 4 c0000202
    """

  @Test(.enabled(if: ZoneProgram.compilezone.isThere, "named-compilezone is missing: apt-get install bind9-utils"))
  func `as named-compilezone, every directive and spelling`() throws {
    let folder = try scratch()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Self.everything.write(toFile: folder + "/zone", atomically: true, encoding: .utf8)
    let ours = try read("zone", in: folder, origin: "example")
    let theirs = try ZoneProgram.compilezone.run(["-q", "-i", "none", "-k", "ignore", "-o", "-", "example", "zone"], in: folder)
    #expect(theirs.status == 0)
    #expect(ours.faults.map(\.description) == [])
    let compiled = ZoneFile(octets: theirs.output, file: "compiled", origin: try DomainName("example"))
    #expect(Set(ours.records.map { "\($0.record)" }).symmetricDifference(compiled.records.map { "\($0.record)" }).sorted() == [])
    #expect(ours.records.count == 25)
  }

  @Test(.enabled(if: ZoneProgram.checkzone.isThere, "named-checkzone is missing: apt-get install bind9-utils"))
  func `named-checkzone accepts what is written`() throws {
    let folder = try scratch()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Self.everything.write(toFile: folder + "/zone", atomically: true, encoding: .utf8)
    let records = try read("zone", in: folder, origin: "example").records.map(\.record)
    try ZoneFile.text(records, origin: try DomainName("example")).write(
      toFile: folder + "/out", atomically: true, encoding: .utf8)
    #expect(try ZoneProgram.checkzone.run(["-i", "none", "-k", "ignore", "example", "out"], in: folder).status == 0)
    let again = try read("out", in: folder, origin: "example")
    #expect(again.faults == [])
    #expect(Set(again.records.map(\.record)) == Set(records))
  }

  @Test(
    .enabled(if: ZoneProgram.readZone.isThere, "ldns-read-zone is missing: apt-get install ldnsutils"),
    arguments: served)
  func `as ldns-read-zone`(path: String, origin: String) throws {
    let (folder, file) = place(path)
    let ours = try read(file, in: folder, origin: origin)
    let theirs = try ZoneProgram.readZone.run([file], in: folder)
    // ldns reads neither $INCLUDE nor a zone that does not begin with its SOA.
    guard theirs.status == 0, ours.faults.isEmpty else { return }
    let name = try DomainName(origin)
    let other = ZoneFile(octets: theirs.output, file: "ldns", origin: name)
    let inside = Set(ours.records.map(\.record.rdata))
    #expect(other.records.allSatisfy { inside.contains($0.record.rdata) }, "\(path)")
  }

  private func scratch() throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("zone-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.path
  }
}
