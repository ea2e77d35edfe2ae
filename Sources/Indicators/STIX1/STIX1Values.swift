internal import Notation

extension STIX1Reader {
  /// What a TTP, campaign, actor, incident or report is called.
  static func title(_ element: XMLElement) -> String? {
    let malware = element.first("Behavior", "Malware", "Malware_Instance")
    let attack = element.first("Behavior", "Attack_Patterns", "Attack_Pattern")
    return element["Title"]?.content ?? element.first("Header", "Title")?.content ?? malware?["Name"]?.content
      ?? malware?["Title"]?.content ?? attack?["Title"]?.content ?? element.first("Names", "Name")?.content
      ?? element.first("Identity", "Name")?.content
  }

  // MARK: Confidence

  /// On the scale of 0 to 100, by STIX 2.1 Appendix A; `nil` for what no scale there has.
  static func confidence(_ text: String) -> Int? {
    let text = text.trimmed
    if let number = Double(text) { return number >= 0 && number <= 100 ? Int(number.rounded()) : nil }
    return confidences[text.lowercased()]
  }

  private static let confidences: [String: Int] = [
    // None, low, medium, high.
    "none": 0, "low": 15, "medium": 50, "med": 50, "high": 85,
    // Admiralty credibility; "6 - truth cannot be judged" says nothing.
    "5 - improbable": 10, "4 - doubtful": 30, "3 - possibly true": 50, "2 - probably true": 70,
    "1 - confirmed by other sources": 90,
    // Words of estimative probability (WEP).
    "impossible": 0, "highly unlikely/almost certainly not": 10, "unlikely/probably not": 30, "even chance": 50,
    "likely/probable": 70, "highly likely/almost certain": 90, "certain": 100,
    // DNI.
    "almost no chance / remote": 5, "very unlikely / highly improbable": 15, "unlikely / improbable": 30,
    "roughly even chance / roughly even odds": 50, "likely / probable": 70, "very likely / highly probable": 85,
    "almost certain / nearly certain": 95,
  ]

  // MARK: Marking

  /// How what an element says may go on, where it says so, in what is marked so.
  static func marking(of element: XMLElement, in surroundings: TLP?) -> TLP? {
    switch element.name {
    case "STIX_Package", "Package": TLP.strictest(surroundings, marking(element["STIX_Header"]?["Handling"]))
    case "Report": TLP.strictest(surroundings, marking(element["Header"]?["Handling"]))
    case "Campaign", "Incident", "Indicator", "Threat_Actor", "TTP": TLP.strictest(surroundings, marking(element["Handling"]))
    default: surroundings
    }
  }

  /// The strictest of the markings in a `Handling`.
  ///
  /// What of its surroundings a marking controls is written as an XPath, which is not evaluated: in a header it is taken to mean all of
  /// the package, in an indicator all of the indicator. A marking that means less is thereby kept too strictly, never too loosely.
  static func marking(_ handling: XMLElement?) -> TLP? {
    (handling?.children ?? []).flatMap { marking in marking.children.filter { $0.name == "Marking_Structure" } }
      .compactMap { said(by: $0).marking }.max()
  }

  /// What a `Marking_Structure` says, and the text that should say a marking of TLP and does not.
  static func said(by structure: XMLElement) -> (marking: TLP?, unreadable: String?) {
    if let color = structure.attributes["color"] { return TLP.said(color) }
    // AIS: Is_Proprietary or Not_Proprietary, and the colour in it.
    if let color = structure.children.lazy.compactMap({ $0["TLPMarking"]?.attributes["color"] }).first {
      return TLP.said(color)
    }
    if let statement = structure["Statement"]?.content {
      if let said = TLP.said(in: statement) { return said }
      return (TLP(statement), nil)
    }
    guard Self.type(structure).contains("ISAMarkingsAssertion") else { return (nil, nil) }
    // The access control of the US Government has no TLP: what it releases to the public is clear, and everything else is for those
    // whom its rules name, which no other colour says better.
    let words = structure["ControlSet"]?.content?.split(separator: " ") ?? []
    let isPublic = structure["PublicRelease"] != nil || words.contains("FD:PUBREL")
    return (isPublic ? .clear : .amber, nil)
  }
}
