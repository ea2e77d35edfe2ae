import Foundation
public import Names

/// One line of a passive-DNS export in the Common Output Format (draft-dulaunoy-dnsop-passive-dns-cof-13 §3): a JSON object with
/// an owner name, a type, data, and when a sensor saw it first and last.
public struct PassiveDNSRecord: Hashable, Sendable {
  public var name: DomainName
  /// Mnemonic of the type, in capitals, and data, as written: neither is checked.
  public var type: String?
  public var data: [String]
  /// Seconds since 1970, by sensors; else by zone files.
  public var firstSeen: Int64?
  public var lastSeen: Int64?

  /// Why a line is not such a record.
  public enum Fault: Error, Hashable, Sendable {
    case tooLong(octets: Int)
    case notJSON
    case noName
    case badName(String, DomainName.Fault)
  }

  /// Far longer than the largest RRset in any presentation form that is worth reading here.
  public static let mostOctets = 1 << 20

  /// Reads one line. Fields that the format does not have are passed over, as §3.1 asks.
  public init(line: [UInt8]) throws(Fault) {
    guard line.count <= Self.mostOctets else { throw .tooLong(octets: line.count) }
    let written: Written
    do { written = try JSONDecoder().decode(Written.self, from: Data(line)) } catch { throw .notJSON }
    guard let text = written.rrname, !text.isEmpty else { throw .noName }
    do { name = try DomainName(text) } catch { throw .badName(text, error) }
    type = written.rrtype.map { $0.uppercased() }
    data = written.rdata?.values ?? []
    firstSeen = written.timeFirst?.seconds ?? written.zoneTimeFirst?.seconds
    lastSeen = written.timeLast?.seconds ?? written.zoneTimeLast?.seconds
  }

  /// The members of §3.2 and §3.3 that are used.
  private struct Written: Decodable {
    var rrname: String?
    var rrtype: String?
    var rdata: OneOrMore?
    var timeFirst: Moment?
    var timeLast: Moment?
    var zoneTimeFirst: Moment?
    var zoneTimeLast: Moment?

    enum CodingKeys: String, CodingKey {
      case rrname, rrtype, rdata
      case timeFirst = "time_first"
      case timeLast = "time_last"
      case zoneTimeFirst = "zone_time_first"
      case zoneTimeLast = "zone_time_last"
    }
  }

  /// §3.2.3: one value, or a list of them.
  private struct OneOrMore: Decodable {
    var values: [String]

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let one = try? container.decode(String.self) { values = [one] } else { values = try container.decode([String].self) }
    }
  }

  /// Seconds since 1970; some servers write them as text, or with a fraction.
  private struct Moment: Decodable {
    var seconds: Int64?

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let whole = try? container.decode(Int64.self) {
        seconds = whole
      } else if let text = try? container.decode(String.self) {
        seconds = Int64(text)
      } else {
        seconds = (try? container.decode(Double.self)).flatMap { Int64(exactly: $0.rounded()) }
      }
    }
  }
}
