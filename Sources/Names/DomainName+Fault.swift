extension DomainName {
  /// Why octets or text are not a name. `at` counts octets from the start of the message or text.
  public enum Fault: Error, Hashable, Sendable {
    /// The name runs on to octet `at`, which the message does not have.
    case truncated(at: Int)
    /// A length octet from 64 to 191, or a label of text longer than 63 octets (RFC 1035 §2.3.4).
    case labelTooLong(octets: Int, at: Int)
    /// More than 255 octets in wire form (RFC 1035 §2.3.4).
    case nameTooLong(octets: Int, at: Int)
    /// A pointer that does not lead back to a prior name (RFC 1035 §4.1.4): forwards, in a loop, or into the header.
    case pointerNotBackwards(to: Int, at: Int)
    /// More pointers than a name of 127 labels can need.
    case tooManyPointers(at: Int)
    /// A pointer where a name may not be compressed (RFC 3597 §4).
    case pointerNotAllowed(at: Int)
    /// Text with two dots in a row, a dot at its start, or nothing at all.
    case emptyLabel(at: Int)
    /// A backslash followed by neither three digits up to 255 nor a character (RFC 1035 §5.1).
    case badEscape(at: Int)
    /// Text that holds a space or a control character that is not escaped.
    case unescaped(octet: UInt8, at: Int)
    /// Unicode text that UTS 46 refuses, in libidn2's words.
    case notInternational(reason: String)
  }
}

extension DomainName.Fault: CustomStringConvertible {
  /// What is wrong, as the end of a sentence that starts with where.
  public var description: String {
    switch self {
    case .truncated(let at): "the name needs octet \(at), which is not there"
    case .labelTooLong(let octets, let at): "a label of \(octets) octets at \(at): at most 63 are allowed"
    case .nameTooLong(let octets, let at): "a name of \(octets) octets or more at \(at): at most 255 are allowed"
    case .pointerNotBackwards(let to, let at): "a compression pointer at \(at) leads to \(to), where no name stands before it"
    case .tooManyPointers(let at): "more than 127 compression pointers, the last at \(at)"
    case .pointerNotAllowed(let at): "a compression pointer at \(at), where a name must be whole"
    case .emptyLabel(let at): "an empty label at \(at)"
    case .badEscape(let at): "a backslash at \(at) that is followed by neither \\DDD up to 255 nor a character"
    case .unescaped(0x20, let at): "a label holds a space at \(at)"
    case .unescaped(let octet, let at): "a label holds the control character \(octet) at \(at)"
    case .notInternational(let reason): "not an international name: \(reason)"
    }
  }
}
