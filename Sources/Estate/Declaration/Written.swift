internal import DNSWire

/// What stands in a declaration before anyone asks what it means: text, lists and mappings, each with its place.
struct Written {
  enum Content {
    case nothing
    case text(String)
    case list([Written])
    case mapping([Entry])
  }

  struct Entry {
    var key: String
    var position: SourcePosition
    var value: Written
  }

  var content: Content
  var position: SourcePosition

  var kind: DeclarationFault.Kind {
    switch content {
    case .nothing: .nothing
    case .text: .text
    case .list: .list
    case .mapping: .mapping
    }
  }

  var text: String? { if case .text(let text) = content { text } else { nil } }
}

/// The faults of one reading: kept up to a bound, counted beyond it.
struct FaultList {
  /// More than anyone reads, so that sorting by place chooses among enough.
  static let kept = 2000

  private(set) var faults: [(order: SourcePosition, fault: DeclarationFault)] = []
  private(set) var count = 0
  /// Which group's values stand at a place, by the place.
  private var groups: [SourcePosition: (name: String, position: SourcePosition)] = [:]

  /// Remembers that a group is used somewhere, so that a fault there tells it too.
  mutating func note(useOf group: String, at position: SourcePosition, writtenAt: SourcePosition) {
    groups[position] = (group, writtenAt)
  }

  func isOfGroup(_ position: SourcePosition) -> Bool { groups[position] != nil }

  /// - Parameter order: The place in the declaration that led to the fault, where the fault itself is in another file.
  mutating func add(_ position: SourcePosition, _ cause: DeclarationFault.Cause, order: SourcePosition? = nil) {
    count += 1
    guard faults.count < Self.kept else { return }
    let told = groups[position].map { .ofGroup($0.name, at: $0.position, cause) } ?? cause
    faults.append((order ?? position, DeclarationFault(position, told)))
  }

  /// Counts faults that whoever read a file did not keep.
  mutating func addUntold(_ more: Int) { count += more }

  /// In reading order: by place in the declaration; what another file holds follows the place that names it.
  func inReadingOrder() -> [DeclarationFault] {
    faults.enumerated().sorted { one, other in
      let (left, right) = (one.element.order, other.element.order)
      return left == right ? one.offset < other.offset : (left.line, left.column) < (right.line, right.column)
    }.map(\.element.fault)
  }
}
