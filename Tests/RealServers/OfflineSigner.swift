import Foundation

/// Signs a zone once, with the dates one likes, and no server to sign it again.
enum OfflineSigner {
  /// - Parameters:
  ///   - from: Inception, as RRSIG records write it: "20200101000000".
  ///   - until: Expiration, likewise.
  /// - Returns: The zone with its signatures, and the DS record's data (SHA-256) for its parent.
  static func sign(_ zone: Zone, from: String, until: String) async throws -> (zone: Zone, signer: String) {
    let folder = try Folder()
    let keygen = ["dnssec-keygen", "-q", "-a", "ECDSAP256SHA256", "-f", "KSK", "-K", folder.path, zone.origin]
    let key = try await Program.run(keygen, in: folder).split(separator: "\n").last.map(String.init) ?? ""
    let keyRecord = try String(contentsOfFile: folder(key + ".key"), encoding: .utf8)
    try folder.write(zone.text + keyRecord, to: "zone")
    let sign = [
      "dnssec-signzone", "-q", "-P", "-z", "-O", "full", "-s", from, "-e", until, "-o", zone.origin,
      "-K", folder.path, "-d", folder.path, "-f", folder("signed"), folder("zone"), folder(key),
    ]
    let output = try await Program.run(sign, in: folder)
    guard let signed = Zone(zone.origin, transferred: try String(contentsOfFile: folder("signed"), encoding: .utf8)) else {
      throw ServerFault.toolFailed(command: sign.joined(separator: " "), status: 0, output: output)
    }
    // "example.gov. IN DS 12345 13 2 …"
    let fields = try await Program.run(["dnssec-dsfromkey", "-2", folder(key + ".key")], in: folder).split(separator: " ")
    return (signed, fields.dropFirst(3).joined(separator: " ").trimmingCharacters(in: .whitespacesAndNewlines))
  }
}
