internal import DNSWire

/// Values that the owner shares by name.
struct Group {
  var values: [String]
  var position: SourcePosition
}

extension DeclarationReader {
  /// A large group that is used often would multiply without bound.
  static let mostExpandedValues = 1_000_000

  mutating func readGroups(_ entry: Written.Entry) {
    guard case .mapping(let entries) = entry.value.content else {
      faults.add(entry.value.position, .wrongKind(entry.key, found: entry.value.kind, wanted: .groups))
      return
    }
    for entry in entries {
      guard Self.isGroupName(entry.key) else {
        faults.add(entry.position, .group(.badName(entry.key)))
        continue
      }
      // A group with a fault is known all the same, so that its uses have no faults of their own.
      var group = Group(values: [], position: entry.position)
      var first: [String: SourcePosition] = [:]
      for item in plainItems(entry, .group) ?? [] {
        guard let text = text(item, entry.key, .group) else { continue }
        if Self.groupName(text) != nil {
          faults.add(item.position, .group(.nested(text)))
        } else if isNew(text, text, item.position, among: &first) {
          group.values.append(text)
        }
      }
      groups[entry.key] = group
    }
  }

  /// What a list's item stands for: itself, or each value of the group that it names.
  ///
  /// Each value has the place of use; a fault there also tells the group.
  mutating func expanded(_ item: Written) -> [Written] {
    guard let name = item.text.flatMap({ Self.groupName($0) }) else { return [item] }
    guard let group = groups[name] else {
      let known = groups.keys.sorted()
      faults.add(item.position, .group(.undefined(name, suggestion: nearestWord(to: name, among: known), known: known)))
      return []
    }
    usedGroups.insert(name)
    expandedValues += group.values.count
    guard expandedValues <= Self.mostExpandedValues else {
      faults.add(item.position, .group(.tooMuch(limit: Self.mostExpandedValues)))
      return []
    }
    faults.note(useOf: name, at: item.position, writtenAt: group.position)
    return group.values.map { Written(content: .text($0), position: item.position) }
  }

  mutating func tellUnusedGroups() {
    for (name, group) in groups.sorted(by: { $0.value.position < $1.value.position }) where !usedGroups.contains(name) {
      notice(group.position, .unusedGroup(name))
    }
  }

  /// `office` of `$office`.
  private static func groupName(_ text: String) -> String? {
    guard text.utf8.first == UInt8(ascii: "$") else { return nil }
    let name = String(text.dropFirst())
    return isGroupName(name) ? name : nil
  }

  private static func isGroupName(_ text: String) -> Bool {
    guard let first = text.utf8.first, (first | 0x20) &- 0x61 < 26, text.utf8.count <= 64 else { return false }
    return text.utf8.allSatisfy { ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == 0x2D || $0 == 0x5F }
  }
}
