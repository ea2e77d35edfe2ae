internal import Names
internal import Notation

// Addresses, names and locators: CybOX 2.x Address, Domain Name, Hostname, URI, Link, DNS Record, DNS Query.

extension STIX1Reader {
  /// An address of any category. The category is believed where the value has that form, and the value otherwise.
  mutating func address(_ properties: XMLElement) -> ComparisonExpression? {
    guard let element = properties["Address_Value"] else { return nil }
    switch properties.attributes["category"]?.trimmed.lowercased() ?? "ipv4-addr" {
    case "e-mail": return observable(element, "email-addr")
    case "mac": return comparison(element, ObjectPath("mac-addr", ["value"]), .lowerCase)
    case "asn": return autonomousSystem(element)
    case "ipv6-addr", "ipv6-net", "ipv6-netmask": return observable(element, "ipv6-addr")
    case "atm", "ext-value": return unknownCategory(properties)
    default: return observable(element, "ipv4-addr")
    }
  }

  private mutating func unknownCategory(_ properties: XMLElement) -> ComparisonExpression? {
    publication.remark(properties.place, .unknownType("address of category \(properties.attributes["category"] ?? "")"))
    return nil
  }

  /// `AS174`, or the number alone.
  private mutating func autonomousSystem(_ element: XMLElement) -> ComparisonExpression? {
    var element = element
    if let text = element.content, text.lowercased().hasPrefix("as") { element.text = String(text.dropFirst(2)).trimmed }
    return comparison(element, ObjectPath("autonomous-system", ["number"]), .integer)
  }

  mutating func name(_ element: XMLElement) -> ComparisonExpression? { observable(element, "domain-name") }

  mutating func uri(_ properties: XMLElement) -> ComparisonExpression? {
    guard let element = properties["Value"] else { return nil }
    let isName = properties.attributes["type"]?.lowercased() == "domain name"
    return observable(element, isName ? "domain-name" : "url")
  }

  /// What a value of a type is: an address, name, locator or mailbox, in the form in which those are compared.
  ///
  /// - Parameter path: Where the value stands, if it is not an object of its own.
  mutating func observable(_ element: XMLElement, _ type: String, at path: ObjectPath? = nil) -> ComparisonExpression? {
    guard let (condition, values) = condition(element) else { return nil }
    if condition == .inclusiveBetween, values.count == 2, let first = IPAddress(refanged(values[0])),
      let last = IPAddress(refanged(values[1])), let prefixes = Self.prefixes(first, last)
    {
      return .any(prefixes.map { ComparisonExpression.within($0, at: path) })
    }
    return combine(element, condition, values) { reader, value in
      reader.observable(element, type, condition, value, at: path)
    }
  }

  private mutating func observable(
    _ element: XMLElement, _ type: String, _ condition: CybOXCondition, _ value: String, at path: ObjectPath?
  ) -> ComparisonExpression? {
    let own = path ?? ObjectPath(type, ["value"])
    switch condition {
    case .equals, .doesNotEqual:
      guard let test = equality(element, type, value, at: path) else { return nil }
      return condition == .equals ? test : test.negated
    case .contains, .doesNotContain:
      let whole = Observable.read(value, as: type).flatMap { $0.isOfType ? $0.observable.contained : nil }
      let test = whole.map { Self.moved($0, to: path) } ?? .part(own, refanged(value))
      return condition == .contains ? test : test.negated
    default:
      if let likeness = likeness(element, own, condition, condition == .fitsPattern ? value : refanged(value)) { return likeness }
      guard let comparison = condition.comparison else { return .equal(own, refanged(value)) }
      return .comparison(
        Comparison(path: own, isNegated: false, operator: comparison, operand: .constant(.string(refanged(value)))))
    }
  }

  private mutating func equality(_ element: XMLElement, _ type: String, _ value: String, at path: ObjectPath?)
    -> ComparisonExpression?
  {
    guard let (found, isOfType) = Observable.read(value, as: type) else {
      publication.remark(element.place, .notOfType(type: type, value: value))
      return nil
    }
    if !isOfType { publication.remark(element.place, .readAs(type: type, written: value, value: found.value)) }
    if case .prefix(let prefix) = found { return .within(prefix, at: path) }
    return Self.moved(found.comparison, to: path)
  }

  /// The same test of a value that stands in another place.
  private static func moved(_ test: ComparisonExpression, to path: ObjectPath?) -> ComparisonExpression {
    guard let path else { return test }
    switch test {
    case .comparison(var comparison):
      comparison.path = path
      return .comparison(comparison)
    case .exists(_, let isNegated): return .exists(path, isNegated: isNegated)
    case .and(let parts): return .and(parts.map { moved($0, to: path) })
    case .or(let parts): return .or(parts.map { moved($0, to: path) })
    }
  }

  /// The blocks that make up a range of IPv4 addresses, at most 62; `nil` where it is none.
  static func prefixes(_ first: IPAddress, _ last: IPAddress) -> [IPPrefix]? {
    guard case .v4(let first) = first, case .v4(let last) = last, first <= last else { return nil }
    var (prefixes, next, end) = ([IPPrefix](), UInt64(first), UInt64(last))
    end += 1
    while next < end {
      // The largest block that starts here and ends in the range.
      var bits = min(32, next == 0 ? 32 : next.trailingZeroBitCount)
      while next + 1 << UInt64(bits) > end { bits -= 1 }
      guard let prefix = IPPrefix(containing: .v4(UInt32(truncatingIfNeeded: next)), length: 32 - bits) else { return nil }
      prefixes.append(prefix)
      next += 1 << UInt64(bits)
    }
    return prefixes
  }

  // MARK: DNS

  /// A name, and what it resolved to (CybOX 2.1 DNS Record).
  mutating func dnsRecord(_ properties: XMLElement) -> ComparisonExpression? {
    var tests: [ComparisonExpression] = []
    if let element = properties.first("Domain_Name", "Value"), let test = name(element) { tests.append(test) }
    if let element = properties.first("IP_Address", "Address_Value"), let address = observable(element, "ipv4-addr") {
      let isAlone = tests.isEmpty
      tests.append(isAlone ? address : address.moved(below: ObjectPath("domain-name", below: "resolves_to_refs[*]")))
    }
    let plain: Set = ["Domain_Name", "IP_Address", "Description", "Queried_Date", "Address_Class", "TTL", "Flags", "Entry_Type"]
    for child in properties.children where !plain.contains(child.name) {
      publication.remark(child.place, .unsupported("DNS record/\(child.name)"))
    }
    return Self.joined(tests)
  }

  /// A name that is asked for, or the records of an answer.
  mutating func dnsQuery(_ properties: XMLElement, levels: Int) -> ComparisonExpression? {
    if let question = properties.first("Question", "QName", "Value") { return name(question) }
    let records = properties.children.filter { $0.name.hasSuffix("Resource_Records") }.flatMap(\.children)
    return Self.joined(records.filter { $0.name == "Resource_Record" }.map { dnsRecord($0) })
  }
}
