extension RecordFormat {
  /// Every format that we know, by number; each stands in its type's file under Records.
  static let all: [RecordFormat] = [
    .a, .ns, .md, .mf, .cname, .soa, .mb, .mg, .mr, .wks, .ptr, .hinfo, .minfo, .mx, .txt, .rp, .afsdb, .x25, .isdn,
    .rt, .nsap, .nsapPTR, .sig, .key, .px, .gpos, .aaaa, .loc, .nxt, .srv, .naptr, .kx, .cert, .dname, .apl, .ds,
    .sshfp, .ipseckey, .rrsig, .nsec, .dnskey, .dhcid, .nsec3, .nsec3param, .tlsa, .smimea, .hip, .ninfo, .rkey,
    .talink, .cds, .cdnskey, .openpgpkey, .csync, .zonemd, .svcb, .https, .dsync, .hhit, .brid, .spf, .nid, .l32,
    .l64, .lp, .eui48, .eui64, .uri, .caa, .avc, .amtrelay, .resinfo, .wallet, .ta, .dlv,
  ]
}
