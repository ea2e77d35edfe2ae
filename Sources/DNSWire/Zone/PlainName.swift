import Names

/// A name as master files mostly write it: `@`, or printable ASCII without an escape, in wire form shorter than the longest.
///
/// Whatever is not plain goes through `DomainName(text:origin:)`, which also finds the words for what is wrong.
enum PlainName {
  case relative
  case absolute

  /// Reads a name and appends its wire form, lower-cased.
  ///
  /// - Parameter origin: In wire form, what the name stands under unless it ends in a dot.
  /// - Returns: `nil` if the name is not plain; then nothing is appended.
  static func append(_ text: Span<UInt8>, under origin: Span<UInt8>, to octets: inout [UInt8]) -> PlainName? {
    guard text.count > 0, text.count &+ origin.count < 255 else { return nil }
    let isOrigin = text.count == 1 && text[0] == 0x40
    var kind: PlainName?
    octets.append(addingCapacity: text.count &+ origin.count &+ 1) { (output: inout OutputSpan<UInt8>) in
      kind = isOrigin ? .relative : write(text, &output)
      if kind == nil { output.removeLast(output.count) }
      if kind == .relative { for place in origin.indices { output.append(origin[place]) } }
    }
    return kind
  }

  @inline(__always)
  private static func write(_ text: Span<UInt8>, _ output: inout OutputSpan<UInt8>) -> PlainName? {
    var start = 0  // where the length octet of the label in hand stands
    output.append(0)
    for place in text.indices {
      let octet = text[place]
      if octet == 0x2E {
        let length = output.count &- start &- 1
        guard length > 0, length < 64 else { return nil }
        output[start] = UInt8(truncatingIfNeeded: length)
        start = output.count
        output.append(0)
      } else {
        guard octet &- 0x21 < 0x5E, octet != 0x5C else { return nil }
        output.append(lowerCased(octet))
      }
    }
    // After a final dot the label in hand is the root's.
    let length = output.count &- start &- 1
    if length == 0 { return .absolute }
    guard length < 64 else { return nil }
    output[start] = UInt8(truncatingIfNeeded: length)
    return .relative
  }
}
