/// An address and a port: `192.0.2.53:53`, `[2001:db8::53]:53`.
public struct SocketAddress: Hashable, Sendable {
  public var address: IPAddress
  public var port: UInt16

  public init(address: IPAddress, port: UInt16) { (self.address, self.port) = (address, port) }

  /// Reads an address with or without a port; an IPv6 address that has one stands in brackets (RFC 5952 §6).
  public init?(_ text: String, defaultPort: UInt16) {
    if let address = IPAddress(text) {
      self.init(address: address, port: defaultPort)
      return
    }
    var (host, rest) = (Substring(text), Substring())
    if text.hasPrefix("[") {
      guard let close = text.firstIndex(of: "]") else { return nil }
      host = text[text.index(after: text.startIndex)..<close]
      rest = text[text.index(after: close)...]
      guard host.contains(":") else { return nil }
    } else {
      guard let colon = text.firstIndex(of: ":") else { return nil }
      (host, rest) = (text[..<colon], text[colon...])
    }
    guard let address = IPAddress(host) else { return nil }
    guard !rest.isEmpty else {
      self.init(address: address, port: defaultPort)
      return
    }
    let digits = rest.dropFirst()
    guard rest.first == ":", (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ $0 &- 0x30 < 10 }),
      let port = UInt16(digits)
    else { return nil }
    self.init(address: address, port: port)
  }
}

extension SocketAddress: Comparable {
  public static func < (one: SocketAddress, other: SocketAddress) -> Bool {
    (one.address, one.port) < (other.address, other.port)
  }
}

extension SocketAddress: CustomStringConvertible {
  public var description: String { address.isV6 ? "[\(address)]:\(port)" : "\(address):\(port)" }
}
