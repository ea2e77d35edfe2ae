import DNSWire
import Glibc

extension BatchLoop {
  /// Takes in what waits at a socket.
  mutating func receive(_ socket: Int32) {
    // A few rounds, so that one busy socket does not keep the others waiting.
    for _ in 0..<4 {
      let (file, server) = (sockets[Int(socket)].file, sockets[Int(socket)].server)
      guard file >= 0 else { return }
      let count = kernel.receive(file)
      guard count > 0 else {
        if count < 0 { refuse(socket, Int32(truncatingIfNeeded: -count), sparing: []) }
        return
      }
      taken += count
      for index in 0..<count { take(index, from: socket) }
      settle(server)
      if count < KernelBatch.most { return }
    }
  }

  private mutating func take(_ index: Int, from socket: Int32) {
    counts.received += 1
    // Valid until the next receive, which comes after this reply is done with.
    let (octets, isCut) = unsafe kernel.reply(index)
    let reply = unsafe octets.span
    guard reply.count >= 2 else {
      counts.stray += 1
      return
    }
    let slot = table.find(socket, UInt16(reply[0]) << 8 | UInt16(reply[1]))
    guard slot >= 0 else {
      counts.stray += 1
      return
    }
    guard !isCut else { return reject(slot, .cut) }
    // The slot's own room, where the question still stands as it was sent.
    let sent = unsafe datagrams.octets(slot, from: Datagram.questionStart, to: Int(slots[Int(slot)].questionEnd))
    do {
      let sketch = try ReplySketch(reply, question: unsafe sent.span)
      try accept(slot, reply, sketch)
    } catch {
      reject(slot, error)
    }
  }

  /// Not our reply. The question goes on waiting: a forger must not be able to end it.
  private mutating func reject(_ slot: Int32, _ fault: ReplySketch.Fault) {
    counts.mangled += 1
    slots[Int(slot)].fault = fault
  }

  private mutating func accept(_ slot: Int32, _ reply: Span<UInt8>, _ sketch: ReplySketch) throws(ReplySketch.Fault) {
    let at = Int(slot)
    let server = Int(slots[at].server)
    if slots[at].marks.contains(.sentCookie) {
      switch servers[server].acceptCookie(reply, sketch.cookie) {
      case false?: throw .cookieNotOurs
      case nil where servers[server].sendsCookies && !sketch.isTruncated: throw .cookieMissing
      default: break
      }
    }
    let sample = slots[at].attempts == 1 ? now - slots[at].sentAt : nil
    servers[server].heard(after: sample, at: now, marks: slots[at].marks)
    if sketch.isTruncated { return end(slot, needsStream: .truncated, reply) }
    switch sketch.question {
    case .sameButCase: return end(slot, needsStream: .caseChanged, reply)
    case .none where !isAboutEDNS(slot, sketch): return end(slot, needsStream: .questionMissing, reply)
    default: break
    }
    if isAboutEDNS(slot, sketch) {
      slots[at].marks.insert(.plain)
      return resend(slot)
    }
    switch sketch.responseCode {
    case 23 where slots[at].marks.contains(.sentCookie):  // BADCOOKIE, RFC 7873 §5.3
      guard !slots[at].marks.contains(.cookieRefused), !sketch.cookie.isEmpty else {
        return end(slot, needsStream: .cookieRefused, reply)
      }
      slots[at].marks.insert(.cookieRefused)
      resend(slot)
    case 2 where !slots[at].marks.contains(.servfailed):
      slots[at].marks.insert(.servfailed)
      report(slot, .provisional, reply)
      land(slot)
      slots[at].state = .resting
      slots[at].attempts = 0
      enter(slot, lane: servfailLane)
      wake(slots[at].server)
    default:
      // Without EDNS it could read the question: so it was EDNS that it did not know.
      if slots[at].marks.contains(.plain), sketch.responseCode != 1, sketch.responseCode != 4 { servers[server].lacksEDNS = true }
      if isMet(slot, reply, sketch) { return meet(slot) }
      report(slot, .replied, reply)
      release(slot)
    }
  }

  /// The question has ended as expected, like most: what its run and its server need to know waits for ``settle(_:)``.
  private mutating func meet(_ slot: Int32) {
    let at = Int(slot)
    if slots[at].run != met.run { settle(slots[at].server) }
    met = (slots[at].run, met.count + 1)
    free(slot)
  }

  /// Tells a run and a server of the replies that were as expected since the last time.
  private mutating func settle(_ server: Int32) {
    guard met.count > 0 else { return }
    runs[Int(met.run)]?.report.met += met.count
    ended(met.count, run: met.run, server)
    met = (-1, 0)
  }

  /// Whether the reply is just what is expected, so that nobody needs to read it.
  private mutating func isMet(_ slot: Int32, _ reply: Span<UInt8>, _ sketch: ReplySketch) -> Bool {
    let at = Int(slot)
    guard slots[at].expected.kind != .anything else { return false }
    return slots[at].expected.isMet(
      by: reply, questionEnd: Int(slots[at].questionEnd), type: RRType(rawValue: slots[at].type),
      responseCode: sketch.responseCode, key: settings.fingerprintKey, scratch: &scratch)
  }

  /// FORMERR or NOTIMP without OPT, or BADVERS: the server does not know the EDNS that we sent (RFC 6891 §7).
  private func isAboutEDNS(_ slot: Int32, _ sketch: ReplySketch) -> Bool {
    guard slots[Int(slot)].marks.contains(.sentOPT) else { return false }
    return sketch.responseCode == 16 || !sketch.hasOPT && (sketch.responseCode == 1 || sketch.responseCode == 4)
  }

  /// Asks again at once; this was no loss.
  private mutating func resend(_ slot: Int32) {
    land(slot)
    slots[Int(slot)].attempts &-= 1
    queue(slot)
  }

  private mutating func report(_ slot: Int32, _ outcome: BatchReport.Outcome, _ reply: Span<UInt8>) {
    let at = Int(slot)
    // The slot's own room, where the datagram still stands as it was sent.
    let question = unsafe datagrams.octets(slot, from: 0, to: Int(slots[at].length))
    runs[Int(slots[at].run)]?.report.append(
      slots[at], outcome, question: unsafe question.span, reply: reply, roundTrip: now - slots[at].sentAt)
  }

  private mutating func end(_ slot: Int32, needsStream reason: BatchReport.Reason, _ reply: Span<UInt8>) {
    report(slot, .needsStream(reason), reply)
    release(slot)
  }
}
