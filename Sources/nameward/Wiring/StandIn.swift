import DNSWire
import Estate
import Names
struct ValidatorSettings { var trustAnchors: [ResourceRecord] = []; var ipv6 = true; var now: Timestamp?; var stubZones: [(DomainName, [SocketAddress])] = [] }
struct Validator { var settings: ValidatorSettings
  func validate(_ s: [(DomainName, RRType)]) async -> [Validation] { s.map { _ in .indeterminate("x") } } }
