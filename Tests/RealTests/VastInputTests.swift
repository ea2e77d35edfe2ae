import Foundation
import Testing

/// What is larger than the memory that it may take. The kernel says how much was taken.
@Suite("nameward: files of any size", .serialized) struct VastInputTests {
  #if DEBUG
    /// Of a log. A gigabyte takes minutes without optimization; an eighth of it shows as much, held against less.
    private static let (logOctets, mostMegabytes) = (1 << 27, 100)
  #else
    private static let (logOctets, mostMegabytes) = (1 << 30, 200)
  #endif

  /// Runs a script in which `measured` is nameward; gives the most memory that it had, in MB.
  private static func run(_ script: String, in place: Scratch) async throws -> (ending: Executable.Ending, megabytes: Int) {
    let program = """
      import resource, subprocess, sys
      code = subprocess.run(sys.argv[1:]).returncode
      print("maxrss", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
      sys.exit(code)
      """
    let run = try Executable(
      ["-c", "measured() { python3 -c \"$MEASURE\" \"$NAMEWARD\" \"$@\"; }\n" + script], in: place.path,
      environment: ["MEASURE": program, "NAMEWARD": Executable.path], program: "/bin/bash")
    let ending = try await run.ending(limit: .seconds(180))
    // What feeds it may complain after that of a pipe that nobody reads any more.
    let said = ending.talk.split(separator: "\n").first { $0.hasPrefix("maxrss ") }
    let kilobytes = said?.split(separator: " ").last.flatMap { Int($0) }
    return (ending, try #require(kilobytes, "\(ending.talk)") * 1024 / 1_000_000)
  }

  private static let gigabyte = 1 << 30

  /// So many blanks, compressed: parts that follow one another are one file.
  private static func bomb(_ octets: Int, _ tool: String) -> String {
    "head -c \(octets / 64) /dev/zero | tr '\\0' ' ' | \(tool) -c >part; for i in {1..64}; do cat part; done >bomb\n"
  }

  private static let matching = "measured indicators match --indicators iocs.txt --"
  private static let matchingBelow = "measured indicators match --below --indicators iocs.txt --"

  private static func place() throws -> Scratch {
    let place = try Scratch()
    try place.write("evil.example\n192.0.2.66\n", to: "iocs.txt")
    try place.write("evil.example\n", to: "a.log")
    return place
  }

  @Test func `a file of indicators is refused by its size, before it is read`() async throws {
    let (ending, megabytes) = try await Self.run(
      "truncate -s \(Self.gigabyte) big; measured indicators match --indicators big -- a.log", in: Self.place())
    #expect(
      ending.status == 2 && ending.talk.contains("big is larger than 256 MB, and more is not read. Split it."), "\(ending.talk)")
    #expect(megabytes <= 100, "\(megabytes) MB")
  }

  @Test func `indicators from a pipe are read up to a limit`() async throws {
    let (ending, megabytes) = try await Self.run(
      "head -c \(Self.gigabyte) /dev/zero | measured indicators import --state state --name feed -", in: Self.place())
    #expect(ending.status == 1 && ending.talk.contains("standard input is larger than 256 MB"), "\(ending.talk)")
    #expect(megabytes <= 450, "\(megabytes) MB")
  }

  @Test func `rows of nothing but commas take no more memory than others`() async throws {
    // Twenty megabytes in which are twenty million fields, which take eight hundred at once.
    let (ending, megabytes) = try await Self.run(
      "(echo INDICATOR_VALUE,TYPE; yes $(head -c 999 /dev/zero | tr '\\0' ,) | head -n 20000; echo evil.example,FQDN) >commas.csv\n"
        + "measured indicators show --quiet --count commas.csv", in: Self.place())
    #expect(ending.status == 0 && ending.output.contains("commas.csv: 1 indicator"), "\(ending.output) \(ending.talk)")
    #expect(megabytes <= 400, "\(megabytes) MB")
  }

