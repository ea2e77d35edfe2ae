internal import CIDN2

extension DomainName {
  /// Reads what a person types: presentation form that may hold Unicode, which becomes A-labels (UTS 46, nontransitional).
  ///
  /// - Throws: ``Fault``; ``Fault/notInternational(reason:)`` in libidn2's words.
  public init(displayed text: String) throws(Fault) {
    guard text.utf8.contains(where: { $0 >= 0x80 }) else {
      try self.init(text)
      return
    }
    // UTS 46 §2.3: these three separate labels as a full stop does.
    let stops: Set<Unicode.Scalar> = ["\u{3002}", "\u{FF0E}", "\u{FF61}"]
    var plain = ""
    for scalar in text.unicodeScalars { plain.unicodeScalars.append(stops.contains(scalar) ? "." : scalar) }
    var labels = [String]()
    for label in plain.split(separator: ".", omittingEmptySubsequences: false) {
      labels.append(label.utf8.contains { $0 >= 0x80 } ? try Self.aLabel(String(label)) : String(label))
    }
    try self.init(labels.joined(separator: "."))
  }

  /// The name for a person: the presentation form and, if it holds A-labels, the same with U-labels beside it.
  ///
  /// Only a U-label that leads back to the same A-label is shown, and nothing that is invisible or changes the direction.
  public var displayed: String {
    let text = description
    guard text.hasPrefix("xn--") || text.contains(".xn--") else { return text }
    var isInternational = false
    let labels = labels().map { label -> String in
      if let shown = Self.uLabel(label) {
        isInternational = true
        return shown
      }
      return String((try? DomainName.root.prepending(label: Array(label)))?.description.dropLast() ?? "")
    }
    return isInternational ? "\(text) (\(labels.joined(separator: ".")).)" : text
  }

  private static func aLabel(_ label: String) throws(Fault) -> String {
    var output: UnsafeMutablePointer<CChar>?
    let flags = CInt(IDN2_NONTRANSITIONAL.rawValue | IDN2_NFC_INPUT.rawValue)
    // The C string ends in zero and libidn2 keeps no pointer to it; `output` is ours to free.
    let result = unsafe label.withCString { unsafe idn2_to_ascii_8z($0, &output, flags) }
    defer { unsafe idn2_free(output) }
    guard result == IDN2_OK.rawValue, let output = unsafe output else {
      // libidn2's sentences are constants that end in zero.
      throw .notInternational(reason: unsafe String(cString: idn2_strerror(result)))
    }
    // libidn2 ends its output in zero.
    return unsafe String(cString: output)
  }

  /// The U-label of an A-label; `nil` if the label is none or must not be shown.
  private static func uLabel(_ label: ArraySlice<UInt8>) -> String? {
    guard label.starts(with: [0x78, 0x6E, 0x2D, 0x2D]), !label.contains(where: { $0 <= 0x20 || $0 >= 0x7F }) else { return nil }
    let ascii = String(decoding: label, as: UTF8.self)
    var output: UnsafeMutablePointer<CChar>?
    // The C string ends in zero and libidn2 keeps no pointer to it; `output` is ours to free.
    let result = unsafe ascii.withCString { unsafe idn2_to_unicode_8z8z($0, &output, 0) }
    defer { unsafe idn2_free(output) }
    guard result == IDN2_OK.rawValue, let output = unsafe output else { return nil }
    // libidn2 ends its output in zero.
    let shown = unsafe String(cString: output)
    guard shown != ascii, shown.unicodeScalars.allSatisfy(isPlain), (try? aLabel(shown)) == ascii else { return nil }
    return shown
  }

  /// Whether a terminal or page shows a scalar as itself: a letter, mark, number, or ASCII that needs no escape.
  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator: false
    default: scalar != "." && scalar != "\\" && scalar != "(" && scalar != ")"
    }
  }
}
