internal import Names
internal import Notation

extension USCERT {
  /// Makes indicators of rows. What stands in many of them is read once, and shared.
  struct Meanings {
    private var types = RecentMeanings<Observable.WrittenType>()
    private var comments = RecentMeanings<(context: [String], hashes: [Observable])>()
    private var words = RecentMeanings<String>()
    private var moments = RecentMeanings<Timestamp?>()
    private var markings = RecentMeanings<(marking: TLP?, unreadable: String?)>()
    private var descriptions = RecentMeanings<String?>()
    private var confidences = RecentMeanings<Int?>()
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
      indicator.description = row.with(.description) { descriptions.meaning(of: $0) { $0.isEmpty ? nil : $0 } }
      let (marking, unreadable) = row.with(.handling) { markings.meaning(of: $0, Self.marking) }
      indicator.marking = marking
      if let unreadable { part.remark(row.place, .unreadableMarking(unreadable)) }
      indicator.confidence = row.with(.confidence) { confidences.meaning(of: $0, Self.confidence) }
      // `2019-04`: some dates are months.
      indicator.firstSeen = row.with(.observed) { moments.meaning(of: $0) { Timestamp($0) ?? Timestamp($0 + "-01") } }
      part.marking = TLP.strictest(part.marking, indicator.marking)
      part.indicators.append(indicator)
      part.hashes.append(FirstNumbers.hash(of: first))
    }

    private mutating func value(_ row: inout Rows, _ part: inout Part) -> Observable? {
      let type = row.with(.type) { types.meaning(of: $0) { Observable.WrittenType($0) } }
      guard let (observable, isOfType) = row.with(.value, { Observable.read($0, as: type) }) else {
        let value = row.text(.value)
        if !value.isEmpty { part.remark(row.place, .notOfType(type: row.text(.type), value: value)) }
        return nil
      }
      if observable.isEveryAddress {
        part.remark(row.place, observable.meansEveryAddress)
        return nil
      }
      if !isOfType {
        part.remark(row.place, .readAs(type: row.text(.type), written: row.text(.value), value: observable.type))
      }
      return observable
    }

    private mutating func readLabels(_ row: inout Rows) {
      let role = row.with(.role) { words.meaning(of: $0) { $0 } }
      let phase = row.with(.phase) { words.meaning(of: $0) { $0 } }
      guard role != self.role || phase != self.phase else { return }
      (self.role, self.phase) = (role, phase)
      labels = (role == phase ? [role] : [role, phase]).filter { !$0.isEmpty }
      isBenign = labels.contains { $0.utf8.count == 6 && $0.lowercased() == "benign" }
    }

    private static func confidence(_ text: String) -> Int? { Int(text).flatMap { (0...100).contains($0) ? $0 : nil } }

    private static func marking(_ text: String) -> (marking: TLP?, unreadable: String?) {
      if text.isEmpty { return (nil, nil) }
      return TLP.said(text)
    }

    private static func comment(_ text: String) -> (context: [String], hashes: [Observable]) {
      text.isEmpty ? ([], []) : ([text], hashes(text))
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
