internal import Indicators
internal import Names

/// What an indicator looks for, as two texts: which kind, and its value.
///
///     domain-name whole        evil.example.
///     file SHA-256             e3b0c442…
///     pattern                  [url:value LIKE '%/login']
///     foreign snort            alert tcp …
struct StoredCriterion: Hashable {
  let kind: String
  let value: String

  /// Both, as what tells one row of a list from another.
  var key: String { "\(kind) \(value)" }

  init(kind: String, value: String) { (self.kind, self.value) = (kind, value) }

  init(_ criterion: Indicator.Criterion) {
    let (kind, value) =
      switch criterion {
      case .value(let observable): Self.texts(observable)
      case .pattern(let pattern): ("pattern", "\(pattern)")
      case .foreign(let language, let text): ("foreign \(language)", text)
      }
    self.init(kind: kind.storable, value: value.storable)
  }

  private static func texts(_ observable: Observable) -> (kind: String, value: String) {
    switch observable {
    case .name(let name, let reach): ("domain-name \(reach.rawValue)", "\(name)")
    case .address(let address): ("address", "\(address)")
    case .prefix(let prefix): ("prefix", "\(prefix)")
    case .url(let text): ("url", text)
    case .emailAddress(let text): ("email-addr", text)
    case .fileHash(let algorithm, let text): ("file \(algorithm.rawValue)", text)
    case .certificateHash(let algorithm, let text): ("x509-certificate \(algorithm.rawValue)", text)
    case .other(let path, let value): ("other \(path.storedText)", value)
    }
  }

  /// `nil` where the texts are none of the above.
  var criterion: Indicator.Criterion? {
    // By octets: a mark that combines with the blank before it would hide it.
    let parts = kind.utf8.split(separator: UInt8(ascii: " "), maxSplits: 1, omittingEmptySubsequences: false)
    let word = String(Substring(parts[0]))
    let rest = parts.count > 1 ? String(Substring(parts[1])) : ""
    switch word {
    case "pattern":
      // A later reader may refuse what an earlier one took. It is kept, as any text that is no pattern.
      return (try? Pattern(value)).map(Indicator.Criterion.pattern) ?? .foreign(language: "stix", text: value)
    case "foreign": return .foreign(language: rest, text: value)
    default: return observable(word, rest).map(Indicator.Criterion.value)
    }
  }

  private func observable(_ word: String, _ rest: String) -> Observable? {
    switch word {
    case "domain-name":
      guard let reach = Observable.Reach(rawValue: rest), let name = try? DomainName(value) else { return nil }
      return .name(name, reach)
    case "address": return IPAddress(value).map(Observable.address)
    case "prefix": return IPPrefix(value).map(Observable.prefix)
    // Of an optional, .url alone would be no case.
    case "url": return Observable.url(value)
    case "email-addr": return Observable.emailAddress(value)
    case "file": return HashAlgorithm(rawValue: rest).map { .fileHash($0, value) }
    case "x509-certificate": return HashAlgorithm(rawValue: rest).map { .certificateHash($0, value) }
    case "other": return ObjectPath(stored: rest).map { .other($0, value: value) }
    default: return nil
    }
  }
}

extension ObjectPath {
  /// The object type and the steps as a JSON array: `["file",".hashes",".MD5"]`. A property begins with a dot, an index with a
  /// number sign, and `*` is any.
  fileprivate var storedText: String {
    let steps = steps.map { step in
      switch step {
      case .property(let name): ".\(name)"
      case .index(let index): "#\(index)"
      case .any: "*"
      }
    }
    // Texts always have a JSON form.
    return (try? JSON.text([objectType] + steps)) ?? "[]"
  }

  fileprivate init?(stored text: String) {
    guard let parts = try? JSON.list(text), let type = parts.first else { return nil }
    var steps: [Step] = []
    for part in parts.dropFirst() {
      let rest = String(Substring(part.utf8.dropFirst()))
      switch part.utf8.first {
      case UInt8(ascii: "."): steps.append(.property(rest))
      case UInt8(ascii: "#"):
        guard let index = Int(rest) else { return nil }
        steps.append(.index(index))
      case UInt8(ascii: "*"): steps.append(.any)
      default: return nil
      }
    }
    self.init(type, steps: steps)
  }
}
