internal import Names

extension Observable {
  /// Why a value that a list or a table gives is not looked for; `nil` where it is. Alone it would tell of every address, of all
  /// that is below a top-level domain, or of nothing on the net.
  ///
  /// What a form states in a field made for it, as STIX does, is not asked: there a value may be one condition beside others.
  var refusal: Publication.Remark.Cause? {
    switch self {
    case .prefix(let prefix):
      if isEveryAddress { return meansEveryAddress }
      return !prefix.address.isV6 && prefix.length >= 8 && prefix.address.isNoHost ? Self.meansNoHost(value) : nil
    case .address(let address): return address.isNoHost ? Self.meansNoHost(value) : nil
    // One label is enough: which names of more are suffixes under which anybody registers, is nowhere said here.
    case .name(let name, _):
      guard name.labelCount == 1 else { return nil }
      return value == "localhost" ? Self.meansNoHost(value) : .unsupported(value + " means a whole top-level domain")
    default: return nil
    }
  }

  /// Of an address or name, as it is written.
  static func meansNoHost(_ value: String) -> Publication.Remark.Cause { .unsupported(value + " means no host on the net") }
}

extension IPAddress {
  /// Whether it is unspecified ("this host on this network"), loopback or the broadcast address: nothing on the net has one of
  /// these (RFC 6890 §2.2.2, §2.2.3).
  var isNoHost: Bool {
    switch self {
    case .v4(let value): value >> 24 == 0 || isLoopback || value == .max
    case .v6(let upper, let lower): upper == 0 && lower == 0 || isLoopback
    }
  }
}
