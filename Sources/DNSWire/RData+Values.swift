public import Names

/// What one field of record data holds.
public enum FieldValue: Hashable, Sendable {
  case number(UInt64)
  case name(DomainName)
  case address(IPAddress)
  /// A string or binary data without its length; for a field with a form of its own, its wire octets.
  case octets([UInt8])
  case strings([[UInt8]])
  case types([RRType])
}

extension RData {
  /// What the fields hold, one value for each in the order of the format.
  ///
  /// `nil` if the type is unknown or the octets do not fit its format. A string that may be missing is `strings`.
  public var values: [FieldValue]? {
    guard let format = RecordFormat.of(type) else { return nil }
    var (place, scratch, values) = (0, [UInt8](), [FieldValue]())
    let span = octets.span
    for field in format.fields {
      let start = place
      scratch.removeAll(keepingCapacity: true)
      guard
        (try? field.appendCanonical(span, at: &place, end: span.count, type: type, pointers: false, to: &scratch)) != nil
      else { return nil }
      values.append(field.value(octets[start..<place]))
    }
    return place == octets.count ? values : nil
  }

  /// Makes data from what its fields hold; a number is cut to the width of its field, a string to 255 octets.
  init(_ type: RRType, _ values: FieldValue...) {
    var octets = [UInt8]()
    for (field, value) in zip(RecordFormat.of(type)?.fields ?? [], values) {
      switch value {
      case .number(let number):
        let width = field.numberWidth
        for step in 0..<width { octets.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * (width - 1 - step)))) }
      case .name(let name): octets.append(contentsOf: name.octets)
      case .address(let address): octets.append(contentsOf: address.octets)
      case .octets(let part):
        switch field {
        case .string, .tag, .hexString, .base32String:
          octets.append(UInt8(truncatingIfNeeded: min(part.count, 255)))
          octets.append(contentsOf: part.prefix(255))
        default: octets.append(contentsOf: part)
        }
      case .strings(let strings):
        for string in strings {
          octets.append(UInt8(truncatingIfNeeded: min(string.count, 255)))
          octets.append(contentsOf: string.prefix(255))
        }
      case .types(let types): TypeBitmap.append(types, to: &octets)
      }
    }
    self.init(type: type, canonical: octets)
  }
}

extension RecordFormat.Field {
  /// Octets of a field that holds a number; 0 for another.
  fileprivate var numberWidth: Int {
    switch self {
    case .u8, .algorithm, .scheme: 1
    case .u16, .type, .certificateType: 2
    case .u32, .period, .time: 4
    case .locator: 8
    default: 0
    }
  }

  /// The value of one field whose canonical octets were checked.
  fileprivate func value(_ octets: ArraySlice<UInt8>) -> FieldValue {
    switch self {
    case .name: .name(octets.name ?? .root)
    case .ipv4, .ipv6: octets.address.map(FieldValue.address) ?? .octets(Array(octets))
    case .string, .tag, .hexString, .base32String: .octets(Array(octets.dropFirst()))
    case .strings, .optionalString: .strings(Self.strings(octets))
    case .types: .types(TypeBitmap.types(octets))
    case .oldTypes: .types(TypeBitmap.oldTypes(octets))
    default: numberWidth > 0 ? .number(octets.number) : .octets(Array(octets))
    }
  }

  private static func strings(_ octets: ArraySlice<UInt8>) -> [[UInt8]] {
    var (rest, strings) = (octets, [[UInt8]]())
    while let length = rest.popFirst() {
      strings.append(Array(rest.prefix(Int(length))))
      rest = rest.dropFirst(Int(length))
    }
    return strings
  }
}

/// What a typed view takes out of a value; the format beside the view says which case it is.
extension FieldValue {
  var u8: UInt8 { UInt8(truncatingIfNeeded: number) }
  var u16: UInt16 { UInt16(truncatingIfNeeded: number) }
  var u32: UInt32 { UInt32(truncatingIfNeeded: number) }
  var type: RRType { RRType(u16) }
  var name: DomainName { if case .name(let name) = self { name } else { .root } }
  var octets: [UInt8] { if case .octets(let octets) = self { octets } else { [] } }
  var strings: [[UInt8]] { if case .strings(let strings) = self { strings } else { [] } }
  var types: [RRType] { if case .types(let types) = self { types } else { [] } }
  private var number: UInt64 { if case .number(let number) = self { number } else { 0 } }
}
