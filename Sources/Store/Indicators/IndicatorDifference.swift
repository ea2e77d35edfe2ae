internal import GRDB
public import Indicators

/// What changed from one revision of a source to another.
public struct IndicatorDifference: Hashable, Sendable {
  public struct Change: Hashable, Sendable {
    public var before: Indicator
    public var after: Indicator
  }

  public var added: [Indicator] = []
  public var changed: [Change] = []
  public var withdrawn: [Indicator] = []
  /// Of a warninglist.
  public var addedValues: [WarninglistValue] = []
  public var withdrawnValues: [WarninglistValue] = []

  public init() {}
}

extension IndicatorDifference {
  /// One that stood in one of the two revisions alone.
  private struct Telling {
    var id: Int64
    var key: IndicatorKey
    var content: IndicatorContent
    var indicator: Indicator

    /// Who is told of, and what.
    var said: Said { Said(key: key, content: content) }

    struct Said: Hashable {
      var key: IndicatorKey
      var content: IndicatorContent
    }
  }

  static func fetch(_ database: Database, source: Int64, from: Int, to: Int) throws -> IndicatorDifference {
    // What changed and changed back is no difference.
    var same = Dictionary(grouping: try standing(database, source, at: from, notAt: to).reversed(), by: \.said)
    let after = try standing(database, source, at: to, notAt: from).filter { same[$0.said]?.popLast() == nil }
    var before = Dictionary(grouping: same.values.joined().sorted { $0.id > $1.id }, by: \.key)
    var difference = IndicatorDifference()
    for new in after {
      if let old = before[new.key]?.popLast() {
        difference.changed.append(Change(before: old.indicator, after: new.indicator))
      } else {
        difference.added.append(new.indicator)
      }
    }
    difference.withdrawn = before.values.joined().sorted { $0.id < $1.id }.map(\.indicator)
    difference.addedValues = try WarninglistValue.fetch(database, source: source, at: to, notAt: from)
    difference.withdrawnValues = try WarninglistValue.fetch(database, source: source, at: from, notAt: to)
    return difference
  }

  private static func standing(_ database: Database, _ source: Int64, at one: Int, notAt other: Int) throws -> [Telling] {
    // Where none of an older block has ended, all stand in both.
    let blocks = try StoredBlock.fetchCursor(
      database,
      where: """
        source = ? AND first_revision <= ?
          AND (first_revision > ? OR EXISTS (SELECT 1 FROM indicator_end WHERE block = first_id))
        """, [source, one, other])
    var tellings: [Telling] = []
    while let block = try blocks.next() {
      let all = block.indicators
      for index in 0..<all.count where block.stood(index, at: one) && !block.stood(index, at: other) {
        tellings.append(
          Telling(
            id: block.id(index), key: all.key(index), content: all.content(index), indicator: try all.indicator(index)))
      }
    }
    return tellings
  }
}
