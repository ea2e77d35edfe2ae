import Fixtures
import RealServers
import Testing

/// A rule of tolerance: what it accepts at a server, and the same server with something that it does not.
struct Rule: Sendable, CustomTestStringConvertible {
  typealias Change = @Sendable (inout Zone) -> Void

  var says: String
  var intentions: Owner.Intentions
  /// What NSD serves, and is intended so.
  var accepted: Change
  /// What NSD serves beside that, and is not.
  var refused: Change
  var check: String
  var name: String
  var type: String
  var how: String
  /// The exit code of what is refused.
  var code: Int32

  var testDescription: String { says }

  /// Servers whose TTL differs, or whose data cannot be judged, are not told to disagree.
  var expected: [Expected] {
    code == 4 || how == "ttl"
      ? [Expected(check, name, type, how, at: .nsd)] : alone(name, type, how, by: check, at: .nsd)
  }

  init(
    _ says: String, _ said: [Owner.Said], files: [String: String] = [:], network: [String: String] = [:],
    accepted: @escaping Change = { _ in }, refused: @escaping Change, _ name: String, _ type: String, _ how: String,
    by check: String = "record-differs", code: Int32 = 3
  ) {
    (self.says, self.accepted, self.refused) = (says, accepted, refused)
    (self.check, self.name, self.type, self.how, self.code) = (check, name, type, how, code)
    intentions = Owner.Intentions(network: network, resolvers: false, unsignedChild: false, said: said, files: files)
  }
}

extension Rule {
  private static let www = "www.agency.gov."
  private static let apex = "agency.gov."

