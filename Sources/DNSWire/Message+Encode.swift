import Names

extension Message {
  /// The wire form, names compressed where RFC 3597 §4 allows it.
  ///
  /// Whole RRsets that do not fit are left out from the first on; TC is then set unless only additional data is missing.
  /// A referral without all its glue is truncated too (RFC 9471 §3.1).
  /// - Parameter limit: The most octets; the header, the questions and the OPT record are written in any case.
  public func encoded(limit: Int = 65535) -> [UInt8] {
    var octets = [UInt8]()
    octets.reserveCapacity(min(max(limit, 12), 512))
    var names = NameCompressor()
    var header = header
    octets.appendU16(header.id)
    octets.appendU16(0)
    octets.appendU16(UInt16(truncatingIfNeeded: questions.count))
    for _ in 0..<3 { octets.appendU16(0) }
    for question in questions.prefix(0xFFFF) {
      names.append(question.name.octets, from: 0, to: &octets)
      octets.appendU16(question.type.rawValue)
      octets.appendU16(question.recordClass.rawValue)
    }
    var opt = [UInt8]()
    edns?.append(to: &opt, responseCode: header.responseCode)
    let room = min(limit, 65535) - opt.count

    var counts = [0, 0, 0]
    // A transaction signature stands last, after OPT (RFC 8945 §5.1).
    let isSigned = additionals.last?.type == .tsig
    let sections = [answers, authorities, isSigned ? Array(additionals.dropLast()) : additionals]
    for (index, section) in sections.enumerated() where !header.truncated || self.header.truncated {
      counts[index] = Self.append(section, room: room, names: &names, to: &octets)
      if counts[index] < section.count {
        let isReferral = answers.isEmpty && !header.authoritative && !authorities.isEmpty
        header.truncated = header.truncated || index < 2 || isReferral
        break
      }
    }
    octets.append(contentsOf: opt)
    if edns != nil { counts[2] += 1 }
    if isSigned, let signature = additionals.last {
      counts[2] += Self.append([signature], room: min(limit, 65535), names: &names, to: &octets)
    }
    octets.set(header.flags, at: 2)
    for (index, count) in counts.enumerated() { octets.set(UInt16(truncatingIfNeeded: count), at: 6 + 2 * index) }
    return octets
  }

  /// Appends RRsets as long as they fit and says how many records that makes.
  private static func append(
    _ records: [ResourceRecord], room: Int, names: inout NameCompressor, to octets: inout [UInt8]
  ) -> Int {
    var written = 0
    while written < records.count, written < 0xFFFE {
      let first = records[written]
      var end = written + 1
      while end < records.count, records[end].type == first.type, records[end].recordClass == first.recordClass,
        records[end].name == first.name
      {
        end += 1
      }
      let start = octets.count
      for record in records[written..<end] where octets.count <= room {
        append(record, names: &names, to: &octets)
      }
      guard octets.count <= room else {
        octets.removeSubrange(start...)
        names.forget(from: start)
        return written
      }
      written = end
    }
    return written
  }

  private static func append(_ record: ResourceRecord, names: inout NameCompressor, to octets: inout [UInt8]) {
    names.append(record.name.octets, from: 0, to: &octets)
    octets.appendU16(record.type.rawValue)
    octets.appendU16(record.recordClass.rawValue)
    octets.appendU32(record.ttl)
    let length = octets.count
    octets.appendU16(0)
    let data = record.rdata.octets
    if let format = RecordFormat.of(record.type), format.isCompressible, !data.isEmpty {
      appendCompressed(data, format, names: &names, to: &octets)
    } else {
      octets.append(contentsOf: data)
    }
    octets.set(UInt16(truncatingIfNeeded: octets.count - length - 2), at: length)
  }

