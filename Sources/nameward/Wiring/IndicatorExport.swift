import ArgumentParser
import Indicators
import Names

/// Indicators as another program takes them.
enum IndicatorExport: String, CaseIterable, ExpressibleByArgument {
  case csv, stix, misp, list

  /// Whether it says of each indicator from when until when it is valid.
  var saysValidity: Bool { self == .stix }

  /// A file, and what of the indicators is not in it.
  struct Written {
    var text: String
    /// Those that this form cannot say.
    var leftOut = 0
    /// Those of which it says a part.
    var inPart = 0
    /// Those whose identifier another one has that came before.
    var repeated = 0
  }

  /// - Parameters:
  ///   - title: Of the whole; its identifiers come of it.
  ///   - time: When it is written: the time of what has none.
  func file(of indicators: [Indicator], title: String, at time: Timestamp) -> Written {
    switch self {
    case .csv:
      let (text, leftOut, inPart) = USCERT.file(of: indicators)
      return Written(text: text, leftOut: leftOut, inPart: inPart)
    case .list:
      let (text, leftOut, inPart) = PlainList.file(of: indicators)
      return Written(text: text, leftOut: leftOut, inPart: inPart)
    case .stix:
      let (text, omitted) = STIX2.bundle(of: indicators, id: "bundle--" + NameUUID.of("bundle", title, "\(time)"), at: time) {
        "indicator--" + NameUUID.of("indicator", title, $0.id, Self.text($0))
      }
      let leftOut = omitted.filter { if case .foreign("stix", _) = $0.criterion { true } else { false } }.count
      return Written(text: text, leftOut: leftOut, repeated: omitted.count - leftOut)
    case .misp:
      let header = MISPEventHeader(
        uuid: NameUUID.of("event", title), info: title, time: time, organisation: "Nameward",
        organisationUUID: NameUUID.of("organisation"))
      let (text, omitted, inPart) = MISP.document(of: indicators, header: header) { NameUUID.of("attribute", title, $0.id, $1) }
      return Written(text: text, leftOut: omitted.count, inPart: inPart)
    }
  }

  private static func text(_ indicator: Indicator) -> String {
    if case .foreign(let language, let text) = indicator.criterion { return language + " " + text }
    return indicator.pattern.map { "\($0)" } ?? ""
  }
}
