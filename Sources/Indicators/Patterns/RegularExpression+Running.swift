extension RegularExpression {
  /// Follows all ways through the automaton at once, a character at a time: no way is taken twice.
  func isFound(in text: [UInt32], _ budget: inout WorkBudget) throws(MatchFault) -> Bool {
    var (current, next) = (StateSet(program.count), StateSet(program.count))
    var pending: [Int] = []
    // A match that starts with the start of the text is looked for there alone.
    let isAnchored = program.first == .assert(.textStart)
    for place in 0...text.count {
      if place == 0 || !isAnchored {
        if add(0, to: &current, at: place, in: text, &pending) { return true }
      } else if current.states.isEmpty {
        return false
      }
      try budget.spend(current.inserted + 1)
      guard place < text.count else { return false }
      let scalar = text[place]
      next.removeAll()
      for state in current.states {
        let isTaken =
          switch program[state] {
          case .scalar(let wanted): wanted == scalar
          case .oneOf(let index): classes[index].contains(scalar)
          default: false
          }
        if isTaken, add(state + 1, to: &next, at: place + 1, in: text, &pending) { return true }
      }
      swap(&current, &next)
    }
    return false
  }

  /// Adds a state and all that it leads to without a character.
  ///
  /// - Returns: Whether the end is among them.
  private func add(_ state: Int, to set: inout StateSet, at place: Int, in text: [UInt32], _ pending: inout [Int]) -> Bool {
    pending.removeAll(keepingCapacity: true)
    pending.append(state)
    while let state = pending.popLast() {
      guard set.insert(state) else { continue }
      switch program[state] {
      case .match: return true
      case .jump(let target): pending.append(target)
      case .split(let first, let second):
        pending.append(second)
        pending.append(first)
      case .assert(let assertion): if Self.holds(assertion, at: place, in: text) { pending.append(state + 1) }
      case .scalar, .oneOf: set.states.append(state)
      }
    }
    return false
  }

  private static func holds(_ assertion: Assertion, at place: Int, in text: [UInt32]) -> Bool {
    switch assertion {
    case .textStart: return place == 0
    case .textEnd: return place == text.count
    case .textEndOrLastLineFeed: return place == text.count || place == text.count - 1 && text[place] == 0x0A
    case .lineStart: return place == 0 || place < text.count && text[place - 1] == 0x0A
    case .lineEnd: return place == text.count || text[place] == 0x0A
    case .wordBorder, .noWordBorder:
      let (before, after) = (place > 0 && isWord(text[place - 1]), place < text.count && isWord(text[place]))
      return (before != after) == (assertion == .wordBorder)
    }
  }

  private static func isWord(_ scalar: UInt32) -> Bool {
    scalar &- 0x30 < 10 || (scalar | 0x20) &- 0x61 < 26 || scalar == 0x5F
  }

  /// States without doubles. Emptied in no time: what was seen carries the number of its round.
  private struct StateSet {
    /// Those that wait for a character.
    var states: [Int] = []
    /// All of this round, those that led on at once too.
    private(set) var inserted = 0
    private var seen: [UInt32]
    private var round: UInt32 = 1

    init(_ count: Int) { seen = [UInt32](repeating: 0, count: count) }

    mutating func insert(_ state: Int) -> Bool {
      guard seen[state] != round else { return false }
      seen[state] = round
      inserted += 1
      return true
    }

    mutating func removeAll() {
      states.removeAll(keepingCapacity: true)
      // A text of four thousand million characters would come round; none is so long, and the budget ends before.
      round &+= 1
      inserted = 0
    }
  }
}
