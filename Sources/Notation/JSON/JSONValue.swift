/// A JSON value (RFC 8259 §3) and where it stands.
public struct JSONValue: Sendable {
  public enum Content: Sendable {
    case null
    case boolean(Bool)
    /// As it is written.
    case number(String)
    case string(String)
    case array([JSONValue])
    /// In the order of the text; a name that stands twice is here twice (§4 leaves it to the reader).
    case object([Member])
  }

  public struct Member: Sendable {
    public var name: String
    public var place: TextPlace
    public var value: JSONValue
  }

  public var content: Content
  public var place: TextPlace

  public init(content: Content, place: TextPlace) { (self.content, self.place) = (content, place) }
}

extension JSONValue {
  /// The first member of a name; `nil` where this is no object or has none.
  public subscript(name: String) -> JSONValue? { members?.first { $0.name == name }?.value }

  public var members: [Member]? { if case .object(let members) = content { members } else { nil } }
  public var items: [JSONValue]? { if case .array(let items) = content { items } else { nil } }
  public var string: String? { if case .string(let string) = content { string } else { nil } }
  public var boolean: Bool? { if case .boolean(let boolean) = content { boolean } else { nil } }
  /// A number without a fraction that fits.
  public var integer: Int64? { if case .number(let digits) = content { Int64(digits) } else { nil } }

  /// How many values there are: this one and all below it.
  public var valueCount: Int {
    switch content {
    case .array(let items): items.reduce(1) { $0 + $1.valueCount }
    case .object(let members): members.reduce(1) { $0 + $1.value.valueCount }
    case .null, .boolean, .number, .string: 1
    }
  }

  /// The first member, in this value or below it, whose name stood in the same object before; with the place of both.
  public var doubledMember: (name: String, first: TextPlace, second: TextPlace)? {
    switch content {
    case .array(let items):
      for item in items { if let doubled = item.doubledMember { return doubled } }
    case .object(let members):
      if let doubled = Self.doubled(members) { return doubled }
      for member in members { if let doubled = member.value.doubledMember { return doubled } }
    default: break
    }
    return nil
  }

  private static func doubled(_ members: [Member]) -> (name: String, first: TextPlace, second: TextPlace)? {
    guard members.count > 1 else { return nil }
    var first: [String: TextPlace] = [:]
    first.reserveCapacity(members.count)
    for member in members {
      if let earlier = first.updateValue(member.place, forKey: member.name) { return (member.name, earlier, member.place) }
    }
    return nil
  }
}
