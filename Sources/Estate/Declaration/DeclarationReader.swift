public import DNSWire
public import Names

extension Declaration {
  /// What became of reading a declaration.
  public struct Reading: Sendable {
    /// Absent when there is any fault, or a transfer that is wanted: half a declaration would pass over what it does not say.
    public var declaration: Declaration?
    /// Zones that are to be transferred before the declaration is whole: do them, and read again with what became of them.
    public var wantedTransfers: [TransferRequest]
    /// What is wrong, in reading order: at most ``mostFaults``.
    public var faults: [DeclarationFault]
    /// How many faults there are in all.
    public var faultCount: Int
    /// What the owner should know and that stops nothing, in reading order: at most ``mostNotices``.
    public var notices: [DeclarationNotice]

    public static let mostFaults = 100
    public static let mostNotices = 1000
  }

  /// Reads the owner's declaration and the zone files that it names; tells all faults at once.
  ///
  /// - Parameters:
  ///   - octets: The file `nameward.yaml`, at most 16 MB.
  ///   - file: The name that positions carry, with its folder: paths in the declaration are seen from there.
  ///   - now: When it is read: exceptions may reach a year ahead.
  ///   - knownChecks: The checks that exceptions may name; empty: any.
  ///   - transfers: What became of the transfers that an earlier reading wanted.
  ///   - list: Gives the names of the files in a folder; `nil` if the path is no folder.
  ///   - load: Gives the octets of a file that the declaration or a zone file names. What it throws is told as the reason.
  ///     It decides which folders are allowed.
  public static func read(
    octets: [UInt8], file: String, now: Timestamp, knownChecks: [CheckID] = [],
    transfers: [TransferRequest: Transferred] = [:], list: @escaping (_ path: String) -> [String]? = { _ in nil },
    load: @escaping (_ path: String, _ at: SourcePosition) throws -> [UInt8]
  ) -> Reading {
    var reader = DeclarationReader(file: file, load: load)
    (reader.now, reader.knownChecks, reader.transfers, reader.list) = (now, knownChecks, transfers, list)
    let declaration = reader.read(octets)
    return Reading(
      declaration: reader.faults.count == 0 && reader.wantedTransfers.isEmpty ? declaration : nil,
      wantedTransfers: reader.wantedTransfers,
      faults: Array(reader.faults.inReadingOrder().prefix(Reading.mostFaults)), faultCount: reader.faults.count,
      notices: reader.notices)
  }
}

/// Reads ``Written`` into a ``Declaration``; collects faults and goes on.
struct DeclarationReader {
  let file: String
  let load: (_ path: String, _ at: SourcePosition) throws -> [UInt8]
  var faults = FaultList()
  private(set) var notices: [DeclarationNotice] = []
  var now = Timestamp(seconds: 0)
  var knownChecks: [CheckID] = []
  var groups: [String: Group] = [:]
  var usedGroups: Set<String> = []
  var expandedValues = 0
  var transfers: [TransferRequest: Transferred] = [:]
  var wantedTransfers: [TransferRequest] = []
  var list: (_ path: String) -> [String]? = { _ in nil }

  init(file: String, load: @escaping (_ path: String, _ at: SourcePosition) throws -> [UInt8]) {
    (self.file, self.load) = (file, load)
  }

  mutating func read(_ octets: [UInt8]) -> Declaration? {
    guard let source = DeclarationText(octets, file: file, faults: &faults),
      let written = WrittenReader.read(source, file: file, faults: &faults)
    else { return nil }
    if case .nothing = written.content {
      faults.add(written.position, .empty)
      return nil
    }
    guard let fields = fields(written, .root, "the declaration", .declaration) else { return nil }
    if let version = fields["version"] { readVersion(version) }
    if let groups = fields["groups"] { readGroups(groups) }
    let organisation = fields["organisation"].flatMap { text($0, .organisation) }
    // The port of the network is the default of the secondaries, wherever it stands.
    let network = fields["network"].flatMap { readNetwork($0) } ?? Network()
    let resolvers = fields["resolvers"].flatMap { readResolvers($0) } ?? Resolvers()
    var domains = fields["domains"].map { readDomains($0, network) } ?? []
    let inventory = fields["inventory"].map { prefixes($0) } ?? []
    let clouds = fields["clouds"].map { readClouds($0) } ?? []
    if let changes = fields["changes"] { readChanges(changes, &domains, network) }
    compare(domains, network)
    let exceptions = fields["exceptions"].map { readExceptions($0, domains) } ?? []
    tellUnusedGroups()
    return Declaration(
      organisation: organisation, resolvers: resolvers, network: network, domains: domains, exceptions: exceptions,
      inventory: inventory, clouds: clouds)
  }

