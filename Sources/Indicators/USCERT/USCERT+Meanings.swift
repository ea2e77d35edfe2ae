internal import Names
internal import Notation

extension USCERT {
  /// Makes indicators of rows. What stands in many of them is read once, and shared.
  struct Meanings {
    private var types = RecentMeanings<Observable.WrittenType>()
    private var comments = RecentMeanings<(context: [String], hashes: [Observable])>()
    private var words = RecentMeanings<String>()
    private var moments = RecentMeanings<(time: Timestamp?, unreadable: String?)>()
    private var markings = RecentMeanings<(marking: TLP?, unreadable: String?)>()
    private var descriptions = RecentMeanings<String?>()
    private var confidences = RecentMeanings<Int?>()
    private var tagLists = RecentMeanings<MISPTags>()
    /// Of the row before: rows that follow one another mostly have the same.
    private var (role, phase) = ("", "")
    private var labels: [String] = []
    private var isBenign = false

    /// What rows say.
    struct Part: Sendable {
      var indicators: [Indicator] = []
      /// Of the first value of each.
      var hashes: [UInt32] = []
      /// Of indicators with several values, by their numbers, the first one.
      var firstValues: [Int: Observable] = [:]
      /// On what is not as it should be, all of it.
      var remarks: [Publication.Remark] = []
      /// The strictest.
      var marking: TLP?

      func firstValue(_ index: Int) -> Observable? {
        if case .value(let value) = indicators[index].criterion { value } else { firstValues[index] }
      }

      mutating func remark(_ place: TextPlace, _ cause: Publication.Remark.Cause) { remarks.append(.init(place, cause)) }
    }

    static func read(_ rows: Rows) -> Part {
      var (rows, meanings, part) = (rows, Meanings(), Part())
      part.indicators.reserveCapacity(rows.count)
      part.hashes.reserveCapacity(rows.count)
      while rows.next() { meanings.add(&rows, to: &part) }
      return part
    }

    /// Adds the indicator of the row in hand.
    private mutating func add(_ row: inout Rows, to part: inout Part) {
      let (context, hashes) = row.with(.comment) { comments.meaning(of: $0, Self.comment) }
      let value = value(&row, &part)
      // Some rows name the file's other hashes in the comment, and some nothing but these.
      guard let first = value ?? hashes.first else {
        if row.text(.value).isEmpty { part.remark(row.place, .noValue) }
        return
      }
      let others = first.isFileHash ? hashes.filter { $0 != first } : []
      let criterion: Indicator.Criterion =
        others.isEmpty ? .value(first) : .pattern(Pattern(.or(([first] + others).map(\.comparison))))
      var indicator = Indicator(id: "row " + String(row.number), place: row.place, criterion: criterion)
      // A value alone was looked at when it was read: most rows have no more.
      if !others.isEmpty {
        if let cause = indicator.refusal(isWritten: false) { return part.remark(row.place, cause) }
        part.firstValues[part.indicators.count] = first
      }
      readLabels(&row)
      (indicator.labels, indicator.isBenign, indicator.context) = (labels, isBenign, context)
      indicator.description = row.with(.description) { descriptions.meaning(of: $0, Self.description) }
      let (marking, unreadable) = row.with(.handling) { markings.meaning(of: $0, Self.marking) }
      indicator.marking = marking
      if let unreadable { part.remark(row.place, .unreadableMarking(unreadable)) }
      indicator.confidence = row.with(.confidence) { confidences.meaning(of: $0, Self.confidence) }
      let (time, unreadableTime) = row.with(.observed) { moments.meaning(of: $0, Self.moment) }
      indicator.firstSeen = time
      if let unreadableTime { part.remark(row.place, .badTime(unreadableTime)) }
      addTags(.tags, &row, to: &indicator, &part)
      addTags(.eventTags, &row, to: &indicator, &part)
      if row.has(.forDetection), !row.with(.forDetection, Self.isTrue) { indicator.isBenign = true }
      part.marking = TLP.strictest(part.marking, indicator.marking)
      part.indicators.append(indicator)
      part.hashes.append(FirstNumbers.hash(of: first))
    }

