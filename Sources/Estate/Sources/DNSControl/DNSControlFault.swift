public enum DNSControlFault: Hashable, Sendable {
  case none
  public var sentence: String { "" }
}
public enum DNSControlNotice: Hashable, Sendable {
  case none
  public var sentence: String { "" }
}
