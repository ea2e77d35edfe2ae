public import Notation

/// One page of what a collection holds: of objects (an envelope, §3.7), of a manifest (§5.3.1) or of versions (§5.8.1).
public struct TAXIIPage<Item: Sendable>: Sendable {
  public var items: [Item]
  /// There is more than what is here.
  public var more: Bool
  /// By which the server goes on; its own words.
  public var next: String?

  public init(items: [Item], more: Bool = false, next: String? = nil) {
    (self.items, self.more, self.next) = (items, more, next)
  }

  init(_ reader: TAXIIReader, items: [Item]) throws(TAXIIFault) {
    self.items = items
    more = try reader.boolean("more") ?? false
    next = try reader.optional("next")
  }
}

extension TAXIIPage<JSONValue> {
  /// Reads an envelope; `{}` is an empty one. What an object says is ``STIX2``'s to read.
  public init(envelope value: JSONValue) throws(TAXIIFault) {
    let reader = try TAXIIReader(value, .envelope)
    try self.init(reader, items: reader.items("objects"))
  }
}

extension TAXIIPage<String> {
  /// Reads a versions resource.
  public init(versions value: JSONValue) throws(TAXIIFault) {
    let reader = try TAXIIReader(value, .versions)
    try self.init(reader, items: reader.strings("versions"))
  }
}

extension TAXIIPage<TAXIIManifestRecord> {
  /// Reads a manifest resource.
  public init(manifest value: JSONValue) throws(TAXIIFault) {
    let reader = try TAXIIReader(value, .manifest)
    var records: [TAXIIManifestRecord] = []
    for item in try reader.items("objects") { records.append(try TAXIIManifestRecord(item)) }
    try self.init(reader, items: records)
  }
}

/// One version of one object in a collection (§5.3.1).
public struct TAXIIManifestRecord: Hashable, Sendable {
  public var id: String
  public var added: TAXIITimestamp
  /// As the object writes it: `modified`, else `created`; else the time when it was added.
  public var version: String
  public var mediaType: String?

  public init(id: String, added: TAXIITimestamp, version: String, mediaType: String? = nil) {
    (self.id, self.added, self.version, self.mediaType) = (id, added, version, mediaType)
  }

  public init(_ value: JSONValue) throws(TAXIIFault) {
    let reader = try TAXIIReader(value, .manifest)
    id = try reader.string("id")
    guard let added = try reader.time("date_added") else { throw TAXIIFault(value.place, .manifest, .missing("date_added")) }
    self.added = added
    version = try reader.string("version")
    mediaType = try reader.optional("media_type")
  }

  public func write(to json: inout JSONWriter) {
    json.object { json in
      json.write(id, as: "id")
      json.write("\(added)", as: "date_added")
      json.write(version, as: "version")
      if let mediaType { json.write(mediaType, as: "media_type") }
    }
  }
}
