internal import Indicators
internal import Names

extension Indicator.Criterion {
  /// What is looked for as one text: which kind, and its value. Identifiers that others are given are made of it.
  ///
  ///     domain-name whole evil.example.
  ///     file SHA-256 e3b0c442…
  ///     pattern [url:value LIKE '%/login']
  ///     foreign snort alert tcp …
  var keyText: String {
    switch self {
    case .value(let observable): Self.text(observable)
    case .pattern(let pattern): "pattern \(pattern)"
    case .foreign(let language, let text): "foreign \(language) \(text)"
    }
  }

  private static func text(_ observable: Observable) -> String {
    switch observable {
    case .name(let name, let reach): "domain-name \(reach.rawValue) \(name)"
    case .address(let address): "address \(address)"
    case .prefix(let prefix): "prefix \(prefix)"
    case .url(let text): "url \(text)"
    case .emailAddress(let text): "email-addr \(text)"
    case .fileHash(let algorithm, let text): "file \(algorithm.rawValue) \(text)"
    case .certificateHash(let algorithm, let text): "x509-certificate \(algorithm.rawValue) \(text)"
    case .other(let path, let value): "other \(path) \(value)"
    }
  }
}
