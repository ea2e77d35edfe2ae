import Names

extension RecordFormat {
  /// Appends the presentation form of canonical octets; says `false` if they do not fit the format.
  func appendText(_ octets: [UInt8], to text: inout [UInt8]) -> Bool {
    let (span, start) = (octets.span, text.count)
    var (place, scratch) = (0, [UInt8]())
    for field in fields {
      let from = place
      scratch.removeAll(keepingCapacity: true)
      guard
        (try? field.appendCanonical(span, at: &place, end: span.count, type: type, pointers: false, to: &scratch)) != nil
      else {
        text.removeSubrange(start...)
        return false
      }
      if text.count > start { text.append(0x20) }
      let before = text.count
      guard field.appendText(octets[from..<place], to: &text) else {
        text.removeSubrange(start...)
        return false
      }
      // A field that shows nothing takes its space away again.
      if text.count == before, before > start { text.removeLast() }
    }
    return place == octets.count
  }
}

extension RecordFormat.Field {
  /// Appends the presentation form of one field whose canonical octets were checked; says `false` if they have none.
  fileprivate func appendText(_ octets: ArraySlice<UInt8>, to text: inout [UInt8]) -> Bool {
    func append(_ string: String) { text.append(contentsOf: string.utf8) }
    switch self {
    case .u8, .u16, .u32, .period, .algorithm, .scheme: append(String(octets.number))
    case .certificateType: append(CERT.mnemonics[UInt16(truncatingIfNeeded: octets.number)] ?? String(octets.number))
    case .time: CalendarTime.append(UInt32(truncatingIfNeeded: octets.number), to: &text)
    case .type: append(RRType(UInt16(truncatingIfNeeded: octets.number)).description)
    case .name: octets.name?.appendText(to: &text)
    case .ipv4, .ipv6: append(octets.address?.description ?? "")
    case .locator:
      for step in 0..<4 {
        if step > 0 { text.append(0x3A) }
        Hexadecimal.append(octets.dropFirst(2 * step).prefix(2), to: &text)
      }
    case .eui:
      for (step, octet) in octets.enumerated() {
        if step > 0 { text.append(0x2D) }
        Hexadecimal.append(CollectionOfOne(octet), to: &text)
      }
    case .string: Escapes.appendQuoted(octets.dropFirst(), to: &text)
    case .optionalString: if !octets.isEmpty { Escapes.appendQuoted(octets.dropFirst(), to: &text) }
    case .strings:
      var rest = octets
      while let length = rest.popFirst() {
        Escapes.appendQuoted(rest.prefix(Int(length)), to: &text)
        rest = rest.dropFirst(Int(length))
        if !rest.isEmpty { text.append(0x20) }
      }
    case .text: Escapes.appendQuoted(octets, to: &text)
    case .tag: text.append(contentsOf: octets.dropFirst())
    case .base64: Base64.append(octets, to: &text)
    case .hex: Hexadecimal.append(octets, to: &text)
    case .hexString:
      if octets.count > 1 { Hexadecimal.append(octets.dropFirst(), to: &text) } else { text.append(0x2D) }
    case .base32String: Base32Hex.append(octets.dropFirst(), to: &text)
    case .types: append(TypeBitmap.types(octets).map(\.description).joined(separator: " "))
    case .oldTypes: append(TypeBitmap.oldTypes(octets).map(\.description).joined(separator: " "))
    case .parameters: ServiceParameters.appendText(octets, to: &text)
    case .location: return Location.appendText(octets, to: &text)
    case .prefixes: return AddressPrefixes.appendText(octets, to: &text)
    case .services: append(PortBitmap.text(octets))
    case .networkAddress:
      append("0x")
      Hexadecimal.append(octets, to: &text)
    case .gateway: Gateway.appendText(octets, isRelay: false, to: &text)
    case .relay: Gateway.appendText(octets, isRelay: true, to: &text)
    case .hostIdentity: HostIdentity.appendText(octets, to: &text)
    }
    return true
  }
}

extension ArraySlice<UInt8> {
  /// The value of up to eight octets in network order.
  var number: UInt64 { reduce(0) { $0 << 8 | UInt64($1) } }

  /// The uncompressed name that stands at the start.
  var name: DomainName? {
    let octets = Array(self)
    var place = 0
    return try? DomainName(octets.span, at: &place)
  }

  /// The address that the octets are.
  var address: IPAddress? {
    let octets = Array(self)
    return IPAddress(octets: octets.span)
  }
}
