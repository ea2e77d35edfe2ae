import DNSWire
import Names

/// Where reports on TLS failures of mail go (RFC 8460 §3).
struct TLSRPTRecord: Hashable, Sendable {
  struct Fault: Error, Hashable, Sendable {
    var words: String
  }

  var reports: [ReportAddress] = []

  static func isOne(_ record: RData) -> Bool { TXT(record).map { isOne($0.joined) } ?? false }

  /// Whether a TXT record was meant to be one, also where a sender would not see it.
  static func isOne(_ text: [UInt8]) -> Bool {
    text.prefix(40).filter { $0 != 0x20 && $0 != 0x09 }.map(lowerCased).starts(with: "v=tlsrpt".utf8)
  }

  init(_ text: [UInt8]) throws(Fault) {
    guard text.starts(with: "v=TLSRPTv1".utf8) else { throw Fault(words: "the record does not begin with v=TLSRPTv1") }
    let tags: TagList
    do { tags = try TagList(text) } catch { throw Fault(words: "'\(error.part)' in the TLS-RPT record is no tag") }
    guard tags.tags.first?.value == "TLSRPTv1" else { throw Fault(words: "the record does not begin with v=TLSRPTv1") }
    guard let rua = tags["rua"] else { throw Fault(words: "the TLS-RPT record says nowhere to report to (rua=)") }
    for uri in rua.split(separator: ",", omittingEmptySubsequences: false) {
      let uri = uri.filter { $0 != " " && $0 != "\t" }
      guard let address = ReportAddress(uri), address.scheme == "mailto" || address.scheme == "https" else {
        throw Fault(words: "'\(Array(uri.utf8).excerpt)' is no address for reports")
      }
      reports.append(address)
    }
  }
}
