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
  ///   - indicators: As others are given them; see ``Indicator/given(by:key:isOwnID:since:changed:)``.
  ///   - title: Of the whole.
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
      let once = Self.onePerIdentifier(indicators)
      let (text, omitted) = STIX2.bundle(of: once, id: "bundle--" + NameUUID.of("bundle", title, "\(time)"), at: time) { $0.id }
      return Written(text: text, leftOut: omitted.count, repeated: indicators.count - once.count)
    case .misp:
      let header = MISPEventHeader(
        uuid: NameUUID.of("event", title), info: title, time: time, organisation: "Nameward",
        organisationUUID: NameUUID.of("organisation"))
      let once = Self.onePerIdentifier(indicators)
      let (text, omitted, inPart) = MISP.document(of: once, header: header) { NameUUID.of("attribute", $0.id, $1) }
      return Written(text: text, leftOut: omitted.count, inPart: inPart, repeated: indicators.count - once.count)
    }
  }

  /// Of those that have one identifier, what was modified last, and of equally old ones the first.
  private static func onePerIdentifier(_ indicators: [Indicator]) -> [Indicator] {
    var (once, places): ([Indicator], [String: Int]) = ([], [:])
    for indicator in indicators {
      if let place = places[indicator.id] {
        if indicator.modified ?? .init(seconds: 0) > once[place].modified ?? .init(seconds: 0) { once[place] = indicator }
      } else {
        places[indicator.id] = once.count
        once.append(indicator)
      }
    }
    return once
  }
}
