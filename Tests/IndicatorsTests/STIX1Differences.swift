/// Where our reading of a STIX 1.x file and the elevator's differ, and why.
struct STIX1Differences: Sendable {
  var file: String
  var reason: String
  /// Comparisons that only the elevator has, and those that only we have.
  var theirs: [String] = []
  var ours: [String] = []
  /// Indicators of the elevator that look for nothing: they have no pattern, which STIX 2.1 §4.7 requires, and are none here.
  var withoutPattern = 0

  /// All of a file.
  static func of(_ file: String) -> STIX1Differences? {
    let rows = rows.filter { $0.file == file }
    guard !rows.isEmpty else { return nil }
    return STIX1Differences(
      file: file, reason: "", theirs: rows.flatMap(\.theirs), ours: rows.flatMap(\.ours),
      withoutPattern: rows.reduce(0) { $0 + $1.withoutPattern })
  }

  private static let unescaped =
    "the elevator writes the start of a text as a regular expression in which brackets, stops and stars are not taken as themselves"

  static let rows: [STIX1Differences] = [
    STIX1Differences(
      file: "141-TLP-marking-structures.xml", reason: unescaped,
      theirs: ["email-message:subject MATCHES ^[IMPORTANT] Please Review Before"],
      ours: ["email-message:subject LIKE [IMPORTANT] Please Review Before%"]),
    STIX1Differences(
      file: "account_indicator.xml", reason: "the elevator asks for Creation_Time, where CybOX 2.1 has Creation_Date",
      ours: ["user-account:account_created = 2000-06-09T20:17:34.934Z"]),
    STIX1Differences(
      file: "coa_ind_malicious_file.xml",
      reason: "the key holds a text and the hive is how it starts; the elevator asks for both in one piece, which is another key",
      theirs: [#"windows-registry-key:key MATCHES HKEY_CURRENT_CONFIG\J@k3d"#],
      ours: ["windows-registry-key:key LIKE %J@k3d%", #"windows-registry-key:key MATCHES ^HKEY_CURRENT_CONFIG\\"#]),
    STIX1Differences(
      file: "file-hash-reputation-pattern.xml", reason: "what a PDF says of itself is text (STIX 2.1 §6.7.4), not a time",
      theirs: ["file:extensions.pdf-ext.document_info_dict.CreationDate = 2015-07-20T19:52:13.853Z"],
      ours: ["file:extensions.pdf-ext.document_info_dict.CreationDate = 2015-07-20T19:52:13.853585+00:00"]),
    STIX1Differences(
      file: "file-hash-reputation-pattern.xml", reason: "the version of a PDF is text (STIX 2.1 §6.7.4), not a number",
      theirs: ["file:extensions.pdf-ext.version = #4.5"], ours: ["file:extensions.pdf-ext.version = 4.5"]),
    STIX1Differences(
      file: "x509-pattern.xml", reason: "extensions of a certificate are text (STIX 2.1 §6.18.2)",
      theirs: ["x509-certificate:x509_v3_extensions.inhibit_any_policy = #2"],
      ours: ["x509-certificate:x509_v3_extensions.inhibit_any_policy = 2"]),
    STIX1Differences(file: "hostname.xml", reason: "one has a description alone", withoutPattern: 1),
    STIX1Differences(file: "kill-chain.xml", reason: "it names a phase alone", withoutPattern: 1),
    STIX1Differences(
      file: "icmp_pattern.xml", reason: "STIX 2.1 §6.12.4 calls it icmp_code_hex",
      theirs: ["network-traffic:extensions.icmp-ext.icmp_type_code = h00"],
      ours: ["network-traffic:extensions.icmp-ext.icmp_code_hex = h00"]),
    STIX1Differences(
      file: "sighting.xml", reason: "STIX 2.1 §6.12.4 calls it icmp_code_hex",
      theirs: ["network-traffic:extensions.icmp-ext.icmp_type_code = h00"],
      ours: ["network-traffic:extensions.icmp-ext.icmp_code_hex = h00"]),
    STIX1Differences(
      file: "ioc-indicator.xml", reason: "the elevator keeps an OpenIOC definition as text; here it is read",
      ours: [
        "mutex:name MATCHES _AVIRA_", "mutex:name MATCHES __SYSTEM__", "process:image_ref.name LIKE %winlogon.exe%",
        #"process:x_openioc_handlelist_handle_name LIKE %system32\lowsec\local.ds%"#,
        #"process:x_openioc_handlelist_handle_name LIKE %system32\lowsec\user.ds%"#,
        #"process:x_openioc_handlelist_handle_name LIKE %system32\sdra64.exe%"#,
        #"process:x_openioc_handlelist_handle_name LIKE %system32\twain32\local.ds%"#,
        #"process:x_openioc_handlelist_handle_name LIKE %system32\twext.exe%"#,
        #"process:x_openioc_handlelist_handle_name MATCHES system32\\twain_32\\user\.ds"#,
        "process:x_openioc_handlelist_handle_type LIKE %File%", "process:x_openioc_handlelist_handle_type LIKE %Mutant%",
        #"process:x_openioc_handlelist_handle_type LIKE %\WINDOWS\system32\twext.exe%"#,
      ]),
    STIX1Differences(
      file: "issue-148.xml", reason: "protocols are in lower case (STIX 2.1 §6.12)",
      theirs: ["network-traffic:protocols[*] = DCCP"],
      ours: ["network-traffic:protocols[*] = dccp"]),
    STIX1Differences(
      file: "issue62.xml", reason: "STIX 2.1 §6.13 has created_time, and environment_variables as a dictionary",
      theirs: ["process:created = 2010-12-09T20:17:34.934Z", "process:environment_variables[*].PROXY = 123.456.0.1"],
      ours: ["process:created_time = 2010-12-09T20:17:34.934Z", "process:environment_variables.PROXY = 123.456.0.1"]),
    STIX1Differences(
      file: "issue62.xml", reason: "the elevator reads no Image_Info/File_Name", ours: ["process:image_ref.name = some.sh"]),
    STIX1Differences(
      file: "malicious-email-indicator-with-attachment.xml", reason: unescaped,
      theirs: [
        "email-message:body_multipart[*].body_raw_ref.name MATCHES ^Final Report*.doc.exe$",
        "email-message:subject MATCHES ^[IMPORTANT] Please Review Before", "file:name MATCHES ^Final Report*.doc.exe$",
      ],
      ours: [
        "email-message:body_multipart[*].body_raw_ref.name LIKE %.doc.exe",
        "email-message:body_multipart[*].body_raw_ref.name LIKE Final Report%",
        "email-message:subject LIKE [IMPORTANT] Please Review Before%", "file:name LIKE %.doc.exe",
        "file:name LIKE Final Report%",
      ]),
    STIX1Differences(
      file: "network-socket-pattern.xml", reason: "protocols are in lower case (STIX 2.1 §6.12)",
      theirs: ["network-traffic:protocols[*] = TCP"], ours: ["network-traffic:protocols[*] = tcp"]),
    STIX1Differences(
      file: "network-socket-pattern.xml",
      reason: "the elevator has no place for a socket's local address; its own end is the source",
      ours: ["network-traffic:src_ref.value = 198.51.100.2"]),
    STIX1Differences(
      file: "observable-with-networkconnection-pattern-advanced.xml", reason: unescaped,
      theirs: ["network-traffic:dst_ref.value MATCHES ^198.49"], ours: ["network-traffic:dst_ref.value LIKE 198.49%"]),
    STIX1Differences(
      file: "observable-with-networkconnection-pattern.xml", reason: unescaped,
      theirs: ["network-traffic:dst_ref.value MATCHES ^198.49"], ours: ["network-traffic:dst_ref.value LIKE 198.49%"]),
    STIX1Differences(
      file: "observable-with-networkconnection-pattern.xml",
      reason: "the condition is misspelled, and the elevator writes no pattern",
      theirs: ["network-traffic:dst_port INVALID-CONDITION #80"], ours: ["network-traffic:dst_port > #80"]),
    STIX1Differences(
      file: "observable_composition.xml", reason: "a text that holds another is LIKE here, a regular expression there",
      theirs: ["mutex:name MATCHES foo"], ours: ["mutex:name LIKE %foo%"]),
  ]
}