    private mutating func value(_ row: inout Rows, _ part: inout Part) -> Observable? {
      let type = row.with(.type) { types.meaning(of: $0) { Observable.WrittenType($0) } }
      let read = row.with(.value) { value -> (observable: Observable, isOfType: Bool)? in
        if Self.hasApostrophe(value) { return Observable.read(value.extracting(1..<value.count), as: type) }
        return Observable.read(value, as: type)
      }
      guard let (observable, isOfType) = read else {
        let value = row.text(.value)
        if !value.isEmpty { part.remark(row.place, .notOfType(type: row.text(.type), value: value)) }
        return nil
      }
      if let cause = observable.refusal {
        part.remark(row.place, cause)
        return nil
      }
      if !isOfType {
        part.remark(row.place, .readAs(type: row.text(.type), written: row.text(.value), value: observable.type))
      }
      return observable
    }

    private mutating func readLabels(_ row: inout Rows) {
      let role = row.with(.role) { words.meaning(of: $0, CSVWriter.withoutApostrophe) }
      let phase = row.with(.phase) { words.meaning(of: $0, CSVWriter.withoutApostrophe) }
      guard role != self.role || phase != self.phase else { return }
      (self.role, self.phase) = (role, phase)
      labels = (role == phase ? [role] : [role, phase]).filter { !$0.isEmpty }
      isBenign = labels.contains { $0.utf8.count == 6 && $0.lowercased() == "benign" }
    }

    /// Adds what tags say as MISP's own form has them: see ``MISPTags``.
    private mutating func addTags(_ column: Column, _ row: inout Rows, to indicator: inout Indicator, _ part: inout Part) {
      guard row.has(column) else { return }
      let said = row.with(column) { tagLists.meaning(of: $0, Self.tags) }
      indicator.labels += said.labels
      indicator.context += said.context
      indicator.marking = TLP.strictest(indicator.marking, said.marking)
      if let confidence = said.confidence, indicator.confidence == nil { indicator.confidence = confidence }
      if let unreadable = said.unreadable { part.remark(row.place, .unreadableMarking(unreadable)) }
    }

    /// A comma inside quotes is a tag's own: `misp-galaxy:threat-actor="A, B"`.
    private static func tags(_ text: String) -> MISPTags {
      var (names, isQuoted) = ([""], false)
      for character in text {
        if character == "\"" { isQuoted.toggle() }
        if character == ",", !isQuoted { names.append("") } else { names[names.count - 1].append(character) }
      }
      // Of an open quote nobody knows what it holds: a marking stays one.
      if isQuoted { names = text.split(separator: ",").map { String($0) } }
      return MISPTags(names: names.map(\.trimmed))
    }

    /// What is not for detection is context and never alerts, as in MISP's own form.
    private static func isTrue(_ text: Span<UInt8>) -> Bool {
      text.count == 1 ? text[0] == UInt8(ascii: "1") : text.string.lowercased() == "true"
    }

    /// Whether an apostrophe stands before what would begin a formula of a spreadsheet, as in front of a mail address.
    private static func hasApostrophe(_ value: Span<UInt8>) -> Bool {
      guard value.count > 1, value[0] == UInt8(ascii: "'") else { return false }
      switch value[1] {
      case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"): return true
      default: return false
      }
    }

    private static func description(_ text: String) -> String? { text.isEmpty ? nil : CSVWriter.withoutApostrophe(text) }

    private static func moment(_ text: String) -> (time: Timestamp?, unreadable: String?) {
      if text.isEmpty { return (nil, nil) }
      let time = USCERT.time(text)
      return (time, time == nil ? text : nil)
    }

    private static func confidence(_ text: String) -> Int? { Int(text).flatMap { (0...100).contains($0) ? $0 : nil } }

    private static func marking(_ text: String) -> (marking: TLP?, unreadable: String?) {
      if text.isEmpty { return (nil, nil) }
      return TLP.said(text)
    }

    private static func comment(_ text: String) -> (context: [String], hashes: [Observable]) {
      text.isEmpty ? ([], []) : ([CSVWriter.withoutApostrophe(text)], hashes(text))
    }

    /// The hashes that a comment names, as in `FILENAME:a.dll|SHA1:…|SHA256:…`. Digits that no name precedes may be anything.
    private static func hashes(_ comment: String) -> [Observable] {
      var (found, known) = ([Observable](), Set<Observable>())
      for word in comment.split(whereSeparator: { "|,;".contains($0) || $0.isWhitespace }) {
        guard let mark = word.firstIndex(where: { ":=".contains($0) }), let algorithm = HashAlgorithm(name: word[..<mark]),
          let value = algorithm.value(word[word.index(after: mark)...])
        else { continue }
        let hash = Observable.fileHash(algorithm, value)
        if known.insert(hash).inserted { found.append(hash) }
      }
      return found
    }
  }
}

extension Observable {
  fileprivate var isFileHash: Bool { if case .fileHash = self { true } else { false } }
}
