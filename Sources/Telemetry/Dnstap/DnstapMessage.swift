public import Names

/// One message that a server saw, as dnstap tells it (dnstap.info, dnstap.proto): the addresses of both sides, and the octets of
/// question and answer.
public struct DnstapMessage: Sendable {
  public var queryAddress: IPAddress?
  public var responseAddress: IPAddress?
  /// DNS messages in wire form.
  public var query: [UInt8]?
  public var response: [UInt8]?

  /// Reads a frame. Fields that are not used are passed over, as Protocol Buffers want it.
  ///
  /// - Returns: `nil` where the octets are no such message.
  public init?(_ octets: ArraySlice<UInt8>) {
    guard let message = Fields(octets).first(where: { $0.number == 14 })?.octets else { return nil }
    for field in Fields(message) {
      switch field.number {
      case 4: queryAddress = IPAddress(octets: Array(field.octets).span)
      case 5: responseAddress = IPAddress(octets: Array(field.octets).span)
      case 10: query = Array(field.octets)
      case 14: response = Array(field.octets)
      default: break
      }
    }
    if query == nil, response == nil, queryAddress == nil, responseAddress == nil { return nil }
  }
}

/// The length-delimited fields of a Protocol Buffers message (protobuf.dev, "Encoding"); others are passed over. What does not hold
/// together ends it.
private struct Fields: Sequence, IteratorProtocol {
  private var rest: ArraySlice<UInt8>

  init(_ octets: ArraySlice<UInt8>) { rest = octets }

  mutating func next() -> (number: UInt64, octets: ArraySlice<UInt8>)? {
    while let key = variable() {
      switch key & 7 {
      case 0: if variable() == nil { return nil }
      case 1: rest = rest.dropFirst(8)
      case 5: rest = rest.dropFirst(4)
      case 2:
        guard let length = variable(), length <= UInt64(rest.count) else { return nil }
        let octets = rest.prefix(Int(length))
        rest = rest.dropFirst(Int(length))
        return (key >> 3, octets)
      default: return nil
      }
    }
    return nil
  }

  private mutating func variable() -> UInt64? {
    var (value, shift) = (UInt64(0), UInt64(0))
    while let octet = rest.popFirst() {
      guard shift < 64 else { return nil }
      value |= UInt64(octet & 0x7F) << shift
      if octet < 0x80 { return value }
      shift += 7
    }
    return nil
  }
}
