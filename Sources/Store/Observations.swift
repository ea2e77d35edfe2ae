internal import Crypto
internal import DNSWire
public import Estate
internal import FoundationEssentials
internal import GRDB
public import Names

/// An observation, and the place that it is of: the same server may stand for several.
public struct RecordedObservation: Sendable {
  public var place: Place
  public var observation: Observation

  public init(_ observation: Observation, of place: Place) { (self.place, self.observation) = (place, observation) }
}

/// How long a place has been saying what it says.
public struct Standing: Hashable, Sendable {
  /// What the place last told before.
  public struct Previous: Hashable, Sendable {
    /// Absent if it was too large to keep, or has a form that this version does not read.
    public var meaning: Meaning?
    public var since: Timestamp
    /// When it was last seen so.
    public var until: Timestamp
    public var evidence: EvidenceID?
  }

  /// When the current interval began. A telling interval lasts through silence; silence lasts until something is told.
  public var since: Timestamp
  /// The octets that were kept when the interval began.
  public var evidence: EvidenceID?
  /// What was told before this interval; for silence, what was told last. Absent if nothing was.
  public var previous: Previous?
  /// Whether the interval begins with this observation.
  public var isNew: Bool
}

/// Records the observations of one pass; lives as long as its transaction.
struct ObservationRecorder {
  private struct Open {
    var id: Int64
    var meaning: Data
    var firstSeen: Int64
    var exchange: Data?
    var previous: Int64?
  }

  private static let mostMeaningOctets = 65_535

  private let database: Database
  private let time: Timestamp
  private var places = PlaceRows()
  private var extended: [Int64] = []

  private let select: Statement
  private let end: Statement
  private let insert: Statement
  private let insertMeaning: Statement
  private let insertExchange: Statement

  init(_ database: Database, at time: Timestamp) throws {
    (self.database, self.time) = (database, time)
    select = try database.cachedStatement(
      sql: """
        SELECT id, tells, meaning, first_seen, exchange, previous FROM interval
        WHERE place = ? AND name = ? AND type = ? AND is_last = 1
        """)
    end = try database.cachedStatement(sql: "UPDATE interval SET is_last = 0 WHERE id = ?")
    insert = try database.cachedStatement(
      sql: """
        INSERT INTO interval (place, name, type, tells, meaning, exchange, first_seen, last_seen, previous, is_last)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8, 1)
        """)
    insertMeaning = try database.cachedStatement(
      sql: "INSERT INTO meaning (digest, octets) VALUES (?, ?) ON CONFLICT DO NOTHING")
    insertExchange = try database.cachedStatement(
      sql: """
        INSERT INTO exchange (digest, question, reply, place, server, name, type, recursion_desired, dnssec_ok, path, at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """)
  }

  mutating func record(_ observations: [RecordedObservation]) throws -> [Standing] {
    var standings: [Standing] = []
    standings.reserveCapacity(observations.count)
    for recorded in observations { standings.append(try record(recorded)) }
    try extend()
    return standings
  }

  private mutating func record(_ recorded: RecordedObservation) throws -> Standing {
    let observation = recorded.observation
    let meaning = Meaning(observation, at: recorded.place.kind)
    let octets = meaning.octets
    let digest = Data(SHA256.hash(data: octets))
    let place = try places.id(of: recorded.place, in: database)
    let (told, silent) = try open(place, observation.query)

    if meaning.tells, let silent { try end.execute(arguments: [silent.id]) }
    if let current = meaning.tells ? told : silent {
      if current.meaning == digest {
        extended.append(current.id)
        return Standing(
          since: Timestamp(milliseconds: current.firstSeen), evidence: current.exchange.map(EvidenceID.init(digest:)),
          previous: try previous(current.previous), isNew: false)
      }
      try end.execute(arguments: [current.id])
    }

    let exchange = try keep(observation, place)
    // Compressed names can make a message twenty times as large as it came. Such a one is told apart by its digest alone.
    try insertMeaning.execute(arguments: [digest, octets.count <= Self.mostMeaningOctets ? Data(octets) : Data()])
    try insert.execute(arguments: [
      place, Data(observation.query.name.octets), Int64(observation.query.type.rawValue), meaning.tells, digest, exchange,
      time.milliseconds, told?.id,
    ])
    return Standing(
      since: time, evidence: exchange.map(EvidenceID.init(digest:)), previous: try previous(told?.id), isNew: true)
  }

