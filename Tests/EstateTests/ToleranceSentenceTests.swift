import Estate
import Testing

@Suite("What a person reads about a faulty tolerance") struct ToleranceSentenceTests {
  static func www(_ set: String, _ lines: String...) -> SentenceTests.Row {
    var row = SentenceTests.Row.domain("records: {www: \(set)}")
    row.lines = lines
    return row
  }

  @Test(
    arguments: [
      www(
        "{A: {values: [192.0.2.1], within: [192.0.2.0/24]}}",
        "4:46: values: says everything that the name has, so within: cannot stand beside it. Write allOf: in place of values:, "
          + "or remove within:."),
      www(
        "{A: {}}",
        "4:24: This accepts nothing. Write which values the name may have, such as within: [192.0.2.0/24], anyOf: […], endsIn: "
          + "[cdn.example.net] or others: true."),
      www(
        "{A: {ttl: 300, atLeast: 2}}",
        "4:24: This accepts nothing. Write which values the name may have, such as within: [192.0.2.0/24], anyOf: […], endsIn: "
          + "[cdn.example.net] or others: true."),
      www(
        "{A: {tlsProof: true, others: false}}",
        "4:24: This accepts nothing. Write which values the name may have, such as within: [192.0.2.0/24], anyOf: […], endsIn: "
          + "[cdn.example.net] or others: true."),
      www(
        "{MX: {within: [192.0.2.0/24], matches: [x], tlsProof: true}}",
        "4:26: within: is for A and AAAA, and this is MX. Remove it, or write anyOf:.",
        "4:50: matches: is for TXT, and this is MX. Remove it, or write anyOf:.",
        "4:64: tlsProof: is for A and AAAA, and this is MX. Remove it, or write anyOf:."),
      www(
        "{TXT: {endsIn: [cdn.example.net], originAS: [64496]}}",
        "4:27: endsIn: is for A, AAAA and CNAME, and this is TXT. Remove it, or write anyOf:.",
        "4:54: originAS: is for A and AAAA, and this is TXT. Remove it, or write anyOf:."),
      www(
        "{CNAME: {within: [192.0.2.0/24]}}",
        "4:29: within: is for A and AAAA, and this is CNAME. Remove it, or write anyOf:."),
      www(
        "{NS: {anyOf: [ns1.example.net.]}}",
        "4:26: NS records are declared exactly: who holds one holds all below it. Write values: with all that are intended."),
      www(
        "{DS: {others: true}}",
        "4:26: DS records are declared exactly: who holds one holds all below it. Write values: with all that are intended."),
      www(
        "{TXT: {matches: [\"(\", ok, 'a\\1']}}",
        "4:37: \"(\" is not a pattern: Unmatched ( or \\(. Write an extended regular expression, such as "
          + "\"^google-site-verification=\".",
        "4:46: \"a\\1\" is not a pattern: back-references such as \\1 are not allowed. Write an extended regular expression, such "
          + "as \"^google-site-verification=\"."),
      www(
        "{A: {anyOf: [192.0.2.1], atLeast: 3, atMost: 2}}",
        "4:65: atLeast: 3 is more than atMost: 2. Write the smaller one as atLeast:."),
      www(
        "{A: {within: [192.0.2.0/24], atMost: 0}}",
        "4:57: atLeast: 1 is more than atMost: 0. Write the smaller one as atLeast:."),
      www(
        "{A: {allOf: [192.0.2.1, 192.0.2.2], others: true, atMost: 1}}",
        "4:78: atMost: 1 leaves no room for the 2 values of allOf:. Write a larger atMost:."),
      www(
        "{A: {anyOf: [192.0.2.1, 192.0.2.2], atLeast: 3}}",
        "4:65: atLeast: 3 cannot be reached with 2 accepted values. Write a smaller atLeast:."),
      www(
        "{A: {anyOf: 192.0.2.1, atLeast: 2}}",
        "4:52: atLeast: 2 cannot be reached with 1 accepted value. Write a smaller atLeast:."),
      www("{A: {anyOf: 192.0.2.1, atMost: many}}", "4:51: \"many\" is not a count. Write a number from 0 to 1000."),
      www(
        "{A: {within: [192.0.2.1/24, office]}}",
        "4:34: \"192.0.2.1/24\" is not an address prefix. Write 192.0.2.0/24 or \"2001:db8::/32\", with zeros past the length, or "
          + "one address.",
        "4:48: \"office\" is not an address prefix. Write 192.0.2.0/24 or \"2001:db8::/32\", with zeros past the length, or one "
          + "address."),
      www(
        "{A: {within: [\"2001:db8::/32\"]}, AAAA: {within: [192.0.2.0/24]}}",
        "4:34: \"2001:db8::/32\" holds no address that A could have. Write IPv4 prefixes here.",
        "4:69: \"192.0.2.0/24\" holds no address that AAAA could have. Write IPv6 prefixes here."),
      www(
        "{A: {originAS: [AS0, 64496, ASN1]}}",
        "4:36: \"AS0\" is not an autonomous system number. Write a number from 1 to 4294967295, such as 64496 or AS64496.",
        "4:48: \"ASN1\" is not an autonomous system number. Write a number from 1 to 4294967295, such as 64496 or AS64496."),
      www(
        "{A: {originAS: 64496}}",
        "4:21: originAS: needs a file that says who announces an address. Write network: {originDatabase: FILE}, a MaxMind DB "
          + "or a pfx2as file."),
      www(
        "{CNAME: {endsIn: [cdn.example.net]}, A: {within: [192.0.2.0/24]}}",
        "4:57: www.example.gov. has a CNAME and A; a CNAME stands alone (RFC 1034 §3.6.2). Keep one of the two."),
      www(
        "{A: {within: [192.0.2.0/24, 192.0.2.0/24], others: yes}}",
        "4:48: \"192.0.2.0/24\" stands twice, first at nameward.yaml:4:34. Remove one.",
        "4:71: \"yes\" is not true or false. Write true or false."),
      .domain(
        "nameservers: {ns1.example.gov: any}\nrecords:\n  ns1: {A: {within: [192.0.2.0/24], tlsProof: true}}\n"
          + "  mx1: {AAAA: {within: [\"2001:db8::/32\"], tlsProof: true}}\n  \"@\": {MX: 10 mx1}",
        "6:13: tlsProof: cannot excuse ns1.example.gov., which an NS record names: who moves that host moves all that it "
          + "serves. Remove tlsProof:.",
        "7:13: tlsProof: cannot excuse mx1.example.gov., which an MX record names: who moves that host moves all that it "
          + "serves. Remove tlsProof:."),
    ] as [SentenceTests.Row])
  func `tolerances`(row: SentenceTests.Row) { SentenceTests().check(row) }

