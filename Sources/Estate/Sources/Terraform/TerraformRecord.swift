internal import DNSWire
internal import Names

/// What one resource says of one name and type.
struct TerraformRecord {
  enum Content {
    case values([RData])
    /// What this name has of the same type; where the file does not say, addresses that the provider chooses.
    case target(DomainName)
    /// Addresses that the provider chooses.
    case anyAddress(TerraformNotice?)
  }

  /// How resources for one name and type make its set.
  enum Share {
    /// Each is the whole set, so there is one.
    case whole
    /// Each adds its values.
    case added
    /// Each is what some who ask are answered.
    case routed
  }

  var name: DomainName
  var type: RRType
  var content: Content
  var share = Share.whole
  var ttl: UInt32?
  /// Whether some who ask may be answered with nothing.
  var mayBeAbsent = false
  var block: TerraformBlock

  var values: [RData]? { if case .values(let values) = content { values } else { nil } }

  /// Whether another resource says the same of the same set.
  func says(as other: TerraformRecord) -> Bool {
    switch (content, other.content) {
    case (.values(let one), .values(let two)): one == two || Set(one) == Set(two)
    case (.target(let one), .target(let two)): one == two
    case (.anyAddress, .anyAddress): true
    default: false
    }
  }
}
