internal import DNSWire
internal import Yams

/// Reads YAML into ``Written`` through Yams, which composes libyaml's events to nodes with marks.
///
/// Three things are done around it. Aliases are refused before composing, since Yams hashes whole keys and aliases can
/// multiply these without bound. Yams stops at the first key that stands twice and tells one place; to go on and tell both,
/// that key is marked in the text and composed again. And every mark is checked against the depth that a declaration needs.
struct WrittenReader {
  /// A declaration needs six; libyaml itself stops at 1000.
  static let mostLevels = 32
  /// How many doubled keys are told before reading stops: each costs composing once more, so large files get fewer.
  static let mostDoubledKeys = 20
  static let mostOctetsComposedAgain = 2 << 20

  private let file: String
  private var text: String
  /// Marks put into the text, by line: the column in the file, and how many characters were put there.
  private var insertions: [Int: [(column: Int, count: Int)]] = [:]
  private var doubled = 0

  /// - Returns: What stands in the file; `nil` with at least one fault.
  static func read(_ source: DeclarationText, file: String, faults: inout FaultList) -> Written? {
    var inclusion: Inclusion?
    return read(source, file: file, level: 1, faults: &faults, inclusion: &inclusion)
  }

  /// Reads a file in which `!include` stands for what another holds; an empty one holds nothing.
  ///
  /// - Parameter level: How deep the file stands in those that include it.
  static func read(
    _ source: DeclarationText, file: String, level: Int, faults: inout FaultList, inclusion: inout Inclusion?
  ) -> Written? {
    if let offset = source.mayHoldAliases {
      faults.add(source.position(ofOffset: offset, file: file), .alias)
      return nil
    }
    var reader = WrittenReader(file: file, text: source.text)
    return reader.compose(level, &faults, &inclusion)
  }

  private init(file: String, text: String) { (self.file, self.text) = (file, text) }

