/// Which indicator of a list has a value first: a table of numbers beside the list that holds the values, at most half full.
struct FirstNumbers {
  private struct Slot {
    var hash: UInt32 = 0
    /// Of the indicator, and one; 0 is free.
    var number: UInt32 = 0
  }

  private var slots = [Slot](repeating: Slot(), count: 16)
  private var count = 0

  /// The hash of a value. Its seed is the process's own, so nobody can make a file whose values all fall on one slot.
  static func hash(of observable: Observable) -> UInt32 { UInt32(truncatingIfNeeded: observable.hashValue) }

  /// The number of the indicator that has a value first; `nil` where none has. Then it is this one.
  ///
  /// - Parameters:
  ///   - hash: The value's.
  ///   - own: The number of the indicator that has it now.
  mutating func number(
    of observable: @autoclosure () -> Observable?, hash: UInt32, as own: Int, in indicators: [Indicator]
  ) -> Int? {
    if 2 * (count + 1) > slots.count { grow() }
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot].number != 0 {
      let number = Int(slots[slot].number) - 1
      if slots[slot].hash == hash, let observable = observable(), indicators[number].isLed(by: observable) { return number }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = Slot(hash: hash, number: UInt32(truncatingIfNeeded: own + 1))
    count += 1
    return nil
  }

  private mutating func grow() {
    let old = slots
    slots = [Slot](repeating: Slot(), count: 2 * old.count)
    for taken in old where taken.number != 0 {
      var slot = Int(taken.hash) & (slots.count - 1)
      while slots[slot].number != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = taken
    }
  }
}

extension Indicator {
  /// Whether its value, or the first of its values one of which is looked for, is this one. The others are not looked through: there may
  /// be thousands, and each of a million rows may ask.
  fileprivate func isLed(by observable: Observable) -> Bool {
    switch criterion {
    case .value(let own): own == observable
    case .pattern(let pattern):
      if case .observation(.or(let parts)) = pattern.expression { parts.first == observable.comparison } else { false }
    case .foreign: false
    }
  }
}
