public import Names

/// A STIX pattern (STIX 2.1 §9): which observations an indicator is about.
public struct Pattern: Hashable, Sendable {
  public var expression: ObservationExpression

  public init(_ expression: ObservationExpression) { self.expression = expression }

  /// That one observation, and one alone, meets a test.
  public init(_ comparison: ComparisonExpression) { expression = .observation(comparison) }
}

/// What observations there must be, in which order and time (§9.4 to 9.6).
public indirect enum ObservationExpression: Hashable, Sendable {
  /// `[ … ]`
  case observation(ComparisonExpression)
  /// Two or more, in the order of the text, as are those below.
  case and([ObservationExpression])
  case or([ObservationExpression])
  case followedBy([ObservationExpression])
  case qualified(ObservationExpression, Qualifier)
}

/// How often and when observations must be made (§9.4.1).
public enum Qualifier: Hashable, Sendable {
  /// Seconds, positive.
  case within(Double)
  case repeats(Int)
  /// From the first moment on, and before the second.
  case startStop(Timestamp, Timestamp)
}

/// What one observation must hold (§9.4.2).
public indirect enum ComparisonExpression: Hashable, Sendable {
  case comparison(Comparison)
  case exists(ObjectPath, isNegated: Bool)
  case and([ComparisonExpression])
  case or([ComparisonExpression])

  public static func equal(_ path: ObjectPath, _ value: String) -> ComparisonExpression {
    .comparison(Comparison(path: path, isNegated: false, operator: .equal, operand: .constant(.string(value))))
  }
}

/// One property held against a constant.
public struct Comparison: Hashable, Sendable {
  public enum Operator: String, Hashable, Sendable {
    case equal = "="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case isIn = "IN"
    case like = "LIKE"
    case matches = "MATCHES"
    case isSubset = "ISSUBSET"
    case isSuperset = "ISSUPERSET"
  }

  public enum Operand: Hashable, Sendable {
    case constant(Constant)
    /// Of `IN` alone.
    case set([Constant])
  }

  public var path: ObjectPath
  /// `NOT` stands before the operator.
  public var isNegated: Bool
  public var `operator`: Operator
  public var operand: Operand

  public init(path: ObjectPath, isNegated: Bool, operator: Operator, operand: Operand) {
    (self.path, self.isNegated, self.operator, self.operand) = (path, isNegated, `operator`, operand)
  }
}

/// A literal (§9.2).
public enum Constant: Hashable, Sendable {
  case string(String)
  case integer(Int64)
  case float(Double)
  case boolean(Bool)
  case timestamp(Timestamp)
  /// `h'…'`
  case hex([UInt8])
  /// `b'…'`
  case binary([UInt8])
}

/// Which property of which objects is meant (§9.5): `file:hashes.'SHA-256'`, `network-traffic:src_ref.value`.
public struct ObjectPath: Hashable, Sendable {
  public enum Step: Hashable, Sendable {
    case property(String)
    case index(Int)
    /// `[*]`
    case any
  }

  public var objectType: String
  /// At least one.
  public var steps: [Step]

  public init(_ objectType: String, steps: [Step]) { (self.objectType, self.steps) = (objectType, steps) }

  /// A path of properties alone.
  public init(_ objectType: String, _ properties: [String]) { self.init(objectType, steps: properties.map(Step.property)) }
}
