public import Notation

/// Why a JSON text is not read as what MISP writes, and where.
public struct MISPFault: Error, Hashable, Sendable {
  public enum Cause: Hashable, Sendable {
    /// Neither an event, nor attributes, nor objects, nor a warninglist.
    case notMISP
    /// Not a feed's manifest: no object whose names are UUIDs of events.
    case notManifest
    /// Not a warninglist: `list` or its type is missing.
    case notWarninglist
    case unknownWarninglistType(String)
    /// A member that stands twice in one object: readers differ in which they take, so none is taken.
    case doubledMember(String, first: TextPlace)
  }

  public var place: TextPlace
  public var cause: Cause

  init(_ place: TextPlace, _ cause: Cause) { (self.place, self.cause) = (place, cause) }

  /// What is wrong and what to do, without the place.
  public var sentence: String {
    switch cause {
    case .notMISP:
      "This is JSON, but not of MISP: an Event, a response with events or attributes, or a warninglist belongs here. "
        + "Name a file that MISP exported."
    case .notManifest:
      "This is no manifest of a MISP feed: events by their UUID belong here. Name the feed's manifest.json."
    case .notWarninglist: "This is no warninglist of MISP: it has no list, or no type. Name the list.json of one."
    case .unknownWarninglistType(let type):
      "\(quoted(type)) is no type of a warninglist. Write hostname, string, substring, regex or cidr."
    case .doubledMember(let name, let first):
      "\(quoted(name)) stands twice in one object, first at \(first). Remove one of the two."
    }
  }
}
