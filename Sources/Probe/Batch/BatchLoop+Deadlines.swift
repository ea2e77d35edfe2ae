import Estate

extension BatchLoop {
  /// The wait for this attempt: as long as the server's round trips ask for, doubled with each loss, at most the time-out.
  ///
  /// A recursive answer takes what it takes, so no round trip is held against a question with RD. The last attempt waits
  /// the whole time-out.
  func laneForAttempt(_ slot: Int32, jitter: Int) -> Int {
    let at = Int(slot)
    let server = Int(slots[at].server)
    var wait = waits.count - 1
    if let patience = servers[server].roundTrip.patience, !isLastAttempt(at), !slots[at].flags.contains(.recursionDesired) {
      let enough = waits.firstIndex { $0 >= patience } ?? wait
      wait = min(wait, enough + Int(slots[at].attempts) - 1 + servers[server].caution)
    }
    return wait * Self.jitters + jitter
  }

  /// Whether the attempt in flight is the last that this question gets.
  private func isLastAttempt(_ at: Int) -> Bool {
    slots[at].flags.contains(.once) || Int(slots[at].attempts) > settings.retries
  }

  /// Enters an attempt that has just left: where round trips are known, it is late first and lost afterwards.
  mutating func enterFlight(_ slot: Int32, jitter: Int) {
    let last = laneForAttempt(slot, jitter: jitter)
    slots[Int(slot)].lastLane = UInt8(truncatingIfNeeded: last)
    slots[Int(slot)].marks.remove(.late)
    guard let patience = servers[Int(slots[Int(slot)].server)].roundTrip.patience,
      !slots[Int(slot)].flags.contains(.recursionDesired), let late = lateWaits.firstIndex(where: { $0 >= 2 * patience })
    else { return enter(slot, lane: last) }
    enter(slot, lane: firstLateLane + late)
  }

  /// What is late is perhaps lost: others may fly in its place, or a path that loses one in twenty would be asked no more than a few
  /// questions in each time-out. No more than the slots in all.
  private mutating func becomeLate(_ slot: Int32) {
    let at = Int(slot)
    lanes[Int(slots[at].lane)].list.remove(slot, in: &slots)
    slots[at].marks.insert(.late)
    servers[Int(slots[at].server)].flying -= 1
    servers[Int(slots[at].server)].late += 1
    flying -= 1
    enter(slot, lane: Int(slots[at].lastLane))
    wake(slots[at].server)
  }

  mutating func enter(_ slot: Int32, lane: Int) {
    slots[Int(slot)].lane = UInt8(truncatingIfNeeded: lane)
    slots[Int(slot)].deadline = now + lanes[lane].wait
    lanes[lane].list.append(slot, in: &slots)
  }

  /// Ends the waits that are over.
  mutating func expire() {
    for lane in lanes.indices {
      while case let slot = lanes[lane].list.first, slot >= 0, slots[Int(slot)].deadline <= now {
        if lane >= firstLateLane {
          becomeLate(slot)
        } else if slots[Int(slot)].state == .resting {
          lanes[lane].list.remove(slot, in: &slots)
          queue(slot)
        } else {
          counts.lost += 1
          failed(slot, refusal: 0)
        }
      }
    }
  }

  /// Takes a slot out of flight, or out of its rest.
  mutating func land(_ slot: Int32) {
    let at = Int(slot)
    guard slots[at].state == .flying || slots[at].state == .resting else { return }
    lanes[Int(slots[at].lane)].list.remove(slot, in: &slots)
    if slots[at].state == .flying {
      table.remove(slots[at].socket, slots[at].id)
      if slots[at].marks.contains(.late) {
        servers[Int(slots[at].server)].late -= 1
      } else {
        servers[Int(slots[at].server)].flying -= 1
        flying -= 1
      }
    }
    slots[at].state = .landed
  }

  /// Puts a slot in line to be sent again.
  mutating func queue(_ slot: Int32) {
    let server = slots[Int(slot)].server
    slots[Int(slot)].state = .queued
    servers[Int(server)].again.append(slot, in: &slots)
    wake(server)
  }

