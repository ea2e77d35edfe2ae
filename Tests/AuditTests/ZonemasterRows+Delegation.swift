/// DELEGATION01, 02 and 03. Servers: 21 and 22 of the parent, 31 to 38 of the children.
extension ZonemasterScenario {
  static let delegation01: [ZonemasterScenario] = [
    .init(
      "ENOUGH-1", .zone, "glue-differs added @21 @22; glue-differs removed @21 @22",
      "the parent's zone file gives the IPv6 address of ns2 to ns1"),
    .init("ENOUGH-2", .zone),
    .init("ENOUGH-3", .zone),
    .init("ENOUGH-DEL-NOT-CHILD", .delegation, "record-differs removed @31 @32"),
    .init("ENOUGH-CHILD-NOT-DEL", .zone, "delegation-differs removed @21 @22"),
    .init("IPV6-AND-DEL-OK-NO-IPV4-CHILD", .delegation, "record-differs removed @31 @32"),
    .init(
      "IPV4-AND-DEL-OK-NO-IPV6-CHILD", .delegation, "record-differs added @31 @32; record-differs removed @31 @32",
      "the zone file also gives the IPv4 address of ns2 to ns1"),
    .init("NO-IPV4-1", .zone),
    .init("NO-IPV4-2", .zone),
    .init("NO-IPV4-3", .zone, "glue-differs added @21 @22", "the parent gives the address of ns2 to ns1"),
    .init("NO-IPV6-1", .zone),
    .init("NO-IPV6-2", .zone),
    .init("NO-IPV6-3", .zone, "glue-differs added @21 @22", "the parent gives the address of ns2 to ns1"),
    .init("MISMATCH-DELEGATION-CHILD-1", .zone, "glue-differs removed @21 @22"),
    .init("MISMATCH-DELEGATION-CHILD-2", .delegation, "record-differs removed @31 @32"),
  ]

  static let delegation02: [ZonemasterScenario] = [
    .init("ALL-DISTINCT-1", .zone),
    .init("ALL-DISTINCT-2", .zone),
    .init("ALL-DISTINCT-3", .zone),
    .init("DEL-NON-DISTINCT", .zone, "glue-differs replaced @21 @22"),
    .init(
      "DEL-NON-DISTINCT-UND", .servers("ns1a 31, ns1b 31"), "delegation-differs removed @21 @22; record-differs replaced @31"),
    .init("CHILD-NON-DISTINCT", .delegation, "record-differs replaced @31 @32"),
    .init(
      "CHILD-NON-DISTINCT-UND", .servers("ns1a 31, ns1b 32"),
      "delegation-differs removed @21 @22; record-differs replaced @31 @32"),
    .init("NON-DISTINCT-1", .zone),
    .init("NON-DISTINCT-2", .zone),
    .init("NON-DISTINCT-3", .zone),
  ]

  /// "There is no actual zone or zone file, only a delegation": something listens at the addresses and knows no zone.
  static let delegation03: [ZonemasterScenario] = [
    .init("REFERRAL-SIZE-OK-1", .delegation, "server-lame lame @31 @32"),
    .init("REFERRAL-SIZE-OK-2", .delegation, "server-lame lame @31 @32 @33"),
    .init(
      "REFERRAL-SIZE-TOO-LARGE-1", .delegation,
      "server-lame lame @31 @32; name-server-unreachable noAddress @ns3 @ns4 @ns5",
      "the glue of ns3, ns4 and ns5 stands under other names than the delegation's"),
    .init("REFERRAL-SIZE-TOO-LARGE-2", .delegation, "server-lame lame @31 @32 @33 @34"),
  ]
}
