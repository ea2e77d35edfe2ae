import Glibc

/// An IPv4 socket's number. It has no owner: who opens one closes it.
struct Socket: Hashable, Sendable {
  enum Kind {
    case datagrams, connections
  }

  let descriptor: Int32

  private init(_ kind: Kind) throws {
    let type = Int32((kind == .datagrams ? SOCK_DGRAM : SOCK_STREAM).rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    descriptor = socket(AF_INET, type, 0)
    guard descriptor >= 0 else { throw ServerFault.socket(errno: errno) }
  }

  init(_ kind: Kind, boundTo endpoint: Endpoint) throws {
    try self.init(kind)
    if kind == .connections { reuseAddress() }
    var isBound = Loopback.bind(descriptor, endpoint.host, endpoint.port)
    // A client of another test may have the port for a moment.
    for _ in 0..<50 where !isBound && errno == EADDRINUSE {
      usleep(100_000)
      isBound = Loopback.bind(descriptor, endpoint.host, endpoint.port)
    }
    guard isBound, kind == .datagrams || listen(descriptor, 64) == 0 else {
      let number = errno
      close()
      throw ServerFault.socket(errno: number)
    }
  }

  init(_ kind: Kind, connectedTo endpoint: Endpoint) throws {
    try self.init(kind)
    guard Loopback.connect(descriptor, endpoint.host, endpoint.port) else {
      let number = errno
      close()
      throw ServerFault.socket(errno: number)
    }
  }

  private init(descriptor: Int32) { self.descriptor = descriptor }

  /// Lets a listener take a port whose last connections linger in TIME-WAIT.
  private func reuseAddress() {
    var on: Int32 = 1
    // The length given is the number's own.
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  /// The next connection, if one waits; nil otherwise.
  func accept() -> Socket? {
    let accepted = Glibc.accept(descriptor, nil, nil)
    return accepted >= 0 ? Socket(descriptor: accepted) : nil
  }

  /// What has arrived, and from whom; nil on an error or when nothing has.
  func receive(wait: Bool) -> (octets: [UInt8], from: sockaddr_in)? {
    var from = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    var buffer = [UInt8](repeating: 0, count: 65536)
    // A sockaddr_in may be written as sockaddr up to the length given, its own; the buffer's length is its own too.
    let count = unsafe withUnsafeMutablePointer(to: &from) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe recvfrom(descriptor, &buffer, buffer.count, wait ? 0 : Int32(MSG_DONTWAIT), $0, &length)
      }
    }
    guard count >= 0 else { return nil }
    return (Array(buffer[..<count]), from)
  }

  /// Sends all octets; what cannot be sent is lost.
  func send(_ octets: [UInt8]) {
    var rest = octets[...]
    while !rest.isEmpty {
      // The pointer and the length are the buffer's own.
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  func send(_ octets: [UInt8], to client: sockaddr_in) {
    var client = client
    // A sockaddr_in may be read as sockaddr up to the length given, its own; so is the octets' length.
    _ = unsafe withUnsafePointer(to: &client) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe sendto(
          descriptor, octets, octets.count, Int32(MSG_NOSIGNAL), $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  func close() { Glibc.close(descriptor) }

  /// Those sockets on which something waits to be read (or an error to be seen).
  static func readable(among sockets: [Socket], milliseconds: Int32) -> Set<Socket> {
    var list = sockets.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
    // The count given is the list's own.
    guard unsafe poll(&list, nfds_t(list.count), milliseconds) > 0 else { return [] }
    return Set(list.filter { $0.revents != 0 }.map { Socket(descriptor: $0.fd) })
  }
}
