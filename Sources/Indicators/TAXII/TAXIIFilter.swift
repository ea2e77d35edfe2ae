internal import Notation

/// What of a collection is wanted, and how much at once (§3.4, §3.5).
public struct TAXIIFilter: Hashable, Sendable {
  /// Which of an object's versions.
  public enum Version: Hashable, Sendable {
    case all, first, last
    case at(TAXIITimestamp)
  }

  /// Only what was added later than this.
  public var addedAfter: TAXIITimestamp?
  /// Any of these; empty for all, as with types.
  public var ids: [String] = []
  public var types: [String] = []
  /// Empty for the last of each object.
  public var versions: [Version] = []
  /// Of STIX, as `2.1`. Empty for the newest in which an object is there.
  public var specVersions: [String] = []
  /// Objects on one page.
  public var limit: Int?
  /// What the page before said.
  public var next: String?

  public init() {}

  /// Whether it may take nothing of an object that is there.
  var mayPassOverVersions: Bool {
    addedAfter != nil || !specVersions.isEmpty || versions.contains { if case .at = $0 { true } else { false } }
  }
}

extension TAXIIFilter {
  /// Why a query is refused.
  public enum Fault: Error, Hashable, Sendable {
    /// A field that stands twice: the specification forbids it, and servers differ in which they take.
    case repeated(String)
    case notTimestamp(String, value: String)
    case notLimit(String)
    /// Versions that stand twice, or `all` beside another: the specification forbids both (§3.4.1).
    case mixedVersions(String)
    case notUTF8
    case tooLong(octets: Int, limit: Int)
  }

  /// Octets of a query that are read: some 180 identifiers.
  public static let octets = 16_384

  /// Reads the query of a URL, without its question mark. Other fields are passed over.
  public init(query: String) throws(Fault) {
    guard query.utf8.count <= Self.octets else { throw .tooLong(octets: query.utf8.count, limit: Self.octets) }
    var seen: Set<String> = []
    for pair in query.split(separator: "&") {
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = percentDecoded(sides[0], isForm: true),
        let value = percentDecoded(sides.count == 2 ? sides[1] : "", isForm: true)
      else { throw .notUTF8 }
      guard Self.fields.contains(name) else { continue }
      guard seen.insert(name).inserted else { throw .repeated(name) }
      try take(value, as: name)
    }
  }

  private static let fields: Set<String> = [
    "added_after", "limit", "next", "match[id]", "match[type]", "match[version]", "match[spec_version]",
  ]

  private mutating func take(_ value: String, as name: String) throws(Fault) {
    let list = value.split(separator: ",").map(String.init)
    switch name {
    case "added_after":
      guard let time = TAXIITimestamp(value) else { throw .notTimestamp(name, value: value) }
      addedAfter = time
    case "limit":
      guard let number = Int(value), number > 0 else { throw .notLimit(value) }
      limit = number
    case "next": next = value
    case "match[id]": ids = list
    case "match[type]": types = list
    case "match[spec_version]": specVersions = list
    default:
      for word in list {
        switch word {
        case "all": versions.append(.all)
        case "first": versions.append(.first)
        case "last": versions.append(.last)
        default:
          guard let time = TAXIITimestamp(word) else { throw .notTimestamp(name, value: word) }
          versions.append(.at(time))
        }
      }
      guard Set(versions).count == versions.count, versions.count < 2 || !versions.contains(.all) else {
        throw .mixedVersions(value)
      }
    }
  }

  /// The query of a URL, without its question mark; empty where nothing is asked for.
  public var query: String {
    var fields: [(String, String)] = []
    if let addedAfter { fields.append(("added_after", "\(addedAfter)")) }
    if let limit { fields.append(("limit", "\(limit)")) }
    if let next { fields.append(("next", next)) }
    for (name, list) in [
      ("id", ids), ("type", types), ("version", versions.map(\.text)), ("spec_version", specVersions),
    ] where !list.isEmpty {
      fields.append(("match[\(name)]", list.joined(separator: ",")))
    }
    return fields.map { "\(percentEncoded($0.0))=\(percentEncoded($0.1))" }.joined(separator: "&")
  }
}

extension TAXIIFilter.Version {
  var text: String {
    switch self {
    case .all: "all"
    case .first: "first"
    case .last: "last"
    // Objects write milliseconds (STIX 2.1 §3.2), and a server may compare letters.
    case .at(let time):
      time.microseconds % 1000 == 0 ? "\(time)".replacingSuffix("000Z", with: "Z") : "\(time)"
    }
  }
}

extension String {
  fileprivate func replacingSuffix(_ suffix: String, with other: String) -> String {
    hasSuffix(suffix) ? dropLast(suffix.count) + other : self
  }
}

extension TAXIIFilter.Fault {
  /// What is wrong and what to do.
  public var sentence: String {
    switch self {
    case .repeated(let name): "\(name) stands twice in the query. Give its values in one field, with commas between them."
    case .notTimestamp(let name, let value):
      "\(quoted(value)) in \(name) is no time. Write it in UTC, as 2016-11-03T12:30:59.001Z."
    case .notLimit(let value): "\(quoted(value)) is no limit. Write a whole number from 1."
    case .mixedVersions(let value):
      "\(quoted(value)) in match[version] names a version twice, or all beside another. Name each once, or all alone."
    case .notUTF8: "The query is not UTF-8, or a percent sign is not followed by two hexadecimal digits. Encode it anew."
    case .tooLong(let octets, let limit):
      "The query has \(octets) octets; at most \(limit) are read. Ask for fewer objects at once."
    }
  }
}
