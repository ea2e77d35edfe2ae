import Fixtures
import Foundation
import Indicators
import Notation

/// Reads a JSON text.
func json(_ text: String) throws -> JSONValue { try JSONValue(Array(text.utf8)) }

/// Reads a fixture as JSON.
func json(fixture: String) throws -> JSONValue {
  try JSONValue(Fixture.octets(fixture))
}

/// A fixture as Foundation reads it: the second reader.
func foundation(_ fixture: String) throws -> Any {
  try JSONSerialization.jsonObject(with: Data(Fixture.octets(fixture)))
}

/// The names of the JSON files of a folder of fixtures.
func fixtureFiles(_ folder: String) -> [String] {
  Fixture.files(below: folder).filter { $0.hasSuffix(".json") }.map { folder + "/" + $0 }
}

/// The constants that a pattern compares with, as text, without their paths.
func comparedValues(_ pattern: Pattern) -> Set<String> {
  func values(_ expression: ComparisonExpression) -> [String] {
    switch expression {
    case .comparison(let comparison):
      switch comparison.operand {
      case .constant(let constant): [text(constant)]
      case .set(let constants): constants.map(text)
      }
    case .exists: []
    case .and(let parts), .or(let parts): parts.flatMap(values)
    }
  }
  func values(_ expression: ObservationExpression) -> [String] {
    switch expression {
    case .observation(let comparison): values(comparison)
    case .and(let parts), .or(let parts), .followedBy(let parts): parts.flatMap(values)
    case .qualified(let inner, _): values(inner)
    }
  }
  return Set(values(pattern.expression))
}

private func text(_ constant: Constant) -> String {
  switch constant {
  case .string(let text): text
  case .integer(let number): "\(number)"
  case .float(let number): "\(number)"
  case .boolean(let boolean): "\(boolean)"
  case .timestamp(let time): "\(time)"
  case .hex(let octets), .binary(let octets): "\(octets)"
  }
}

/// A pattern that looks for one domain name.
func pattern(name: String) -> Pattern { Pattern(.equal(ObjectPath("domain-name", ["value"]), name)) }

/// Every document that differs from one in the value of one place, whatever stands there.
func mutations(_ document: JSONValue, of contents: [JSONValue.Content]) -> [JSONValue] {
  (0..<count(document)).flatMap { place in contents.map { replacing(document, at: place, $0) } }
}

private func count(_ value: JSONValue) -> Int {
  1 + (value.items ?? []).reduce(0) { $0 + count($1) } + (value.members ?? []).reduce(0) { $0 + count($1.value) }
}

/// The value with what stands at a place, counted from the outside in, replaced.
private func replacing(_ value: JSONValue, at place: Int, _ content: JSONValue.Content) -> JSONValue {
  var value = value
  if place == 0 {
    value.content = content
    return value
  }
  var rest = place - 1
  switch value.content {
  case .array(var items):
    for index in items.indices {
      let size = count(items[index])
      if rest < size {
        items[index] = replacing(items[index], at: rest, content)
        break
      }
      rest -= size
    }
    value.content = .array(items)
  case .object(var members):
    for index in members.indices {
      let size = count(members[index].value)
      if rest < size {
        members[index].value = replacing(members[index].value, at: rest, content)
        break
      }
      rest -= size
    }
    value.content = .object(members)
  default: break
  }
  return value
}

/// A value of every kind, and some that are extreme for their kind.
let strangeContents: [JSONValue.Content] = {
  let texts = [
    "null", "true", "-1", "1e400", "99999999999999999999", "9223372036854775807", "\"\"", "\"|\"", "\"[\"", "\"\\u0000\"",
    "\"9999-12-31T23:59:59.999Z\"", "[]", "{}", "[[[[]]]]", "[null]", "{\"objects\": [{}]}",
  ]
  return texts.compactMap { try? json($0).content }
}()
