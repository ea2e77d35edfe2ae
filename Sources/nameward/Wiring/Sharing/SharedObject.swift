import Indicators
import Names
import Notation

/// An object that is given to others, written out only where it is wanted.
struct SharedObject {
  var id: String
  var number: Int64
  var added: TAXIITimestamp
  /// By which its versions are told apart: of an observable, which has none, when it was added.
  var moment: TAXIITimestamp
  /// JSON; `nil` where it cannot be said in STIX 2.1.
  var text: () -> String?

  var type: String { id.firstRange(of: "--").map { String(id[..<$0.lowerBound]) } ?? id }

  init(_ id: String, number: Int64, added: Int64, version: Timestamp? = nil, _ text: @escaping () -> String?) {
    (self.id, self.number, self.added) = (id, number, TAXIITimestamp(microseconds: added))
    moment = version.map { TAXIITimestamp($0) } ?? self.added
    self.text = text
  }

  func record() throws -> TAXIIRecord? {
    guard let text = text() else { return nil }
    return TAXIIRecord(try TAXIIObject(JSONValue(Array(text.utf8))), added: added, number: number)
  }
}