  mutating func readVersion(_ entry: Written.Entry) {
    guard entry.value.text != "1" else { return }
    faults.add(entry.value.position, .version(entry.value.text ?? ""))
  }

  private mutating func readDomains(_ entry: Written.Entry, _ network: Network) -> [Domain] {
    guard case .mapping(let entries) = entry.value.content else {
      if case .nothing = entry.value.content {
        faults.add(entry.position, .noDomains)
      } else {
        faults.add(entry.value.position, .wrongKind(entry.key, found: entry.value.kind, wanted: .domains))
      }
      return []
    }
    if entries.isEmpty { faults.add(entry.value.position, .noDomains) }
    var domains: [Domain] = []
    var first: [DomainName: SourcePosition] = [:]
    for entry in entries {
      guard let name = name(entry.key, entry.position) else { continue }
      if let earlier = first[name] {
        faults.add(entry.position, .twice(entry.key, first: earlier))
        continue
      }
      first[name] = entry.position
      var reader = DomainReader(name, declaredAt: entry.position, network: network)
      if let domain = reader.read(entry, &self) { domains.append(domain) }
    }
    return domains
  }

  mutating func notice(_ position: SourcePosition, _ cause: DeclarationNotice.Cause) {
    if notices.count < Declaration.Reading.mostNotices { notices.append(DeclarationNotice(position, cause)) }
  }

  // MARK: Kinds

  /// The entries of a mapping whose keys the table knows; faults for the others, notices for those that are not checked.
  mutating func fields(
    _ written: Written, _ table: DeclarationKeys, _ title: String, _ wanted: DeclarationFault.Wanted
  ) -> [String: Written.Entry]? {
    guard case .mapping(let entries) = written.content else {
      faults.add(written.position, .wrongKind(title, found: written.kind, wanted: wanted))
      return nil
    }
    var fields: [String: Written.Entry] = [:]
    var (isRefused, suggested) = (false, Set<String>())
    for entry in entries {
      switch table.key(entry.key)?.use {
      case .read: fields[entry.key] = entry
      case .notChecked: notice(entry.position, .notChecked(entry.key))
      case .refused(let instead):
        isRefused = table.title != nil
        faults.add(entry.position, .notHonoured(entry.key, instead: instead))
      case nil:
        let suggestion = nearestWord(to: entry.key, among: table.known)
        if let suggestion { suggested.insert(suggestion) }
        faults.add(entry.position, .unknownKey(entry.key, inside: table.title, suggestion: suggestion, known: table.known))
      }
    }
    // A required key that is only misspelled, or replaced by a form that is refused, has its fault already.
    for key in table.required where fields[key] == nil && !isRefused && !suggested.contains(key) {
      faults.add(written.position, .missing("\(key):", inside: table.title, write: example(of: key)))
    }
    return table.required.allSatisfy { fields[$0] != nil } || table.title == nil ? fields : nil
  }

  private func example(of key: String) -> String {
    switch key {
    case "version": "version: 1"
    case "domains": "domains: and below it \(DeclarationFault.Wanted.domains.write)"
    case "servers": "servers: [9.9.9.9, 1.1.1.1]"
    case "address": "address: 198.41.0.4"
    case "values": "values: [192.0.2.1]"
    case "keyTag": "keyTag: 12345"
    case "algorithm": "algorithm: 13"
    case "digestType": "digestType: 2"
    case "name": "name: www.example.gov"
    case "type": "type: A"
    case "to": "to: 192.0.2.81"
    case "from": "from: 2026-12-01T08:00Z"
    case "until": "until: 2026-12-01T10:00Z"
    case "ticket": "ticket: CHG-1042"
    case "check": "check: record-differs"
    case "secret": "secret: \"env:NAME\""
    case "primary": "primary: 192.0.2.1"
    case "key": "key: {name: transfer.example.gov, algorithm: hmac-sha256, secret: \"env:NAME\"}"
    case "template": "template: service.json"
    case "issuers": "issuers: [letsencrypt.org]"
    case "expires": "expires: 2026-12-31"
    default: "\(key): \"…\""
    }
  }

  /// The items of a list, groups written out; one value that stands alone is a list of one.
  mutating func items(_ entry: Written.Entry, _ wanted: DeclarationFault.Wanted) -> [Written]? {
    guard let items = plainItems(entry, wanted) else { return nil }
    var all: [Written] = []
    for item in items { all += expanded(item) }
    return all.isEmpty ? nil : all
  }

