import Estate
import Testing

@Suite("What a person reads about a faulty source") struct SourceSentenceTests {
  func check(_ row: SentenceTests.Row) {
    let files = Sample.files.merging(["list.txt": "192.0.2.0/24\noffice\n", "other.json": "{\"a\": 1}", "none.txt": "#\n"]) { $1 }
    let reading = Sample.read(row.yaml, files: files)
    #expect(reading.faults.map(\.description) == row.lines)
    #expect(reading.declaration == nil)
  }

  static let key = "name: k, algorithm: hmac-sha256"

  @Test(
    arguments: [
      .domain(
        "octodns: none.yaml",
        "nameward.yaml:4:14: \"none.yaml\" cannot be read: there is no such file. Write the path of a readable file, seen from "
          + "the declaration's folder."),
      .domain(
        "transfer: {primary: 192.0.2.1}",
        "nameward.yaml:4:15: transfer lacks key:. Write key: {name: transfer.example.gov, algorithm: hmac-sha256, secret: "
          + "\"env:NAME\"}."),
      .domain(
        "transfer: {primary: ns1, key: {\(key), secret: c2VjcmV0}}",
        "nameward.yaml:4:25: \"ns1\" is not an IP address with or without a port. Write 192.0.2.53, \"192.0.2.53:5353\" or "
          + "\"[2001:db8::53]:5353\".",
        "nameward.yaml:4:77: A secret does not stand in a declaration. Write where it is kept: env:NAME, file:PATH, cred:NAME or "
          + "cmd:COMMAND."),
      .domain(
        "transfer: {primary: 192.0.2.1, key: {name: k, algorithm: hmac-md5, secret: \"env:K\"}}",
        "nameward.yaml:4:62: \"hmac-md5\" is not an algorithm. Write hmac-sha256, hmac-sha384 or hmac-sha512."),
      .domain(
        "templates: [{host: www}]",
        "nameward.yaml:4:17: a template lacks template:. Write template: service.json."),
      .domain(
        "templates: [{template: suite.json, variables: {token: [a]}}]",
        "nameward.yaml:4:59: The variable \"token\" holds no text. Write its value in quotes."),
      .domain(
        "mail: some",
        "nameward.yaml:4:11: mail: holds text where a mapping belongs. Write none, or what is intended, such as "
          + "{spf: hard, dmarc: reject, mtaSTS: enforce, tlsRPT: true}."),
      .domain(
        "mail: {}",
        "nameward.yaml:4:11: mail: holds nothing. Write none, or what is intended, such as {spf: hard, dmarc: reject, mtaSTS: "
          + "enforce, tlsRPT: true}."),
      .domain(
        "mail: {spf: -all, dmarc: strict, mtaSTS: on, tlsRPT: 1, dkim: x}",
        "nameward.yaml:4:17: \"-all\" is not a policy. Write hard, soft or any.",
        "nameward.yaml:4:30: \"strict\" is not a policy. Write none, quarantine or reject.",
        "nameward.yaml:4:46: \"on\" is not a policy. Write testing or enforce.",
        "nameward.yaml:4:58: \"1\" is not true or false. Write true or false.",
        "nameward.yaml:4:61: There is no key \"dkim\" in mail. The keys here are spf, dmarc, mtaSTS, tlsRPT."),
      .domain(
        "certificates: {accounts: [x], keys: [\"sha256:00\"]}",
        "nameward.yaml:4:19: certificates lacks issuers:. Write issuers: [letsencrypt.org]."),
      .domain(
        "certificates: {issuers: [Let's Encrypt], accounts: [me], keys: [\"sha256:00\"]}",
        "nameward.yaml:4:30: \"Let's Encrypt\" is not an issuer. Write a domain name as CAA records have it, such as "
          + "letsencrypt.org.",
        "nameward.yaml:4:57: \"me\" is not an account URL. Write a URL such as \"https://acme-v02.api.letsencrypt.org/acme/acct/1\".",
        "nameward.yaml:4:69: \"sha256:00\" is not a key. Write \"sha256:\" and the 64 hexadecimal digits of the key's SHA-256."),
      .top(
        "inventory: [here]",
        "nameward.yaml:2:13: \"here\" is not an address prefix. Write 192.0.2.0/24 or \"2001:db8::/32\", with zeros past the "
          + "length, or one address."),
      .top(
        "clouds: [192.0.2.0/24]",
        "nameward.yaml:2:9: clouds: holds a list where a mapping belongs. Write each provider as a key, such as {aws: "
          + "ip-ranges.json, own: [192.0.2.0/24]}."),
      .top(
        "clouds: {a: list.txt, b: other.json, c: none.txt}",
        "list.txt:2:1: \"office\" is not an address prefix. Write 192.0.2.0/24 or \"2001:db8::/32\", with zeros past the length, "
          + "or one address.",
        "nameward.yaml:2:26: \"other.json\" is no list of a provider's prefixes that is known here. Write the path of AWS's "
          + "ip-ranges.json, Google's cloud.json, Azure's ServiceTags file, or a file with one prefix in each line.",
        "nameward.yaml:2:41: \"none.txt\" holds no prefix. Download the file again."),
      .top("network: {ports: {https: 0}}", "nameward.yaml:2:26: \"0\" is not a port. Write a number from 1 to 65535."),
    ] as [SentenceTests.Row])
  func `sources`(row: SentenceTests.Row) { check(row) }
}
