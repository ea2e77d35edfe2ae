import DNSWire
import Names

/// CAIDA's RouteViews prefix-to-AS mapping (pfx2as): a line for each prefix with network, length and AS numbers, tabs between them.
/// `1_2` are two that announce the prefix, `1,2` (of old `{1,2}`) an AS set; all of them count.
struct PrefixOrigins: Sendable {
  /// A day's file for IPv4 has about 20 MB and a million prefixes.
  static let mostOctets = 128 << 20
  static let mostPrefixes = 4_000_000
  static let mostLineOctets = 4096

  private var v4 = PrefixTable<UInt32>()
  private var v6 = PrefixTable<UInt128>()
  /// Each different list of origins once.
  private var lists: [[UInt32]] = []
  private var numbers: [[UInt32]: UInt32] = [:]

  var count: Int { v4.count + v6.count }

  static func read(_ file: OriginFile) throws(OriginFault) -> PrefixOrigins {
    var origins = PrefixOrigins()
    var (rest, offset, line, prefixes) = ([UInt8](), 0, 0, 0)
    repeat {
      let part = try file.octets(from: offset, count: 1 << 20)
      if offset == 0 { try check(part, file) }
      offset += part.count
      let isLast = part.isEmpty
      let octets = rest + part
      var start = 0
      while start < octets.count {
        let end = octets[start...].firstIndex(of: 0x0A)
        if end == nil, !isLast, octets.count - start <= mostLineOctets { break }
        line += 1
        guard (end ?? octets.count) - start <= mostLineOctets else {
          throw .line(SourcePosition(file: file.path, line: line, column: mostLineOctets + 1), .tooLong(most: mostLineOctets))
        }
        do {
          prefixes += try origins.add(octets.span.extracting(start..<(end ?? octets.count)))
        } catch {
          throw .line(SourcePosition(file: file.path, line: line, column: error.at + 1), error.fault)
        }
        guard prefixes <= mostPrefixes else { throw .tooManyPrefixes(path: file.path, most: mostPrefixes) }
        start = (end ?? octets.count) + 1
      }
      rest = start < octets.count ? Array(octets[start...]) : []
      if isLast { break }
    } while true
    origins.sort()
    guard origins.count > 0 else { throw .empty(path: file.path) }
    return origins
  }

  /// Refuses what is no text before a line of it is quoted.
  private static func check(_ start: [UInt8], _ file: OriginFile) throws(OriginFault) {
    // gzip, bzip2, xz, zip.
    let packed: [[UInt8]] = [[0x1F, 0x8B], Array("BZh".utf8), [0xFD] + Array("7zXZ".utf8), [0x50, 0x4B, 3, 4]]
    if packed.contains(where: { start.starts(with: $0) }) { throw .compressed(path: file.path) }
    let isText = start.prefix(4096).allSatisfy { (0x20...0x7E).contains($0) || (0x09...0x0D).contains($0) }
    guard isText else { throw .unknownFormat(path: file.path) }
    guard file.octets <= mostOctets else { throw .tooLarge(path: file.path, octets: file.octets, most: mostOctets) }
  }

  private struct LineFault: Error {
    /// Octets from the start of the line.
    var at: Int
    var fault: OriginFault.Line
  }

  /// Takes in one line without its end; how many prefixes it had: 0 where it is empty or a remark.
  private mutating func add(_ line: Span<UInt8>) throws(LineFault) -> Int {
    var end = line.count
    if end > 0, line[end - 1] == 0x0D { end -= 1 }
    guard end > 0, line[0] != 0x23 else { return 0 }
    var tabs: [Int] = []
    for place in 0..<end where line[place] == 0x09 { tabs.append(place) }
    guard tabs.count == 2 else { throw LineFault(at: 0, fault: .notThreeFields) }
    guard let address = IPAddress(text: line.extracting(0..<tabs[0])) else {
      throw LineFault(at: 0, fault: .notAnAddress(Self.text(line, 0..<tabs[0])))
    }
    let lengthRange = (tabs[0] + 1)..<tabs[1]
    guard lengthRange.count <= 3, let length = Self.number(line, lengthRange), length <= address.bitWidth else {
      throw LineFault(at: tabs[0] + 1, fault: .notALength(Self.text(line, lengthRange), most: address.bitWidth))
    }
    let list = try number(of: Self.origins(line, (tabs[1] + 1)..<end))
    switch address {
    case .v4(let value): try add(value, Int(length), list, to: \.v4, address)
    case .v6(let upper, let lower): try add(UInt128(upper) << 64 | UInt128(lower), Int(length), list, to: \.v6, address)
    }
    return 1
  }

  private mutating func add<Network>(
    _ network: Network, _ length: Int, _ list: UInt32, to table: WritableKeyPath<Self, PrefixTable<Network>>, _ address: IPAddress
  ) throws(LineFault) {
    let host = length == Network.bitWidth ? 0 : Network.max >> Network(length)
    guard network & host == 0 else { throw LineFault(at: 0, fault: .hostBits("\(address)")) }
    self[keyPath: table].add(network, length: length, list: list)
  }

  /// AS numbers with `_` or `,` between them, sets perhaps in braces; ascending, each once, and without AS 0, which nobody has
  /// (RFC 7607).
  private static func origins(_ line: Span<UInt8>, _ range: Range<Int>) throws(LineFault) -> [UInt32] {
    var (found, start) = ([UInt32](), range.lowerBound)
    for place in range.lowerBound...range.upperBound
    where place == range.upperBound || line[place] == 0x5F || line[place] == 0x2C {
      var (first, end) = (start, place)
      if first < end, line[first] == 0x7B { first += 1 }
      if first < end, line[end - 1] == 0x7D { end -= 1 }
      guard let number = number(line, first..<end) else {
        throw LineFault(at: start, fault: .notANumber(text(line, start..<place)))
      }
      found.append(number)
      start = place + 1
    }
    return Set(found).filter { $0 != 0 }.sorted()
  }

  private static func number(_ line: Span<UInt8>, _ range: Range<Int>) -> UInt32? {
    guard (1...10).contains(range.count) else { return nil }
    var value: UInt64 = 0
    for place in range {
      guard line[place] &- 0x30 < 10 else { return nil }
      value = value * 10 + UInt64(line[place] &- 0x30)
    }
    return UInt32(exactly: value)
  }

  private static func text(_ line: Span<UInt8>, _ range: Range<Int>) -> String { quoted(range.map { line[$0] }) }

  /// The number under which a list is kept.
  private mutating func number(of list: [UInt32]) -> UInt32 {
    if let number = numbers[list] { return number }
    // At most as many as prefixes.
    let number = UInt32(truncatingIfNeeded: lists.count)
    lists.append(list)
    numbers[list] = number
    return number
  }

  private mutating func sort() {
    var (first, second) = (v4, v6)
    (v4, v6) = (PrefixTable(), PrefixTable())
    first.sort { number(of: Set(lists[Int($0)] + lists[Int($1)]).sorted()) }
    second.sort { number(of: Set(lists[Int($0)] + lists[Int($1)]).sorted()) }
    (v4, v6, numbers) = (first, second, [:])
  }

  func origins(of address: IPAddress) -> [UInt32] {
    let list =
      switch address {
      case .v4(let value): v4.list(for: value)
      case .v6(let upper, let lower): v6.list(for: UInt128(upper) << 64 | UInt128(lower))
      }
    return list.map { lists[Int($0)] } ?? []
  }
}