  /// The mappings of a list that may be empty; one that stands alone is a list of one.
  mutating func mappings(_ entry: Written.Entry, _ wanted: DeclarationFault.Wanted) -> [Written] {
    switch entry.value.content {
    case .list(let items): return items
    case .mapping: return [entry.value]
    default:
      faults.add(entry.value.position, .wrongKind(entry.key, found: entry.value.kind, wanted: wanted))
      return []
    }
  }

  /// The items of a list as they are written.
  mutating func plainItems(_ entry: Written.Entry, _ wanted: DeclarationFault.Wanted) -> [Written]? {
    switch entry.value.content {
    case .list(let items) where !items.isEmpty: return items
    case .text: return [entry.value]
    case .mapping where wanted == .ds || wanted == .roots: return [entry.value]
    case .list: faults.add(entry.value.position, .wrongKind(entry.key, found: .nothing, wanted: wanted))
    default: faults.add(entry.value.position, .wrongKind(entry.key, found: entry.value.kind, wanted: wanted))
    }
    return nil
  }

  mutating func text(_ entry: Written.Entry, _ wanted: DeclarationFault.Wanted) -> String? {
    text(entry.value, entry.key, wanted)
  }

  mutating func text(_ written: Written, _ key: String, _ wanted: DeclarationFault.Wanted) -> String? {
    if let text = written.text, !text.isEmpty { return text }
    faults.add(written.position, .wrongKind(key, found: written.text == nil ? written.kind : .nothing, wanted: wanted))
    return nil
  }

  // MARK: Values

  mutating func integer(_ entry: Written.Entry, _ wanted: DeclarationFault.Wanted, _ range: ClosedRange<Int>) -> Int? {
    guard let text = text(entry, wanted) else { return nil }
    guard !text.isEmpty, text.utf8.count <= 18, text.utf8.allSatisfy({ $0 &- 0x30 < 10 }), let value = Int(text), range ~= value
    else {
      faults.add(entry.value.position, .notUnderstood(text, wanted))
      return nil
    }
    // YAML 1.1 reads 0123 as octal 83, YAML 1.2 as 123.
    guard text == "\(value)" else {
      faults.add(entry.value.position, .leadingZero(text, decimal: "\(value)"))
      return nil
    }
    return value
  }

  mutating func name(_ text: String, _ position: SourcePosition) -> DomainName? {
    do {
      return try DomainName(displayed: text)
    } catch {
      faults.add(position, .notName(text, error))
      return nil
    }
  }

  mutating func address(_ written: Written, _ key: String, _ wanted: DeclarationFault.Wanted) -> IPAddress? {
    guard let text = text(written, key, wanted) else { return nil }
    guard let address = IPAddress(text) else {
      faults.add(written.position, .notUnderstood(text, wanted))
      return nil
    }
    return address
  }

  /// Tells a value that stands twice in a list, and returns whether it is new.
  mutating func isNew<Value: Hashable>(
    _ value: Value, _ shown: String, _ position: SourcePosition, among first: inout [Value: SourcePosition]
  ) -> Bool {
    if let earlier = first[value] {
      faults.add(position, .twice(shown, first: earlier))
      return false
    }
    first[value] = position
    return true
  }

  // MARK: Files

  /// The octets of a file that the declaration names.
  mutating func file(_ path: String, _ position: SourcePosition) -> (path: String, octets: [UInt8])? {
    let full = resolve(path, from: file)
    do {
      return (full, try load(full, position))
    } catch {
      // Edges name the file in their words; the sentence has it already.
      let words = "\(error)"
      let reason = words.hasPrefix("\(full): ") ? String(words.dropFirst(full.count + 2)) : words
      faults.add(position, .unreadable(path: path, reason: reason))
      return nil
    }
  }

  /// A path as seen from the folder of the file that names it.
  func resolve(_ path: String, from file: String) -> String {
    guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
    return file[...slash] + path
  }

  /// A path as seen from the folder of the file that names it; `nil` if it leaves that folder.
  func inside(_ path: String, of file: String) -> String? {
    let folder = file.lastIndex(of: "/").map { file[...$0] } ?? ""
    var rest = path[...]
    if path.hasPrefix("/") {
      guard folder.hasPrefix("/"), path.hasPrefix(folder) else { return nil }
      rest = path.dropFirst(folder.count)
    }
    var depth = 0
    for part in rest.split(separator: "/") where part != "." {
      depth += part == ".." ? -1 : 1
      if depth < 0 { return nil }
    }
    return depth == 0 || path.utf8.contains(0) ? nil : String(folder) + rest
  }
}
