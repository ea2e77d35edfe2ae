import Estate
import Fixtures
import Foundation
import Names
import Testing

@testable import Connectors

/// A file with these octets while the body runs.
private func with<Result>(
  _ octets: [UInt8], named name: String = "origins.txt", _ body: (_ path: String) throws -> Result
) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "nameward-origins-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let file = folder.appending(path: name)
  try Data(octets).write(to: file)
  return try body(file.path)
}

extension OriginDatabase {
  fileprivate func origins(_ address: String) throws -> [UInt32] { try origins(of: #require(IPAddress(address))) }
}

/// The fault of opening, without the folder that the test made.
private func words(_ path: String) -> String? {
  do throws(OriginFault) {
    _ = try OriginDatabase(path: path)
    return nil
  } catch {
    return "\(error)".replacingOccurrences(of: (path as NSString).deletingLastPathComponent + "/", with: "")
  }
}

@Suite("MaxMind databases, as mmdb-writer writes them") struct MaxMindDatabases {
  private static let asn = Fixture.path("dns/origins/asn.mmdb")
  private static let addresses = [
    "192.0.2.0", "192.0.2.255", "192.0.3.0", "198.51.100.127", "198.51.100.128", "198.51.100.191", "198.51.100.192",
    "203.0.113.7", "203.0.113.8", "0.0.0.0", "255.255.255.255", "2001:db8::1", "2001:db8:ffff::9", "2001:db7::1", "::",
    "2001:db8:1::1",
  ]

  @Test(
    arguments: [
      ("192.0.2.0", [64496]), ("192.0.2.255", [64496]), ("192.0.3.0", []), ("198.51.100.127", [64497]),
      ("198.51.100.191", []), ("198.51.100.192", [4_200_000_000]), ("203.0.113.7", [65551]), ("203.0.113.6", []),
      ("2001:db8::1", [64499]), ("2001:db8:ffff::9", [64500]), ("2001:db7:ffff::", []), ("2001:db8:1::1", []),
    ] as [(String, [UInt32])])
  func `AS numbers as GeoLite2 has them`(address: String, origins: [UInt32]) throws {
    let database = try OriginDatabase(path: Self.asn)
    #expect(try database.origins(address) == origins)
    #expect(database.kind == .maxMind("\"GeoLite2-ASN\""))
    #expect(database.builtAt.description == "2026-11-01T00:00:00Z")
  }

  @Test(
    arguments: [
      ("192.0.2.1", [64496]), ("198.51.100.1", [65551]), ("203.0.113.1", []), ("203.0.113.129", []), ("2001:db8::1", []),
    ] as [(String, [UInt32])])
  func `AS numbers as IPinfo has them, in a database without IPv6`(address: String, origins: [UInt32]) throws {
    #expect(try OriginDatabase(path: Fixture.path("dns/origins/ipinfo.mmdb")).origins(address) == origins)
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/mmdblookup"), "apt-get install mmdb-bin"))
  func `as mmdblookup finds them`() throws {
    let database = try OriginDatabase(path: Self.asn)
    for address in Self.addresses {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/mmdblookup")
      process.arguments = ["--file", Self.asn, "--ip", address, "autonomous_system_number"]
      let pipe = Pipe()
      (process.standardOutput, process.standardError) = (pipe, FileHandle.nullDevice)
      try process.run()
      let told = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
      process.waitUntilExit()
      let number = told.split(whereSeparator: \.isWhitespace).first.flatMap { UInt32($0) }
      #expect(try database.origins(address) == (number.map { [$0] } ?? []), "\(address): \(told)")
    }
  }

  @Test func `a database of another kind is refused`() {
    #expect(
      words(Fixture.path("dns/origins/city.mmdb"))
        == "city.mmdb: this MaxMind database is of kind \"GeoLite2-City\" and has no AS numbers. "
        + "Name one that has, such as GeoLite2-ASN.")
  }

  @Test func `one that was cut is refused, wherever it was cut`() throws {
    let whole = Array(try Data(contentsOf: URL(fileURLWithPath: Self.asn)))
    for count in stride(from: 1, to: whole.count, by: 19) {
      // From the front: the mark is gone, or what is behind it is not whole. From the back: the data are not where they were.
      try with(Array(whole.prefix(count))) { #expect(words($0) != nil, "the first \(count) octets") }
      try with(Array(whole.suffix(count))) { #expect(words($0) != nil, "the last \(count) octets") }
    }
    try with(Array(whole.prefix(1000))) { path in
      #expect(
        words(path)
          == "origins.txt: this is neither a whole MaxMind database nor a pfx2as file. Fetch it again, or name another file."
      )
    }
    try with(Array(whole.suffix(500))) { path in
      #expect(words(path)?.hasPrefix("origins.txt: the MaxMind database is damaged: The MaxMind DB file ") == true)
    }
  }

  @Test func `one with a foul octet gives an answer or a fault, and no more`() throws {
    let whole = Array(try Data(contentsOf: URL(fileURLWithPath: Self.asn)))
    var (opened, faults) = (0, 0)
    for place in stride(from: 0, to: whole.count, by: 5) {
      for foul in [0xFF, whole[place] ^ 0x80] as [UInt8] where foul != whole[place] {
        var octets = whole
        octets[place] = foul
        try with(octets) { path in
          guard let database = try? OriginDatabase(path: path) else {
            faults += 1
            return
          }
          opened += 1
          for address in Self.addresses {
            do throws(OriginFault) { _ = try database.origins(of: IPAddress(address) ?? .v4(0)) } catch { faults += 1 }
          }
        }
      }
    }
    #expect(opened > 0 && faults > 0)
  }
}

@Suite("pfx2as, as CAIDA describes it") struct PrefixToAS {
  private static let text = """
    1.0.0.0\t24\t13335
    10.0.0.0\t8\t64496
    10.1.0.0\t16\t64497_64498
    10.1.2.0\t24\t64511,64499
    10.1.2.128\t25\t{64500,64501}
    10.1.3.0\t24\t64496_64502,64503_64496
    10.1.4.4\t32\t4294967295
    10.1.5.0\t24\t0
    192.0.2.0\t24\t64496\r
    # a remark

    0.0.0.0\t1\t64510
    2001:db8::\t32\t64499
    2001:db8:ffff::\t48\t64500_64501
    2001:db8:ffff::1\t128\t65551

    """

  @Test(
    arguments: [
      ("1.0.0.255", [13335]), ("10.255.0.1", [64496]), ("10.1.255.1", [64497, 64498]), ("10.1.2.127", [64499, 64511]),
      ("10.1.2.128", [64500, 64501]), ("10.1.3.1", [64496, 64502, 64503]), ("10.1.4.4", [4_294_967_295]),
      ("10.1.4.5", [64497, 64498]), ("10.1.5.1", []), ("192.0.2.9", [64496]), ("127.0.0.1", [64510]), ("128.0.0.1", []),
      ("2001:db8::1", [64499]), ("2001:db8:ffff::2", [64500, 64501]), ("2001:db8:ffff::1", [65551]), ("2001:db9::", []),
    ] as [(String, [UInt32])])
  func `the longest prefix counts, and all who announce it`(address: String, origins: [UInt32]) throws {
    try with(Array(Self.text.utf8)) { path in
      let database = try OriginDatabase(path: path)
      #expect(try database.origins(address) == origins)
      #expect(database.kind == .prefixes(13))
    }
  }

  @Test func `a prefix that stands there twice has the origins of both, in whatever order the lines are`() throws {
    let lines = ["10.0.0.0\t8\t64498", "9.0.0.0\t8\t64497", "10.0.0.0\t8\t64496_64497", "::\t0\t1", "0.0.0.0\t0\t2"]
    for lines in [lines, lines.reversed()] {
      try with(Array(lines.joined(separator: "\n").utf8)) { path in
        let database = try OriginDatabase(path: path)
        #expect(try database.origins("10.9.9.9") == [64496, 64497, 64498])
        #expect(try database.origins("9.9.9.9") == [64497])
        #expect(try database.origins("8.8.8.8") == [2])
        #expect(try database.origins("2001:db8::") == [1])
        #expect(database.kind == .prefixes(4))
      }
    }
  }

  @Test func `its age is that of the file`() throws {
    try with(Array("10.0.0.0\t8\t64496\n".utf8)) { path in
      try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1_700_000_000)], ofItemAtPath: path)
      #expect(try OriginDatabase(path: path).builtAt == Timestamp(seconds: 1_700_000_000))
    }
  }

