import CSockets
import Estate
import NIOCore
import NIOPosix
import NIOSSL
import Names
import Synchronization

/// One server over TCP or TLS: one connection at a time, shared by all its questions, several of them on the way at once.
///
/// A class because callers and the connection share it; its state is touched on one event loop only.
final class StreamPeer: Sendable {
  enum Reply: Sendable {
    case answer(question: [UInt8], reply: [UInt8], roundTrip: Duration)
    case silent(Silence)
  }

  /// Who waits. A class so that a cancellation finds it in whatever state it is.
  final class Ticket: Sendable {
    let isCancelled = Atomic(false)
  }

  struct Question {
    var ticket: UInt64
    var message: [UInt8]
    var questionEnd: Int
    var failures = 0
    var sentAt: Int64 = 0
    var timer: Scheduled<Void>?
    var answer: CheckedContinuation<Reply, Never>
  }

  enum Link {
    case none, connecting, resting
    case open(any Channel)
  }

  struct State {
    var link = Link.none
    var connection = 0
    var session = StreamSession()
    var queue: [Question] = []
    var asked: [UInt64: Question] = [:]
    var bucket: TokenBucket
    var window: AnswerWindow
    var isPumpDue = false
    var idleTimer: Scheduled<Void>?
    /// Connections and replies in a row that failed; why; and until when nothing more is tried.
    var failures = 0
    var brokenUntil = Int64.min
    var cause = Silence.timedOut(attempts: 1)
  }

  let server: Server
  let settings: ProbeSettings
  let tls: NIOSSLContext?
  let loop: any EventLoop
  let state: NIOLoopBoundBox<State>
  private let lastTicket = Atomic<UInt64>(0)

  init(_ server: Server, _ settings: ProbeSettings, tls: NIOSSLContext?, on loop: any EventLoop) {
    (self.server, self.settings, self.tls, self.loop) = (server, settings, tls, loop)
    let state = State(
      bucket: TokenBucket(rate: settings.perServerRate, burst: settings.perServerBurst, at: csockets_now()),
      window: AnswerWindow(start: settings.streamWindow, ceiling: settings.streamWindow))
    self.state = NIOLoopBoundBox.makeBoxSendingValue(state, eventLoop: loop)
  }

  /// Asks one question. Its deadlines are those of the settings, for connection, handshake and reply; a task that is
  /// cancelled gets its answer at once.
  func ask(_ message: [UInt8], questionEnd: Int) async -> Reply {
    let ticket = Ticket()
    let key = lastTicket.wrappingAdd(1, ordering: .relaxed).newValue
    return await withTaskCancellationHandler {
      await withCheckedContinuation { answer in
        loop.execute { [self] in
          let question = Question(ticket: key, message: message, questionEnd: questionEnd, answer: answer)
          guard !ticket.isCancelled.load(ordering: .acquiring) else {
            return answer.resume(returning: .silent(.notAsked(Probe.endedWords)))
          }
          enqueue(question)
        }
      }
    } onCancel: {
      ticket.isCancelled.store(true, ordering: .releasing)
      loop.execute { [self] in cancel(key) }
    }
  }

  private func enqueue(_ question: Question) {
    guard csockets_now() >= state.value.brokenUntil else {
      return question.answer.resume(returning: .silent(state.value.cause))
    }
    state.value.idleTimer?.cancel()
    state.value.queue.append(question)
    pump()
  }

  private func cancel(_ ticket: UInt64) {
    state.value.session.forget(ticket)
    if let asked = state.value.asked.removeValue(forKey: ticket) {
      asked.timer?.cancel()
      asked.answer.resume(returning: .silent(.notAsked(Probe.endedWords)))
    } else if let place = state.value.queue.firstIndex(where: { $0.ticket == ticket }) {
      state.value.queue.remove(at: place).answer.resume(returning: .silent(.notAsked(Probe.endedWords)))
    }
    settle()
  }

  /// Sends what the connection, the window and the bucket allow.
  func pump() {
    guard !state.value.queue.isEmpty else { return settle() }
    guard case .open(let channel) = state.value.link else {
      if case .none = state.value.link { connect() }
      return
    }
    let now = csockets_now()
    var hasSent = false
    while !state.value.queue.isEmpty, state.value.session.outstanding < state.value.window.size {
      guard state.value.bucket.take(1, at: now) == 1 else {
        pumpLater(in: state.value.bucket.nextAt - now)
        break
      }
      var question = state.value.queue.removeFirst()
      let frame = state.value.session.frame(&question.message, questionEnd: question.questionEnd, ticket: question.ticket)
      let ticket = question.ticket
      question.sentAt = now
      question.timer = loop.scheduleTask(in: .nanoseconds(settings.streamTimeout.nanoseconds)) { [self] in timedOut(ticket) }
      state.value.asked[ticket] = question
      channel.write(ByteBuffer(bytes: frame), promise: nil)
      hasSent = true
    }
    if hasSent { channel.flush() }
  }

  private func pumpLater(in nanoseconds: Int64) {
    guard !state.value.isPumpDue else { return }
    state.value.isPumpDue = true
    loop.scheduleTask(in: .nanoseconds(max(1_000_000, nanoseconds))) { [self] in
      state.value.isPumpDue = false
      pump()
    }
  }

  func received(_ octets: ByteBufferView, on connection: Int) {
    guard connection == state.value.connection else { return }
    for action in state.value.session.received(octets) {
      switch action {
      case .answer(let ticket, let reply):
        state.value.window.answered()
        state.value.failures = 0
        guard let asked = finish(ticket) else { continue }
        asked.answer.resume(
          returning: .answer(question: asked.message, reply: reply, roundTrip: .nanoseconds(csockets_now() - asked.sentAt)))
      case .mangled(let ticket, let fault):
        finish(ticket)?.answer.resume(returning: .silent(.mangled(fault.words)))
      case .close(let breach):
        return closed(.mangled(breach.words), connection: connection)
      }
    }
    pump()
  }

  @discardableResult private func finish(_ ticket: UInt64) -> Question? {
    let asked = state.value.asked.removeValue(forKey: ticket)
    asked?.timer?.cancel()
    return asked
  }

  private func timedOut(_ ticket: UInt64) {
    guard let asked = finish(ticket) else { return }
    state.value.session.forget(ticket)
    asked.answer.resume(returning: .silent(.timedOut(attempts: asked.failures + 1)))
    state.value.failures += 1
    // A connection over which nothing comes any more is dead, though nobody has said so.
    if state.value.failures >= 3 { closed(.timedOut(attempts: 1), connection: state.value.connection) } else { pump() }
  }

  /// Closes a connection that nobody needs; not at once, since the next question may be near.
  private func settle() {
    guard state.value.queue.isEmpty, state.value.asked.isEmpty, case .open = state.value.link else { return }
    state.value.idleTimer?.cancel()
    state.value.idleTimer = loop.scheduleTask(in: .seconds(1)) { [self] in
      guard state.value.queue.isEmpty, state.value.asked.isEmpty, case .open(let channel) = state.value.link else { return }
      (state.value.link, state.value.connection) = (.none, state.value.connection + 1)
      channel.close(promise: nil)
    }
  }
}
