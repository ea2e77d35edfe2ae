import DNSWire
import Estate
import Names

/// A DMARC policy (RFC 7489 §6.3), with `np` (RFC 9091) and what a receiver ignores left alone.
struct DMARCRecord: Hashable, Sendable {
  /// What makes a receiver throw the record away, or read no policy in it (RFC 7489 §6.6.3).
  struct Fault: Error, Hashable, Sendable {
    var words: String
  }

  /// What receivers do with mail that fails: `p`, and `none` where only reports are asked for (§6.6.3, step 6).
  var policy = MailPosture.DMARC.none
  /// The same for names below the domain (`sp`); nil: as ``policy``.
  var policyBelow: MailPosture.DMARC?
  /// What a receiver passes over and the owner meant, in words; the first of it.
  private(set) var ignored: String?
  /// To how many of a hundred such mails.
  var percent = 100
  /// `t=y`: the owner asks that nothing be done (RFC 9989).
  var isTest = false
  /// Where aggregate and failure reports go.
  var reports: [ReportAddress] = []

  /// Whether a TXT record was meant to be one; a receiver takes it for one only if it begins with `v=DMARC1`, in these letters.
  static func isOne(_ text: [UInt8]) -> Bool {
    let squeezed = text.prefix(40).filter { $0 != 0x20 && $0 != 0x09 }.map(lowerCased)
    return squeezed.starts(with: "v=dmarc".utf8)
  }

  static func isOne(_ record: RData) -> Bool { TXT(record).map { isOne($0.joined) } ?? false }

  init(_ text: [UInt8]) throws(Fault) {
    let tags: TagList
    do { tags = try TagList(text) } catch { throw Fault(words: "'\(error.part)' in the DMARC record is no tag") }
    guard tags.tags.first == TagList.Tag(name: "v", value: "DMARC1") else {
      throw Fault(words: "the DMARC record does not begin with v=DMARC1")
    }
    for name in ["rua", "ruf"] {
      for uri in tags[name]?.split(separator: ",", omittingEmptySubsequences: false) ?? [] {
        let uri = uri.filter { $0 != " " && $0 != "\t" }
        guard let address = ReportAddress(uri), address.scheme == "mailto" || address.scheme == "https" else {
          ignore("'\(Array(uri.utf8).excerpt)' is no address for reports")
          continue
        }
        reports.append(address)
      }
    }
    if let word = tags["p"] {
      guard let policy = MailPosture.DMARC(rawValue: word.lowercased()) else {
        throw Fault(words: "p=\(Array(word.utf8).excerpt) is no policy")
      }
      self.policy = policy
    } else {
      guard !reports.isEmpty else { throw Fault(words: "the DMARC record has no policy (p=)") }
    }
    try check(tags)
  }

  private mutating func ignore(_ words: String) { ignored = ignored ?? words }

  private mutating func check(_ tags: TagList) throws(Fault) {
    let words: [String: Set<String>] = ["adkim": ["r", "s"], "aspf": ["r", "s"], "psd": ["y", "n", "u"], "t": ["y", "n"]]
    for tag in tags.tags {
      let value = tag.value.lowercased()
      let said = "\(tag.name)=\(Array(tag.value.utf8).excerpt)"
      var isKnown = words[tag.name]?.contains(value) ?? true
      switch tag.name {
      case "sp", "np":
        guard let policy = MailPosture.DMARC(rawValue: value) else { throw Fault(words: "\(said) is no policy") }
        if tag.name == "sp" { policyBelow = policy }
      case "pct":
        let number = value.utf8.allSatisfy { $0 &- 0x30 < 10 } ? UInt8(value) : nil
        isKnown = number.map { $0 <= 100 } ?? false
        if isKnown { percent = Int(number ?? 100) }
      case "ri": isKnown = value.utf8.allSatisfy { $0 &- 0x30 < 10 } && UInt32(value) != nil
      case "t": isTest = value == "y"
      case "fo":
        let options = value.split(separator: ":", omittingEmptySubsequences: false).map { $0.filter { $0 != " " } }
        isKnown = options.allSatisfy { ["0", "1", "d", "s"].contains($0) }
      default: break
      }
      if !isKnown { ignore("\(said) has no meaning in DMARC") }
    }
  }
}
