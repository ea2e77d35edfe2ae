public import Names
public import Notation

/// What a MISP feed holds: its `manifest.json`.
public struct MISPManifest: Hashable, Sendable {
  public struct Entry: Hashable, Sendable {
    /// Also the name of the event's file, `UUID.json`: digits and hyphens, so it cannot lead elsewhere.
    public var uuid: String
    public var info: String?
    /// When the event was last changed.
    public var timestamp: Timestamp?
    /// The day of the event.
    public var date: Timestamp?
    public var marking: TLP?
    /// Where it stands in the manifest.
    public var place: TextPlace

    /// The event's file, beside the manifest.
    public var file: String { "\(uuid).json" }
  }

  /// In the order of the text.
  public var entries: [Entry]
  /// Names that are no UUID, and so no file of the feed.
  public var passedOver: [String]
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
    var manifest = MISPManifest(entries: [], passedOver: [])
    for member in members {
      guard hasUUIDForm(member.name), member.value.members != nil else {
        manifest.passedOver.append(member.name)
        continue
      }
      let value = member.value
      manifest.entries.append(
        MISPManifest.Entry(
          uuid: member.name.lowercased(), info: text(value["info"]), timestamp: seconds(value["timestamp"]),
          date: value["date"]?.string.flatMap { Timestamp($0) }, marking: MISPTags(value).marking, place: member.place))
    }
    guard members.isEmpty || !manifest.entries.isEmpty else { throw MISPFault(document.place, .notManifest) }
    return manifest
  }
}
