public import DNSWire
public import Estate
public import Names

/// Why a zone was not transferred: which zone, from where, and what happened.
public struct TransferFault: Error, Hashable, Sendable {
  public enum Cause: Error, Hashable, Sendable {
    /// No connection, or the run was ended.
    case silent(Silence)
    /// The server closed the connection after so many messages, before the end of the zone; after none before any reply.
    case ended(messages: Int)
    /// Nothing came for so long after so many messages.
    case stalled(Duration, messages: Int)
    /// The whole transfer took longer than this.
    case tookTooLong(Duration)

    /// The server answered with an error.
    case refused(ResponseCode)
    /// The server does not know the key; the key as ``TransferKey/description``, here and below.
    case badKey(String)
    /// The server knows the key, but not with this secret.
    case badSignature(String)
    /// The server wants longer signatures.
    case badTruncation
    /// The clocks are too far apart for signatures, by the server's word or by our own check.
    case clocksDiffer(server: Timestamp?, here: Timestamp)

    /// The server's signature does not fit what it sent.
    case wrongSignature(String)
    /// The first message, or the last, has no signature.
    case unsigned
    case tooManyUnsigned
    /// Signed by another key than the question.
    case otherKey(String)
    /// A MAC that is shorter than RFC 8945 §5.2.2.1 allows, or longer than its algorithm makes.
    case signatureLength(octets: Int, least: Int)
    /// A TSIG record that is no TSIG record, stands in a wrong place, or answers a question without one.
    case signatureMangled

    case mangled(WireFault)
    case shortFrame(octets: Int)
    /// A message that is no answer to our question.
    case notOurs(Mismatch)
    case noRecords
    /// The first record is not the zone's SOA.
    case noStart(Question)
    case outsideZone(DomainName)
    /// A record that no zone of class IN holds.
    case notZoneData(Question)
    /// Records follow the SOA that ends the zone.
    case recordsAfterEnd
    /// The zone ended with another SOA than it began with, twice: it changes while it is sent.
    case changed(first: UInt32, last: UInt32)
    case tooManyOctets(limit: Int)
    case tooManyRecords(limit: Int)
  }

  /// What an answer has otherwise than the question.
  public enum Mismatch: String, Hashable, Sendable { case id, question, opcode, truncated, query }

  public var zone: DomainName
  public var server: SocketAddress
  public var cause: Cause

  public init(zone: DomainName, server: SocketAddress, cause: Cause) {
    (self.zone, self.server, self.cause) = (zone, server, cause)
  }
}

extension TransferFault: CustomStringConvertible {
  /// What happened, where, and what to do.
  public var description: String {
    let (what, remedy) = cause.words
    return "\(zone) was not transferred from \(server): \(what).\(remedy.isEmpty ? "" : " " + remedy)"
  }
}

extension TransferFault.Cause {
  /// What happened, without its full stop; and what to do, where there is something.
  var words: (what: String, remedy: String) {
    switch self {
    case .silent(.notAsked(let words)): (words, "")
    case .silent(let silence): (Self.words(of: silence), "Look whether it listens on TCP and lets this machine in.")
    case .ended(0): ("the server closed the connection before its reply", "Its log says why.")
    case .ended(let messages): ("the server closed the connection in the middle, after \(messages) messages", "Its log says why.")
    case .stalled(let duration, 0): ("no answer within \(duration)", "Try again later.")
    case .stalled(let duration, let messages): ("nothing came for \(duration) after \(messages) messages", "Try again later.")
    case .tookTooLong(let duration): ("it was not whole after \(duration)", "Allow more time, or look at the path to the server.")

    case .refused(let code) where code == .refused || code == .notAuthoritative:
      (
        "the server answered \(code)",
        "Look whether it serves the zone, and whether it allows transfers to this address and with this key."
      )
    case .refused(let code): ("the server answered \(code)", "Its log says why.")
    case .badKey(let key):
      ("the server does not know the key \(key) (BADKEY)", "Name and algorithm must stand in its configuration just so.")
    case .badSignature(let key):
      ("the server finds our signature with the key \(key) wrong (BADSIG)", "Compare the secret at both ends.")
    case .badTruncation: ("the server wants longer signatures than whole ones (BADTRUNC)", "Use another algorithm.")
    case .clocksDiffer(let server, let here): Self.clocks(server, here)

    case .wrongSignature(let key):
      (
        "the server's signature with the key \(key) does not fit what came",
        "Compare the secret at both ends; if it is the same, somebody changed the answer on its way."
      )
    case .unsigned:
      ("the answer is not signed", "Look whether the server wants the key for this zone; nothing of the answer was used.")
    case .tooManyUnsigned:
      ("more than \(TransferSigner.mostUnsigned) messages without a signature (RFC 8945 §5.3.1)", "Nothing of them was used.")
    case .otherKey(let key): ("the answer is signed by another key, \(key)", "Nothing of it was used.")
    case .signatureLength(let octets, let least):
      ("a signature of \(octets) octets, where \(least) are the least (RFC 8945 §5.2.2.1)", "Nothing of the answer was used.")
    case .signatureMangled: ("a TSIG record that is not in its place or its form (RFC 8945 §4.2, §5.1)", "")

    case .mangled(let fault): ("\(fault)", "")
    case .shortFrame(let octets): ("a frame of \(octets) octets, too short for a DNS message", "")
    case .notOurs(let mismatch): (mismatch.words, "")
    case .noRecords: ("a message without records", "")
    case .noStart(let record): ("it begins with \(record) and not with the zone's SOA", "")
    case .outsideZone(let name): ("it holds \(name), which is not of the zone", "Remove that from the zone.")
    case .notZoneData(let record): ("it holds \(record), which no zone holds", "")
    case .recordsAfterEnd: ("records follow the SOA that ends the zone", "")
    case .changed(let first, let last):
      ("it began with serial \(first) and ended with \(last), twice", "Try again when the zone is at rest.")
    case .tooManyOctets(let limit): ("more than \(limit) octets", "Raise the limit if the zone is that large.")
    case .tooManyRecords(let limit): ("more than \(limit) records", "Raise the limit if the zone is that large.")
    }
  }

  private static func clocks(_ server: Timestamp?, _ here: Timestamp) -> (String, String) {
    guard let server else {
      return ("the server finds our clock wrong (BADTIME) and does not tell its own", "Set the clocks of both machines by NTP.")
    }
    let (ahead, seconds) = (server > here, (server.seconds - here.seconds).magnitude)
    return (
      "its clock and this machine's differ by \(seconds) s: it has \(server), this machine \(here)",
      "Set the clock that is wrong by NTP: the server's is \(ahead ? "ahead" : "behind")."
    )
  }

  private static func words(of silence: Silence) -> String {
    switch silence {
    case .timedOut: "no answer"
    case .unreachable(let words), .mangled(let words), .tls(let words), .notAsked(let words): words
    }
  }
}

extension TransferFault.Mismatch {
  var words: String {
    switch self {
    case .id: "a message with another id than the question"
    case .question: "a message that answers another question"
    case .opcode: "a message that is no answer to a query"
    case .truncated: "a truncated message, which nothing over TCP may be"
    case .query: "a question instead of an answer"
    }
  }
}
