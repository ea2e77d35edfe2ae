public import DNSWire
public import Estate
public import Names

/// The names of a signed zone, as its NSEC records tell them (RFC 4034 §4): each the next one, until the first comes again.
///
/// The records are taken at their word: their signatures are not checked, so what was found is a hint and no proof.
public struct NSECWalk: Sendable {
  private let probe: Probe

  /// - Parameter probe: Asks; its limits hold, and there is one question at a time.
  public init(_ probe: Probe) { self.probe = probe }

  /// Walks a zone from its apex.
  ///
  /// - Parameters:
  ///   - server: An authoritative server of the zone.
  ///   - most: Names after which it stops.
  public func walk(_ zone: DomainName, at server: Server, most: Int = 10_000) async -> Walked {
    var (names, owner) = ([Walked.Name](), zone)
    while names.count < most {
      let nsec: NSEC
      do throws(Walked.End) {
        nsec = try await record(owner, in: zone, at: server)
      } catch {
        return Walked(names: names, end: error)
      }
      names.append(Walked.Name(name: owner, types: nsec.types))
      let next = nsec.next
      if next == zone { return Walked(names: names, end: .whole) }
      if Self.isSuccessor(next, of: owner) { return Walked(names: names, end: .minimal) }
      // In the order of RFC 4034 §6.1 every step goes forward, so that no walk goes round for ever.
      guard next.isBelow(zone), owner < next else { return Walked(names: names, end: .stopped(.astray(from: owner, to: next))) }
      owner = next
    }
    return Walked(names: names, end: .stopped(.mostNames(most)))
  }

  /// Finds the NSEC record of a name.
  private func record(_ owner: DomainName, in zone: DomainName, at server: Server) async throws(Walked.End) -> NSEC {
    // A cut that is signed is answered with a referral without NSEC. What would come right after all that is below it does
    // not exist, and the proof of that is the record of the name before.
    let questions = [owner, Self.sibling(owner, in: zone)].compactMap(\.self)
    var hasNSEC3 = false
    for (place, name) in questions.enumerated() {
      let query = Query(name, place == 0 ? .nsec : .a, at: server, dnssecOK: true)
      guard let observation = await probe.ask([query]).first else { break }
      switch observation.outcome {
      case .silent(let silence): throw .stopped(.silent(silence))
      case .replied(let message):
        let code = message.header.responseCode
        guard code == .noError || code == .nameError else { throw .stopped(.refused(code)) }
        // Whoever knows the zone from hearsay cannot say what is not in it.
        guard owner != zone || message.header.authoritative else { throw .stopped(.notAuthoritative) }
        let records = message.answers + message.authorities
        // A server of both zones of a cut shows the record of the lower one, whose apex has an SOA.
        let own = records.filter { $0.type == .nsec && $0.name == owner && $0.recordClass == .in }.compactMap { NSEC($0.rdata) }
        if let nsec = own.first(where: { owner == zone || !$0.types.contains(.soa) }) { return nsec }
        hasNSEC3 = hasNSEC3 || records.contains { $0.type == .nsec3 }
      }
    }
    throw hasNSEC3 ? .nsec3 : owner == zone ? .unsigned : .stopped(.noRecord(at: owner))
  }

  /// Whether a name is the very next that could exist, which a server makes up so that nobody can walk (RFC 4470 §4, §5).
  static func isSuccessor(_ next: DomainName, of owner: DomainName) -> Bool {
    if let child = try? owner.prepending(label: [0]), child == next { return true }
    return sibling(owner, in: .root) == next
  }

  /// A name after everything at and below another, and before all else: its first label with a zero octet more.
  private static func sibling(_ name: DomainName, in zone: DomainName) -> DomainName? {
    guard name.isBelow(zone), let label = name.labels().first, let parent = name.parent else { return nil }
    return try? parent.prepending(label: Array(label) + [0])
  }
}

/// What a walk found.
public struct Walked: Hashable, Sendable {
  public struct Name: Hashable, Sendable {
    public var name: DomainName
    /// The types that the name has, by its NSEC record; of a cut, only those of the parent's side.
    public var types: [RRType]

    public init(name: DomainName, types: [RRType]) { (self.name, self.types) = (name, types) }
  }

  public enum End: Error, Hashable, Sendable {
    /// The last name led back to the first: these are all.
    case whole
    /// The zone hashes its names (RFC 5155).
    case nsec3
    /// The server makes records up that lead nowhere (RFC 4470).
    case minimal
    /// There is no record that proves what is not there: the zone is not signed.
    case unsigned
    case stopped(Reason)
  }

  public enum Reason: Hashable, Sendable {
    case silent(Silence)
    case refused(ResponseCode)
    /// The server does not serve the zone.
    case notAuthoritative
    /// A name whose NSEC record the server does not show.
    case noRecord(at: DomainName)
    /// The next name is outside of the zone, or before the one that names it.
    case astray(from: DomainName, to: DomainName)
    case mostNames(Int)
  }

  /// In canonical order (RFC 4034 §6.1).
  public var names: [Name]
  public var end: End

  public init(names: [Name], end: End) { (self.names, self.end) = (names, end) }
}