  @Test(arguments: ["gzip", "zstd"]) func `a bomb of indicators is undone up to a limit`(tool: String) async throws {
    let (ending, megabytes) = try await Self.run(
      Self.bomb(Self.gigabyte, tool) + "measured indicators match --indicators bomb -- a.log", in: Self.place())
    #expect(
      ending.status == 2
        && ending.talk.contains("bomb: The file becomes larger than 256 MB when its \(tool) data is undone."), "\(ending.talk)")
    #expect(megabytes <= 450, "\(megabytes) MB")
  }

  @Test(arguments: ["gzip", "zstd"]) func `a bomb of a log is read to its end`(tool: String) async throws {
    let (ending, megabytes) = try await Self.run(
      Self.bomb(Self.logOctets, tool) + "printf '\\nevil.example\\n' | \(tool) -c >>bomb\n" + Self.matching + " bomb",
      in: Self.place())
    #expect(ending.status == 3 && ending.output.contains("\"line\":2,"), "\(ending.output)\(ending.talk)")
    #expect(ending.talk.contains("1 sighting of 1 value in 1 of 2 lines"), "\(ending.talk)")
    #expect(megabytes <= Self.mostMegabytes, "\(megabytes) MB")
  }

  @Test func `a line of any length is cut, and what follows it stands in the line that it stands in`() async throws {
    let (ending, megabytes) = try await Self.run(
      "{ printf 'evil.example '; head -c \(Self.logOctets) /dev/zero | tr '\\0' ' '; printf ' 192.0.2.66\\nnothing\\nevil.example'; } | "
        + Self.matching + " -", in: Self.place())
    let lines = ending.output.split(separator: "\n").compactMap { line in
      line.split(separator: "\"line\":").last?.prefix { $0.isNumber }
    }
    #expect(ending.status == 3 && lines == ["1", "1", "3"], "\(ending.output)\(ending.talk)")
    #expect(ending.talk.contains("3 sightings of 2 values in 2 of 3 lines"), "\(ending.talk)")
    #expect(megabytes <= Self.mostMegabytes, "\(megabytes) MB")
  }

  @Test(arguments: [" ", "\",\"b\":\"", " \\t\\u002F"]) func `of a line that is cut, nothing is lost at a cut`(between: String)
    async throws
  {
    // Each is three megabytes and a half, whatever a cut comes upon.
    let count = 3_500_000 / ("100000.evil.example" + between).utf8.count
    let place = try Self.place()
    // A value that a field has twice is told once.
    let values = (0..<count).map { "\(100_000 + $0).evil.example\(between)" }.joined()
    try place.write("{\"a\":\"" + values + "\"}\n{\"a\":\"evil.example\"}\n", to: "long.log")
    let (ending, _) = try await Self.run(Self.matchingBelow + " long.log >found; code=$?; wc -l <found; exit $code", in: place)
    #expect(ending.output.filter(\.isNumber) == "\(count + 1)", "\(ending.talk)")
    #expect(ending.talk.contains("\(count + 1) sightings of 1 value in 2 of 2 lines"), "\(ending.talk)")
  }

  @Test func `a line that is nothing but sightings takes no more memory than others`() async throws {
    let (ending, megabytes) = try await Self.run(
      "seq 1 400000 | sed 's/$/.evil.example/' | tr '\\n' ' ' | " + Self.matchingBelow
        + " - >found; code=$?; wc -l <found; exit $code", in: Self.place())
    #expect(ending.status == 3 && ending.output.filter(\.isNumber) == "400000", "\(ending.output) \(ending.talk)")
    #expect(megabytes <= 200, "\(megabytes) MB")
  }

  @Test func `of a zone file with a million faults the first hundred are shown, and the rest counted`() async throws {
    let place = try Scratch()
    try place.write("@ 60 SOA ns host 1 2 3 4 5\n" + String(repeating: "www 60 A 192.0.2.256\n", count: 1_000_000), to: "zone")
    let (ending, megabytes) = try await Self.run(
      "measured audit --zone zone --origin large.example --server 192.0.2.1", in: place)
    #expect(ending.status == 2 && ending.output.isEmpty)
    let lines = ending.talk.split(separator: "\n").filter { !$0.hasPrefix("maxrss ") }
    #expect(lines.count == 101)
    #expect(lines.first?.hasPrefix("nameward: zone:2:10: ") == true, "\(lines.first ?? "")")
    #expect(lines.last == "nameward: … and 999900 more faults.")
    #expect(megabytes <= 200, "\(megabytes) MB")
  }
}
