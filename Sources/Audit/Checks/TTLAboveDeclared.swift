import DNSWire
import Estate
import Names

/// The data are right and would stay in caches for longer than declared.
public enum TTLAboveDeclared: Check {
  public static let specification = CheckSpecification(
    "ttl-above-declared", "A name server serves a longer TTL than declared",
    sources: ["RFC 2181 §8", "RFC 8767"],
    severity: "low",
    about: """
      The TTL in an authoritative answer is compared with the declared one. A longer TTL keeps a value in the world's caches \
      after it was changed back. A shorter one is not told of: servers that balance load lower it as they need.
      """,
    advice: "Look for a server that has an older zone, or declare the TTL that is meant.",
    fires: [Example("a day instead of an hour", [.set(.secondary, "www.example.gov. 86400 A 192.0.2.80")], how: .ttl)],
    silent: [
      Example("a shorter TTL", [.set(.secondary, "www.example.gov. 60 A 192.0.2.80")]),
      Example(
        "another value with a longer TTL, which is record-differs", [.set(.secondary, "www.example.gov. 86400 A 203.0.113.66")]),
    ])

  /// Record-differs asks for this where the data are as intended: an RRset at a place has one verdict.
  static func departure(served: UInt32?, declared: UInt32?) -> Departure? {
    guard let served, let declared, served > declared else { return nil }
    return .ttl(served: served, declared: declared)
  }
}
