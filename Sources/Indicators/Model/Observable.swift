public import Names

/// One value that can be seen somewhere: what an indicator looks for, in the form in which it is compared.
public enum Observable: Hashable, Sendable {
  /// A domain name or host name, and how far below it is meant.
  case name(DomainName, Reach)
  case address(IPAddress)
  case prefix(IPPrefix)
  /// As it was written, refanged.
  case url(String)
  /// In lower case.
  case emailAddress(String)
  /// Of a file, in lower case.
  case fileHash(HashAlgorithm, String)
  /// Of a whole certificate in DER, in lower case.
  case certificateHash(HashAlgorithm, String)
  /// Anything else that STIX has an object for: its object path (STIX 2.1 §9.5) and value. It is rare, and the others shall not need
  /// room for its size.
  indirect case other(ObjectPath, value: String)
}

extension Observable {
  /// Which names are meant, at the borders of labels.
  public enum Reach: String, Hashable, Sendable {
    case whole, below
    case wholeAndBelow = "whole-and-below"
  }

  /// The STIX object type, as commands and JSON spell it.
  public var type: String {
    switch self {
    case .name: "domain-name"
    case .address(let address): address.isV6 ? "ipv6-addr" : "ipv4-addr"
    case .prefix(let prefix): prefix.address.isV6 ? "ipv6-addr" : "ipv4-addr"
    case .url: "url"
    case .emailAddress: "email-addr"
    case .fileHash: "file"
    case .certificateHash: "x509-certificate"
    case .other(let path, _): path.objectType
    }
  }

  /// The value alone, as it is compared: refanged, without the final dot of a name.
  public var value: String {
    switch self {
    case .name(let name, _): Self.text(name)
    case .address(let address): "\(address)"
    case .prefix(let prefix): "\(prefix)"
    case .url(let text), .emailAddress(let text), .fileHash(_, let text), .certificateHash(_, let text): text
    case .other(_, let value): value
    }
  }

  static func text(_ name: DomainName) -> String {
    let text = "\(name)"
    return text.count > 1 && text.hasSuffix(".") ? String(text.dropLast()) : text
  }

  /// The STIX pattern test that looks for it: a path and what it must equal.
  public var comparison: ComparisonExpression {
    switch self {
    case .name(_, .whole), .address, .prefix, .url, .emailAddress: .equal(ObjectPath(type, ["value"]), value)
    case .name(_, .below): Self.below(value)
    case .name(_, .wholeAndBelow): .or([.equal(ObjectPath(type, ["value"]), value), Self.below(value)])
    case .fileHash(let algorithm, let value): .equal(ObjectPath("file", ["hashes", algorithm.rawValue]), value)
    case .certificateHash(let algorithm, let value):
      .equal(ObjectPath("x509-certificate", ["hashes", algorithm.rawValue]), value)
    case .other(let path, let value): .equal(path, value)
    }
  }

  /// The test that is meant where a text is to contain it: a whole address is that address, and a whole name is that name and those
  /// below it, since a longer word that happens to end with it is another name. `nil` for what is not whole in itself.
  var contained: ComparisonExpression? {
    switch self {
    case .name(let name, .whole) where name.labels().count > 1: Observable.name(name, .wholeAndBelow).comparison
    case .address: comparison
    default: nil
    }
  }

  private static func below(_ name: String) -> ComparisonExpression {
    .comparison(
      Comparison(
        path: ObjectPath("domain-name", ["value"]), isNegated: false, operator: .like, operand: .constant(.string("%." + name))))
  }
}
