/// The contents of a zone as text. Plain strings, for what the servers serve must not pass through the code under test.
///
/// Names are absolute, with the final dot; data is master-file text.
public struct Zone: Sendable {
  public struct Record: Hashable, Sendable, CustomStringConvertible {
    public var owner: String
    public var type: String
    public var ttl: UInt32
    public var data: String

    public init(_ owner: String, _ type: String, _ data: String, ttl: UInt32 = 3600) {
      (self.owner, self.type, self.ttl, self.data) = (owner, type, ttl, data)
    }

    public var description: String { "\(owner) \(ttl) IN \(type) \(data)" }
  }

  public let origin: String
  /// All records but the SOA.
  public var records: [Record]
  /// The SOA's data without the serial, which stands at `#`.
  public var soa: String
  public var soaTTL: UInt32 = 3600
  public var serial: UInt32

  /// - Parameter primary: The SOA's first name server.
  public init(_ origin: String, primary: String, serial: UInt32 = 1, records: [Record] = []) {
    (self.origin, self.serial, self.records) = (origin, serial, records)
    soa = "\(primary) hostmaster.\(origin == "." ? "" : origin) # 3600 600 1209600 300"
  }

  /// Reads what `kdig AXFR +noall +answer` prints: one record a line, fields between blanks. A transfer has its SOA twice.
  public init?(_ origin: String, transferred text: String) {
    self.origin = origin
    (records, soa, serial) = ([], "", 0)
    for line in text.split(separator: "\n") where !line.hasPrefix(";") {
      let fields = line.split(maxSplits: 4, omittingEmptySubsequences: true, whereSeparator: { $0 == " " || $0 == "\t" })
      guard fields.count == 5, let ttl = UInt32(fields[1]) else { return nil }
      guard fields[3] != "SOA" else {
        var words = fields[4].split(separator: " ")
        guard words.count == 7, let number = UInt32(words[2]) else { return nil }
        words[2] = "#"
        (soa, serial, soaTTL) = (words.joined(separator: " "), number, ttl)
        continue
      }
      records.append(Record(String(fields[0]), String(fields[3]), String(fields[4]), ttl: ttl))
    }
    if soa.isEmpty { return nil }
  }

  /// The zone as a master file.
  public var text: String {
    let start = "\(origin) \(soaTTL) IN SOA " + soa.split(separator: "#").joined(separator: String(serial))
    return ([start] + records.map(\.description)).joined(separator: "\n") + "\n"
  }

  /// The data of one RRset.
  public func data(_ owner: String, _ type: String) -> [String] {
    records.filter { $0.owner == owner && $0.type == type }.map(\.data)
  }

  /// Puts these records in the place of an RRset, which may be absent; its TTL stays unless one is given.
  public mutating func replace(_ owner: String, _ type: String, with data: [String], ttl: UInt32? = nil) {
    let before = records.first { $0.owner == owner && $0.type == type }
    remove(owner, type)
    records += data.map { Record(owner, type, $0, ttl: ttl ?? before?.ttl ?? 3600) }
  }

  /// Adds one record to an RRset, which may be absent.
  public mutating func add(_ owner: String, _ type: String, _ data: String, ttl: UInt32? = nil) {
    let before = records.first { $0.owner == owner && $0.type == type }
    records.append(Record(owner, type, data, ttl: ttl ?? before?.ttl ?? 3600))
  }

  /// Removes an RRset, or one record of it.
  public mutating func remove(_ owner: String, _ type: String, _ data: String? = nil) {
    records.removeAll { $0.owner == owner && $0.type == type && (data == nil || $0.data == data) }
  }
}
