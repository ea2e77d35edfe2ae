internal import GRDB
internal import Indicators
internal import Names

/// What a source says of an indicator beside what it looks for, in octets: what it says not takes none.
enum SaidOctets {
  /// What follows, in the order of the cases; what is a fact alone has nothing that follows. Databases hold these numbers.
  private struct Fields: OptionSet {
    var rawValue: UInt64

    static let isRevoked = Fields(rawValue: 1 << 0)
    static let isBenign = Fields(rawValue: 1 << 1)
    static let marking = Fields(rawValue: 1 << 2)
    static let firstSeen = Fields(rawValue: 1 << 3)
    static let description = Fields(rawValue: 1 << 4)
    static let labels = Fields(rawValue: 1 << 5)
    static let context = Fields(rawValue: 1 << 6)
    static let title = Fields(rawValue: 1 << 7)
    static let lastSeen = Fields(rawValue: 1 << 8)
    static let validFrom = Fields(rawValue: 1 << 9)
    static let validUntil = Fields(rawValue: 1 << 10)
    static let created = Fields(rawValue: 1 << 11)
    static let modified = Fields(rawValue: 1 << 12)
    static let confidence = Fields(rawValue: 1 << 13)
  }

  private static let markings: [TLP] = [.clear, .green, .amber, .amberStrict, .red]

  static func append(_ indicator: Indicator, to octets: inout [UInt8]) {
    octets.append(number: fields(of: indicator).rawValue)
    if let marking = indicator.marking { octets.append(UInt8(truncatingIfNeeded: markings.firstIndex(of: marking) ?? 255)) }
    octets.append(time: indicator.firstSeen)
    if let description = indicator.description { octets.append(text: description) }
    if !indicator.labels.isEmpty { octets.append(texts: indicator.labels) }
    if !indicator.context.isEmpty { octets.append(texts: indicator.context) }
    if let title = indicator.title { octets.append(text: title) }
    octets.append(time: indicator.lastSeen)
    octets.append(time: indicator.validFrom)
    octets.append(time: indicator.validUntil)
    octets.append(time: indicator.created)
    octets.append(time: indicator.modified)
    if let confidence = indicator.confidence { octets.append(signed: Int64(confidence)) }
  }

  private static func fields(of indicator: Indicator) -> Fields {
    var fields: Fields = []
    func note(_ field: Fields, _ isThere: Bool) { if isThere { fields.insert(field) } }
    note(.isRevoked, indicator.isRevoked)
    note(.isBenign, indicator.isBenign)
    note(.marking, indicator.marking != nil)
    note(.firstSeen, indicator.firstSeen != nil)
    note(.description, indicator.description != nil)
    note(.labels, !indicator.labels.isEmpty)
    note(.context, !indicator.context.isEmpty)
    note(.title, indicator.title != nil)
    note(.lastSeen, indicator.lastSeen != nil)
    note(.validFrom, indicator.validFrom != nil)
    note(.validUntil, indicator.validUntil != nil)
    note(.created, indicator.created != nil)
    note(.modified, indicator.modified != nil)
    note(.confidence, indicator.confidence != nil)
    return fields
  }

  /// Reads it into an indicator of which nothing is said yet.
  /// - Throws: `DatabaseError` where the octets do not say that.
  static func read(_ octets: ArraySlice<UInt8>, into indicator: inout Indicator) throws {
    var reader = OctetReader(octets)
    let fields = Fields(rawValue: try reader.number())
    indicator.isRevoked = fields.contains(.isRevoked)
    indicator.isBenign = fields.contains(.isBenign)
    if fields.contains(.marking) {
      let number = Int(try reader.octet())
      guard number < markings.count else { throw DatabaseError.damagedIndicator }
      indicator.marking = markings[number]
    }
    if fields.contains(.firstSeen) { indicator.firstSeen = try reader.time() }
    if fields.contains(.description) { indicator.description = try reader.text() }
    if fields.contains(.labels) { indicator.labels = try reader.texts() }
    if fields.contains(.context) { indicator.context = try reader.texts() }
    if fields.contains(.title) { indicator.title = try reader.text() }
    if fields.contains(.lastSeen) { indicator.lastSeen = try reader.time() }
    if fields.contains(.validFrom) { indicator.validFrom = try reader.time() }
    if fields.contains(.validUntil) { indicator.validUntil = try reader.time() }
    if fields.contains(.created) { indicator.created = try reader.time() }
    if fields.contains(.modified) { indicator.modified = try reader.time() }
    if fields.contains(.confidence) { indicator.confidence = Int(try reader.signed()) }
    guard reader.isAtEnd else { throw DatabaseError.damagedIndicator }
  }
}

extension [UInt8] {
  fileprivate mutating func append(time: Timestamp?) { if let time { append(signed: time.milliseconds) } }
}

extension OctetReader {
  /// - Throws: `DatabaseError` where it is a time that no reader gives: it could not be written, nor counted with.
  fileprivate mutating func time() throws -> Timestamp {
    let time = Timestamp(milliseconds: try signed())
    guard time.hasWrittenYear else { throw DatabaseError.damagedIndicator }
    return time
  }
}