  /// More than one read takes in, so that lines lie across.
  @Test func `a large file is read as it stands`() throws {
    var text: [UInt8] = []
    for block in 0..<200_000 { text += Array("\(block >> 16).\(block >> 8 & 255).\(block & 255).0\t24\t\(block + 1)\n".utf8) }
    try with(text) { path in
      let database = try OriginDatabase(path: path)
      #expect(database.kind == .prefixes(200_000))
      for block in [0, 1, 65_535, 65_536, 131_073, 199_999] as [UInt32] {
        #expect(try database.origins(of: .v4(block << 8 | 77)) == [block + 1])
      }
      #expect(try database.origins(of: .v4(200_000 << 8)) == [])
    }
  }

  @Test(
    arguments: [
      ("10.0.0.0/8\t64496", "1:1: the line is not a prefix, its length and its AS numbers with tabs between them"),
      ("10.0.0.0\t8\t1\t2", "1:1: the line is not a prefix, its length and its AS numbers with tabs between them"),
      ("10.0.0\t8\t1", "1:1: \"10.0.0\" is not an address"),
      ("1.0.0.0\t8\t1\n10.0.0.0\t33\t1", "2:10: \"33\" is not the length of a prefix, 0 to 32"),
      ("2001:db8::\t129\t1", "1:12: \"129\" is not the length of a prefix, 0 to 128"),
      ("10.0.0.0\t\t1", "1:10: \"\" is not the length of a prefix, 0 to 32"),
      ("10.0.0.0\t-8\t1", "1:10: \"-8\" is not the length of a prefix, 0 to 32"),
      ("10.0.0.1\t8\t1", "1:1: 10.0.0.1 has bits set behind the length of the prefix"),
      ("1.0.0.0\t0\t1", "1:1: 1.0.0.0 has bits set behind the length of the prefix"),
      ("10.0.0.0\t8\t", "1:12: \"\" is not an AS number"), ("10.0.0.0\t8\t1_", "1:14: \"\" is not an AS number"),
      ("10.0.0.0\t8\t1,x", "1:14: \"x\" is not an AS number"),
      ("10.0.0.0\t8\t4294967296", "1:12: \"4294967296\" is not an AS number"),
      ("10.0.0.0\t8\t{}", "1:12: \"{}\" is not an AS number"), ("10.0.0.0\t8\t{", "1:12: \"{\" is not an AS number"),
      ("10.0.0.0\t8\t\(String(repeating: "1", count: 5000))", "1:4097: the line has more than 4096 octets"),
    ] as [(String, String)])
  func `a line that is none is refused with its place`(text: String, fault: String) throws {
    try with(Array(text.utf8)) { path in
      #expect(words(path) == "origins.txt:\(fault). Fetch the file again, or remove the line.")
    }
  }