  /// One attempt is over without a reply: by its deadline, or by a refusal of the host or the system (an errno).
  mutating func failed(_ slot: Int32, refusal: Int32) {
    let at = Int(slot)
    let server = slots[at].server
    land(slot)
    slots[at].refusal = refusal
    let isNew = servers[Int(server)].window.lost(sentAt: slots[at].sentAt, at: now)
    servers[Int(server)].lostInARow += 1
    // What was lost together is one loss.
    if isNew { servers[Int(server)].caution = min(waits.count, servers[Int(server)].caution + 1) }
    if refusal != 0 {
      counts.refused += 1
      servers[Int(server)].refusedInARow += 1
    } else {
      servers[Int(server)].refusedInARow = 0
    }
    if slots[at].fault == .cookieMissing {
      report(slot, .needsStream(.cookieMissing))
      release(slot)
    } else if servers[Int(server)].isSilent(at: now, after: settings.giveUpAfter.nanoseconds) {
      end(slot, lastCause(slot))
      while case let waiting = servers[Int(server)].again.first, waiting >= 0 { end(waiting, lastCause(waiting)) }
      endWaiting(server, .givenUp) { _ in true }
    } else if isLastAttempt(at) {
      end(slot, lastCause(slot))
    } else if refusal != 0 {
      // The host may be starting, and the refusal may be forged: not again at once.
      slots[at].state = .resting
      enter(slot, lane: min(waits.count - 1, Int(slots[at].attempts) - 1) * Self.jitters)
      wake(server)
    } else {
      queue(slot)
    }
  }

  /// Why there is no reply, from all that has happened to a question: what came in first, then what the last attempt met.
  private func lastCause(_ slot: Int32) -> BatchReport.Cause {
    let (fault, refusal) = (slots[Int(slot)].fault, slots[Int(slot)].refusal)
    if fault != .none { return .mangled(fault) }
    return refusal != 0 ? .refused(refusal) : .lost(attempts: Int(slots[Int(slot)].attempts))
  }

  /// The host or the network refused what left by a socket; nobody says which of its questions was meant.
  mutating func refuse(_ socket: Int32, _ reason: Int32, sparing spared: ArraySlice<Int32>) {
    for slot in slots.indices where slots[slot].state == .flying && slots[slot].socket == socket {
      if !spared.contains(Int32(slot)) { failed(Int32(slot), refusal: reason) }
    }
  }

  /// Ends a question without a reply, wherever it is.
  mutating func end(_ slot: Int32, _ cause: BatchReport.Cause) {
    let at = Int(slot)
    if slots[at].state == .queued { servers[Int(slots[at].server)].again.remove(slot, in: &slots) }
    report(slot, .silent(cause))
    release(slot)
  }

  private mutating func report(_ slot: Int32, _ outcome: BatchReport.Outcome) {
    let at = Int(slot)
    let waited = slots[at].firstSentAt == 0 ? 0 : now - slots[at].firstSentAt
    // The slot's own room, where the question still stands.
    let question = unsafe datagrams.octets(slot, from: 0, to: Int(slots[at].questionEnd))
    runs[Int(slots[at].run)]?.report.append(
      slots[at], outcome, question: unsafe question.span, roundTrip: waited)
  }

  /// The question has ended; its slot is free.
  mutating func release(_ slot: Int32) {
    let (server, run) = (slots[Int(slot)].server, slots[Int(slot)].run)
    free(slot)
    ended(1, run: run, server)
  }

  mutating func free(_ slot: Int32) {
    land(slot)
    slots[Int(slot)].state = .free
    freeSlots.append(slot)
  }

  /// So many questions of a run have ended, and no longer hold a slot.
  mutating func ended(_ count: Int, run: Int32, _ server: Int32) {
    servers[Int(server)].held -= count
    runs[Int(run)]?.held -= count
    wake(server)
    rest(server)
  }
}
