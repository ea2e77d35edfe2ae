extension DomainName {
  /// How many labels, the root's empty one not counted.
  public var labelCount: Int {
    var count = 0
    var place = 0
    while place < octets.count, octets[place] != 0 {
      place += 1 + Int(octets[place])
      count += 1
    }
    return count
  }

  /// The name without its first label; `nil` for the root.
  public var parent: DomainName? {
    guard octets.count > 1 else { return nil }
    return DomainName(trusted: Array(octets[(1 + Int(octets[0]))...]))
  }

  /// Whether this name stands strictly below another.
  public func isBelow(_ ancestor: DomainName) -> Bool {
    octets.count > ancestor.octets.count && isAtOrBelow(ancestor)
  }

  /// Whether this name is another or stands below it.
  public func isAtOrBelow(_ ancestor: DomainName) -> Bool {
    let cut = octets.count - ancestor.octets.count
    guard cut >= 0 else { return false }
    var place = 0
    while place < cut { place += 1 + Int(octets[place]) }
    guard place == cut else { return false }
    let (own, other) = (octets.span, ancestor.octets.span)
    for index in other.indices where own[cut + index] != other[index] { return false }
    return true
  }

  /// The labels from the first on, the root's empty one not counted.
  public func labels() -> [ArraySlice<UInt8>] {
    var labels = [ArraySlice<UInt8>]()
    var place = 0
    while place < octets.count, octets[place] != 0 {
      let end = place + 1 + Int(octets[place])
      labels.append(octets[(place + 1)..<end])
      place = end
    }
    return labels
  }

  /// The name with one label more in front; upper case is lower-cased.
  public func prepending(label: [UInt8]) throws(Fault) -> DomainName {
    guard !label.isEmpty else { throw .emptyLabel(at: 0) }
    guard label.count <= Self.mostLabelOctets else { throw .labelTooLong(octets: label.count, at: 0) }
    let total = octets.count + 1 + label.count
    guard total <= Self.mostOctets else { throw .nameTooLong(octets: total, at: 0) }
    var longer = [UInt8]()
    longer.reserveCapacity(total)
    longer.append(UInt8(truncatingIfNeeded: label.count))
    for octet in label { longer.append(lowerCased(octet)) }
    longer.append(contentsOf: octets)
    return DomainName(trusted: longer)
  }

  /// Whether the first label is `*` (RFC 4592 §2.1.1).
  public var isWildcard: Bool { octets.count > 2 && octets[0] == 1 && octets[1] == 0x2A }

  /// The last `count` labels: the root for none, the name itself for as many as it has or more.
  public func ancestor(labels count: Int) -> DomainName {
    var place = 0
    for _ in 0..<max(0, labelCount - max(0, count)) { place += 1 + Int(octets[place]) }
    return place == 0 ? self : DomainName(trusted: Array(octets[place...]))
  }

  /// Writes where each label's length octet stands, the root's not counted, and says how many there are.
  private func labelStarts(_ starts: inout [127 of UInt8]) -> Int {
    var count = 0
    var place = 0
    while place < octets.count, octets[place] != 0, count < 127 {
      starts[count] = UInt8(truncatingIfNeeded: place)
      place += 1 + Int(octets[place])
      count += 1
    }
    return count
  }
}

extension DomainName: Comparable {
  /// The canonical order of RFC 4034 §6.1: label by label from the last, as unsigned octets; a shorter one first.
  public static func < (one: DomainName, other: DomainName) -> Bool {
    var (ones, others) = ([127 of UInt8](repeating: 0), [127 of UInt8](repeating: 0))
    var (left, right) = (one.labelStarts(&ones), other.labelStarts(&others))
    while left > 0, right > 0 {
      left -= 1
      right -= 1
      let (start, start2) = (Int(ones[left]), Int(others[right]))
      let (length, length2) = (Int(one.octets[start]), Int(other.octets[start2]))
      for step in 1..<(min(length, length2) + 1) {
        let (octet, octet2) = (one.octets[start + step], other.octets[start2 + step])
        if octet != octet2 { return octet < octet2 }
      }
      if length != length2 { return length < length2 }
    }
    return left == 0 && right > 0
  }
}
