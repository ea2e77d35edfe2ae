import Audit
import DNSWire
import Estate
import Names
import Notation

/// A declaration that a person may accept, written from what is served now: each value with who agrees.
struct ProposalPage {
  var domains: [ServedDomain]
  /// The owner's own file where there is one, and where domains stand in it.
  var base: (text: String, domains: (line: Int, indent: Int)?)?
  var at: Timestamp
  /// The file that is to say what is intended, in the place of records that were seen: the key and its path.
  var source: (key: String, path: String)?
  /// What is served otherwise than that file says.
  var departures: [String] = []

  var text: String {
    let sections = domains.flatMap { section($0) }
    guard let base else { return join(warning + ["version: 1", "domains:"] + sections) }
    var lines = base.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    while lines.last?.isEmpty ?? false { lines.removeLast() }
    guard let (line, indent) = base.domains, line <= lines.count else { return join(warning + lines + ["domains:"] + sections) }
    // As far in as the domains that are there.
    let pad = String(repeating: " ", count: indent)
    lines.insert(contentsOf: sections.map { pad + $0.dropFirst(2) }, at: line)
    return join(warning + lines)
  }

  private func join(_ lines: [String]) -> String { lines.joined(separator: "\n") + "\n" }

  private var warning: [String] {
    let differing = domains.reduce(0) { $0 + $1.differing.count }
    return [
      "# Proposed by nameward on \(at) from what is served now. Nobody has checked it.",
      "#",
      "# WHAT IT LEARNED MAY ALREADY BE HIJACKED. Whoever changed these names before today is declared here as intended.",
      "# Compare every value with your own records before you accept it: zone files, provider, registrar, the people who run it.",
      "# Behind each value stands who gives it."
        + (differing == 0 ? "" : " \(differing) marked DIFFERS are not the same everywhere."),
      "",
    ]
  }

  private func section(_ domain: ServedDomain) -> [String] {
    var lines = ["  \(Self.key(domain.name)):"]
    if let dead = domain.noParent { lines.append("    # The parent zone could not be asked: \(dead.words)") }
    lines += delegation(domain)
    lines += ds(domain)
    if let source {
      lines.append("    \(source.key): \(Self.quoted(source.path))")
      let isSame = departures.isEmpty
      lines.append("    # \(isSame ? "What is served now is as this file says." : "Served otherwise than this file says:")")
      return lines + departures.map { "    #   \($0)".printable }
    }
    if let found = domain.enumeration {
      let how = found.method == .transfer ? "gives the whole zone to anybody (AXFR)" : "tells the zone's names by NSEC"
      lines.append("    # \(found.server) \(how)\(found.isWhole ? "" : ", as far as it was followed"): names are from there.")
    } else {
      lines.append("    # Names were guessed: no server tells which there are. Add those that are missing.")
    }
    let owned = records(of: domain)
    return lines + (owned.isEmpty ? ["    # No record was found."] : ["    records:"] + owned)
  }

