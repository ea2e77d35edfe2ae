extension RegularExpression {
  /// Scalars in ranges, or all others.
  struct CharacterSet: Hashable, Sendable {
    /// In order, and apart from each other.
    private(set) var ranges: [ClosedRange<UInt32>]
    var isNegated: Bool
    var ignoresCase: Bool

    init(_ ranges: [ClosedRange<UInt32>], isNegated: Bool = false, ignoresCase: Bool = false) {
      self.ranges = []
      for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
        if let last = self.ranges.last, range.lowerBound <= last.upperBound {
          self.ranges[self.ranges.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
        } else {
          self.ranges.append(range)
        }
      }
      (self.isNegated, self.ignoresCase) = (isNegated, ignoresCase)
    }

    func contains(_ scalar: UInt32) -> Bool {
      let isIn = has(scalar) || ignoresCase && Self.otherCases(of: scalar).contains { has($0) }
      return isIn != isNegated
    }

    private func has(_ scalar: UInt32) -> Bool {
      var (low, high) = (0, ranges.count)
      while low < high {
        let middle = (low + high) / 2
        if ranges[middle].upperBound < scalar { low = middle + 1 } else { high = middle }
      }
      return low < ranges.count && ranges[low].lowerBound <= scalar
    }

    /// The lower, upper and title case of a scalar, each where it is one scalar.
    static func otherCases(of scalar: UInt32) -> [UInt32] {
      if scalar < 0x80 {
        let letter = scalar | 0x20
        return letter &- 0x61 < 26 ? [letter, letter & ~0x20] : []
      }
      guard let properties = Unicode.Scalar(scalar)?.properties else { return [] }
      return [properties.lowercaseMapping, properties.uppercaseMapping, properties.titlecaseMapping].compactMap {
        $0.unicodeScalars.count == 1 ? $0.unicodeScalars.first?.value : nil
      }
    }

    static let digits: [ClosedRange<UInt32>] = [0x30...0x39]
    static let wordCharacters: [ClosedRange<UInt32>] = [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]
    static let whiteSpace: [ClosedRange<UInt32>] = [0x09...0x0D, 0x20...0x20]
    static let horizontalSpace: [ClosedRange<UInt32>] = [
      0x09...0x09, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x180E...0x180E, 0x2000...0x200A, 0x202F...0x202F, 0x205F...0x205F,
      0x3000...0x3000,
    ]
    static let verticalSpace: [ClosedRange<UInt32>] = [0x0A...0x0D, 0x85...0x85, 0x2028...0x2029]

    /// All scalars that are in none of some ranges.
    static func others(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
      var (out, next): ([ClosedRange<UInt32>], UInt32) = ([], 0)
      for range in CharacterSet(ranges).ranges {
        if range.lowerBound > next { out.append(next...(range.lowerBound - 1)) }
        guard range.upperBound < 0x10_FFFF else { return out }
        next = range.upperBound + 1
      }
      return out + [next...0x10_FFFF]
    }

    /// A class of `\d`, `\D` and the like; `nil` for another letter.
    static func shorthand(_ letter: UInt32) -> [ClosedRange<UInt32>]? {
      switch Unicode.Scalar(letter) {
      case "d": digits
      case "D": others(digits)
      case "w": wordCharacters
      case "W": others(wordCharacters)
      case "s": whiteSpace
      case "S": others(whiteSpace)
      case "h": horizontalSpace
      case "H": others(horizontalSpace)
      case "v": verticalSpace
      case "V": others(verticalSpace)
      default: nil
      }
    }

    /// A class of POSIX by its name, as in `[[:alpha:]]`.
    static func posix(_ name: String) -> [ClosedRange<UInt32>]? {
      switch name {
      case "alnum": [0x30...0x39, 0x41...0x5A, 0x61...0x7A]
      case "alpha": [0x41...0x5A, 0x61...0x7A]
      case "ascii": [0x00...0x7F]
      case "blank": [0x09...0x09, 0x20...0x20]
      case "cntrl": [0x00...0x1F, 0x7F...0x7F]
      case "digit": digits
      case "graph": [0x21...0x7E]
      case "lower": [0x61...0x7A]
      case "print": [0x20...0x7E]
      case "punct": [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E]
      case "space": whiteSpace
      case "upper": [0x41...0x5A]
      case "word": wordCharacters
      case "xdigit": [0x30...0x39, 0x41...0x46, 0x61...0x66]
      default: nil
      }
    }
  }
}
