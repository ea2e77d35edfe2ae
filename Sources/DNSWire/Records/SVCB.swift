public import Names

extension RRType {
  /// How to reach a service (RFC 9460 §2).
  public static let svcb = RRType(64)
}

extension RecordFormat {
  static let svcb = RecordFormat(.svcb, "SVCB", "RFC 9460 §2", [.u16, .name(.whole), .parameters])
}

/// How to reach a service (RFC 9460 §2).
public struct SVCB: Hashable, Sendable {
  /// SVCB or HTTPS.
  public var type: RRType
  /// 0 is an alias.
  public var priority: UInt16
  /// `.` is the owner itself in service mode, and "not there" in an alias.
  public var target: DomainName
  /// Rising by key.
  public var parameters: [Parameter]

  public struct Parameter: Hashable, Sendable {
    public var key: UInt16
    /// In wire form (RFC 9460 §7, 8).
    public var value: [UInt8]

    public init(key: UInt16, value: [UInt8]) { (self.key, self.value) = (key, value) }
  }

  /// An SVCB or HTTPS; `nil` for data of another type or that does not fit the format.
  public init?(_ rdata: RData) {
    guard rdata.type == .svcb || rdata.type == .https, let values = rdata.values else { return nil }
    (type, priority, target, parameters) = (rdata.type, values[0].u16, values[1].name, [])
    ServiceParameters.forEach(values[2].octets[...]) { key, value in parameters.append(Parameter(key: key, value: Array(value))) }
  }

  public var rdata: RData {
    var octets = [UInt8]()
    for parameter in parameters.sorted(by: { $0.key < $1.key }) {
      octets.appendU16(parameter.key)
      octets.appendU16(UInt16(truncatingIfNeeded: parameter.value.count))
      octets.append(contentsOf: parameter.value)
    }
    return RData(type, .number(UInt64(priority)), .name(target), .octets(octets))
  }
}
