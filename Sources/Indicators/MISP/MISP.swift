public import Notation

/// What MISP writes in JSON: events, attributes and objects, feeds and warninglists (draft-dulaunoy-misp-core-format).
public enum MISP {
  /// Whether a JSON text looks like MISP's, by its outermost members.
  public static func recognizes(_ document: JSONValue) -> Bool {
    guard document["type"]?.string != "bundle" else { return false }
    return isWarninglist(document) || parts(document).contains { MISPReader.Part($0) != nil }
  }

  /// Reads the indicators and sightings of events, or a warninglist.
  ///
  /// An attribute is an indicator, and so is an object with all its attributes. What its author does not want to be alerted
  /// (`to_ids` is false, or missing) is context: such an indicator is there with `isBenign`, and never alerts. What is deleted is
  /// passed over. The patterns say how a value is sought: see ``MISPMeaning``.
  ///
  /// - Throws: ``MISPFault``. What is wrong with one attribute is a remark of the publication.
  public static func read(_ document: JSONValue) throws(MISPFault) -> Publication {
    try refuseDoubled(document)
    if isWarninglist(document) {
      var publication = Publication(.warninglist)
      let list = try warninglist(document)
      publication.title = list.name
      publication.warninglists = [list]
      return publication
    }
    let parts = parts(document)
    guard parts.contains(where: { MISPReader.Part($0) != nil }) || isEmptyResponse(document) else {
      throw MISPFault(document.place, .notMISP)
    }
    var reader = MISPReader()
    return reader.read(parts)
  }

  static func refuseDoubled(_ document: JSONValue) throws(MISPFault) {
    if let doubled = document.doubledMember {
      throw MISPFault(doubled.second, .doubledMember(doubled.name, first: doubled.first))
    }
  }

  /// What stands side by side in a document: the items of a response or list, or the document itself.
  private static func parts(_ document: JSONValue) -> [JSONValue] { many(document["response"] ?? document) }

  private static func isEmptyResponse(_ document: JSONValue) -> Bool {
    (document["response"] ?? document).items?.isEmpty ?? false
  }

  /// The items of a list, or the one value that stands where a list may stand.
  static func many(_ value: JSONValue?) -> [JSONValue] { value.map { $0.items ?? [$0] } ?? [] }

  /// Text, also where a number stands.
  static func text(_ value: JSONValue?) -> String? {
    switch value?.content {
    case .string(let text): text.isEmpty ? nil : text
    case .number(let digits): digits
    default: nil
    }
  }

  /// True, also as `1` or `"1"`.
  static func isTrue(_ value: JSONValue?) -> Bool {
    switch value?.content {
    case .boolean(let boolean): boolean
    case .number(let digits): digits == "1"
    case .string(let text): text == "1" || text.lowercased() == "true"
    default: false
    }
  }
}
