import DNSWire
import Glibc
import Lab
import Names

/// Why a server gave no answer that can be compared.
enum AskingFault: Error {
  case noSocket(Int32)
  case notConnected(SocketAddress, Int32)
  case silent(SocketAddress)
  case closed(SocketAddress)
}

/// Asks once over a blocking socket of our own, waiting two seconds at most.
func ask(_ query: Message, _ server: SocketAddress, over carrier: Carrier) throws -> Message {
  let kind = carrier == .udp ? SOCK_DGRAM : SOCK_STREAM
  let descriptor = socket(AF_INET, Int32(kind.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
  guard descriptor >= 0 else { throw AskingFault.noSocket(errno) }
  defer { close(descriptor) }
  var limit = timeval(tv_sec: 2, tv_usec: 0)
  // The length given is the value's own.
  unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  guard case .v4(let address) = server.address else { throw AskingFault.notConnected(server, EAFNOSUPPORT) }
  var name = sockaddr_in()
  name.sin_family = sa_family_t(AF_INET)
  name.sin_port = server.port.bigEndian
  name.sin_addr.s_addr = address.bigEndian
  // A sockaddr_in is a sockaddr of its own length.
  let status = unsafe withUnsafePointer(to: &name) { pointer in
    unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
  guard status == 0 else { throw AskingFault.notConnected(server, errno) }
  var octets = query.encoded()
  if carrier == .tcp { octets = [UInt8(octets.count >> 8), UInt8(octets.count & 255)] + octets }
  // send(2) reads the array's own length.
  _ = unsafe send(descriptor, octets, octets.count, Int32(MSG_NOSIGNAL))

  func receive(_ most: Int) throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: most)
    // recv(2) writes at most the length given, which is the array's own.
    let count = unsafe recv(descriptor, &buffer, most, 0)
    guard count >= 0 else { throw AskingFault.silent(server) }
    guard count > 0 else { throw AskingFault.closed(server) }
    return Array(buffer[..<count])
  }
  var reply: [UInt8] = []
  if carrier == .udp {
    reply = try receive(65535)
  } else {
    while reply.count < 2 || reply.count < 2 + Int(reply[0]) << 8 + Int(reply[1]) { reply += try receive(65535) }
    reply.removeFirst(2)
  }
  return try Message(reply.span)
}
