/// BASIC01 and BASIC02. Servers: 21 and 22 of the family's own zone; in BASIC01 31, 32 and 34 of the grandparent, 41, 42, 44 and
/// 46 of the parent, 51 and 52 of the child.
extension ZonemasterScenario {
  /// Who is named for a child zone of which "there is no zone file or zone data": they refer the asker to the parent.
  private static let nobody = "server-lame lame @31 @32"
  private static let delegated = Owner.servers("ns1-delegated-child.basic01.xa. 31, ns2-delegated-child.basic01.xa. 32")
  private static let undelegated = Owner.servers("ns3-undelegated-child.basic01.xa. 33, ns4-undelegated-child.basic01.xa. 34")
  /// Nobody listens at 33, and 34 does not know the zone.
  private static let neither = "name-server-unreachable silent @33; server-lame lame @34"

  static let basic01: [ZonemasterScenario] = [
    .init("GOOD-1", .delegation, nobody),
    .init("GOOD-MIXED-1", .delegation, nobody),
    .init("GOOD-MIXED-2", .delegation),
    .init("GOOD-PARENT-HOST-1", .delegation),
    .init("GOOD-GRANDPARENT-HOST-1", .delegation),
    .init("GOOD-UNDEL-1", undelegated, "delegation-differs replaced @41 @42; \(nobody); \(neither)"),
    .init("GOOD-MIXED-UNDEL-1", undelegated, "delegation-differs replaced @41 @42 @34; \(nobody); \(neither)"),
    .init("GOOD-MIXED-UNDEL-2", undelegated, "delegation-differs replaced @41 @46; \(neither)"),
    .init("NO-DEL-UNDEL-1", undelegated, "delegation-differs removed @41 @42; \(neither)"),
    .init("NO-DEL-MIXED-UNDEL-1", undelegated, "delegation-differs removed @41 @42 @34; \(neither)"),
    .init("NO-DEL-MIXED-UNDEL-2", undelegated, "delegation-differs removed @41 @42 @34; \(neither)"),
    .init("NO-CHILD-1", delegated, "delegation-differs removed @41 @42; \(nobody)"),
    .init("NO-CHILD-2", delegated, "delegation-differs removed @41 @42; \(nobody)"),
    .init(
      "NO-CHLD-PAR-UNDETER-1", delegated, "delegation-differs removed @31; delegation-differs unknown @32; \(nobody)",
      "whoever is asked first of the grandparent's servers says that there is no parent zone, so they are the parent's"),
    .init(
      "CHLD-FOUND-PAR-UNDET-1", delegated, "delegation-differs unknown @32; \(nobody)",
      "one server of the grandparent delegates the child itself, the other one sends the asker to a parent"),
    .init("CHLD-FOUND-INCONSIST-1", .delegation, "delegation-differs removed @42; \(nobody)"),
    .init("CHLD-FOUND-INCONSIST-2", .delegation, "delegation-differs removed @42; \(nobody)"),
    .init("CHLD-FOUND-INCONSIST-3", .delegation, "delegation-differs removed @42; \(nobody)"),
    .init("CHLD-FOUND-INCONSIST-4", .delegation, "delegation-differs removed @42; \(nobody)"),
    .init("CHLD-FOUND-INCONSIST-5", .delegation, "delegation-differs removed @42; \(nobody)"),
    .init(
      "CHLD-FOUND-INCONSIST-6", .servers("ns1.parent.chld-found-inconsist-6.basic01.xa. 41, ns2 52"),
      "delegation-differs removed @42",
      "the parent's ns2 is served the grandparent's zone file"),
    .init("CHLD-FOUND-INCONSIST-7", .delegation, "delegation-differs removed @42"),
    .init("CHLD-FOUND-INCONSIST-8", .delegation, "delegation-differs removed @42"),
    .init("CHLD-FOUND-INCONSIST-9", .delegation, "delegation-differs removed @42"),
    .init("CHLD-FOUND-INCONSIST-10", .delegation, "delegation-differs removed @42"),
    .init("NO-DEL-UNDEL-NO-PAR-1", undelegated, "name-server-unreachable noParent @parent; \(neither)"),
    .init(
      "NO-DEL-UNDEL-PAR-UND-1", undelegated, "delegation-differs removed @31; delegation-differs unknown @32; \(neither)",
      "as NO-CHLD-PAR-UNDETER-1"),
    .init("NO-CHLD-NO-PAR-1", delegated, "name-server-unreachable noParent @parent; \(nobody)"),
    .init("CHILD-ALIAS-1", delegated, "delegation-differs removed @41 @42; \(nobody)"),
    .init("CHILD-ALIAS-2", delegated, "delegation-differs removed @41 @42; \(nobody)"),
    .init("ZONE-ERR-GRANDPARENT-1", .delegation, nobody),
    .init("ZONE-ERR-GRANDPARENT-2", .delegation, nobody),
    .init("ZONE-ERR-GRANDPARENT-3", .delegation, nobody),
    .init("ROOT-ZONE", .zone),
  ]

