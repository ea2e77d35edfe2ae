import Foundation

/// What `audit --format json` prints, as the contract has it: a reader of the tests' own, so that a renamed field is found.
struct AuditDocument: Decodable {
  struct Totals: Decodable, Equatable {
    var expected: Int
    var match: Int
    var mismatch: Int
    var couldNotTell: Int
    /// Apart from those that are expected.
    var excepted: Int
  }

  struct Place: Decodable {
    var kind: String
    var server: String?
    var zone: String
  }

  struct Exception: Decodable {
    var reason: String
    var owner: String
    var expires: String
  }

  struct Sighting: Decodable, Equatable {
    var value: String
    var match: String
    var indicator: String
    var source: String
    var tlp: String?
    var namesAtAddress: Int?
  }

  struct Finding: Decodable {
    var check: String
    var severity: String
    var verdict: String
    var name: String
    var type: String?
    var how: String?
    var `where`: Place
    var intended: [String]
    var observed: [String]
    var proof: String
    var since: String
    var evidence: String?
    var reason: String
    var declaredAt: String?
    var advice: String
    /// Only of what is excepted.
    var exception: Exception?
    /// Only of what saw the value of an indicator.
    var sightings: [Sighting]?

    var row: Row { Row(check: check, name: name, type: type ?? "", how: how ?? "", server: self.where.server ?? "") }
  }

  var version: Int
  var started: String
  var finished: String
  var totals: Totals
  var findings: [Finding]
  var excepted: [Finding]
  var gone: [Finding]

  init(_ text: String) throws { self = try JSONDecoder().decode(Self.self, from: Data(text.utf8)) }
}

/// A finding by what tells it from others; what is not there is the empty string.
struct Row: Hashable, Comparable, CustomStringConvertible {
  var check: String
  var name: String
  var type: String
  var how: String
  var server: String

  var description: String { [check, name, type, how, server].map { $0.isEmpty ? "-" : $0 }.joined(separator: " ") }
  static func < (left: Row, right: Row) -> Bool { left.description < right.description }
}
