public import Notation

/// Why a JSON text is not read as STIX 2, and where.
public struct STIX2Fault: Error, Hashable, Sendable {
  public enum Cause: Hashable, Sendable {
    /// Neither a bundle, nor an envelope, nor an object, nor a list of objects.
    case notSTIX
    /// `objects` of a bundle or envelope is no list.
    case objectsNotList
    /// A member that stands twice in one object: readers differ in which they take, so none is taken.
    case doubledMember(String, first: TextPlace)
  }

  public var place: TextPlace
  public var cause: Cause

  init(_ place: TextPlace, _ cause: Cause) { (self.place, self.cause) = (place, cause) }

  /// What is wrong and what to do, without the place.
  public var sentence: String {
    switch cause {
    case .notSTIX:
      "This is JSON, but not STIX 2: a bundle, an object with a type, or a list of such objects belongs here. "
        + "Name a file that its source calls STIX 2.0 or 2.1."
    case .objectsNotList: "objects is not a list. Write [ ] around the objects."
    case .doubledMember(let name, let first):
      "\(quoted(name)) stands twice in one object, first at \(first). Remove one of the two."
    }
  }
}
