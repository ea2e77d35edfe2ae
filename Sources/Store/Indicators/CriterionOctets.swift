internal import GRDB
internal import Indicators
internal import Names

/// What an indicator looks for, in octets: which kind, and its value. Databases hold the numbers of kinds, reaches and algorithms;
/// none is ever given to another.
enum CriterionOctets {
  private enum Kind: UInt8 {
    case name, address, prefix, url, emailAddress, fileHash, certificateHash, other, pattern, foreign
  }

  private static let reaches: [Observable.Reach] = [.whole, .below, .wholeAndBelow]
  private static let algorithms: [HashAlgorithm] = [
    .md5, .sha1, .sha224, .sha256, .sha384, .sha512, .sha3256, .sha3512, .ssdeep, .tlsh,
  ]

  static func append(_ criterion: Indicator.Criterion, to octets: inout [UInt8]) {
    switch criterion {
    case .value(let observable): append(observable, to: &octets)
    case .pattern(let pattern):
      octets.append(Kind.pattern.rawValue)
      octets.append(contentsOf: "\(pattern)".utf8)
    case .foreign(let language, let text):
      octets.append(Kind.foreign.rawValue)
      octets.append(text: language)
      octets.append(contentsOf: text.utf8)
    }
  }

  private static func append(_ observable: Observable, to octets: inout [UInt8]) {
    switch observable {
    case .name(let name, let reach):
      octets.append(Kind.name.rawValue)
      octets.append(number(of: reach, in: reaches))
      octets.append(contentsOf: name.octets)
    case .address(let address):
      octets.append(Kind.address.rawValue)
      octets.append(contentsOf: address.octets)
    case .prefix(let prefix):
      octets.append(Kind.prefix.rawValue)
      octets.append(UInt8(prefix.length))
      octets.append(contentsOf: prefix.address.octets)
    case .url(let text):
      octets.append(Kind.url.rawValue)
      octets.append(contentsOf: text.utf8)
    case .emailAddress(let text):
      octets.append(Kind.emailAddress.rawValue)
      octets.append(contentsOf: text.utf8)
    case .fileHash(let algorithm, let text):
      octets.append(Kind.fileHash.rawValue)
      octets.append(number(of: algorithm, in: algorithms))
      octets.append(contentsOf: text.utf8)
    case .certificateHash(let algorithm, let text):
      octets.append(Kind.certificateHash.rawValue)
      octets.append(number(of: algorithm, in: algorithms))
      octets.append(contentsOf: text.utf8)
    case .other(let path, let value):
      octets.append(Kind.other.rawValue)
      append(path, to: &octets)
      octets.append(contentsOf: value.utf8)
    }
  }

  private static func append(_ path: ObjectPath, to octets: inout [UInt8]) {
    octets.append(text: path.objectType)
    octets.append(number: UInt64(path.steps.count))
    for step in path.steps {
      switch step {
      case .property(let name):
        octets.append(0)
        octets.append(text: name)
      case .index(let index):
        octets.append(1)
        octets.append(signed: Int64(index))
      case .any: octets.append(2)
      }
    }
  }

  /// One that no table has gets a number that no table has either, and reading tells it.
  private static func number<Element: Equatable>(of element: Element, in table: [Element]) -> UInt8 {
    UInt8(truncatingIfNeeded: table.firstIndex(of: element) ?? 255)
  }

  /// - Throws: `DatabaseError` where the octets are none of the above.
  static func read(_ octets: ArraySlice<UInt8>) throws -> Indicator.Criterion {
    var reader = OctetReader(octets)
    guard let kind = Kind(rawValue: try reader.octet()), let criterion = try read(kind, from: &reader), reader.isAtEnd else {
      throw DatabaseError.damagedIndicator
    }
    return criterion
  }

  private static func read(_ kind: Kind, from reader: inout OctetReader) throws -> Indicator.Criterion? {
    func text() -> String { String(decoding: reader.rest(), as: UTF8.self) }
    switch kind {
    case .name:
      let reach = try element(of: reaches, from: &reader)
      return try reader.name().map { .value(.name($0, reach)) }
    case .address: return IPAddress(octets: Array(reader.rest()).span).map { .value(.address($0)) }
    case .prefix:
      let length = Int(try reader.octet())
      guard let address = IPAddress(octets: Array(reader.rest()).span) else { return nil }
      return IPPrefix(containing: address, length: length).map { .value(.prefix($0)) }
    case .url: return .value(.url(text()))
    case .emailAddress: return .value(.emailAddress(text()))
    case .fileHash: return .value(.fileHash(try element(of: algorithms, from: &reader), text()))
    case .certificateHash: return .value(.certificateHash(try element(of: algorithms, from: &reader), text()))
    case .other: return .value(.other(try path(from: &reader), value: text()))
    // All that was written was read back first: nothing that was looked for stops being so unseen.
    case .pattern: return (try? Pattern(kept: text())).map(Indicator.Criterion.pattern)
    case .foreign: return .foreign(language: try reader.text(), text: text())
    }
  }

  private static func path(from reader: inout OctetReader) throws -> ObjectPath {
    let type = try reader.text()
    var steps: [ObjectPath.Step] = []
    for _ in 0..<(try reader.number()) {
      switch try reader.octet() {
      case 0: steps.append(.property(try reader.text()))
      case 1: steps.append(.index(Int(try reader.signed())))
      case 2: steps.append(.any)
      default: throw DatabaseError.damagedIndicator
      }
    }
    return ObjectPath(type, steps: steps)
  }

  private static func element<Element>(of table: [Element], from reader: inout OctetReader) throws -> Element {
    let number = Int(try reader.octet())
    guard number < table.count else { throw DatabaseError.damagedIndicator }
    return table[number]
  }
}

extension OctetReader {
  /// A name that nothing follows.
  fileprivate mutating func name() throws -> DomainName? {
    let octets = Array(rest())
    var end = 0
    guard let name = try? DomainName(octets.span, at: &end), end == octets.count else { return nil }
    return name
  }
}
