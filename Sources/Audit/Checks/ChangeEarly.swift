import DNSWire
import Estate
import Names

/// An announced change is there before its window.
public enum ChangeEarly: Check {
  public static let specification = CheckSpecification(
    "change-early", "An announced change is served before its time",
    sources: ["Nameward's declaration: `changes`"],
    severity: "as the check that compares: critical for NS, DS and MX; a step lower at resolvers",
    about: """
      Where the values that a planned change announces are seen before its window opens, at the parent, at a name server or at \
      a resolver, the finding names the ticket and when the window opens. Until then the values as they were are intended, \
      and no others. An attacker who reads tickets can come early, too.
      """,
    advice: """
      Ask whom the ticket names whether they began early. If so, move the window in the declaration; if not, treat the change \
      as foreign, as in record-differs and delegation-differs.
      """,
    fires: [
      Example(
        "a server has the new address two hours before the window",
        [.redeclare(moveOfWWW), .at(Self.early), .set(.primary, "www.example.gov. A 192.0.2.81")], how: .replaced),
      Example(
        "both addresses together, too early",
        [
          .redeclare(moveOfWWW), .at(Self.early),
          .set(.everywhere, "www.example.gov. A 192.0.2.80\nwww.example.gov. A 192.0.2.81"),
        ], how: .added),
    ],
    silent: [
      Example("nothing has changed yet", [.redeclare(moveOfWWW), .at(Self.early)]),
      Example(
        "inside the window", [.redeclare(moveOfWWW), .at(Self.inside), .set(.primary, "www.example.gov. A 192.0.2.81")]),
      Example(
        "another address too early, which is record-differs",
        [.redeclare(moveOfWWW), .at(Self.early), .set(.primary, "www.example.gov. A 203.0.113.66")]),
    ])
}

// What the examples of planned changes announce: the address of www.example.gov moves between ten and eleven.
extension ChangeEarly {
  static let early = Timestamp(seconds: 1_795_420_800)  // 2026-11-23T08:00:00Z
  static let inside = early.advanced(by: .seconds(2 * 3600 + 60))
  static let late = early.advanced(by: .seconds(4 * 3600 + 60))

  @Sendable static func moveOfWWW(_ declaration: inout Declaration) {
    let records = declaration.domains[0].records
    for index in records.indices
    where records[index].type == .a && records[index].name.labels().first?.elementsEqual("www".utf8) == true {
      declaration.domains[0].records[index].change = PlannedChange(
        records[index].name, .a, was: records[index].intended,
        to: .exactly([RData(type: .a, canonical: [192, 0, 2, 81])]), from: early.advanced(by: .seconds(2 * 3600)),
        until: early.advanced(by: .seconds(3 * 3600)), ticket: "CHG-1")
    }
  }
}
