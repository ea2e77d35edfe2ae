import ArgumentParser
import Indicators
import Names

/// Indicators as another program takes them.
enum IndicatorExport: String, CaseIterable, ExpressibleByArgument {
  case csv, stix, misp, list

  /// Whether it says of each indicator from when until when it is valid.
  var saysValidity: Bool { self == .stix }

  /// - Parameters:
  ///   - title: Of the whole; its identifiers come of it.
  ///   - time: When it is written: the time of what has none.
  /// - Returns: The file, how many indicators this form cannot say, and of how many it says a part.
  func file(of indicators: [Indicator], title: String, at time: Timestamp) -> (text: String, leftOut: Int, inPart: Int) {
    switch self {
    case .csv: return USCERT.file(of: indicators)
    case .list: return PlainList.file(of: indicators)
    case .stix:
      let (text, omitted) = STIX2.bundle(of: indicators, id: "bundle--" + NameUUID.of("bundle", title, "\(time)"), at: time) {
        "indicator--" + NameUUID.of("indicator", title, $0.id, Self.text($0))
      }
      return (text, omitted.count, 0)
    case .misp:
      let header = MISPEventHeader(
        uuid: NameUUID.of("event", title), info: title, time: time, organisation: "Nameward",
        organisationUUID: NameUUID.of("organisation"))
      let (text, omitted, inPart) = MISP.document(of: indicators, header: header) { NameUUID.of("attribute", title, $0.id, $1) }
      return (text, omitted.count, inPart)
    }
  }

  private static func text(_ indicator: Indicator) -> String {
    if case .foreign(let language, let text) = indicator.criterion { return language + " " + text }
    return indicator.pattern.map { "\($0)" } ?? ""
  }
}
