internal import Notation

/// One item: what is looked at (`Context search`), how (`condition`), and the value.
enum OpenIOCItem {
  /// The test of an item; `nil`, with a remark, where it makes none.
  ///
  /// Where STIX has no property for what is looked at, the test is of a property of our own, so that an AND still asks for all that
  /// its author did; a remark says so.
  static func test(_ item: XMLElement, _ remarks: inout Publication) -> ComparisonExpression? {
    guard let search = item["Context"]?.attributes["search"]?.trimmed, !search.isEmpty else {
      remarks.remark(item.place, .unsupported("an item without a context"))
      return nil
    }
    // Blanks belong to some values, as to the names of folders.
    guard let value = item["Content"]?.content else {
      remarks.remark(item.place, .noValue)
      return nil
    }
    let word = item.attributes["condition"]?.trimmed.lowercased() ?? "is"
    guard let condition = Condition(word) else {
      remarks.remark(item.place, .unsupported("the condition \(word)"))
      return nil
    }
    let isNegated = condition.isNegated != (item.attributes["negate"]?.lowercased() == "true")
    guard let test = test(search, condition.kind, value, item.place, &remarks) else { return nil }
    return isNegated ? test.negated : test
  }

  private struct Condition {
    enum Kind { case equal, contains, starts, ends, matches, greater, less }
    var kind: Kind
    var isNegated = false

    init?(_ word: String) {
      switch word.replacing("-", with: "") {
      case "is": kind = .equal
      case "isnot": (kind, isNegated) = (.equal, true)
      case "contains": kind = .contains
      case "containsnot": (kind, isNegated) = (.contains, true)
      case "startswith": kind = .starts
      case "endswith": kind = .ends
      case "matches": kind = .matches
      case "greaterthan": kind = .greater
      case "lessthan": kind = .less
      default: return nil
      }
    }
  }

  private static func test(
    _ search: String, _ condition: Condition.Kind, _ value: String, _ place: TextPlace, _ remarks: inout Publication
  ) -> ComparisonExpression? {
    let key = search.lowercased()
    if let type = OpenIOCContext.values[key] { return observable(type, condition, value, place, &remarks) }
    if let algorithm = OpenIOCContext.hashes[key] {
      guard condition == .equal, let digits = algorithm.value(value.trimmed) else {
        remarks.remark(place, .notOfType(type: search, value: value))
        return nil
      }
      return .equal(ObjectPath("file", ["hashes", algorithm.rawValue]), digits)
    }
    if key == "fileitem/fullpath", condition == .equal, let (directory, name) = split(path: value), !name.isEmpty {
      return .all([
        .equal(ObjectPath("file", ["name"]), name), .equal(ObjectPath("file", below: "parent_directory_ref.path"), directory),
      ])
    }
    // A handle's name without a path is a mutex's; one with a path is mostly a file's, which STIX does not tell of a process.
    if key == "processitem/handlelist/handle/name", !value.contains("\\") || value.contains("BaseNamedObjects") {
      return comparison(ObjectPath("mutex", ["name"]), .text, condition, value, search, place, &remarks)
    }
    let (path, kind) = OpenIOCContext.properties[key] ?? unknown(search, place, &remarks)
    return comparison(path, kind, condition, value, search, place, &remarks)
  }

  /// A property of our own for what STIX does not have.
  private static func unknown(_ search: String, _ place: TextPlace, _ remarks: inout Publication) -> (
    ObjectPath, OpenIOCContext.Kind
  ) {
    remarks.remark(place, .unknownType(search))
    return (OpenIOCContext.custom(search), .text)
  }

  private static func comparison(
    _ path: ObjectPath, _ kind: OpenIOCContext.Kind, _ condition: Condition.Kind, _ value: String, _ search: String,
    _ place: TextPlace, _ remarks: inout Publication
  ) -> ComparisonExpression? {
    func compare(_ operation: Comparison.Operator) -> ComparisonExpression? {
      guard let constant = kind.constant(value) else {
        remarks.remark(place, .notOfType(type: search, value: value))
        return nil
      }
      return .comparison(Comparison(path: path, isNegated: false, operator: operation, operand: .constant(constant)))
    }
    switch condition {
    case .equal: return compare(.equal)
    case .greater: return compare(.greater)
    case .less: return compare(.less)
    case .contains: return .part(path, value)
    case .starts: return .part(path, value, atStart: true)
    case .ends: return .part(path, value, atEnd: true)
    case .matches:
      return .comparison(Comparison(path: path, isNegated: false, operator: .matches, operand: .constant(.string(value))))
    }
  }

  /// A value that is an object of its own. Where one that is whole in itself is to be contained, that value is meant: an address, or a
  /// name and those below it.
  private static func observable(
    _ type: String, _ condition: Condition.Kind, _ value: String, _ place: TextPlace, _ remarks: inout Publication
  ) -> ComparisonExpression? {
    let path = ObjectPath(type, ["value"])
    guard condition == .equal || condition == .contains else {
      return comparison(path, .text, condition, condition == .matches ? value : refanged(value), type, place, &remarks)
    }
    let found = Observable.read(value, as: type)
    if condition == .contains {
      if let found, found.isOfType, let whole = found.observable.contained { return whole }
      return .part(path, refanged(value))
    }
    guard let (observable, isOfType) = found else {
      remarks.remark(place, .notOfType(type: type, value: value))
      return nil
    }
    if !isOfType { remarks.remark(place, .readAs(type: type, written: value, value: observable.value)) }
    if case .prefix(let prefix) = observable { return .within(prefix) }
    return observable.comparison
  }
}
