import Glibc

/// The question whether a server serves a zone yet, asked over UDP with octets of our own: it must not depend on what the
/// tests test.
public enum SOAQuestion {
  public struct Reply: Equatable, Sendable {
    public var responseCode: UInt8
    public var isAuthoritative: Bool
    public var serial: UInt32?
  }

  /// Asks once.
  ///
  /// - Returns: What came back, or nil when nothing (or nothing that belongs to the question) came within the limit.
  public static func ask(_ zone: String, at address: String, port: UInt16, limit: Duration = .milliseconds(200)) async throws
    -> Reply?
  {
    guard let socket = try? Socket(.datagrams, connectedTo: Endpoint(address, port)) else { return nil }
    defer { socket.close() }
    let id = UInt16.random(in: 0 ... .max)
    socket.send(query(zone, id: id))
    let deadline = ContinuousClock.now + limit
    while true {
      // Looked before it is looked at the clock: a task that had no processor for the whole limit may have its answer.
      if let datagram = socket.receive(wait: false) {
        if let reply = parse(datagram.octets, id: id) { return reply }
      } else if errno != EAGAIN {
        return nil  // a refused port shows as an error of a later call on the connected socket
      }
      guard ContinuousClock.now < deadline else { return nil }
      try await Task.sleep(for: .milliseconds(2))
    }
  }

  static func query(_ zone: String, id: UInt16) -> [UInt8] {
    var octets: [UInt8] = [UInt8(id >> 8), UInt8(id & 255), 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    for label in zone.split(separator: ".") { octets += [UInt8(label.utf8.count)] + Array(label.utf8) }
    return octets + [0, 0, 6, 0, 1]  // the root, SOA, IN
  }

  static func parse(_ octets: [UInt8], id: UInt16) -> Reply? {
    func number(_ at: Int) -> Int? { at + 1 < octets.count ? Int(octets[at]) << 8 | Int(octets[at + 1]) : nil }
    func afterName(_ start: Int) -> Int? {
      var at = start
      while at < octets.count {
        if octets[at] == 0 { return at + 1 }
        if octets[at] >= 192 { return at + 2 }
        at += 1 + Int(octets[at])
      }
      return nil
    }
    guard octets.count >= 12, number(0) == Int(id), octets[2] & 0x80 != 0 else { return nil }
    var reply = Reply(responseCode: octets[3] & 15, isAuthoritative: octets[2] & 4 != 0, serial: nil)
    guard let answers = number(6), answers > 0, let question = afterName(12), let record = afterName(question + 4) else {
      return reply
    }
    // The serial and four other numbers of four octets end the data (RFC 1035 §3.3.13).
    guard number(record) == 6, let length = number(record + 8), length >= 22 else { return reply }
    let end = record + 10 + length
    if let high = number(end - 20), let low = number(end - 18) { reply.serial = UInt32(high) << 16 | UInt32(low) }
    return reply
  }
}