  static let basic02: [ZonemasterScenario] = [
    .init("GOOD-1", .delegation),
    .init("GOOD-2", .delegation, zone: "good-2.basic02.xa"),
    .init("GOOD-UNDEL-1", .servers("ns1 31, ns2 32"), "delegation-differs removed @21 @22"),
    .init(
      "GOOD-UNDEL-2", .servers("ns1.good-undel-2.basic02.xb. 31, ns2.good-undel-2.basic02.xb. 32"),
      "delegation-differs removed @21 @22"),
    .init(
      "GOOD-UNDEL-3", .servers("ns3.good-undel-3.basic02.xb. 33, ns4.good-undel-3.basic02.xb. 34"),
      "delegation-differs replaced @21 @22",
      "a stranger that the parent names and that is silent is not told of"),
    .init(
      "GOOD-UNDEL-4", .servers("ns1.good-undel-4.basic02.xb. 31, ns2.good-undel-4.basic02.xb. 32"),
      "delegation-differs replaced @21 @22"),
    .init("GOOD-UNDEL-5", .servers("ns1 31, ns2 32"), "glue-differs removed @21 @22"),
    .init(
      "GOOD-UNDEL-6", .servers("ns3 33, ns4 34"),
      "delegation-differs replaced @21 @22; record-differs removed @33 @34",
      "the zone file gives the IPv6 address of ns4 to ns5"),
    .init(
      "GOOD-UNDEL-7", .servers("ns3.good-undel-7.basic02.xb. 33, ns4.good-undel-7.basic02.xb. 34"),
      "delegation-differs replaced @21 @22; glue-differs removed @ns3 @ns4; alias-dangling dangling @ns3 @ns4",
      "nobody defines the names of the servers that Zonemaster is handed"),
    .init("GOOD-UNDEL-8", .servers("dns1 33, dns2 34"), "glue-differs replaced @21 @22"),
    .init(
      "GOOD-UNDEL-9", .servers("dns1.good-undel-9.basic02.xb. 33, dns2.good-undel-9.basic02.xb. 34"),
      "glue-differs replaced @dns1 @dns2"),
    .init(
      "GOOD-UNDEL-10", .servers("ns3.good-undel-10.basic02.xb. 33, ns4.good-undel-10.basic02.xb. 34"),
      "delegation-differs replaced @21 @22; \(nobody)"),
    .init(
      "GOOD-UNDEL-11", .servers("ns3.good-undel-11.basic02.xb. 33, ns4.good-undel-11.basic02.xb. 34"),
      "delegation-differs replaced @21 @22"),
    .init(
      "MIXED-1", .delegation, "server-lame lame @32 @33 @34; record-differs removed @31",
      "an access list for another name lets ns2 fail where it should be silent; ns5 has the IPv6 address of ns4"),
    .init(
      "NO-DELEGATION-1", .servers("ns1, ns2"), "delegation-differs removed @21 @22; name-server-unreachable noAddress @ns1 @ns2",
      zone: "no-delegation.basic02.xa"),
    .init("NS-BROKEN-1", .delegation, nobody),
    .init("NS-NOT-AUTH-1", .delegation, nobody),
    .init("NS-NO-IP-1", .delegation, "name-server-unreachable noAddress @ns1 @ns2"),
    .init("NS-NO-IP-2", .delegation, "name-server-unreachable noAddress @ns1 @ns2"),
    .init("NS-NO-IP-3", .delegation, "name-server-unreachable noAddress @ns1 @ns2; alias-dangling dangling @ns1 @ns2"),
    .init(
      notOurs: "NS-NO-IP-UNDEL-1", .servers("ns1, ns2"),
      "what Zonemaster is handed lacks addresses; a declaration that lacks them means those of the delegation"),
    .init(
      "NS-NO-IP-UNDEL-2", .servers("ns1.ns-no-ip-undel-2.basic02.xb., ns2.ns-no-ip-undel-2.basic02.xb."),
      "delegation-differs replaced @21 @22; name-server-unreachable noAddress @ns1 @ns2"),
    .init("NS-NO-RESPONSE-1", .delegation, "name-server-unreachable silent @31 @32"),
    .init("UNEXPECTED-RCODE-1", .delegation, "server-lame lame @31 @32 @33"),
  ]
}
