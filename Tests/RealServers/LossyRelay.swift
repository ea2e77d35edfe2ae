import Foundation
import Glibc
import Synchronization

/// Stands in front of a server and loses datagrams of both ways, each with the same chance, as a bad network does. TCP passes whole.
///
/// A class with a thread of its own: the sockets belong to that thread, others only ask it to end. It ends with `stop` or the process.
public final class LossyRelay: Sendable {
  public let front: Endpoint
  private let ending = Atomic<Bool>(false)
  private let lost = Atomic<Int>(0)
  private let passed = Atomic<Int>(0)
  private let ended = Atomic<Bool>(false)

  /// Datagrams so far, of both ways.
  public var datagrams: (passed: Int, lost: Int) { (passed.load(ordering: .relaxed), lost.load(ordering: .relaxed)) }

  /// - Parameters:
  ///   - front: Where it listens.
  ///   - back: The server.
  ///   - loss: The chance that a datagram is lost, from 0 to 1.
  public init(_ front: Endpoint, before back: Endpoint, loss: Double) throws {
    self.front = front
    let datagrams = try Socket(.datagrams, boundTo: front)
    let connections = try Socket(.connections, boundTo: front)
    Thread.detachNewThread { [self] in
      var loop = RelayLoop(datagrams: datagrams, connections: connections, back: back)
      while !ending.load(ordering: .acquiring) {
        loop.turn { [self] in
          let loses = Double.random(in: 0..<1) < loss
          if loses { lost.wrappingAdd(1, ordering: .relaxed) } else { passed.wrappingAdd(1, ordering: .relaxed) }
          return loses
        }
      }
      loop.close()
      ended.store(true, ordering: .releasing)
    }
  }

  /// Ends it; returns when its sockets are closed.
  public func stop() async {
    ending.store(true, ordering: .releasing)
    while !ended.load(ordering: .acquiring) { await pause(.milliseconds(2)) }
  }
}

/// What a relay's thread holds: a socket to the server for each client, and a pair of sockets for each connection.
private struct RelayLoop {
  var datagrams: Socket
  var connections: Socket
  var back: Endpoint
  /// At most 400, the oldest first. A client's port is a flow of its own.
  var flows: [(client: sockaddr_in, socket: Socket)] = []
  var pairs: [(client: Socket, server: Socket, open: Int)] = []

  /// Waits a while for something to arrive and hands it on.
  mutating func turn(_ loses: () -> Bool) {
    let sockets = [datagrams, connections] + flows.map(\.socket) + pairs.flatMap { [$0.client, $0.server] }
    let ready = Socket.readable(among: sockets, milliseconds: 20)
    guard !ready.isEmpty else { return }
    for flow in flows where ready.contains(flow.socket) {
      while let reply = flow.socket.receive(wait: false), !reply.octets.isEmpty {
        if !loses() { datagrams.send(reply.octets, to: flow.client) }
      }
    }
    for index in pairs.indices {
      pass(from: pairs[index].client, to: pairs[index].server, index, ready)
      pass(from: pairs[index].server, to: pairs[index].client, index, ready)
    }
    for pair in pairs where pair.open <= 0 {
      pair.client.close()
      pair.server.close()
    }
    pairs.removeAll { $0.open <= 0 }
    if ready.contains(datagrams) { fromClients(loses) }
    if ready.contains(connections), let client = connections.accept() {
      if let server = try? Socket(.connections, connectedTo: back) {
        pairs.append((client, server, 2))
      } else {
        client.close()
      }
    }
  }

  private mutating func fromClients(_ loses: () -> Bool) {
    while let query = datagrams.receive(wait: false) {
      if loses() { continue }
      var flow = flows.first {
        $0.client.sin_port == query.from.sin_port && $0.client.sin_addr.s_addr == query.from.sin_addr.s_addr
      }
      if flow == nil, let socket = try? Socket(.datagrams, connectedTo: back) {
        if flows.count >= 400 { flows.removeFirst().socket.close() }
        flows.append((query.from, socket))
        flow = flows.last
      }
      flow?.socket.send(query.octets)
    }
  }

  private mutating func pass(from one: Socket, to other: Socket, _ pair: Int, _ ready: Set<Socket>) {
    guard ready.contains(one) else { return }
    if let piece = one.receive(wait: true), !piece.octets.isEmpty {
      other.send(piece.octets)
    } else {
      other.endSending()
      pairs[pair].open -= 1
    }
  }

  func close() {
    for socket in [datagrams, connections] + flows.map(\.socket) + pairs.flatMap({ [$0.client, $0.server] }) { socket.close() }
  }
}
