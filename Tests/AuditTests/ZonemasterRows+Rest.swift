/// NAMESERVER11 and 15, and ZONE09. Servers: in ZONE09 31 and 32 of the zone.
extension ZonemasterScenario {
  private static let noServer = "there is a specification and neither zone nor server of it in the data"

  static let nameserver11: [ZonemasterScenario] = [
    .init(notShipped: "NO-EDNS-ON-UNKNOWN-OC", noServer),
    .init(notShipped: "NO-ERROR", noServer),
    .init(notShipped: "NO-RESPONSE-ON-EDNS", noServer),
    .init(notShipped: "NO-RESPONSE-ON-UNKNOWN-OC", noServer),
    .init(notShipped: "RETURNS-UNKNOWN-OC", noServer),
    .init(notShipped: "UNEXPECTED-ANSWER-SECTION", noServer),
    .init(notShipped: "UNEXPECTED-RCODE-FORMERR", noServer),
    .init(notShipped: "UNEXPECTED-RCODE-REFUSED", noServer),
    .init(notShipped: "UNSET-AA", noServer),
  ]

  static let nameserver15: [ZonemasterScenario] = [
    .init("NO-VERSION-REVEALED-1", .zone),
    .init("NO-VERSION-REVEALED-2", .zone),
    .init("NO-VERSION-REVEALED-3", .zone),
    .init("NO-VERSION-REVEALED-4", .zone),
    .init("NO-VERSION-REVEALED-5", .zone),
    .init("NO-VERSION-REVEALED-6", .zone),
    .init("ERROR-ON-VERSION-QUERY-1", .zone),
    .init("ERROR-ON-VERSION-QUERY-2", .zone),
    .init("SOFTWARE-VERSION-1", .zone),
    .init("SOFTWARE-VERSION-2", .zone),
    .init("WRONG-CLASS-1", .zone),
    .init("WRONG-CLASS-2", .zone),
  ]

  static let zone09: [ZonemasterScenario] = [
    .init("NO-RESPONSE-MX-QUERY", .zone, "record-differs silent @32", also: "@ MX 10 mail"),
    .init("UNEXPECTED-RCODE-MX", .zone, "record-differs unreadable @31", "no MX is declared, and one may have come"),
    .init(
      "NON-AUTH-MX-RESPONSE", .zone, "servers-disagree replaced @31 @32; server-lame lame @34",
      "the server without AA is not delegated to, so it is declared as a secondary; ns2 makes up another SOA of the same serial",
      also: "@ MX 10 mail", secondaries: [34]),
    .init("INCONSISTENT-MX", .zone, "record-differs removed @32; servers-disagree replaced @32", also: "@ MX 10 mail"),
    .init(
      "INCONSISTENT-MX-DATA", .zone, "record-differs removed @32; servers-disagree replaced @32",
      also: "@ MX 10 mail; @ MX 10 mail2"),
    .init(
      "NULL-MX-WITH-OTHER-MX", .zone, "record-differs removed @31 @32; null-mx-broken unsafe @null-mx-with-other-mx",
      "the servers answer the address of the apex whatever name's address is asked for",
      also: "@ MX 10 mail; @ MX 0 .; @ A 127.3.0.25"),
    .init("NULL-MX-NON-ZERO-PREF", .zone, also: "@ MX 99 ."),
    .init("TLD-EMAIL-DOMAIN", .zone),
    .init("ROOT-EMAIL-DOMAIN", .zone),
    .init("MX-DATA", .zone, also: "@ MX 10 mail"),
    .init("NULL-MX", .zone, also: "@ MX 0 ."),
    .init("NO-MX-SLD", .zone),
    .init(notShipped: "NO-MX-TLD", "the root does not delegate it"),
    .init(notShipped: "NO-MX-ARPA", "arpa does not delegate it"),
  ]
}
