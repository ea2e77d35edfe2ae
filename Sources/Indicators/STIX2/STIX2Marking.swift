internal import Notation

extension TLP {
  /// Of the TLP 2.0 extension of marking definitions (OASIS, STIX 2.1 Extension Definition for TLP 2.0).
  static let extensionDefinition = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"

  /// What a fixed identifier of a marking means: those of TLP 1 (STIX 2.1 §7.2.1.4), and those of TLP 2.0.
  init?(markingDefinition id: String) {
    switch id {
    case "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": self = .clear
    case "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": self = .green
    case "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": self = .amber
    case "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": self = .red
    default:
      guard let found = Self.allCases.first(where: { $0.markingDefinition == id }) else { return nil }
      self = found
    }
  }

  /// The identifier of the marking in TLP 2.0.
  public var markingDefinition: String {
    switch self {
    case .clear: "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"
    case .green: "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"
    case .amber: "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"
    case .amberStrict: "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"
    case .red: "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"
    }
  }

  /// Whether a marking-definition object may restrict what it marks in a way that is not read here: by another extension, as
  /// CISA's ACS data marking (AIS 2.0) does, by another type, or by nothing at all. A statement bounds nothing for a machine.
  static func isUnread(markingDefinition object: JSONValue) -> Bool {
    if (object["extensions"]?.members ?? []).contains(where: { $0.name != extensionDefinition }) { return true }
    let type = object["definition_type"]?.string?.lowercased()
    if type == "statement" || type == nil && object["definition"]?["statement"]?.string != nil { return false }
    return !(type ?? "tlp").hasPrefix("tlp") || said(byDefinition: object).marking == nil
  }

  /// What a marking-definition object says: no marking where it is no TLP. A name or a statement is one that begins with `TLP`.
  ///
  /// Where its parts contradict one another, or its fixed identifier, the strictest counts.
  ///
  /// - Returns: The marking, and the first text that should say one and is no label.
  static func said(byDefinition object: JSONValue) -> (marking: TLP?, unreadable: String?) {
    let definition = object["definition"]
    let extended = object["extensions"]?[extensionDefinition]?["tlp_2_0"]?.string
    let all: [(marking: TLP?, unreadable: String?)?] = [
      (definition?["tlp"]?.string).map { said($0) }, extended.map { said($0) },
      (object["name"]?.string).flatMap { said(in: $0) }, (definition?["statement"]?.string).flatMap { said(in: $0) },
    ]
    let found = all.compactMap { $0 }
    let fixed = (object["id"]?.string).flatMap { TLP(markingDefinition: $0) }
    return (strictest(fixed, found.compactMap { $0.marking }.max()), found.compactMap { $0.unreadable }.first)
  }
}
