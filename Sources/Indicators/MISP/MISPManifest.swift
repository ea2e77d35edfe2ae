public import Names
public import Notation

/// What a MISP feed holds: its `manifest.json`.
public struct MISPManifest: Hashable, Sendable {
  public struct Entry: Hashable, Sendable {
    /// Also the name of the event's file, `UUID.json`: digits and hyphens, so it cannot lead elsewhere.
    public var uuid: String
    /// What the event is called.
    public var info: String?
    /// When the event was last changed.
    public var timestamp: Timestamp?
    /// Of the event's tags, which the manifest repeats.
    public var marking: TLP?
    /// A tag of TLP that says no marking that is known here.
    public var unreadable: String?
    /// Where it stands in the manifest.
    public var place: TextPlace

    /// The event's file, beside the manifest.
    public var file: String { "\(uuid).json" }
  }

  /// In the order of the text. A name that is no UUID is no file of the feed, and has none.
  public var entries: [Entry]
}

extension MISP {
  /// Whether a JSON text is the manifest of a feed, by its first member: an object that a UUID names.
  public static func isManifest(_ octets: [UInt8]) -> Bool {
    let blanks: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]
    let body = octets.drop { blanks.contains($0) }
    guard body.first == UInt8(ascii: "{") else { return false }
    let name = body.dropFirst().drop { blanks.contains($0) }
    return name.first == UInt8(ascii: "\"") && hasUUIDForm(String(decoding: name.dropFirst().prefix(36), as: UTF8.self))
      && name.dropFirst(37).first == UInt8(ascii: "\"")
  }

  /// Reads the manifest of a feed: which events there are and when each was changed.
  public static func manifest(_ document: JSONValue) throws(MISPFault) -> MISPManifest {
    guard let members = document.members else { throw MISPFault(document.place, .notManifest) }
    try refuseDoubled(document)
    var manifest = MISPManifest(entries: [])
    for member in members where hasUUIDForm(member.name) && member.value.members != nil {
      let tags = MISPTags(member.value)
      manifest.entries.append(
        MISPManifest.Entry(
          uuid: member.name.lowercased(), info: text(member.value["info"]), timestamp: seconds(member.value["timestamp"]),
          marking: tags.marking, unreadable: tags.unreadable, place: member.place))
    }
    guard members.isEmpty || !manifest.entries.isEmpty else { throw MISPFault(document.place, .notManifest) }
    return manifest
  }
}
