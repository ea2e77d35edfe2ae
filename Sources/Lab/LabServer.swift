public import DNSWire
import NIOCore
import NIOPosix
public import Names
import Synchronization

/// A name server on a loopback address, over UDP and TCP, that does what its ``Behaviour`` says.
///
/// Zones and faults may change while it runs. A class because it owns sockets; it must be stopped.
public final class LabServer: Sendable {
  /// Why a server does not start.
  public enum Refusal: Error, Equatable {
    /// The lab would serve lies to others; it listens on loopback addresses alone.
    case notLoopback(Names.SocketAddress)
    /// No port was free for UDP and TCP on all the addresses, after so many attempts.
    case noFreePort(attempts: Int)
  }

  /// Where it listens.
  public let address: Names.SocketAddress
  /// Whether it answers from zones, not as a resolver.
  public let isAuthoritative: Bool
  private let sockets: Sockets

  private static let attempts = 32

  private init(_ sockets: Sockets, at address: Names.SocketAddress, isAuthoritative: Bool) {
    (self.sockets, self.address, self.isAuthoritative) = (sockets, address, isAuthoritative)
  }

  /// Starts a server for zones.
  ///
  /// - Parameters:
  ///   - address: A loopback address; port 0 takes any that is free for UDP and TCP.
  ///   - seed: What decides the faults that happen with a probability.
  /// - Throws: ``Refusal``, or the system's error when the address cannot be bound.
  public static func start(
    on address: Names.SocketAddress, zones: [Zone] = [], faults: [FaultRule] = [], seed: UInt64 = 1
  ) async throws -> LabServer {
    let authority = Authority(zones: zones, identifier: "\(address.address)")
    return try await start(on: address, .authority(authority), faults: faults, seed: seed)
  }

  /// Starts a server in any role.
  public static func start(
    on address: Names.SocketAddress, _ role: Behaviour.Role, faults: [FaultRule] = [], seed: UInt64 = 1
  ) async throws -> LabServer {
    guard address.address.isLoopback else { throw Refusal.notLoopback(address) }
    for _ in 0..<attempts {
      let sockets = Sockets(Behaviour(role, seed: seed))
      do {
        let bound = try await sockets.listen(on: address)
        let isAuthoritative = if case .authority = role { true } else { false }
        let server = LabServer(sockets, at: bound, isAuthoritative: isAuthoritative)
        try await server.setFaults(faults)
        return server
      } catch let error as IOError where error.errnoCode == Sockets.addressInUse && address.port == 0 {
        // UDP gave a port that TCP has lent to somebody: another is chosen.
        await sockets.close()
      } catch {
        await sockets.close()
        throw error
      }
    }
    throw Refusal.noFreePort(attempts: attempts)
  }

  /// Starts several authoritative servers on one port, each on its own address; all or none.
  ///
  /// - Parameter port: 0 takes one that is free on every address.
  public static func start(
    on addresses: [IPAddress], port: UInt16 = 0, _ authority: (IPAddress) -> Authority = { Authority(identifier: "\($0)") }
  ) async throws -> [LabServer] {
    for _ in 0..<attempts {
      var servers: [LabServer] = []
      do {
        for address in addresses {
          let port = servers.first?.address.port ?? port
          let role = Behaviour.Role.authority(authority(address))
          servers.append(try await start(on: Names.SocketAddress(address: address, port: port), role))
        }
        return servers
      } catch let error as IOError where error.errnoCode == Sockets.addressInUse && port == 0 {
        for server in servers { await server.stop() }
      } catch {
        for server in servers { await server.stop() }
        throw error
      }
    }
    throw Refusal.noFreePort(attempts: attempts)
  }

  /// Closes every socket; on return nothing listens and nothing more is sent.
  public func stop() async { await sockets.close() }

  /// The zones that it serves now.
  public var zones: [Zone] { authority.zones.values.sorted { $0.apex < $1.apex } }

  /// The server as a value: how it would answer without faults. Empty for a resolver.
  public var authority: Authority {
    sockets.behaviour.withLock { if case .authority(let authority) = $0.role { authority } else { Authority() } }
  }

  /// Serves a zone, in the place of the one with the same apex.
  public func put(_ zone: Zone) { change { $0.put(zone) } }

  /// Serves exactly these zones.
  public func put(only zones: [Zone]) {
    change { authority in
      for apex in authority.zones.keys { authority.remove(apex) }
      for zone in zones { authority.put(zone) }
    }
  }

  /// Serves a zone no longer.
  public func remove(_ apex: DomainName) { change { $0.remove(apex) } }

  /// Changes the authority in one step: no query sees half of it. Nothing on a resolver; nothing when `edit` throws.
  public func change<Failure: Error>(_ edit: (inout Authority) throws(Failure) -> Void) throws(Failure) {
    try sockets.behaviour.withLock { (behaviour) throws(Failure) in
      guard case .authority(var authority) = behaviour.role else { return }
      try edit(&authority)
      behaviour.role = .authority(authority)
    }
  }

  /// The faults of now.
  public var faults: [FaultRule] { sockets.behaviour.withLock { $0.rules } }

  /// Puts these faults in the place of those of now; all that strike a query act, in this order.
  ///
  /// - Throws: ``Refusal/notLoopback(_:)`` for an answer from elsewhere, or the system's error when its address cannot be bound.
  public func setFaults(_ rules: [FaultRule]) async throws {
    let sources = rules.compactMap { if case .answerFrom(let source) = $0.fault { source } else { nil } }
    for source in sources where !source.address.isLoopback { throw Refusal.notLoopback(source) }
    for source in sources { try await sockets.open(source: source) }
    sockets.behaviour.withLock { $0.rules = rules }
    await sockets.closeSources(except: sources)
  }

  /// How often each name and type was asked for.
  public var counts: [Behaviour.Asked: Int] { sockets.behaviour.withLock { $0.counts } }

  /// How many queries came, readable or not.
  public var received: Int { sockets.behaviour.withLock { $0.received } }

  public func forgetCounts() { sockets.behaviour.withLock { $0.forgetCounts() } }

  /// Asks without a socket, faults included but for time and source: the first answer that fits the query, if any comes.
  public func ask(_ query: Message, over carrier: Carrier = .udp, from client: IPAddress = .v4(0x7F00_0001)) -> Message? {
    let octets = query.encoded()
    let reaction = sockets.behaviour.withLock { $0.receive(octets, from: client, over: carrier) }
    for delivery in reaction.deliveries {
      guard let reply = try? Message(delivery.octets.span), reply.header.id == query.header.id,
        reply.questions == query.questions, delivery.source == nil
      else { continue }
      return reply
    }
    return nil
  }
}