  private mutating func compose(_ level: Int, _ faults: inout FaultList, _ inclusion: inout Inclusion?) -> Written? {
    while true {
      do {
        let parser = try Parser(yaml: text, encoding: .utf8)
        guard let node = try parser.singleRoot() else {
          let start = SourcePosition(file: file, line: 1, column: 1)
          if inclusion != nil { return Written(content: .nothing, position: start) }
          faults.add(start, .empty)
          return nil
        }
        // Nodes hold their anchors weakly; the parser keeps them alive.
        return withExtendedLifetime(parser) { written(node, level: level, &faults, &inclusion) }
      } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
        guard markKey(at: context.mark) else {
          let isText = !["[", "{"].contains(scalar(at: context.mark))
          faults.add(position(context.mark), isText ? .keyRepeated(keys.min() ?? "") : .keyNotText)
          return nil
        }
      } catch {
        let (position, cause) = explain(error)
        faults.add(position, cause)
        return nil
      }
    }
  }

  // MARK: Keys that stand twice

  private static let opening: Unicode.Scalar = "\u{E000}"
  private static let closing: Unicode.Scalar = "\u{E001}"

  /// Makes the key at a mark different from every other, by private characters and a number at its start.
  ///
  /// - Returns: `false` where that cannot be done: no plain or quoted text stands there, or the text uses these
  ///   characters itself.
  private mutating func markKey(at mark: Mark) -> Bool {
    if doubled == 0, text.unicodeScalars.contains(where: { $0 == Self.opening || $0 == Self.closing }) { return false }
    let rounds = min(Self.mostDoubledKeys, Self.mostOctetsComposedAgain / max(1, text.utf8.count))
    guard doubled < rounds, let start = index(of: mark), start < text.unicodeScalars.endIndex else { return false }
    doubled += 1
    let original = position(mark)
    var (index, column) = (start, original.column)
    switch text.unicodeScalars[start] {
    case "\"", "'": (index, column) = (text.unicodeScalars.index(after: start), column + 1)
    case "[", "{", "|", ">", "!", "&", "*", "?", ":": return false
    default: break
    }
    let inserted = [Self.opening] + "\(doubled)".unicodeScalars + [Self.closing]
    text.unicodeScalars.insert(contentsOf: inserted, at: index)
    insertions[original.line, default: []].append((column, inserted.count))
    insertions[original.line]?.sort { $0.column < $1.column }
    return true
  }

  private func index(of mark: Mark) -> String.UnicodeScalarView.Index? {
    let scalars = text.unicodeScalars
    var (index, line) = (scalars.startIndex, 1)
    while line < mark.line, index < scalars.endIndex {
      let scalar = scalars[index]
      index = scalars.index(after: index)
      if scalar == "\r", index < scalars.endIndex, scalars[index] == "\n" { continue }
      if scalar == "\r" || scalar == "\n" { line += 1 }
    }
    guard line == mark.line else { return nil }
    return scalars.index(index, offsetBy: mark.column - 1, limitedBy: scalars.endIndex)
  }

  private func scalar(at mark: Mark) -> Unicode.Scalar? {
    index(of: mark).flatMap { $0 < text.unicodeScalars.endIndex ? text.unicodeScalars[$0] : nil }
  }

  /// What stands around a mark, between blanks, brackets and commas.
  private func word(at mark: Mark) -> String? {
    guard let index = index(of: mark) else { return nil }
    let ends: Set<Unicode.Scalar> = [" ", "\t", "\n", "\r", ",", "[", "]", "{", "}", "\"", "'"]
    let start = text.unicodeScalars[..<index].lastIndex(where: ends.contains).map { text.unicodeScalars.index(after: $0) }
    let word = text.unicodeScalars[(start ?? text.unicodeScalars.startIndex)...].prefix { !ends.contains($0) }
    return String(word)
  }

  /// A key as it stands in the file.
  private func unmarked(_ key: String) -> String {
    let scalars = key.unicodeScalars
    guard doubled > 0, scalars.first == Self.opening, let end = scalars.firstIndex(of: Self.closing) else { return key }
    return String(scalars[scalars.index(after: end)...])
  }

  /// The place in the file, before anything was put into the text.
  private func position(_ mark: Mark) -> SourcePosition {
    var column = mark.column
    for insertion in insertions[mark.line] ?? [] where column > insertion.column {
      column = max(insertion.column, column - insertion.count)
    }
    return SourcePosition(file: file, line: mark.line, column: column)
  }

  // MARK: Nodes

  private func written(_ node: Node, level: Int, _ faults: inout FaultList, _ inclusion: inout Inclusion?) -> Written? {
    let position = node.mark.map { self.position($0) } ?? SourcePosition(file: file, line: 1, column: 1)
    guard level <= Self.mostLevels else {
      faults.add(position, .tooDeep(limit: Self.mostLevels))
      return nil
    }
    if node.anchor != nil { faults.add(position, .anchor) }
    let tag = node.tag.rawValue
    if tag == Inclusion.tag, inclusion != nil {
      return inclusion?.read(paths(node, at: position), from: file, at: position, level: level, &faults)
    }
    if !tag.isEmpty, ![Tag.Name.str, .seq, .map, .int, .bool, .float, .null, .timestamp].contains(Tag.Name(rawValue: tag)) {
      faults.add(position, .tag(tag))
    }
    switch node {
    case .scalar(let scalar):
      let isNothing = scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
      return Written(content: isNothing ? .nothing : .text(scalar.string), position: position)
    case .sequence(let sequence):
      // An item that is too deep has its fault; what stands beside it is still read.
      var items: [Written] = []
      for item in sequence { if let item = written(item, level: level + 1, &faults, &inclusion) { items.append(item) } }
      return Written(content: .list(items), position: position)
    case .mapping(let mapping):
      var entries: [Written.Entry] = []
      var first: [String: SourcePosition] = [:]
      for (key, value) in mapping {
        let place = key.mark.map { self.position($0) } ?? position
        guard case .scalar(let scalar) = key else {
          faults.add(place, .keyNotText)
          continue
        }
        if key.anchor != nil { faults.add(place, .anchor) }
        let text = unmarked(scalar.string)
        if text == "<<", scalar.style == .plain, inclusion != nil {
          faults.add(place, .inclusion(.merge))
          continue
        }
        guard let value = written(value, level: level + 1, &faults, &inclusion) else { continue }
        if let earlier = first.updateValue(place, forKey: text) {
          first[text] = earlier
          faults.add(place, .keyTwice(text, first: earlier))
        } else {
          entries.append(Written.Entry(key: text, position: place, value: value))
        }
      }
      return Written(content: .mapping(entries), position: position)
    case .alias:
      // Yams resolves aliases while composing; none arrives here.
      faults.add(position, .alias)
      return nil
    }
  }

  /// The paths that `!include` names, one or a list of them.
  private func paths(_ node: Node, at position: SourcePosition) -> [Inclusion.Path] {
    func path(_ node: Node) -> Inclusion.Path {
      Inclusion.Path(text: node.scalar?.string, position: node.mark.map { self.position($0) } ?? position)
    }
    return if case .sequence(let sequence) = node { sequence.map(path) } else { [path(node)] }
  }

  // MARK: libyaml's refusals

  private func explain(_ error: any Error) -> (SourcePosition, DeclarationFault.Cause) {
    switch error {
    case YamlError.scanner(let context, let problem, let mark, _):
      if scalar(at: mark) == "\t" { return (position(mark), .tab) }
      if let context, context.text.contains("alias") { return (position(context.mark), .unquotedAsterisk) }
      if let context, context.text.contains("anchor") { return (position(context.mark), .anchor) }
      if let word = word(at: mark), word.contains("::") { return (position(mark), .unquotedAddress(word)) }
      return (position(mark), .notYAML(words(problem, context, at: mark)))
    case YamlError.parser(let context, let problem, let mark, _):
      if problem.hasPrefix("Maximum nesting level") { return (position(mark), .tooDeep(limit: Self.mostLevels)) }
      if let word = word(at: mark), word.contains("::") { return (position(mark), .unquotedAddress(word)) }
      return (position(mark), .notYAML(words(problem, context, at: mark)))
    case YamlError.composer(let context, let problem, let mark, _):
      if problem == "found undefined alias" { return (position(mark), .alias) }
      return (position(mark), context == nil ? .notYAML(problem) : .severalDocuments)
    case YamlError.reader(let problem, _, _, _): return (SourcePosition(file: file, line: 1, column: 1), .notYAML(problem))
    default: return (SourcePosition(file: file, line: 1, column: 1), .notYAML("\(error)"))
    }
  }

  private func words(_ problem: String, _ context: YamlError.Context?, at mark: Mark) -> String {
    guard let context, !context.text.isEmpty else { return problem }
    let isElsewhere = context.mark.line != mark.line && context.mark.line >= 1
    return "\(problem), \(context.text)" + (isElsewhere ? " that starts in line \(context.mark.line)" : "")
  }
}
