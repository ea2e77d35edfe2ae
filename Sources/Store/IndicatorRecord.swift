internal import GRDB
internal import Indicators
internal import Names
internal import Notation

/// An indicator as a row of the database. Which source it is of, and in which revisions it stood, is the recorder's.
struct IndicatorRecord {
  /// Columns that say who it is and where it stands: a list whose rows moved has not changed.
  static let identityColumns = ["key", "own_id", "line", "place"]
  /// Columns that say what its source says of it.
  static let contentColumns = [
    "criterion", "value", "title", "description", "labels", "marking", "confidence", "first_seen", "last_seen", "valid_from",
    "valid_until", "modified", "is_revoked", "is_benign", "context", "created",
  ]
  static let columns = (identityColumns + contentColumns).joined(separator: ", ")

  /// By which it is the same from one revision to the next.
  let key: String
  /// Absent where it is the key.
  let ownID: String?
  let place: TextPlace
  /// In the order of ``contentColumns``.
  let content: [DatabaseValue]

  init(_ indicator: Indicator, of format: Publication.Format) throws {
    let criterion = StoredCriterion(indicator.criterion)
    let id = indicator.id.storable
    (key, ownID) = Self.hasCountedID(indicator, of: format) ? (criterion.key, id) : (id, nil)
    place = indicator.place
    content = [
      criterion.kind.databaseValue, criterion.value.databaseValue, Self.text(indicator.title), Self.text(indicator.description),
      try Self.list(indicator.labels), Self.text(indicator.marking?.rawValue), indicator.confidence?.databaseValue ?? .null,
      Self.time(indicator.firstSeen), Self.time(indicator.lastSeen), Self.time(indicator.validFrom),
      Self.time(indicator.validUntil), Self.time(indicator.modified), indicator.isRevoked.databaseValue,
      indicator.isBenign.databaseValue, try Self.list(indicator.context), Self.time(indicator.created),
    ]
  }

  /// Reads ``columns``, from this column on.
  init(_ row: Row, from first: Int) {
    (key, ownID) = (row[first], row[first + 1])
    place = TextPlace(line: row[first + 2], column: row[first + 3])
    let start = first + Self.identityColumns.count
    content = (start..<start + Self.contentColumns.count).map { row[$0] }
  }

  /// - Throws: `DatabaseError` where the row holds no indicator.
  func indicator() throws -> Indicator {
    guard let kind = String.fromDatabaseValue(content[0]), let value = String.fromDatabaseValue(content[1]),
      let criterion = StoredCriterion(kind: kind, value: value).criterion
    else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "an indicator cannot be read") }
    var indicator = Indicator(id: ownID ?? key, place: place, criterion: criterion)
    indicator.title = String.fromDatabaseValue(content[2])
    indicator.description = String.fromDatabaseValue(content[3])
    indicator.labels = try Self.list(content[4])
    indicator.marking = String.fromDatabaseValue(content[5]).flatMap(TLP.init(rawValue:))
    indicator.confidence = Int.fromDatabaseValue(content[6])
    indicator.firstSeen = Self.time(content[7])
    indicator.lastSeen = Self.time(content[8])
    indicator.validFrom = Self.time(content[9])
    indicator.validUntil = Self.time(content[10])
    indicator.modified = Self.time(content[11])
    indicator.isRevoked = content[12] == true.databaseValue
    indicator.isBenign = content[13] == true.databaseValue
    indicator.context = try Self.list(content[14])
    indicator.created = Self.time(content[15])
    return indicator
  }

  /// The key alone.
  static func key(_ indicator: Indicator, of format: Publication.Format) -> String {
    hasCountedID(indicator, of: format) ? StoredCriterion(indicator.criterion).key : indicator.id.storable
  }

  /// An id that only counts rows would make every row below a new one another: there what is looked for tells them apart.
  private static func hasCountedID(_ indicator: Indicator, of format: Publication.Format) -> Bool {
    switch format {
    case .usCERT, .plainList: true
    case .misp: indicator.id.hasPrefix("attribute ")
    case .stix1: indicator.id == "indicator \(indicator.place)"
    case .stix2, .openIOC, .warninglist: false
    }
  }

  private static func text(_ text: String?) -> DatabaseValue { text?.storable.databaseValue ?? .null }
  private static func time(_ time: Timestamp?) -> DatabaseValue { time?.milliseconds.databaseValue ?? .null }
  private static func time(_ value: DatabaseValue) -> Timestamp? {
    Int64.fromDatabaseValue(value).map(Timestamp.init(milliseconds:))
  }

  static func list(_ list: [String]) throws -> DatabaseValue { list.isEmpty ? .null : try JSON.text(list).databaseValue }
  static func list(_ value: DatabaseValue) throws -> [String] { try String.fromDatabaseValue(value).map(JSON.list) ?? [] }
}
