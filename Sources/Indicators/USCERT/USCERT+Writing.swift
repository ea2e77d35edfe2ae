internal import Names
internal import Notation

extension USCERT {
  /// Indicators in US-CERT's form of 2016: eight columns, values defanged, rows that end with CR LF. One row a value.
  ///
  /// - Returns: The file; how many indicators it cannot say: those whose values must be seen together, or that have none; and of how many
  ///   it says a part: a name without all below it, one alternative without another.
  public static func file(of indicators: [Indicator]) -> (text: String, leftOut: Int, inPart: Int) {
    var (text, leftOut) = ("INDICATOR_VALUE,TYPE,COMMENT,ROLE,ATTACK_PHASE,OBSERVED_DATE,HANDLING,DESCRIPTION\r\n", 0)
    var inPart = 0
    for indicator in indicators {
      let values = indicator.observables.filter(\.isSufficient).compactMap { value($0.observable) }
      if values.isEmpty { leftOut += 1 } else if indicator.isMore(than: values.count) { inPart += 1 }
      let date = (indicator.firstSeen ?? indicator.validFrom).map { String("\($0)".prefix(10)) } ?? ""
      for (type, value) in values {
        let fields = [
          value, type, indicator.context.joined(separator: "|"), indicator.labels.first ?? "",
          indicator.labels.dropFirst().first ?? "", date, indicator.marking?.label ?? "",
          indicator.description ?? indicator.title ?? "",
        ]
        text += fields.map(CSVWriter.field).joined(separator: ",") + "\r\n"
      }
    }
    return (text, leftOut, inPart)
  }

  /// A value and its type as US-CERT calls it; `nil` for what its files do not have.
  private static func value(_ observable: Observable) -> (type: String, value: String)? {
    switch observable {
    case .name(_, .whole): ("FQDN", defanged(observable))
    case .name: nil
    case .address(let address): (address.isV6 ? "IPV6ADDR" : "IPV4ADDR", defanged(observable))
    case .prefix(let prefix): (prefix.address.isV6 ? "IPV6ADDR" : "IPV4ADDR", defanged(observable))
    case .url: ("URL", defanged(observable))
    case .emailAddress: ("EMAIL", defanged(observable))
    case .fileHash(let algorithm, let value):
      // Capitals are other letters where digits are not hexadecimal, as in SSDEEP.
      (algorithm.rawValue.replacing("-", with: ""), algorithm.digits == nil ? value : value.uppercased())
    case .certificateHash, .other: nil
    }
  }
}
