import Estate
import Testing

@Suite("What a person reads about a faulty change or exception") struct PlanSentenceTests {
  /// Below a domain with `www A 192.0.2.80`; the block's first line is line 4.
  static func plan(_ block: String, _ lines: String...) -> SentenceTests.Row {
    var row = SentenceTests.Row(
      "version: 1\ndomains: {example.gov: {zone: z, ds: unsigned}, example.net: {ds: unsigned}}\n\n\(block)\n")
    row.lines = lines
    return row
  }

  static let window = "from: 2026-12-01T08:00Z, until: 2026-12-01T10:00Z, ticket: CHG-1"

  @Test(
    arguments: [
      plan(
        "changes: soon",
        "4:10: changes: holds text where a list of changes belongs. Write [{name: www.example.gov, type: A, to: 192.0.2.81, "
          + "from: 2026-12-01T08:00Z, until: 2026-12-01T10:00Z, ticket: CHG-1}]."),
      plan(
        "changes: [{name: www.example.gov}]", "4:11: a change lacks type:. Write type: A.",
        "4:11: a change lacks to:. Write to: 192.0.2.81.", "4:11: a change lacks from:. Write from: 2026-12-01T08:00Z.",
        "4:11: a change lacks until:. Write until: 2026-12-01T10:00Z.", "4:11: a change lacks ticket:. Write ticket: CHG-1042."),
      plan(
        "changes: [{name: www, type: A, to: 192.0.2.81, \(window)}]",
        "4:18: www. is in no declared domain. Write the whole name, such as www.example.gov, or declare its domain."),
      plan(
        "changes: [{name: www.example.gov, type: A, to: 192.0.2.81, from: tomorrow, until: 2026-12-01T10:00, ticket: \"\"}]",
        "4:66: \"tomorrow\" is not a time. Write 2026-12-01T08:00Z, 2026-12-01T09:00+01:00 or 2026-12-01.",
        "4:83: \"2026-12-01T10:00\" is not a time. Write 2026-12-01T08:00Z, 2026-12-01T09:00+01:00 or 2026-12-01.",
        "4:109: ticket: holds nothing. Write where the change was agreed, such as CHG-1042."),
      plan(
        "changes: [{name: www.example.gov, type: A, to: 192.0.2.81, from: 2026-12-02T08:00Z, until: 2026-12-01, ticket: x}]",
        "4:92: The window ends at 2026-12-01T23:59:59Z and begins at 2026-12-02T08:00:00Z. Write an until: that is later than "
          + "from:."),
      plan(
        "changes: [{name: www.example.gov, type: A, to: 192.0.2.80, \(window)}]",
        "4:11: www.example.gov. A is declared as to: says already, at z:10:1. Write was: and the value before the change."),
      plan(
        "changes: [{name: www.example.gov, type: A, was: 192.0.2.81, to: [192.0.2.81], \(window)}]",
        "4:65: www.example.gov. A is the same in was: and to:. Write what changes, or remove the change."),
      plan(
        "changes: [{name: www.example.gov, type: A, was: 192.0.2.1, to: 192.0.2.2, \(window)}]",
        "4:11: www.example.gov. A: the declaration says 192.0.2.80 at z:10:1, which is neither was: nor to:. Make one of the "
          + "two equal to it."),
      plan(
        "changes:\n- {name: www.example.gov, type: A, to: 192.0.2.81, \(window)}\n"
          + "- {name: www.example.gov, type: A, to: 192.0.2.82, from: 2026-12-01T10:00Z, until: 2026-12-02, ticket: CHG-2}",
        "6:3: www.example.gov. A has another change at the same time, at nameward.yaml:5:3. Write windows that do not overlap."),
      plan(
        "changes: [{name: www.example.gov, type: A, to: {values: 192.0.2.81, ttl: 60}, \(window)}]",
        "4:48: A change is of values; the time to live stands where the record is declared. Remove ttl: here."),
      plan(
        "changes: [{name: ns1.example.gov, type: A, to: {within: [192.0.2.0/24], tlsProof: true}, \(window)}]",
        "4:11: tlsProof: cannot excuse ns1.example.gov., which an NS record names: who moves that host moves all that it serves. "
          + "Remove tlsProof:."),
      plan(
        "changes: [{name: www.example.gov, type: SOA, to: absent, \(window)}]",
        "4:41: SOA records are made by the server or signer and cannot be declared. Remove them."),
      plan(
        "changes: [{name: example.gov, type: NS, to: absent, \(window)}]",
        "4:45: The domain itself cannot be absent: it has SOA and NS. Write absent for single types, as in {MX: absent}."),
      plan(
        "changes: [{name: example.net, type: NS, to: ns1.example.net., \(window)}]",
        "4:11: The name servers of example.net. are not declared. Write was: and the name servers before the change."),
      plan(
        "changes: [{name: www.example.gov, type: A, to: 192.0.2.300, \(window)}]",
        "4:48: \"192.0.2.300\" is not A data: \"192.0.2.300\" is not an IPv4 address such as 192.0.2.1. Write it as in a zone file."
      ),
    ] as [SentenceTests.Row])
  func `changes`(row: SentenceTests.Row) { SentenceTests().check(row) }

