public import Names

extension RRType {
  /// The start of a zone of authority (RFC 1035 §3.3.13).
  public static let soa = RRType(6)
}

extension RecordFormat {
  static let soa = RecordFormat(
    .soa, "SOA", "RFC 1035 §3.3.13",
    [.name(.compressed), .name(.compressed), .u32, .period, .period, .period, .period])
}

/// The start of a zone of authority (RFC 1035 §3.3.13).
public struct SOA: Hashable, Sendable {
  /// The server that holds the original of the zone (MNAME).
  public var primary: DomainName
  /// Who is responsible, the first dot standing for `@` (RNAME).
  public var mailbox: DomainName
  /// Compared by the arithmetic of RFC 1982.
  public var serial: UInt32
  /// Seconds.
  public var refresh: UInt32
  /// Seconds.
  public var retry: UInt32
  /// Seconds.
  public var expire: UInt32
  /// Seconds that a negative answer lives (RFC 2308 §4).
  public var minimum: UInt32

  public init(
    primary: DomainName, mailbox: DomainName, serial: UInt32, refresh: UInt32, retry: UInt32, expire: UInt32, minimum: UInt32
  ) {
    (self.primary, self.mailbox, self.serial, self.refresh) = (primary, mailbox, serial, refresh)
    (self.retry, self.expire, self.minimum) = (retry, expire, minimum)
  }

  /// `nil` for data of another type or that does not fit the format.
  public init?(_ rdata: RData) {
    guard rdata.type == .soa, let values = rdata.values else { return nil }
    primary = values[0].name
    mailbox = values[1].name
    serial = values[2].u32
    refresh = values[3].u32
    retry = values[4].u32
    expire = values[5].u32
    minimum = values[6].u32
  }

  public var rdata: RData {
    RData(
      .soa, .name(primary), .name(mailbox), .number(UInt64(serial)), .number(UInt64(refresh)),
      .number(UInt64(retry)), .number(UInt64(expire)), .number(UInt64(minimum)))
  }
}
