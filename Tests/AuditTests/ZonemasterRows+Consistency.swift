/// CONSISTENCY05 and 06. Servers: 21 and 22 of the parent, 31 to 39 of the children.
extension ZonemasterScenario {
  static let consistency05: [ZonemasterScenario] = [
    .init("ADDRESSES-MATCH-1", .zone),
    .init("ADDRESSES-MATCH-2", .zone),
    .init("ADDRESSES-MATCH-3", .zone, "server-lame lame @31"),
    .init("ADDRESSES-MATCH-4", .zone, "server-lame lame @31"),
    .init("ADDRESSES-MATCH-5", .zone, "name-server-unreachable silent @31"),
    .init(
      "ADDRESSES-MATCH-6",
      .servers("ns1.sibbling.addresses-match-6.consistency05.xa. 33, ns2.sibbling.addresses-match-6.consistency05.xa. 34"),
      "server-lame lame @34; glue-differs removed @ns2; alias-dangling dangling @ns2",
      "ns2 is made up without an SOA record, and its address under the name of ns1"),
    .init("ADDRESSES-MATCH-7", .zone, "", "the delegation and the zone name ns1 and ns2 of the zone, not of a subdomain"),
    .init(
      "ADDR-MATCH-DEL-UNDEL-1", .servers("ns3 33, ns4 34"), "delegation-differs replaced @21 @22; server-lame lame @31 @32",
      "the delegated servers are commented out"),
    .init(
      "ADDR-MATCH-DEL-UNDEL-2",
      .servers("ns3.addr-match-del-undel-2.consistency05.xb. 33, ns4.addr-match-del-undel-2.consistency05.xb. 34"),
      "delegation-differs replaced @21 @22; record-differs replaced @31 @32"),
    .init("ADDR-MATCH-NO-DEL-UNDEL-1", .servers("ns1 31, ns2 32"), "delegation-differs removed @21 @22"),
    .init(
      "ADDR-MATCH-NO-DEL-UNDEL-2",
      .servers("ns3.addr-match-no-del-undel-2.consistency05.xb. 33, ns4.addr-match-no-del-undel-2.consistency05.xb. 34"),
      "delegation-differs removed @21 @22"),
    .init("CHILD-ZONE-LAME-1", .delegation, "name-server-unreachable silent @31 @32"),
    .init("CHILD-ZONE-LAME-2", .delegation, "server-lame lame @31 @32"),
    .init(
      "IB-ADDR-MISMATCH-1", .zone, "glue-differs replaced @21 @22", "it is ns1 whose glue is another; nobody listens there"),
    .init("IB-ADDR-MISMATCH-2", .delegation, "record-differs removed @31 @32"),
    .init("IB-ADDR-MISMATCH-3", .delegation, "record-differs removed @31; name-server-unreachable silent @32"),
    .init("IB-ADDR-MISMATCH-4", .delegation, "record-differs removed @31 @32"),
    .init("EXTRA-ADDRESS-CHILD", .delegation, "record-differs added @31 @32"),
    .init(
      "OOB-ADDR-MISMATCH",
      .servers("ns1.sibbling.oob-addr-mismatch.consistency05.xa. 33, ns2.sibbling.oob-addr-mismatch.consistency05.xa. 34"),
      "glue-differs replaced @31 @32; name-server-unreachable noAddress @ns2",
      "it is ns1 whose glue is another, and the sibling zone has the address of ns2 under the name of ns1"),
  ]

  static let consistency06: [ZonemasterScenario] = [
    .init("ONE-SOA-MNAME-1", .zone),
    .init("ONE-SOA-MNAME-2", .zone, "name-server-unreachable silent @31"),
    .init("ONE-SOA-MNAME-3", .zone, "server-lame lame @31"),
    .init("ONE-SOA-MNAME-4", .delegation, "record-differs removed @31; name-server-unreachable silent @32"),
    .init("MULTIPLE-SOA-MNAMES-1", .zone, "servers-disagree replaced @31 @32"),
    .init("MULTIPLE-SOA-MNAMES-2", .zone, "servers-disagree replaced @31 @32; name-server-unreachable silent @33"),
    .init(
      "MULT-SOA-MNAMES-NO-DEL-UNDEL-1", .servers("ns1 31, ns2 32"),
      "delegation-differs removed @21 @22; servers-disagree replaced @31 @32"),
    .init(
      "MULT-SOA-MNAMES-NO-DEL-UNDEL-2",
      .servers(
        "ns3.mult-soa-mnames-no-del-undel-2.consistency06.xb. 33, ns4.mult-soa-mnames-no-del-undel-2.consistency06.xb. 34"),
      "delegation-differs removed @21 @22; servers-disagree replaced @33 @34"),
    .init("NO-RESPONSE", .delegation, "name-server-unreachable silent @31 @32"),
  ]
}
