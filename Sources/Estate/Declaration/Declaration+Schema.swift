internal import Notation

extension Declaration {
  /// The declaration's format as JSON Schema (draft 2020-12), made from the table that reading uses.
  ///
  /// Editors complete and check with it. It says less than reading does: what values mean, and how they fit together, is only
  /// checked by ``read(octets:file:now:knownChecks:transfers:list:load:)``.
  public static var schema: String {
    var members: [(String, JSON)] = [
      ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
      ("title", .text("A nameward declaration")),
    ]
    if case .object(let root) = Shape.mapping(.root).schema { members += root }
    return JSON.object(members).rendered(indent: 0) + "\n"
  }
}

extension Shape {
  fileprivate var schema: JSON {
    switch self {
    case .text(nil): .object([("type", .list([.text("string"), .text("number")]))])
    case .text(let pattern?): .object([("type", .text("string")), ("pattern", .text(pattern))])
    case .word(let word): .object([("const", .text(word))])
    case .integer(let range):
      range.count == 1
        ? .object([("const", .number("\(range.lowerBound)"))])
        : .object([
          ("type", .text("integer")), ("minimum", .number("\(range.lowerBound)")), ("maximum", .number("\(range.upperBound)")),
        ])
    case .number(let range):
      .object([
        ("type", .text("number")), ("minimum", .number("\(range.lowerBound)")), ("maximum", .number("\(range.upperBound)")),
      ])
    case .boolean: .object([("type", .text("boolean"))])
    case .list(let item, let least):
      // As in reading, one value that stands alone is a list of one.
      .object([
        (
          "anyOf",
          .list([
            .object([("type", .text("array")), ("items", item.schema), ("minItems", .number("\(least)"))]), item.schema,
          ])
        )
      ])
    case .mapping(let keys): keys.schema
    case .named(let value, let names):
      .object([
        ("type", .text("object")), ("description", .text("Keys are \(names).")), ("additionalProperties", value.schema),
        ("minProperties", .number("1")),
      ])
    case .any(let shapes): .object([("anyOf", .list(shapes.map(\.schema)))])
    }
  }
}

extension DeclarationKeys {
  fileprivate var schema: JSON {
    let properties: [(String, JSON)] = keys.compactMap { key in
      switch key.use {
      case .read(let shape):
        guard case .object(let members) = shape.schema else { return nil }
        return (key.name, .object([("description", .text(key.says))] + members.filter { $0.0 != "description" }))
      case .notChecked: return (key.name, .object([("description", .text(key.says))]))
      case .refused: return nil
      }
    }
    var members: [(String, JSON)] = [("type", .text("object")), ("properties", .object(properties))]
    if !required.isEmpty { members.append(("required", .list(required.map { .text($0) }))) }
    return .object(members + [("additionalProperties", .boolean(false))])
  }
}

/// Just enough JSON for a schema, with members in the order in which they are given.
private indirect enum JSON {
  case text(String)
  case number(String)
  case boolean(Bool)
  case list([JSON])
  case object([(String, JSON)])

  func rendered(indent: Int) -> String {
    let inner = String(repeating: " ", count: indent + 2)
    let outer = String(repeating: " ", count: indent)
    switch self {
    case .text(let text): return quoted(text)
    case .number(let digits): return digits
    case .boolean(let value): return value ? "true" : "false"
    case .list(let items) where items.isEmpty: return "[]"
    case .list(let items):
      return "[\n" + items.map { inner + $0.rendered(indent: indent + 2) }.joined(separator: ",\n") + "\n\(outer)]"
    case .object(let members) where members.isEmpty: return "{}"
    case .object(let members):
      let lines = members.map { "\(inner)\(quoted($0.0)): \($0.1.rendered(indent: indent + 2))" }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(outer)}"
    }
  }

  private func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }
}
