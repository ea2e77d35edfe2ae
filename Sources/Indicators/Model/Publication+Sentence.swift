internal import Notation

extension Publication.Remark.Cause {
  /// What it is about, without the place.
  public var sentence: String {
    switch self {
    case .noValue: "There is no value here; the row or object is passed over."
    case .readAs(let type, let written, let value):
      "\(quoted(written)) is no \(type.isEmpty ? "value of its type" : quoted(type)); it is read as \(value)."
    case .notOfType(let type, let value):
      type.isEmpty
        ? "\(quoted(value)) is no name, address, URL, hash or e-mail address; it is passed over."
        : "\(quoted(value)) is nothing that is looked for as \(quoted(type)); it is passed over."
    case .unknownType(let type): "\(quoted(type)) is a type that is not known here; it is passed over."
    case .badPattern(let reason): "The pattern is kept and not looked for: \(reason)"
    case .danglingReference(let id): "\(quoted(id)) is named here and stands nowhere in the file."
    case .unreadableMarking(let text):
      "\(quoted(text)) is no marking of TLP that is known here: what it marks counts as TLP:RED, so that it is not given on."
    case .badTime(let text):
      "\(quoted(text)) is no time that can be read in one way only; the indicator is kept without it. Write it as 2024-01-31, or "
        + "2024-01-31T09:00:00Z."
    case .unsupported(let what): "This cannot be looked for: \(printable(what, limit: 200))."
    case .missingFile(let reason): reason
    case .repeated(let first): "The same value stands at \(first)."
    case .notUTF8(let octet, let offset):
      "Octet \(offset) of the file is \(hexadecimal(UInt32(octet), digits: 2)), which is not UTF-8; what is not is read as U+FFFD. "
        + "Save the file as UTF-8."
    }
  }
}
