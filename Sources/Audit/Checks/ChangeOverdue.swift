import DNSWire
import Estate
import Names

/// An announced change has not arrived everywhere after its window.
public enum ChangeOverdue: Check {
  public static let specification = CheckSpecification(
    "change-overdue", "What an announced change replaced is still served after its window",
    sources: ["RFC 2181 §5.2", "RFC 1912 §2.2", "RFC 2308 §5"],
    severity: "as the check that compares: critical for NS, DS and MX; a step lower at resolvers",
    about: """
      After the window of a planned change the parent and every name server must have the new values. Resolvers may hold the \
      old ones for the TTL that the RRset had, counted from the window's end; where its TTL is not declared, for a day, and a \
      delegation for two, as parents give NS records. After that the finding names each place that still serves what was, and the ticket. An old address that is still given out \
      soon belongs to somebody else.
      """,
    advice: """
      A name server: look at its transfer from the primary. The parent: ask the registrar what became of the change. A \
      resolver: it keeps records for longer than their TTL (RFC 8767), or asks a server that nobody declared. If the change was \
      postponed, move its window.
      """,
    fires: [
      Example(
        "one server still has the old address an hour after the window",
        [.redeclare(ChangeEarly.moveOfWWW), .at(ChangeEarly.late), .set(.primary, "www.example.gov. A 192.0.2.81")],
        how: .replaced)
    ],
    silent: [
      Example(
        "a resolver remembers the old address for its TTL",
        [
          .redeclare(ChangeEarly.moveOfWWW), .at(ChangeEarly.late.advanced(by: .seconds(-600))),
          .set(.everywhere, "www.example.gov. A 192.0.2.81"), .set(.resolver, "www.example.gov. A 192.0.2.80"),
        ]),
      Example(
        "every server has the new address",
        [.redeclare(ChangeEarly.moveOfWWW), .at(ChangeEarly.late), .set(.everywhere, "www.example.gov. A 192.0.2.81")]),
      Example(
        "the old address inside the window", [.redeclare(ChangeEarly.moveOfWWW), .at(ChangeEarly.inside)]),
    ])
}