  static let rest = "reason: r, owner: o, expires: 2026-12-31"

  @Test(
    arguments: [
      plan(
        "exceptions: [{name: www.example.gov}]", "4:14: an exception lacks check:. Write check: record-differs.",
        "4:14: an exception lacks reason:. Write reason: \"…\".", "4:14: an exception lacks owner:. Write owner: \"…\".",
        "4:14: an exception lacks expires:. Write expires: 2026-12-31."),
      plan(
        "exceptions: [{check: record-difers, name: www.example.gov, \(rest)}]",
        "4:22: There is no check \"record-difers\". Did you mean record-differs?"),
      plan(
        "exceptions: [{check: colour, name: www.example.gov, \(rest)}]",
        "4:22: There is no check \"colour\". nameward explain lists them."),
      plan(
        "exceptions: [{check: exception-expired, name: www.example.gov, \(rest)}]",
        "4:22: exception-expired watches over exceptions and cannot be excepted itself. Remove this exception."),
      plan(
        "exceptions: [{check: exception-unused, domain: example.gov, \(rest)}]",
        "4:22: exception-unused watches over exceptions and cannot be excepted itself. Remove this exception."),
      plan(
        "exceptions: [{check: record-differs, \(rest)}]",
        "4:14: The exception does not say of what. Write domain: example.gov or name: www.example.gov."),
      plan(
        "exceptions: [{check: record-differs, domain: example.gov, name: www.example.gov, \(rest)}]",
        "4:59: domain: and name: stand together. Keep domain: for everything of it, or name: for one name."),
      plan(
        "exceptions: [{check: record-differs, domain: example.gov, type: A, \(rest)}]",
        "4:59: type: narrows a name, and there is none. Write name: too, or remove type:."),
      plan(
        "exceptions: [{check: record-differs, domain: exampel.gov, \(rest)}]",
        "4:46: exampel.gov. is no declared domain. Did you mean example.gov?"),
      plan(
        "exceptions: [{check: record-differs, domain: www.agency.example, \(rest)}]",
        "4:46: www.agency.example. is no declared domain. Write name: for a single name, or a domain that stands below domains:."),
      plan(
        "exceptions: [{check: record-differs, name: www.example.gov, type: AA, reason: r, owner: o, expires: never}]",
        "4:67: There is no record type \"AA\". Did you mean CAA?",
        "4:101: \"never\" is not a time. Write 2026-12-01T08:00Z, 2026-12-01T09:00+01:00 or 2026-12-01."),
      plan(
        "exceptions: [{check: record-differs, name: www.example.gov, reason: r, owner: o, expires: 2027-11-25}]",
        "4:91: An exception lasts at most 366 days, and 2027-11-25T23:59:59Z is further away. Write 2027-11-24 or earlier, and "
          + "renew it then."),
      plan(
        "exceptions: [{check: record-differs, name: www.example.gov, reason: r, owner: o, expires: \"2027-11-24T12:00:01Z\"}]",
        "4:91: An exception lasts at most 366 days, and 2027-11-24T12:00:01Z is further away. Write 2027-11-24 or earlier, and "
          + "renew it then."),
    ] as [SentenceTests.Row])
  func `exceptions`(row: SentenceTests.Row) { SentenceTests().check(row) }
}