  /// The open intervals of a place, name and type: of what was told, and of silence since.
  private func open(_ place: Int64, _ query: Query) throws -> (told: Open?, silent: Open?) {
    var (told, silent): (Open?, Open?)
    let rows = try Row.fetchCursor(
      select, arguments: [place, Data(query.name.octets), Int64(query.type.rawValue)])
    while let row = try rows.next() {
      let open = Open(id: row[0], meaning: row[2], firstSeen: row[3], exchange: row[4], previous: row[5])
      if row[1] { told = open } else { silent = open }
    }
    return (told, silent)
  }

  /// Stores the octets of an observation, unless they are there already.
  private func keep(_ observation: Observation, _ place: Int64) throws -> Data? {
    guard let exchange = observation.exchange else { return nil }
    let digest = exchange.digest
    let query = observation.query
    try insertExchange.execute(arguments: [
      digest, Data(exchange.question), Data(exchange.reply), place, query.server.description, Data(query.name.octets),
      Int64(query.type.rawValue), query.recursionDesired, query.dnssecOK, observation.path.rawValue,
      observation.at.milliseconds,
    ])
    return digest
  }

  private func previous(_ id: Int64?) throws -> Standing.Previous? {
    guard let id else { return nil }
    let statement = try database.cachedStatement(
      sql: """
        SELECT octets, first_seen, last_seen, exchange FROM interval JOIN meaning ON digest = meaning WHERE id = ?
        """)
    guard let row = try Row.fetchOne(statement, arguments: [id]) else { return nil }
    let octets: Data = row[0]
    let exchange: Data? = row[3]
    return Standing.Previous(
      meaning: Meaning(octets: Array(octets)), since: Timestamp(milliseconds: row[1]), until: Timestamp(milliseconds: row[2]),
      evidence: exchange.map(EvidenceID.init(digest:)))
  }

  /// Makes all intervals longer that were seen again. A clock that was set back does not make them shorter.
  private mutating func extend() throws {
    guard !extended.isEmpty else { return }
    let ids = "[" + extended.map(String.init).joined(separator: ",") + "]"
    try database.execute(
      sql: "UPDATE interval SET last_seen = max(last_seen, ?) WHERE id IN (SELECT value FROM json_each(?))",
      arguments: [time.milliseconds, ids])
    extended = []
  }
}

/// The rows of the places that a transaction has met.
struct PlaceRows {
  private var known: [Place: Int64] = [:]

  mutating func id(of place: Place, in database: Database) throws -> Int64 {
    if let id = known[place] { return id }
    let server = place.server?.description ?? ""
    let zone = Data(place.zone.octets)
    let nameServer = place.nameServer.map { Data($0.octets) }
    let find = try database.cachedStatement(sql: "SELECT id, name_server FROM place WHERE kind = ? AND server = ? AND zone = ?")
    let id: Int64
    if let row = try Row.fetchOne(find, arguments: [place.kind.rawValue, server, zone]) {
      id = row[0]
      let known: Data? = row[1]
      if known == nil, nameServer != nil {
        try database.execute(sql: "UPDATE place SET name_server = ? WHERE id = ?", arguments: [nameServer, id])
      }
    } else {
      try database.execute(
        sql: "INSERT INTO place (kind, server, zone, name_server) VALUES (?, ?, ?, ?)",
        arguments: [place.kind.rawValue, server, zone, nameServer])
      id = database.lastInsertedRowID
    }
    known[place] = id
    return id
  }
}