  @Test(
    arguments: [
      .top(
        "groups: [x]",
        "2:9: groups: holds a list where a mapping belongs. Write each group as a key, such as {office: "
          + "[192.0.2.0/24, 198.51.100.7]}."),
      .top(
        "groups: {office: }",
        "2:18: office: holds nothing. Write values, such as [192.0.2.0/24, 198.51.100.7]."),
      .top(
        "groups: {office: [a, a], \"the office\": [b], all: [$office, c]}",
        "2:22: \"a\" stands twice, first at nameward.yaml:2:19. Remove one.",
        "2:26: \"the office\" cannot name a group. Write a letter, then letters, digits, - or _, such as office.",
        "2:51: Groups hold values, not groups. Write out here what $office holds."),
      www(
        "{A: {within: [$office]}}",
        "4:34: There is no group \"office\". Write groups: {office: […]} at the top; quote text that starts with $ twice: "
          + "'\"$…\"'."),
      SentenceTests.Row(
        """
        version: 1
        groups: {office: [192.0.2.0/24, 192.0.2.300], cdn: ["2001:db8::1"]}
        domains:
          example.gov:
            records:
              www: {A: {within: [$ofice]}}
              shop: {A: {within: [198.51.100.0/24, $office]}}
              cdn: {A: {anyOf: $cdn}}
              mail: {A: {within: $rubbish}}

        """,
        "6:26: There is no group \"ofice\". Did you mean $office?",
        "7:44: \"192.0.2.300\" is not an address prefix. Write 192.0.2.0/24 or \"2001:db8::/32\", with zeros past the length, "
          + "or one address. It comes from the group \"office\" at nameward.yaml:2:10.",
        "8:24: \"2001:db8::1\" holds no address that A could have. Write IPv4 prefixes here. It comes from the group \"cdn\" at "
          + "nameward.yaml:2:47.",
        "9:26: There is no group \"rubbish\". The groups are cdn, office."),
    ] as [SentenceTests.Row])
  func `groups`(row: SentenceTests.Row) { SentenceTests().check(row) }
}