  /// Appends data of a type of RFC 1035, its names compressed; data that does not fit the format as it is.
  private static func appendCompressed(
    _ data: [UInt8], _ format: RecordFormat, names: inout NameCompressor, to octets: inout [UInt8]
  ) {
    let (start, span) = (octets.count, data.span)
    var (place, scratch) = (0, [UInt8]())
    do throws(WireFault) {
      for field in format.fields {
        let from = place
        scratch.removeAll(keepingCapacity: true)
        try field.appendCanonical(span, at: &place, end: span.count, type: format.type, pointers: false, to: &scratch)
        if case .name = field { names.append(data, from: from, to: &octets) } else { octets.append(contentsOf: scratch) }
      }
      octets.append(contentsOf: data[place...])
    } catch {
      octets.removeSubrange(start...)
      names.forget(from: start)
      octets.append(contentsOf: data)
    }
  }
}

extension [UInt8] {
  fileprivate mutating func set(_ value: UInt16, at place: Int) {
    self[place] = UInt8(truncatingIfNeeded: value >> 8)
    self[place + 1] = UInt8(truncatingIfNeeded: value)
  }
}

/// Remembers where names stand in a message that is being written, and points back to them (RFC 1035 §4.1.4).
struct NameCompressor {
  /// An open table of message offsets, found by the hash of the name that stands there; 0 is a free slot.
  private var slots = [UInt16](repeating: 0, count: 1024)
  /// Offsets and their slots in the order of writing, so that the last can be taken back.
  private var written: [(offset: UInt16, slot: Int)] = []

  /// Appends the name that starts at an offset of canonical octets, its longest known ending as a pointer.
  mutating func append(_ name: [UInt8], from start: Int, to octets: inout [UInt8]) {
    var starts = [127 of Int](repeating: 0)
    var hashes = [127 of UInt32](repeating: 0)
    var (count, place) = (0, start)
    while place < name.count, name[place] != 0, count < 127 {
      starts[count] = place
      count += 1
      place += 1 + Int(name[place])
    }
    let end = place
    var hash: UInt32 = 0x811C_9DC5
    for index in stride(from: count - 1, through: 0, by: -1) {
      for octet in starts[index]..<(starts[index] + 1 + Int(name[starts[index]])) {
        hash = (hash ^ UInt32(name[octet])) &* 0x0100_0193
      }
      hashes[index] = hash
    }
    for index in 0..<count {
      var slot = Int(hashes[index] & 1023)
      while slots[slot] != 0 {
        if Self.matches(octets, Int(slots[slot]), name, starts[index]) {
          octets.appendU16(0xC000 | slots[slot])
          return
        }
        slot = (slot + 1) & 1023
      }
      // Pointers have 14 bits; a quarter of the table stays free, so every search ends soon.
      if octets.count < 0x4000, written.count < 768 {
        slots[slot] = UInt16(truncatingIfNeeded: octets.count)
        written.append((slots[slot], slot))
      }
      octets.append(contentsOf: name[starts[index]...(starts[index] + Int(name[starts[index]]))])
    }
    octets.append(contentsOf: name[end..<min(end + 1, name.count)])
  }

  /// Forgets the names that stand at an offset or after it.
  mutating func forget(from offset: Int) {
    while let last = written.last, Int(last.offset) >= offset {
      slots[last.slot] = 0
      written.removeLast()
    }
  }

  /// Whether the name that stands at an offset of our own message equals the ending of another.
  private static func matches(_ octets: [UInt8], _ offset: Int, _ name: [UInt8], _ start: Int) -> Bool {
    var (place, index) = (offset, start)
    while place < octets.count, index < name.count {
      let length = Int(octets[place])
      if length >= 0xC0 {
        guard place + 1 < octets.count else { return false }
        place = (length & 0x3F) << 8 | Int(octets[place + 1])
        continue
      }
      guard length == Int(name[index]) else { return false }
      if length == 0 { return true }
      guard place + length < octets.count, index + length < name.count else { return false }
      for step in 1...length where octets[place + step] != name[index + step] { return false }
      place += length + 1
      index += length + 1
    }
    return false
  }
}
