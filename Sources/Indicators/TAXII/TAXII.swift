/// TAXII 2.1 (OASIS Standard, 10 June 2021): the resources that a server gives and the rules by which it answers, as values.
public enum TAXII {
  /// What requests accept and what answers are (§1.6.8.1).
  public static let mediaType = "application/taxii+json;version=2.1"
  /// The path at which a server is discovered (§4.1).
  public static let discoveryPath = "/taxii2/"
  /// When the first and the last object of a page were added (§3.2).
  public static let firstAddedField = "X-TAXII-Date-Added-First"
  public static let lastAddedField = "X-TAXII-Date-Added-Last"

  /// The media type of STIX objects of a version.
  public static func stixMediaType(_ version: String) -> String { "application/stix+json;version=\(version)" }

  /// Whether one of the media ranges of an `Accept` field takes what this server writes: TAXII without a version, or 2.1.
  ///
  /// Wider ranges (`*/*`) do not count: a client of TAXII names it (§3.1), and a browser that strays here learns so.
  static func accepts(_ field: String?) -> Bool {
    (field ?? "").split(separator: ",").prefix(32).contains { isOurs($0) }
  }

  /// Whether a body is of the one media type that is read.
  static func isContent(_ field: String?) -> Bool { field.map { isOurs($0[...]) } ?? false }

  private static func isOurs(_ range: Substring) -> Bool {
    let parts = range.split(separator: ";", omittingEmptySubsequences: false).map { $0.filter { $0 != " " && $0 != "\t" } }
    guard parts.first?.lowercased() == "application/taxii+json" else { return false }
    return parts.dropFirst().allSatisfy { parameter in
      let sides = parameter.split(separator: "=", maxSplits: 1).map(String.init)
      switch sides.first?.lowercased() {
      case "version": return sides.last == "2.1" || sides.last == "\"2.1\""
      // A weight of nothing refuses (RFC 9110 §12.4.2).
      case "q": return sides.count == 2 && sides[1].contains { ("1"..."9").contains($0) }
      default: return true
      }
    }
  }
}
