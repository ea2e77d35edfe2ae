public import Names

/// Why octets are not a message or a record. `at` counts octets from the start of the message.
public enum WireFault: Error, Hashable, Sendable {
  /// The message ends before octet `at`, which its counts or lengths promise.
  case truncated(at: Int)
  case name(DomainName.Fault)
  /// A field of the record data runs past RDLENGTH.
  case dataTooShort(RRType, at: Int)
  /// Octets are left in the record data after its last field.
  case dataTooLong(RRType, octets: Int, at: Int)
  /// A field of the record data holds what its RFC forbids.
  case badField(RRType, BadField, at: Int)
  /// Octets are left after the last record that the header counts.
  case octetsAfterMessage(octets: Int, at: Int)
  /// A second OPT record (RFC 6891 §6.1.1).
  case secondOPT(at: Int)
  /// An OPT record whose owner is not the root (RFC 6891 §6.1.2).
  case ownerOfOPT(at: Int)

  /// Which rule a field of record data breaks.
  public enum BadField: Hashable, Sendable {
    case bitmapWindow  // RFC 4034 §4.1.2: windows rise, 1 to 32 octets each, no zero octet at the end
    case gatewayType(UInt8)  // RFC 4025 §2.5, RFC 8777 §4.2.3
    case tag  // RFC 8659 §4.1: letters and digits, at least one
    case parameterOrder(UInt16)  // RFC 9460 §2.2: keys strictly rise
    case parameterValue(UInt16)  // RFC 9460 §7, 8: the value does not fit its key
    case parameterMissing(UInt16)  // RFC 9460 §8: mandatory names a key that is not there
    case prefix  // RFC 3123 §4
    case location  // RFC 1876 §2
    case emptyField  // a field that must hold at least one octet
  }
}

extension WireFault: CustomStringConvertible {
  /// What is wrong, in one sentence without its full stop.
  public var description: String {
    switch self {
    case .truncated(let at): "the message ends before octet \(at), which its header or a length promises"
    case .name(let fault): "\(fault)"
    case .dataTooShort(let type, let at): "\(type) data ends in the middle of a field at octet \(at)"
    case .dataTooLong(let type, let octets, let at): "\(type) data holds \(octets) octets more than its fields, from octet \(at)"
    case .badField(let type, let field, let at): "\(type) data at octet \(at): \(field)"
    case .octetsAfterMessage(let octets, let at): "\(octets) octets follow the last record, from octet \(at)"
    case .secondOPT(let at): "a second OPT record at octet \(at)"
    case .ownerOfOPT(let at): "an OPT record at octet \(at) whose owner is not the root"
    }
  }
}

extension WireFault.BadField: CustomStringConvertible {
  public var description: String {
    switch self {
    case .bitmapWindow: "the windows of a type bitmap rise and hold 1 to 32 octets, the last not zero"
    case .gatewayType(let type): "there is no gateway type \(type)"
    case .tag: "a property tag is made of letters and digits"
    case .parameterOrder(let key): "the parameter key \(key) stands twice or out of order"
    case .parameterValue(let key): "the value does not fit the parameter key \(key)"
    case .parameterMissing(let key): "the mandatory parameter key \(key) is missing"
    case .prefix: "an address prefix that is too long or ends in a zero octet"
    case .location: "a size, precision, latitude or longitude out of its range"
    case .emptyField: "a field that may not be empty"
    }
  }
}
