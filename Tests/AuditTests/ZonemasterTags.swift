/// What Zonemaster's message tags say under our own check names.
enum ZonemasterTag {
  /// All is well as far as this goes.
  case healthy
  /// At least one of these is found: check, how, and perhaps where.
  case reported([String])
  /// It says nothing of whether the names are as their owner means them; why.
  case notOurs(String)

  init?(_ tag: String) {
    guard let meaning = Self.meanings[tag] else { return nil }
    self = meaning
  }

  private static let lame = ZonemasterTag.reported(["server-lame lame"])
  private static let count = ZonemasterTag.notOurs("how many servers a zone has, and of which families, is a rule of quality")
  private static let same = ZonemasterTag.notOurs("whether two names share an address is a rule of quality")
  private static let size = ZonemasterTag.notOurs(
    "how large a referral is, is a rule of quality; a truncated one is asked for over TCP")
  private static let version = ZonemasterTag.notOurs("what software a server is, in class CH, nobody declares and we do not ask")
  private static let options = ZonemasterTag.notOurs("it is about an unknown EDNS option, which we do not send")
  private static let mail = ZonemasterTag.notOurs("which MX records an owner should declare is a rule of quality")

  private static let meanings: [String: ZonemasterTag] = [
    "B01_CHILD_FOUND": .healthy,
    "B01_PARENT_FOUND": .healthy,
    "B01_ROOT_HAS_NO_PARENT": .healthy,
    "B01_CHILD_IS_ALIAS": .reported(["delegation-differs removed"]),
    "B01_INCONSISTENT_ALIAS": .reported(["delegation-differs removed @42"]),
    "B01_INCONSISTENT_DELEGATION": .reported(["delegation-differs removed @42"]),
    "B01_NO_CHILD": .reported(["delegation-differs removed", "name-server-unreachable noParent"]),
    "B01_PARENT_DISREGARDED": .reported(["delegation-differs", "name-server-unreachable noParent"]),
    "B01_PARENT_NOT_FOUND": .reported(["name-server-unreachable noParent"]),
    "B01_PARENT_UNDETERMINED": .reported(["delegation-differs unknown"]),
    "B01_SERVER_ZONE_ERROR": .notOurs("a server above the parent errs, and what it hides or not is told by the other tags"),

    "B02_AUTH_RESPONSE_SOA": .healthy,
    "B02_NO_DELEGATION": .reported(["delegation-differs removed"]),
    "B02_NO_WORKING_NS": .reported(["server-lame lame", "name-server-unreachable"]),
    "B02_NS_BROKEN": lame,
    "B02_NS_NOT_AUTH": lame,
    "B02_NS_NO_IP_ADDR": .reported(["name-server-unreachable noAddress"]),
    "B02_NS_NO_RESPONSE": .reported(["name-server-unreachable silent"]),
    "B02_UNEXPECTED_RCODE": lame,

    "ENOUGH_IPV4_NS_CHILD": count, "ENOUGH_IPV4_NS_DEL": count, "ENOUGH_IPV6_NS_CHILD": count, "ENOUGH_IPV6_NS_DEL": count,
    "ENOUGH_NS_CHILD": count, "ENOUGH_NS_DEL": count, "NOT_ENOUGH_IPV4_NS_CHILD": count, "NOT_ENOUGH_IPV4_NS_DEL": count,
    "NOT_ENOUGH_IPV6_NS_CHILD": count, "NOT_ENOUGH_IPV6_NS_DEL": count, "NOT_ENOUGH_NS_CHILD": count, "NOT_ENOUGH_NS_DEL": count,
    "NO_IPV4_NS_CHILD": count, "NO_IPV4_NS_DEL": count, "NO_IPV6_NS_CHILD": count, "NO_IPV6_NS_DEL": count,
    "CHILD_DISTINCT_NS_IP": same, "CHILD_NS_SAME_IP": same, "DEL_DISTINCT_NS_IP": same, "DEL_NS_SAME_IP": same,
    "REFERRAL_SIZE_OK": size, "REFERRAL_SIZE_TOO_LARGE": size,

    "ADDRESSES_MATCH": .healthy,
    "CHILD_NS_FAILED": lame,
    "CHILD_ZONE_LAME": .reported(["server-lame lame", "name-server-unreachable silent"]),
    "EXTRA_ADDRESS_CHILD": .reported(["record-differs added", "glue-differs replaced"]),
    "IN_BAILIWICK_ADDR_MISMATCH": .reported(["glue-differs", "record-differs"]),
    "NO_RESPONSE": .reported(["name-server-unreachable silent"]),
    "OUT_OF_BAILIWICK_ADDR_MISMATCH": .reported(["glue-differs"]),

    "ONE_SOA_MNAME": .healthy,
    "MULTIPLE_SOA_MNAMES": .reported(["servers-disagree"]),
    "NO_RESPONSE_SOA_QUERY": lame,

    "N11_NO_EDNS": options, "N11_NO_RESPONSE": options, "N11_RETURNS_UNKNOWN_OPTION_CODE": options,
    "N11_UNEXPECTED_ANSWER_SECTION": options, "N11_UNEXPECTED_RCODE": options, "N11_UNSET_AA": options,
    "N15_ERROR_ON_VERSION_QUERY": version, "N15_NO_VERSION_REVEALED": version, "N15_SOFTWARE_VERSION": version,
    "N15_WRONG_CLASS": version,

    "Z09_INCONSISTENT_MX": .reported(["record-differs"]),
    "Z09_INCONSISTENT_MX_DATA": .reported(["servers-disagree"]),
    "Z09_MX_DATA": .healthy,
    "Z09_MX_FOUND": .healthy,
    // The table has the tags of one row run into each other: "Z09_MX_FOUND Z09, NO_MX_FOUND".
    "Z09": .healthy,
    "NO_MX_FOUND": .reported(["record-differs removed"]),
    "Z09_NON_AUTH_MX_RESPONSE": lame,
    "Z09_NO_RESPONSE_MX_QUERY": .reported(["record-differs silent"]),
    "Z09_UNEXPECTED_RCODE_MX": .reported(["record-differs unreadable"]),
    "Z09_MISSING_MAIL_TARGET": mail, "Z09_NULL_MX_NON_ZERO_PREF": mail,
    "Z09_NULL_MX_WITH_OTHER_MX": .reported(["null-mx-broken"]),
    "Z09_ROOT_EMAIL_DOMAIN": mail, "Z09_TLD_EMAIL_DOMAIN": mail,
  ]
}
