internal import DNSWire
internal import Notation

/// Reads a JSON text into ``Written``: text, numbers and truth become text, as they are written; `null` is nothing. A key that
/// stands twice in one mapping is a fault, since readers differ in which one they take.
struct JSONText {
  /// A plan of a hundred thousand records is some 100 MB; `terraform show -json` nests modules, two levels for each.
  static let bounds = JSONValue.Bounds()

  private let file: String

  /// - Returns: What stands in the file; `nil` with at least one fault.
  static func read(
    _ octets: [UInt8], file: String, mostValues: Int = bounds.values, faults: inout FaultList
  ) -> Written? {
    let text = JSONText(file: file)
    do {
      let value = try JSONValue(octets, bounds: JSONValue.Bounds(values: mostValues))
      let before = faults.count
      let written = text.written(value, &faults)
      return faults.count == before ? written : nil
    } catch {
      switch error.cause {
      case .notUTF8(let octet, let offset): faults.add(text.position(error.place), .notUTF8(octet: octet, offset: offset))
      case .utf16: faults.add(text.position(error.place), .utf16)
      default: faults.add(text.position(error.place), .json(error.cause))
      }
      return nil
    }
  }

  private func position(_ place: TextPlace) -> SourcePosition {
    SourcePosition(file: file, line: place.line, column: place.column)
  }

  /// Nested no deeper than the bounds allow.
  private func written(_ value: JSONValue, _ faults: inout FaultList) -> Written {
    let content: Written.Content
    switch value.content {
    case .null: content = .nothing
    case .boolean(let truth): content = .text(truth ? "true" : "false")
    case .number(let text), .string(let text): content = .text(text)
    case .array(let items): content = .list(items.map { written($0, &faults) })
    case .object(let members):
      var (first, entries) = ([String: SourcePosition](), [Written.Entry]())
      first.reserveCapacity(members.count)
      entries.reserveCapacity(members.count)
      for member in members {
        let place = position(member.place)
        let value = written(member.value, &faults)
        if let earlier = first[member.name] {
          faults.add(place, .keyTwice(member.name, first: earlier))
        } else {
          first[member.name] = place
          entries.append(Written.Entry(key: member.name, position: place, value: value))
        }
      }
      content = .mapping(entries)
    }
    return Written(content: content, position: position(value.place))
  }
}
