internal import DNSWire
internal import Names

extension DeclarationReader {
  private static let mostOctets = 64 << 20
  private static let mostFaultsOfList = 20

  /// Providers and their prefixes: a list, or a file as the provider publishes it.
  mutating func readClouds(_ entry: Written.Entry) -> [CloudPrefix] {
    guard case .mapping(let entries) = entry.value.content, !entries.isEmpty else {
      let found = if case .mapping = entry.value.content { DeclarationFault.Kind.nothing } else { entry.value.kind }
      faults.add(entry.value.position, .wrongKind(entry.key, found: found, wanted: .clouds))
      return []
    }
    return entries.flatMap { entry in
      var prefixes: [IPPrefix] = []
      if let path = entry.value.text, !path.isEmpty, !path.hasPrefix("$"), IPPrefix(path) == nil {
        prefixes = readCloudFile(path, entry.value.position)
      } else {
        prefixes = self.prefixes(entry)
      }
      var seen: Set<IPPrefix> = []
      return prefixes.filter { seen.insert($0).inserted }.map { CloudPrefix($0, cloud: entry.key) }
    }
  }

  private mutating func readCloudFile(_ path: String, _ position: SourcePosition) -> [IPPrefix] {
    guard let (full, octets) = file(path, position) else { return [] }
    let before = faults.count
    let first = octets.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
    let isJSON = first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    let prefixes = isJSON ? readCloudJSON(octets, full, path, position) : readPlainList(octets, full, position)
    if prefixes.isEmpty, faults.count == before { faults.add(position, .source(.noPrefix(path: path))) }
    return prefixes
  }

  private mutating func readCloudJSON(
    _ octets: [UInt8], _ full: String, _ path: String, _ position: SourcePosition
  ) -> [IPPrefix] {
    var inner = FaultList()
    let written = JSONText.read(octets, file: full, faults: &inner)
    for (_, fault) in inner.faults { faults.add(fault.position, fault.cause, order: position) }
    guard let written else { return [] }
    guard let texts = Self.prefixes(ofProvider: written) else {
      faults.add(position, .source(.notCloud(path: path)))
      return []
    }
    return texts.compactMap { written in
      guard let text = written.text, let prefix = IPPrefix(text) else {
        faults.add(written.position, .notUnderstood(written.text ?? "", .prefix), order: position)
        return nil
      }
      return prefix
    }
  }

  /// AWS's ip-ranges.json, Google's cloud.json, Azure's ServiceTags: where a customer's address may be another's tomorrow.
  private static func prefixes(ofProvider written: Written) -> [Written]? {
    if let values = written["values"]?.items {
      // Every tag but this one names a part of it, or a service whose addresses no customer gets.
      let all = values.filter { $0["name"]?.text == "AzureCloud" }
      return (all.isEmpty ? values : all).flatMap { $0["properties"]?["addressPrefixes"]?.items ?? [] }
    }
    guard let items = written["prefixes"]?.items else { return nil }
    let every = items + (written["ipv6_prefixes"]?.items ?? [])
    // AWS lists each prefix as AMAZON's and again with the service; addresses are lent by these two.
    let lent = every.filter { ["EC2", "GLOBALACCELERATOR"].contains($0["service"]?.text) }
    let keys = ["ip_prefix", "ipv6_prefix", "ipv4Prefix", "ipv6Prefix"]
    return (lent.isEmpty ? every : lent).compactMap { item in keys.lazy.compactMap { item[$0] }.first }
  }

  /// One prefix in each line; what follows # is a remark.
  private mutating func readPlainList(_ octets: [UInt8], _ full: String, _ position: SourcePosition) -> [IPPrefix] {
    guard octets.count <= Self.mostOctets else {
      faults.add(position, .source(.tooLarge(path: full, megabytes: Self.mostOctets >> 20)))
      return []
    }
    var prefixes: [IPPrefix] = []
    var told = 0
    for (index, line) in octets.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      let body = line.prefix { $0 != UInt8(ascii: "#") }
      let text = String(decoding: body, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
      if text.isEmpty { continue }
      if let prefix = IPPrefix(text) {
        prefixes.append(prefix)
      } else {
        let place = SourcePosition(file: full, line: index + 1, column: 1)
        faults.add(place, .notUnderstood(text, .prefix), order: position)
        told += 1
        if told == Self.mostFaultsOfList { break }
      }
    }
    return prefixes
  }
}

extension Written {
  fileprivate var items: [Written]? { if case .list(let items) = content { items } else { nil } }
}
