/// What a regular expression says. Groups are gone: nothing asks for what they matched.
indirect enum RegularExpressionTree: Hashable {
  case scalar(UInt32)
  case oneOf(RegularExpression.CharacterSet)
  /// A class by its place among the automaton's: the compiler makes it of ``oneOf(_:)``.
  case numbered(Int)
  case assert(RegularExpression.Assertion)
  /// All after each other; none is the empty text.
  case sequence([RegularExpressionTree])
  case alternatives([RegularExpressionTree])
  /// `most` is `nil` where there is no end.
  case repeated(RegularExpressionTree, least: Int, most: Int?)
}

/// Makes the automaton. It is as deep as the tree, whose depth its reader bounds.
struct RegularExpressionCompiler {
  private(set) var program: [RegularExpression.Step] = []
  private(set) var classes: [RegularExpression.CharacterSet] = []
  private var indices: [RegularExpression.CharacterSet: Int] = [:]

  mutating func compile(_ tree: RegularExpressionTree) throws(RegularExpressionFault) {
    guard program.count < RegularExpression.mostSteps else { throw tooLarge }
    switch tree {
    case .scalar(let scalar): program.append(.scalar(scalar))
    case .oneOf(let set): program.append(.oneOf(index(of: set)))
    case .numbered(let index): program.append(.oneOf(index))
    case .assert(let assertion): program.append(.assert(assertion))
    case .sequence(let parts): for part in parts { try compile(part) }
    case .alternatives(let parts): try compile(alternatives: parts)
    case .repeated(let part, let least, let most): try compile(part, least: least, most: most)
    }
  }

  /// The same with classes by their numbers: a class may be as long as the text and its repeats as many as the steps, and it is looked
  /// up once.
  mutating func numbered(_ tree: RegularExpressionTree) -> RegularExpressionTree {
    switch tree {
    case .scalar, .numbered, .assert: tree
    case .oneOf(let set): .numbered(index(of: set))
    case .sequence(let parts): .sequence(parts.map { numbered($0) })
    case .alternatives(let parts): .alternatives(parts.map { numbered($0) })
    case .repeated(let part, let least, let most): .repeated(numbered(part), least: least, most: most)
    }
  }

  private var tooLarge: RegularExpressionFault { RegularExpressionFault(1, .tooLarge(steps: RegularExpression.mostSteps)) }

  private mutating func index(of set: RegularExpression.CharacterSet) -> Int {
    if let index = indices[set] { return index }
    indices[set] = classes.count
    classes.append(set)
    return classes.count - 1
  }

  private mutating func compile(alternatives parts: [RegularExpressionTree]) throws(RegularExpressionFault) {
    var ends: [Int] = []
    for (index, part) in parts.enumerated() {
      guard index < parts.count - 1 else {
        try compile(part)
        break
      }
      let split = program.count
      program.append(.split(split + 1, 0))
      try compile(part)
      ends.append(program.count)
      program.append(.jump(0))
      program[split] = .split(split + 1, program.count)
    }
    for end in ends { program[end] = .jump(program.count) }
  }

  private mutating func compile(_ part: RegularExpressionTree, least: Int, most: Int?) throws(RegularExpressionFault) {
    for _ in 0..<least {
      // An empty part makes no steps, and would take its time without end all the same.
      let before = program.count
      try compile(part)
      if program.count == before { return }
    }
    guard let most else {
      let split = program.count
      program.append(.split(split + 1, 0))
      try compile(part)
      program.append(.jump(split))
      program[split] = .split(split + 1, program.count)
      return
    }
    var splits: [Int] = []
    for _ in least..<max(least, most) {
      guard program.count < RegularExpression.mostSteps else { throw tooLarge }
      splits.append(program.count)
      program.append(.split(0, 0))
      try compile(part)
    }
    for split in splits { program[split] = .split(split + 1, program.count) }
  }
}
