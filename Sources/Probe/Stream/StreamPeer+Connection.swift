import CSockets
import Estate
import NIOCore
import NIOPosix
import NIOSSL
import Names

extension StreamPeer {
  /// Connects, and shakes hands where the server speaks TLS; both have a deadline.
  func connect() {
    state.value.link = .connecting
    state.value.connection += 1
    let connection = state.value.connection
    let wait = TimeAmount.nanoseconds(settings.streamTimeout.nanoseconds)
    let isTLS = server.transport != .dns
    ClientBootstrap(group: loop)
      .connectTimeout(wait)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { [self] channel in
        channel.eventLoop.makeCompletedFuture {
          if isTLS { try channel.pipeline.syncOperations.addHandler(tlsHandler()) }
          try channel.pipeline.syncOperations.addHandler(StreamHandler(self, connection: connection))
        }
      }
      .connect(host: "\(server.address.address)", port: Int(server.address.port))
      .whenComplete { [self] result in
        switch result {
        case .failure(let error): closed(Self.silence(for: error), connection: connection)
        case .success(let channel):
          if isTLS {
            loop.scheduleTask(in: wait) { [self] in
              guard connection == state.value.connection, case .connecting = state.value.link else { return }
              closed(.tls("no handshake within \(settings.streamTimeout)"), connection: connection)
              channel.close(promise: nil)
            }
          } else {
            opened(channel, connection: connection)
          }
        }
      }
  }

  private func tlsHandler() throws -> NIOSSLClientHandler {
    guard let tls, case .tls(let name) = server.transport else { throw NoContext() }
    // Without a name the certificate must hold the address (RFC 7858 §4.2, RFC 8310 §7.2): NIOSSL compares it then.
    return try NIOSSLClientHandler(context: tls, serverHostname: name)
  }

  private struct NoContext: Error {}

  /// The connection can be used.
  func opened(_ channel: any Channel, connection: Int) {
    guard connection == state.value.connection, case .connecting = state.value.link else { return }
    state.value.link = .open(channel)
    state.value.session = StreamSession()
    pump()
  }

  /// The connection is gone, or must go. What was under way is asked again over a new one, once; a connection that gave any
  /// answer is no failure of the others on it.
  func closed(_ cause: Silence, connection: Int) {
    guard connection == state.value.connection else { return }
    state.value.connection += 1
    let wasFruitful = state.value.session.answers > 0
    var wasOpen = false
    if case .open(let channel) = state.value.link {
      wasOpen = true
      channel.close(promise: nil)
    }
    state.value.session = StreamSession()
    let now = csockets_now()
    state.value.window.lost(sentAt: now, at: now)
    let underWay = state.value.asked.values.sorted { $0.sentAt < $1.sentAt }
    state.value.asked = [:]
    for question in underWay { question.timer?.cancel() }
    var affected = wasOpen ? underWay : state.value.queue
    for place in affected.indices { affected[place].failures += wasOpen && wasFruitful ? 0 : 1 }
    let (lost, again) = (affected.filter { $0.failures > 1 }, affected.filter { $0.failures <= 1 })
    state.value.queue = again + (wasOpen ? state.value.queue : [])
    state.value.link = .resting
    if !wasFruitful {
      state.value.failures += 1
      // Twice in a row nothing: what comes next is told so at once, for a while.
      if !lost.isEmpty || state.value.failures >= 3 {
        (state.value.brokenUntil, state.value.cause) = (now &+ settings.giveUpAfter.nanoseconds, cause)
      }
    }
    let isBroken = now < state.value.brokenUntil
    let ended = isBroken ? lost + state.value.queue : lost
    if isBroken { state.value.queue = [] }
    loop.scheduleTask(in: .milliseconds(wasFruitful ? 1 : 100)) { [self] in
      state.value.link = .none
      pump()
    }
    for question in ended { question.answer.resume(returning: .silent(cause)) }
  }

  /// Says in our terms why a connection failed.
  static func silence(for error: any Error) -> Silence {
    switch error {
    case let error as NIOConnectionError:
      return error.connectionErrors.first.map { silence(for: $0.error) } ?? .unreachable("the address is not usable")
    case let error as IOError: return .unreachable(systemWords(error.errnoCode))
    case let error as ChannelError:
      if case .connectTimeout = error { return .timedOut(attempts: 1) }
      return .unreachable("\(error)")
    case is NoContext: return .tls("the file of authorities could not be read")
    case let error as NIOSSLError: return .tls(words(of: error))
    case let error as NIOSSLExtraError where error == .failedToValidateHostname:
      return .tls("the certificate is for another name")
    default: return .tls("\(error)")
    }
  }

  /// BoringSSL's own words, without its numbers and the file that they come from: `CERTIFICATE_VERIFY_FAILED` becomes
  /// `certificate verify failed`.
  private static func words(of error: NIOSSLError) -> String {
    switch error {
    case .unableToValidateCertificate: return "the certificate is for another name"
    case .noCertificateToValidate: return "the server shows no certificate"
    case .uncleanShutdown: return "the server closed the connection in the middle"
    default:
      let told = "\(error)".split(separator: "OPENSSL_internal:").dropFirst().first?.prefix {
        $0.isLetter || $0.isNumber || $0 == "_"
      }
      guard let told, !told.isEmpty else { return "the handshake failed" }
      return "the handshake failed: " + told.lowercased().split(separator: "_").joined(separator: " ")
    }
  }
}

/// The system's words for an errno.
func systemWords(_ reason: Int32) -> String {
  var words = [CChar](repeating: 0, count: 128)
  unsafe words.withUnsafeMutableBufferPointer { words in
    // 128 characters, as the count says; the shim ends them with a zero.
    unsafe csockets_words(reason, words.baseAddress, words.count)
  }
  return String(decoding: words.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
