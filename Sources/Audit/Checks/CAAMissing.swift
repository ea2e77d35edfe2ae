import DNSWire
import Estate
import Names

/// Who may issue certificates is declared, and no CAA record says it.
public enum CAAMissing: Check {
  public static let specification = CheckSpecification(
    "caa-missing", "No CAA record says who may issue certificates",
    sources: ["RFC 8659 §3", "AA19-024A, technique 3"],
    severity: "high",
    about: """
      Where `certificates: {issuers: …}` is declared, `caa-differs` looks for CAA records at every declared host name and at the \
      names above it. Where a server has none all the way up, every certificate authority may issue for the name, to whoever \
      can answer for it for a few minutes.
      """,
    advice: "Publish the declared issuers at the domain, on every server, and `issuewild \";\"` where nobody needs wildcards.",
    fires: [
      Example(
        "a server without CAA records",
        [
          .redeclare { $0.domains[0].issuers = IssuerPolicy(issuers: ["ca.example"]) }, .remove(.secondary, "example.gov.", .caa),
        ],
        how: .removed)
    ],
    silent: [
      Example("no issuers are declared", [.remove(.everywhere, "example.gov.", .caa)]),
      Example(
        "the zone above has CAA records",
        [
          .redeclare { $0.domains[0].issuers = IssuerPolicy(issuers: ["ca.example"]) },
          .remove(.everywhere, "example.gov.", .caa), .set(.parent, "gov. CAA 0 issue \"ca.example\""),
        ]),
    ])
}
