import DNSWire
import Estate
import Names
import Telemetry

/// Names from files that others wrote: each once, with the line it stands in first.
///
/// A line that cannot be read ends the command with its place: what is passed over in silence would be missing from the answer.
enum SeenNames {
  /// Lines that are told of; the others are counted.
  private static let mostFaults = 20

  /// One name a line; `#` begins a comment, `*.` and a leading or trailing dot are as certificates and lists write them.
  static func list(at path: String) throws -> [SeenName] {
    try read(path) { line, position in
      let text = line.prefix { $0 != UInt8(ascii: "#") }.filter { $0 != 0x20 && $0 != 0x09 }.drop { $0 == UInt8(ascii: ".") }
      guard !text.isEmpty else { return nil }
      if text.contains(UInt8(ascii: "/")) || text.contains(UInt8(ascii: ":")) {
        throw Ending(.usage, "\(position): this is a URL or an address, and no name. Write one name a line.")
      }
      do {
        return SeenName(try DomainName(displayed: String(decoding: text, as: UTF8.self)), from: .names, at: position)
      } catch let fault as DomainName.Fault {
        throw Ending(.usage, "\(position): \(fault). Write one name a line.")
      }
    }
  }

  static func passiveDNS(at path: String) throws -> [SeenName] {
    try read(path) { line, position in
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return nil }
      do {
        let record = try PassiveDNSRecord(line: Array(line))
        return SeenName(
          record.name, from: .passiveDNS, at: position, firstSeen: record.firstSeen.map { Timestamp(seconds: $0) },
          lastSeen: record.lastSeen.map { Timestamp(seconds: $0) })
      } catch let error as PassiveDNSRecord.Fault {
        throw Ending(.usage, "\(position): \(error.words). Write a JSON object a line, as the Common Output Format has it.")
      }
    }
  }

  private static func read(
    _ path: String, _ one: (ArraySlice<UInt8>, SourcePosition) throws -> SeenName?
  ) throws -> [SeenName] {
    let octets: [UInt8]
    do { octets = try Reading.contents(of: path) } catch { throw Ending(.usage, "\(error).") }
    var names: [SeenName] = []
    var known: Set<DomainName> = []
    var faults: [String] = []
    var (count, number) = (0, 0)
    for var line in octets.split(separator: 0x0A, omittingEmptySubsequences: false) {
      number += 1
      if line.last == 0x0D { line = line.dropLast() }
      do {
        guard let name = try one(line, SourcePosition(file: path, line: number, column: 1)) else { continue }
        if known.insert(name.name).inserted { names.append(name) }
      } catch let ending as Ending {
        count += 1
        if faults.count < mostFaults { faults += ending.sentences }
      }
    }
    guard count == 0 else {
      throw Ending(.usage, faults.map(\.printable) + (count > mostFaults ? ["… and \(count - mostFaults) more lines."] : []))
    }
    return names
  }
}

extension PassiveDNSRecord.Fault {
  var words: String {
    switch self {
    case .tooLong(let octets): "the line has \(octets) octets, at most \(PassiveDNSRecord.mostOctets) are read"
    case .notJSON: "this is no JSON object with the members that are wanted"
    case .noName: "there is no rrname"
    case .badName(let text, let fault): "rrname \"\(text.prefix(80))\": \(fault)"
    }
  }
}
