/// A server that follows a primary, or is told not to.
public protocol SecondaryServer: AuthoritativeServer {
  var sources: [ZoneSource] { get }
  /// Serves these zones and no others from now on: none makes it lame, a file makes it stale.
  func serve(_ sources: [ZoneSource]) async throws
  /// Waits until it serves a zone with this serial.
  func follow(_ zone: String, to serial: UInt32) async throws
  func serial(of zone: String) async throws -> UInt32?
  /// The zone as it is served, signatures included.
  func transfer(_ zone: String) async throws -> Zone
}

extension SecondaryServer {
  /// Serves these contents from a file of its own, whatever the primary says.
  public func reload(_ zone: Zone) async throws {
    try await serve(sources.filter { $0.origin != zone.origin } + [.file(zone)])
  }
}
