import Glibc
import Synchronization

/// Addresses of loopback that belong to one hierarchy, and the one port that all its servers share: a delegation carries
/// addresses only.
struct Loopback: Sendable {
  let network: String  // "127.93.12."
  let port: UInt16
  /// A second port, as free as the first, for what stands behind it.
  let back: UInt16
  /// The one address that BIND can listen on without privileges: it goes by the addresses that interfaces have. Hierarchies
  /// share it, and their ports keep them apart.
  static let interface = "127.0.0.1"

  private static let taken = Mutex<Set<UInt16>>([])

  /// Picks a network and a port that is free, over UDP and TCP, on all the hosts named and on 127.0.0.1.
  ///
  /// Parallel hierarchies have networks of their own. Ports lie below the ephemeral ones (ip_local_port_range), so that
  /// nobody's outgoing socket takes one meanwhile.
  init(hosts: [UInt8]) throws {
    var tried: [String] = []
    for _ in 0..<50 {
      let network = "127.\(UInt8.random(in: 1...254)).\(UInt8.random(in: 0...254))."
      let ports = [UInt16.random(in: 10_000..<21_000), UInt16.random(in: 21_000..<32_000)]
      tried = hosts.map { network + String($0) } + [Loopback.interface]
      if tried.allSatisfy({ host in ports.allSatisfy { Loopback.isFree(host, $0) } })
        && Loopback.take(ports)
      {
        (self.network, port, back) = (network, ports[0], ports[1])
        return
      }
    }
    throw ServerFault.noFreePort(addresses: tried)
  }

  /// Whether no other hierarchy of this process has one of the ports; they belong to the caller then.
  private static func take(_ ports: [UInt16]) -> Bool {
    taken.withLock { taken in
      guard taken.isDisjoint(with: ports) else { return false }
      taken.formUnion(ports)
      return true
    }
  }

  subscript(host: UInt8) -> String { network + String(host) }

  /// Whether a UDP and a TCP socket can be bound there.
  static func isFree(_ address: String, _ port: UInt16) -> Bool {
    guard let endpoint = try? Endpoint(address, port), let one = try? Socket(.datagrams, boundTo: endpoint) else { return false }
    defer { one.close() }
    guard let other = try? Socket(.connections, boundTo: endpoint) else { return false }
    other.close()
    return true
  }

  static func bind(_ descriptor: Int32, _ address: String, _ port: UInt16) -> Bool {
    // `call` gives bind(2) an address and its length.
    unsafe call(Glibc.bind, descriptor, address, port)
  }

  static func connect(_ descriptor: Int32, _ address: String, _ port: UInt16) -> Bool {
    // `call` gives connect(2) an address and its length.
    unsafe call(Glibc.connect, descriptor, address, port)
  }

  private static func call(
    _ function: (Int32, UnsafePointer<sockaddr>?, socklen_t) -> Int32, _ descriptor: Int32, _ address: String, _ port: UInt16
  ) -> Bool {
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    // inet_pton(3) writes the four octets of sin_addr.
    guard unsafe inet_pton(AF_INET, address, &name.sin_addr) == 1 else { return false }
    // A sockaddr_in may be read as sockaddr; the length given is its own.
    return unsafe withUnsafePointer(to: &name) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe function(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }
}
