import DNSWire
import Estate
import Names

/// A server that should answer does not, so nothing can be told of what it serves.
public enum NameServerUnreachable: Check {
  public static let specification = CheckSpecification(
    "name-server-unreachable", "A server gave no usable answer, so what it serves is unknown",
    sources: ["RFC 9520", "RFC 8906"],
    severity: "medium; it never alarms: nothing is known of the records there",
    about: """
      A server of the parent, of the zone, or a resolver did not answer after all attempts, refused the connection, or sent \
      what is no DNS message for the question. All that was expected of it counts as could not tell. The same server down \
      for long hides changes from this audit, so it is told once a server and never passed over.
      """,
    advice: """
      Try the server from another network. If it answers there, look at the path from here (firewall, IPv6); set \
      `network: {ipv6: false}` where there is no IPv6. If it is gone for good, take it out of the delegation and the declaration.
      """,
    fires: [Example("a secondary says nothing", [.silent(.secondary)])],
    silent: [Example("a secondary refuses, which is server-lame", [.lame(.secondary)])])

  /// An expectation that came to nothing because the server is silent, with the finding that tells of the server.
  static func judged(_ expectation: Expectation, _ obstacle: Obstacle, _ domain: DomainView, _ query: Query?) -> Judged {
    let finding = Finding(
      specification.id, .medium, .couldNotTell(obstacle), expectation.place.nameServer ?? expectation.place.zone, nil,
      at: expectation.place, since: domain.now, query: query)
    return Judged(expectation, .couldNotTell(obstacle), finding)
  }
}