  static let all: [Rule] = [
    Rule(
      "values: exactly these", [.init("www", "A", "{values: [192.0.2.80, 192.0.2.81]}")],
      refused: { $0.remove(www, "A", "192.0.2.81") }, www, "A", "removed"),
    Rule(
      "anyOf with atLeast: too few", [.init("www", "A", "{anyOf: [192.0.2.80, 192.0.2.81, 192.0.2.82], atLeast: 2}")],
      accepted: { $0.replace(www, "A", with: ["192.0.2.81", "192.0.2.82"]) },
      refused: { $0.replace(www, "A", with: ["192.0.2.82"]) }, www, "A", "removed"),
    Rule(
      "anyOf with atMost: too many", [.init("www", "A", "{anyOf: [192.0.2.80, 192.0.2.81, 192.0.2.82], atMost: 2}")],
      accepted: { $0.replace(www, "A", with: ["192.0.2.82"]) },
      refused: { $0.replace(www, "A", with: ["192.0.2.80", "192.0.2.81", "192.0.2.82"]) }, www, "A", "added"),
    Rule(
      "anyOf: a foreign one", [.init("www", "A", "{anyOf: [192.0.2.80, 192.0.2.81, 192.0.2.82]}")],
      accepted: { $0.replace(www, "A", with: ["192.0.2.82"]) }, refused: { $0.replace(www, "A", with: ["192.0.2.83"]) }, www,
      "A", "replaced"),
    Rule(
      "allOf: one is gone", [.init("www", "A", "{allOf: [192.0.2.80], within: [192.0.2.0/24]}")],
      accepted: { $0.replace(www, "A", with: ["192.0.2.80", "192.0.2.99"]) },
      refused: { $0.replace(www, "A", with: ["192.0.2.99"]) }, www, "A", "removed"),
    Rule(
      "within prefixes", [.init("www", "A", "{within: [192.0.2.64/26, 198.51.100.0/24]}")],
      accepted: { $0.replace(www, "A", with: ["192.0.2.127", "198.51.100.1"]) },
      refused: { $0.replace(www, "A", with: ["192.0.2.127", "192.0.2.128"]) }, www, "A", "added"),
    Rule(
      "within prefixes of IPv6", [.init("www", "AAAA", "{within: [\"2001:db8::/64\"]}")],
      accepted: { $0.replace(www, "AAAA", with: ["2001:db8::ffff"]) },
      refused: { $0.replace(www, "AAAA", with: ["2001:db8:0:1::80"]) }, www, "AAAA", "replaced"),
    Rule(
      "originAS by a MaxMind DB", [.init("www", "A", "{originAS: [64496, 64497]}")],
      network: ["originDatabase": Fixture.path("dns/origins/asn.mmdb")],
      accepted: { $0.replace(www, "A", with: ["192.0.2.200", "198.51.100.127"]) },
      refused: { $0.replace(www, "A", with: ["192.0.2.200", "203.0.113.7"]) }, www, "A", "added"),
    Rule(
      "originAS by a pfx2as file", [.init("www", "A", "{originAS: [64496]}")],
      files: ["pfx2as": "192.0.2.0\t24\t64496\n203.0.113.0\t24\t65551\n"], network: ["originDatabase": "pfx2as"],
      refused: { $0.replace(www, "A", with: ["203.0.113.7"]) }, www, "A", "replaced"),
    Rule(
      "originAS: nobody is known to announce it", [.init("www", "A", "{originAS: [64496]}")],
      network: ["originDatabase": Fixture.path("dns/origins/asn.mmdb")],
      refused: { $0.replace(www, "A", with: ["203.0.113.8"]) }, www, "A", "", code: 4),
    Rule(
      "endsIn: an alias within, and one without", [.init("portal", "CNAME", "{endsIn: [agency.gov, cdn.test]}")],
      accepted: { $0.replace("portal.agency.gov.", "CNAME", with: ["shop.edge.cdn.test."]) },
      refused: { $0.replace("portal.agency.gov.", "CNAME", with: ["www.foreign.test."]) }, "portal.agency.gov.", "CNAME",
      "replaced"),
    Rule(
      "endsIn: addresses in the place of the alias", [.init("portal", "CNAME", "{endsIn: [agency.gov]}")],
      refused: { zone in
        zone.remove("portal.agency.gov.", "CNAME")
        zone.add("portal.agency.gov.", "A", "203.0.113.66")
      }, "portal.agency.gov.", "CNAME", "removed"),
    Rule(
      "ttl at most", [.init("www", "A", "{within: [192.0.2.0/24], ttl: 300}")],
      accepted: { $0.replace(www, "A", with: ["192.0.2.80"], ttl: 60) },
      refused: { $0.replace(www, "A", with: ["192.0.2.80"], ttl: 301) }, www, "A", "ttl",
      by: "ttl-above-declared"),
    Rule(
      "a wildcard that is forbidden", [.init("*", "", "absent")], refused: { $0.add("*.agency.gov.", "A", "203.0.113.66") },
      "*.agency.gov.", "A", "added",
      by: "wildcard-differs"),
    Rule(
      "a wildcard that is expected, and is gone", [.init("*.apps", "A", "{within: [192.0.2.0/24]}")],
      accepted: { $0.replace("*.apps.agency.gov.", "A", with: ["192.0.2.91"]) },
      refused: { $0.remove("*.apps.agency.gov.", "A") }, "*.apps.agency.gov.", "A", "removed"),
    Rule(
      "absent", [.init("old", "", "absent")], refused: { $0.add("old.agency.gov.", "A", "203.0.113.66") }, "old.agency.gov.", "A",
      "added"),
    Rule(
      "absent of one type", [.init("mail", "TXT", "absent")], refused: { $0.add("mail.agency.gov.", "TXT", "\"v=spf1 +all\"") },
      "mail.agency.gov.", "TXT", "added"),
    Rule(
      "matches: verification tokens, and a foreign text",
      [.init("@", "TXT", "{allOf: [\"v=spf1 mx -all\"], matches: [\"^google-site-verification=[A-Za-z0-9_-]{10,}$\"]}")],
      accepted: { $0.add(apex, "TXT", "\"google-site-verification=\" \"rXOxyZounnZasA8Z7oaD3c14\"") },
      refused: { $0.add(apex, "TXT", "\"google-site-verification=short\"") }, apex, "TXT", "added"),
    Rule(
      "others: anything beside what must be there", [.init("@", "TXT", "{allOf: [\"v=spf1 mx -all\"], others: true}")],
      accepted: { $0.add(apex, "TXT", "\"whatever\"") }, refused: { $0.remove(apex, "TXT", "\"v=spf1 mx -all\"") }, apex,
      "TXT", "removed"),
  ]
}

@Suite("Each rule of tolerance at a real server", .serialized) struct ToleranceRuleTests {
  private static let stage = Stage(.init(signed: false, unbound: false, delivery: true))

  /// The names that vary are of no interest here.
  private static func quiet(_ rule: Rule) -> Rule {
    var rule = rule
    let known = Set(rule.intentions.said.map(\.name))
    for one in Proper.intentions().said where !known.contains(one.name) { rule.intentions.said.append(one) }
    rule.intentions.further = Proper.groups
    return rule
  }

  @Test(arguments: Rule.all) func `accepts what is inside, and finds what is not`(rule: Rule) async throws {
    let hierarchy = try await Self.stage.hierarchy
    let rule = Self.quiet(rule)
    let owner = try Owner(hierarchy, rule.intentions)
    let outcome: Result<Void, any Error>
    do {
      try await hierarchy.edit(only: .nsd) { rule.accepted(&$0) }
      try await owner.finds([], when: "inside")
      try await hierarchy.edit(only: .nsd) { rule.refused(&$0) }
      try await owner.finds(rule.expected, code: rule.code, when: "outside")
      outcome = .success(())
    } catch { outcome = .failure(error) }
    try await hierarchy.restore()
    try outcome.get()
  }
}