  @Test func `a line that never ends is refused before the file does`() throws {
    try with(Array("\n#\n".utf8) + [UInt8](repeating: 0x20, count: 9_000_000)) { path in
      #expect(
        words(path)
          == "origins.txt:3:4097: the line has more than 4096 octets. Fetch the file again, or remove the line.")
    }
  }

  @Test(
    arguments: [
      ([], "the file is empty. Fetch it again."), (Array("# nothing\n\n".utf8), "the file is empty. Fetch it again."),
      ([0x1F, 0x8B, 8, 0], "the file is compressed. Unpack it first: gunzip, or tar."),
      (
        [0, 1, 2, 3], "this is neither a whole MaxMind database nor a pfx2as file. Fetch it again, or name another file."
      ),
      (
        Array("\u{FEFF}1.0.0.0\t24\t1".utf8),
        "this is neither a whole MaxMind database nor a pfx2as file. Fetch it again, or name another file."
      ),
    ] as [([UInt8], String)])
  func `a file of another kind is refused`(octets: [UInt8], fault: String) throws {
    try with(octets) { #expect(words($0) == "origins.txt: \(fault)") }
  }

  @Test func `a file of 200 MB is refused before it is read`() throws {
    try with([UInt8](repeatElement(Array("1.0.0.0\t24\t1\n".utf8), count: 1000).joined())) { path in
      let file = try #require(FileHandle(forWritingAtPath: path))
      try file.truncate(atOffset: 200 << 20)
      try file.close()
      #expect(
        words(path)
          == "origins.txt: the file has 209715200 octets and a pfx2as file has at most 134217728. Name one day's file.")
    }
  }

  @Test func `what is no file is refused`() throws {
    #expect(
      words("/nonexistent/origins")
        == "origins: the origins cannot be read: No such file or directory. Name a MaxMind ASN database or a pfx2as file.")
    #expect(words("/dev/zero")?.hasPrefix("zero: the origins cannot be read: it is not a file.") == true)
    #expect(words("/tmp")?.contains("the origins cannot be read: it is not a file.") == true)
  }
}
