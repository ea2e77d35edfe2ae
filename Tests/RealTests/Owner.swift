import Names
import RealServers
import Testing

/// The owner of a hierarchy's domains: writes the declaration down and audits, as an owner does.
struct Owner {
  /// What is declared, where it is not what the hierarchy serves at its start.
  struct Intentions {
    var child: Zone?
    /// Lines of the declaration under `network:`, in the place of these.
    var network: [String: String] = [:]
    /// How many resolvers must agree; nil for all. Without resolvers none is asked.
    var resolvers = true
    var agree: Int?
    var unsignedChild = true
    var expired = false
    /// Servers of agency.gov that no delegation names.
    var secondaries: [Endpoint] = []
  }

  let folder: Scratch
  let hierarchy: Hierarchy

  init(_ hierarchy: Hierarchy, _ intentions: Intentions = Intentions()) throws {
    (folder, self.hierarchy) = (try Scratch(), hierarchy)
    try declare(intentions)
  }

  var config: String { folder("nameward.yaml") }
  var state: String { folder("state") }

  /// Writes `nameward.yaml` and the zone files that it names.
  func declare(_ intentions: Intentions) throws {
    let child = intentions.child ?? hierarchy.initial.child
    try folder.write(child.text, to: "agency.gov.zone")
    var network = [
      "roots": "[\(hierarchy.root.address.address)]", "port": "\(hierarchy.port)", "ipv6": "false", "timeout": "1s",
      "perServerRate": "5000",
    ]
    if let signer = hierarchy.rootSigner { network["trustAnchors"] = "[\". DS \(signer)\"]" }
    network.merge(intentions.network) { $1 }
    let resolvers = intentions.resolvers ? hierarchy.resolvers.map { "\"\(hierarchy.address(of: $0))\"" } : []
    var text = "version: 1\norganisation: Agency\n"
    if !resolvers.isEmpty {
      text += "resolvers: {servers: [\(resolvers.joined(separator: ", "))]\(intentions.agree.map { ", agree: \($0)" } ?? "")}\n"
    }
    text +=
      "network: {\(network.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}\ndomains:\n"
    text += """
        agency.gov:
          zone: agency.gov.zone
          nameservers:
            ns1.agency.gov: [\(hierarchy.primary.address.address)]
            ns2.agency.gov: [\(hierarchy.nsd.address.address)]
            ns3.agency.gov: [\(hierarchy.bind.address.address)]
          ds: \(ds(of: Hierarchy.child))

      """
    if !intentions.secondaries.isEmpty {
      text += "    secondaries: [\(intentions.secondaries.map { "\"\($0.address)\"" }.joined(separator: ", "))]\n"
    }
    if intentions.unsignedChild, let powerDNS = hierarchy.powerDNS {
      try folder.write(hierarchy.initial.unsigned.text, to: "unsigned.gov.zone")
      text += """
          unsigned.gov:
            zone: unsigned.gov.zone
            nameservers: {ns1.unsigned.gov: [\(powerDNS.address.address)]}
            ds: unsigned

        """
    }
    if intentions.expired, let expired = hierarchy.expired {
      text += """
          expired.gov:
            nameservers: {ns1.expired.gov: [\(expired.address.address)]}
            ds: \(ds(of: Hierarchy.expiredChild))
            records: {www: {A: 192.0.2.200}}

        """
    }
    try folder.write(text, to: "nameward.yaml")
  }

  private func ds(of zone: String) -> String {
    let records = hierarchy.initial.tld.data(zone, "DS")
    return records.isEmpty ? "unsigned" : "[\(records.map { "\"\($0)\"" }.joined(separator: ", "))]"
  }

  /// `nameward audit` with this declaration and state.
  func audit(_ arguments: String..., format: String = "json", limit: Duration = .seconds(60)) async throws -> Executable.Ending {
    let common = ["audit", "--config", config, "--state", state, "--format", format]
    return try await Executable.run(common + arguments, in: folder.path, limit: limit)
  }
}

/// A server of the hierarchy, as expected findings name it.
enum Spot: Sendable {
  case tld, primary, nsd, bind, powerDNS, expired, unbound, bindResolver
  case vacancy(UInt8)
  /// No one server.
  case nobody

  static let authoritative: [Spot] = [.primary, .nsd, .bind]
  static let resolvers: [Spot] = [.unbound, .bindResolver]

  func address(in hierarchy: Hierarchy) throws -> String {
    let server: (any RealServer)? =
      switch self {
      case .tld: hierarchy.tld
      case .primary: hierarchy.primary
      case .nsd: hierarchy.nsd
      case .bind: hierarchy.bind
      case .powerDNS: hierarchy.powerDNS
      case .expired: hierarchy.expired
      case .unbound: hierarchy.unbound
      case .bindResolver: hierarchy.bindResolver
      case .vacancy, .nobody: nil
      }
    if case .vacancy(let number) = self { return "\(try hierarchy.vacancy(number).address)" }
    if case .nobody = self { return "" }
    return "\(hierarchy.address(of: try #require(server)))"
  }
}

/// A finding that is expected, as a person writes it down.
struct Expected: Sendable {
  var check: String
  var name: String
  var type: String
  var how: String
  var spot: Spot

  init(_ check: String, _ name: String, _ type: String = "", _ how: String = "", at spot: Spot = .nobody) {
    (self.check, self.name, self.type, self.how, self.spot) = (check, name, type, how, spot)
  }

  func row(in hierarchy: Hierarchy) throws -> Row {
    Row(check: check, name: name, type: type, how: how, server: try spot.address(in: hierarchy))
  }
}

/// The same at each of these servers.
func each(_ spots: [Spot], _ check: String, _ name: String, _ type: String = "", _ how: String = "") -> [Expected] {
  spots.map { Expected(check, name, type, how, at: $0) }
}