  private func records(of domain: ServedDomain) -> [String] {
    let sets = domain.records.filter { $0.type != .ns || $0.name != domain.name }
    var lines: [String] = []
    for name in Set(sets.map(\.name)).sorted() {
      let own = sets.filter { $0.name == name }.flatMap(record)
      // A name for which everything is left to decide stays a comment, so that the file reads.
      let isDecided = own.contains { !$0.drop { $0 == " " }.hasPrefix("#") }
      lines.append("      \(isDecided ? "" : "# ")\(Self.owner(name, in: domain.name)):")
      lines += own
    }
    return lines
  }

  private func delegation(_ domain: ServedDomain) -> [String] {
    guard let set = domain.delegation else { return [] }
    var lines = differences(set, "delegation", indent: "    ")
    guard let usual = set.usual, !usual.records.isEmpty else {
      return lines + [
        "    # nameservers: not proposed, since the parent's servers \(set.answers.isEmpty ? "gave none" : "do not agree")."
      ]
    }
    lines.append("    nameservers:  # \(agreement(set))")
    for host in usual.records.compactMap({ NS($0)?.nameServer }).sorted() {
      let addresses = domain.glue[host] ?? []
      lines.append(
        "      \(Self.key(host)): "
          + (addresses.isEmpty ? "any" : "[\(addresses.map { Self.quoted("\($0)") }.joined(separator: ", "))]"))
    }
    return lines
  }

  private func ds(_ domain: ServedDomain) -> [String] {
    guard let set = domain.ds else { return [] }
    let lines = differences(set, "DS", indent: "    ")
    guard let usual = set.usual else { return lines + ["    # ds: not proposed, since the parent's servers do not agree."] }
    if usual.records.isEmpty { return lines + ["    ds: unsigned  # \(agreement(set))"] }
    return lines + ["    ds: [\(usual.records.map { Self.quoted($0.text) }.joined(separator: ", "))]  # \(agreement(set))"]
  }

  private func record(_ set: ServedRRset) -> [String] {
    var lines = differences(set, "\(set.type)", indent: "        ")
    guard let usual = set.usual else {
      return lines + ["        # \(set.type): decide: as many places give one answer as another."]
    }
    guard !usual.records.isEmpty else {
      return lines + ["        # \(set.type): most places give none."]
    }
    let values = usual.records.map { Self.quoted($0.text) }.joined(separator: ", ")
    let value = usual.ttl.map { "{values: [\(values)], ttl: \($0)}" } ?? "[\(values)]"
    lines.append("        \(set.type): \(value)  # \(agreement(set))")
    return lines
  }

  /// Each answer beside the usual one, and who could not be heard.
  private func differences(_ set: ServedRRset, _ what: String, indent: String) -> [String] {
    var lines: [String] = []
    if set.answers.count > 1 {
      for answer in set.answers {
        let values = answer.records.isEmpty ? "nothing" : answer.records.map(\.text).joined(separator: ", ")
        let places = answer.places.map(\.words).joined(separator: "; ")
        lines.append("\(indent)# DIFFERS \(what): \(values.printable) at \(places.printable)")
      }
    }
    return lines
  }

  /// `2 of 2 name servers, 1 of 1 resolvers`, and who said nothing.
  private func agreement(_ set: ServedRRset) -> String {
    let agreeing = set.usual?.places ?? []
    let all = set.answers.flatMap(\.places) + set.untold.map(\.place)
    let words = [(Place.Kind.parent, "parent servers"), (.authoritative, "name servers"), (.resolver, "resolvers")].compactMap {
      kind, noun -> String? in
      let count = all.count { $0.kind == kind }
      return count == 0 ? nil : "\(agreeing.count { $0.kind == kind }) of \(count) \(noun)"
    }
    let silent = set.untold.map { "\($0.place.server.map { "\($0)" } ?? "?"): \($0.why.words)" }
    return words.joined(separator: ", ") + (silent.isEmpty ? "" : "; could not tell: \(silent.joined(separator: "; ").printable)")
  }

  // MARK: YAML

  /// A name as the declaration's `records` have it.
  private static func owner(_ name: DomainName, in domain: DomainName) -> String {
    if name == domain { return "\"@\"" }
    let labels = name.labelCount - domain.labelCount
    guard domain != .root, labels > 0, "\(name)".hasSuffix(".\(domain)") else { return quoted("\(name)") }
    return quoted(String("\(name)".dropLast("\(domain)".utf8.count + 1)))
  }

  private static func key(_ name: DomainName) -> String {
    let text = name == .root ? "." : String("\(name)".dropLast())
    return text.utf8.allSatisfy { $0 == 0x2D || $0 == 0x2E || $0 &- 0x30 < 10 || $0 &- 0x61 < 26 } ? text : quoted("\(name)")
  }

  /// Double quotes, in which YAML and JSON agree.
  private static func quoted(_ text: String) -> String { jsonString(text) }
}

extension ServedDomain {
  /// What is not the same everywhere.
  var differing: [ServedRRset] {
    ([delegation, ds].compactMap(\.self) + records).filter { $0.answers.count > 1 }
  }
}
