internal import Notation

extension USCERT {
  /// What stands above the rows of values.
  struct Header {
    /// Where each column is.
    var columns: [Column: Int]
    /// What lines above the header say of the whole file: `# TLP:AMBER`. Rows that say something else themselves are as they say.
    var marking: TLP?
    var remarks: [Publication.Remark]
  }

  /// Reads up to and with the row that names the columns; `nil` where none does.
  static func header(_ reader: inout CSVReader) throws(Fault) -> Header? {
    var header = Header(columns: [:], marking: nil, remarks: [])
    var fields: [CSVReader.Field] = []
    for _ in 0..<mostRowsBeforeHeader {
      guard try next(&reader, &fields) else { return nil }
      for (index, field) in fields.enumerated() {
        // The first of two columns of one name: later ones were added by hand.
        if let column = Column(reader.text(field)), header.columns[column] == nil { header.columns[column] = index }
      }
      if header.columns[.value] != nil, header.columns[.type] != nil { return header }
      header.columns = [:]
      guard let first = fields.first, let head = HeadMarking(reader.text(first)) else { continue }
      header.marking = TLP.strictest(header.marking, head.marking)
      if let unreadable = head.unreadable { header.remarks.append(.init(first.place, .unreadableMarking(unreadable))) }
    }
    return nil
  }

  /// Whether octets that have no header are a table all the same: rows with as many fields as each other, and more than one.
  static func isTable(_ octets: [UInt8]) -> Bool {
    let head = Array(octets.prefix(64 << 10))
    return separators.contains { separator in
      var reader = CSVReader(head, separator: separator)
      var (fields, rows, counts) = ([CSVReader.Field](), 0, Set<Int>())
      for _ in 0..<mostRowsBeforeHeader {
        guard (try? reader.next(&fields)) == true, let first = fields.first else { break }
        let text = reader.text(first).trimmed
        if text.hasPrefix("#") || text.isEmpty && fields.count == 1 { continue }
        rows += 1
        counts.insert(fields.count)
      }
      return rows > 1 && counts.count == 1 && counts != [1]
    }
  }

  /// Why a table gives nothing whose columns nobody names, and by which names they are known.
  static var unknownColumns: String {
    "No line holds a value to look for: this is a table, and no row of it names a column of values (\(names(.value))) and one of "
      + "types (\(names(.type))). Add such a header; what was taken in before stays."
  }

  private static func names(_ column: Column) -> String {
    column.names.dropLast().joined(separator: ", ") + " or " + (column.names.last ?? "")
  }

  /// What a column holds.
  enum Column: Int, CaseIterable {
    case value, type, comment, role, phase, observed, handling, description, confidence
    /// In the tables that MISP exports: tags of the attribute and of its event, with commas between them, and whether the
    /// attribute is for detection.
    case tags, eventTags, forDetection

    /// What headers call it.
    var names: [String] {
      switch self {
      case .value: ["INDICATOR_VALUE", "INDICATOR", "VALUE", "IOC", "OBSERVABLE"]
      case .type: ["TYPE", "INDICATOR_TYPE", "IOC_TYPE", "VALUE_TYPE"]
      case .comment: ["COMMENT", "COMMENTS", "NOTE", "NOTES"]
      case .role: ["ROLE"]
      case .phase: ["ATTACK_PHASE", "PHASE", "KILL_CHAIN_PHASE"]
      case .observed: ["OBSERVED_DATE", "OBSERVED", "DATE", "FIRST_SEEN", "DATE_OBSERVED"]
      case .handling: ["HANDLING", "TLP", "MARKING"]
      case .description: ["DESCRIPTION"]
      case .confidence: ["CONFIDENCE"]
      case .tags: ["ATTRIBUTE_TAG", "ATTRIBUTE_TAGS"]
      case .eventTags: ["EVENT_TAG", "EVENT_TAGS"]
      case .forDetection: ["TO_IDS"]
      }
    }

    /// By what a header calls it: letters and digits alone count, in any case.
    init?(_ text: String) {
      guard let column = Self.byName[Self.plain(text)] else { return nil }
      self = column
    }

    private static let byName: [String: Column] = {
      var columns: [String: Column] = [:]
      for column in allCases {
        for name in column.names { columns[plain(name)] = column }
      }
      return columns
    }()

    private static func plain(_ text: String) -> String { text.lowercased().filter { $0.isLetter || $0.isNumber } }
  }
}
