/// How hard, how long and how widely to ask. The defaults are polite to servers that are not ours.
public struct ProbeSettings: Sendable {
  /// The longest wait for a reply to one attempt over UDP.
  ///
  /// A server whose round trips are known is asked again sooner; the last attempt always waits the whole time.
  public var timeout: Duration = .seconds(2)
  /// Attempts after the first.
  public var retries = 3
  /// Wait for each of: a TCP connection, a TLS handshake, a reply over the connection.
  public var streamTimeout: Duration = .seconds(5)
  /// Pause before SERVFAIL is asked about once more; only then is it believed.
  public var servfailPause: Duration = .milliseconds(400)
  /// A server from which nothing came for so long, while it was asked again and again, is given up: what still waits for
  /// it ends as not asked. A fifth of this is enough where the host refuses.
  public var giveUpAfter: Duration = .seconds(10)

  /// Questions per second to one server; `nil` for no limit.
  public var perServerRate: Double? = 100
  /// Questions that one server may get at once after a rest.
  public var perServerBurst: Double = 20
  /// Questions in flight to one server: grows by one with each window of answers, halves on loss.
  public var windowStart = 16
  public var windowCeiling = 256
  /// Loss does not make the window smaller than this.
  public var windowLeast = 4
  /// Questions in flight in all, over UDP, for each thread.
  public var inFlight = 8192
  /// Answers of one run that may wait for whoever takes them; then no new question is asked.
  public var mostUntaken = 16_384
  /// Threads that ask over UDP. A server belongs to one of them, so more than there are servers are of no use.
  public var threads = 1
  /// The key of the fingerprints in ``QuestionPage/expected``: drawn at random, so that no server can make two sets that agree.
  public var fingerprintKey = UInt64.random(in: 0...UInt64.max)
  /// Questions that wait for their replies on one TCP or TLS connection.
  public var streamWindow = 32

  /// The EDNS payload size that we announce (RFC 6891 §6.2.5); 1232 avoids fragments.
  public var payloadSize: UInt16 = 1232
  /// Sockets, and so source ports, that one server's questions are spread over.
  public var socketsPerServer = 16
  /// Source ports to draw from; `nil` leaves it to the kernel, which draws from its own range at random.
  public var sourcePorts: ClosedRange<UInt16>?
  /// A PEM file with the authorities that DNS over TLS trusts; `nil` for the system's.
  public var authoritiesFile: String?

  public init() {}

  /// No limits of rate, and a window as wide as all that is in flight: for servers of one's own.
  public var withoutLimits: ProbeSettings {
    var copy = self
    copy.perServerRate = nil
    copy.windowCeiling = inFlight
    copy.windowLeast = AnswerWindow.small
    return copy
  }
}

/// Something about this machine that slows the probe down or makes it lose replies, and what to do about it.
public enum ProbeNotice: Hashable, Sendable, CustomStringConvertible {
  /// Octets, as the kernel counts them.
  case receiveBufferTooSmall(granted: Int, wanted: Int)
  case tooFewFiles(limit: Int)

  /// What there is to say of a receive buffer, in octets as the kernel counts them; nothing where it is large enough.
  init?(granted: Int, wanted: Int) {
    guard granted < wanted else { return nil }
    self = .receiveBufferTooSmall(granted: granted, wanted: wanted)
  }

  public var description: String {
    switch self {
    case .receiveBufferTooSmall(let granted, let wanted):
      "The kernel gives a socket a receive buffer of \(granted) octets where \(wanted) are wanted, so replies may be lost. "
        + "Raise it: sysctl -w net.core.rmem_max=\(wanted)"
    case .tooFewFiles(let limit):
      "This process may have only \(limit) files open, so few servers are asked at a time. Raise it: ulimit -n 65536"
    }
  }
}
