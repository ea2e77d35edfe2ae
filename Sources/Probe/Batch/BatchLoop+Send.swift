import CSockets
import Estate
import Glibc
import Names

extension BatchLoop {
  /// Puts a server in line, if there is something to send to it.
  mutating func wake(_ server: Int32) {
    let standing = servers[Int(server)].standing
    guard standing == .idle || standing == .full, servers[Int(server)].hasWork else { return }
    guard servers[Int(server)].flying < servers[Int(server)].window.size else {
      servers[Int(server)].standing = .full
      return
    }
    servers[Int(server)].standing = .ready
    ready.append(server)
  }

  /// Lets a server's sockets go when nothing is left to do with it; the next question leaves by new ports.
  mutating func rest(_ server: Int32) {
    guard servers[Int(server)].isIdle, servers[Int(server)].isActive else { return }
    servers[Int(server)].isActive = false
    for socket in servers[Int(server)].sockets where socket >= 0 {
      csockets_close(sockets[Int(socket)].file)
      sockets[Int(socket)] = Socket()
      freeSockets.append(socket)
      openSockets -= 1
    }
    servers[Int(server)].sockets.removeAll(keepingCapacity: true)
    activeServers -= 1
  }

  /// Sends to every server in line what its window and its bucket allow.
  mutating func send() {
    while let earliest = sleepers.earliest, earliest <= now, let server = sleepers.popFirst() {
      servers[Int(server)].standing = .idle
      wake(server)
    }
    var (budget, starved) = (Self.sendsPerTurn, [Int32]())
    while budget > 0, let server = ready.popFirst() {
      servers[Int(server)].standing = .idle
      let cost = serve(server)
      budget -= cost
      if cost == 0, freeSlots.isEmpty, servers[Int(server)].standing == .idle, servers[Int(server)].hasWork {
        starved.append(server)
      }
    }
    isStarved = budget > 0
    for server in starved { wake(server) }
  }

  private mutating func sleep(_ server: Int32, until time: Int64) {
    servers[Int(server)].standing = .sleeping
    sleepers.insert(server, at: max(time, now + 100_000))
  }

  /// One server's turn. Returns what it costs of the turn's budget.
  private mutating func serve(_ server: Int32) -> Int {
    let at = Int(server)
    guard servers[at].hasWork else { return 0 }
    let room = min(Self.burst, servers[at].window.size - servers[at].flying)
    guard room > 0 else {
      servers[at].standing = .full
      return 0
    }
    let allowed = servers[at].bucket.take(room, at: now)
    guard allowed > 0 else {
      sleep(server, until: servers[at].bucket.nextAt)
      return 0
    }
    let socket = pickSocket(server)
    guard socket >= 0 else {
      servers[at].bucket.giveBack(allowed)
      withoutSocket(server, -socket)
      return 1
    }
    var count = 0
    while count < allowed, case let slot = servers[at].again.first, slot >= 0 {
      servers[at].again.remove(slot, in: &slots)
      launch(slot, socket, count)
      count &+= 1
    }
    while count < allowed, !freeSlots.isEmpty, let segment = openSegment(server) {
      count = ask(server, segment, socket, from: count, to: allowed)
    }
    servers[at].turn += 1
    servers[at].bucket.giveBack(allowed - count)
    guard count > 0 else {
      // Whoever takes the answers of every run that waits is behind: looked at again soon.
      if !servers[at].segments.isEmpty, !freeSlots.isEmpty { sleep(server, until: now + 1_000_000) }
      return 0
    }
    let pause = flush(server, socket, count)
    if pause, servers[at].standing == .idle { sleep(server, until: now + 1_000_000) } else { wake(server) }
    return count
  }

  /// The segment whose turn it is, of those whose runs can take more answers.
  private mutating func openSegment(_ server: Int32) -> Int? {
    let at = Int(server)
    let count = servers[at].segments.count
    for _ in 0..<count {
      if servers[at].turn >= count { servers[at].turn = 0 }
      if !servers[at].segments[servers[at].turn].gate.isClosed { return servers[at].turn }
      servers[at].turn += 1
    }
    return nil
  }

  /// Takes the next questions of a segment into slots and into the row. Returns where the row ends.
  private mutating func ask(_ server: Int32, _ segment: Int, _ socket: Int32, from first: Int, to most: Int) -> Int {
    let at = Int(server)
    let (run, place) = (servers[at].segments[segment].run, servers[at].segments[segment].next)
    // Taken once for all of them: to hold its arrays for each question costs more than to write it.
    let page = servers[at].segments[segment].page
    let count = min(most - first, freeSlots.count, page.count - place)
    let names = page.names.span
    for index in 0..<count {
      let (slot, place) = (freeSlots.removeLast(), place + index)
      var fresh = Slot()
      (fresh.run, fresh.server, fresh.number) = (run, server, page.numbers[place])
      (fresh.type, fresh.flags, fresh.expected) = (page.types[place], page.flags[place], page.expected[place])
      // The slot's own room; Datagram.mostOctets fits.
      var room = unsafe datagrams.room(slot).mutableSpan
      let questionEnd = Datagram.writeQuestion(
        into: &room, name: names, from: Int(page.starts[place]), type: fresh.type,
        recursionDesired: fresh.flags.contains(.recursionDesired))
      fresh.questionEnd = UInt16(truncatingIfNeeded: questionEnd)
      slots[Int(slot)] = fresh
      launch(slot, socket, first + index)
    }
    servers[at].held += count
    runs[Int(run)]?.held += count
    if !servers[at].segments[segment].step(by: count) {
      servers[at].segments.remove(at: segment)
      runs[Int(run)]?.waiting -= 1
    }
    return first + count
  }

  /// Makes a slot ready, and puts it into the row.
  private mutating func launch(_ slot: Int32, _ socket: Int32, _ place: Int) {
    prepare(slot, socket)
    // The slot's room is not touched before the reply or the deadline.
    unsafe kernel.put(place, datagrams.octets(slot, from: 0, to: Int(slots[Int(slot)].length)))
    row[place] = slot
  }

  /// Draws id and case, seals the datagram, and enters the slot as in flight.
  private mutating func prepare(_ slot: Int32, _ socket: Int32) {
    let at = Int(slot)
    let server = Int(slots[at].server)
    let isPlain = servers[server].lacksEDNS || slots[at].marks.contains(.plain) || triesWithoutEDNS(at)
    let bits = entropy.word()
    var id = UInt16(truncatingIfNeeded: bits)
    while table.find(socket, id) >= 0 { id = UInt16(truncatingIfNeeded: entropy.word()) }
    let questionEnd = Int(slots[at].questionEnd)
    // The slot's own room; Datagram.mostOctets fits.
    var room = unsafe datagrams.room(slot).mutableSpan
    // The id's bits come last: a name needs them for its case only behind its 48th octet.
    Datagram.seal(&room, questionEnd: questionEnd, id: id, caseBits: bits >> 16 | bits << 48)
    let length =
      isPlain
      ? questionEnd
      : servers[server].opt.append(dnssecOK: slots[at].flags.contains(.dnssecOK), to: &room, at: questionEnd)
    slots[at].length = UInt16(truncatingIfNeeded: length)
    slots[at].marks.remove([.sentCookie, .sentOPT])
    if !isPlain { slots[at].marks.insert([.sentCookie, .sentOPT]) }
    slots[at].id = id
    slots[at].socket = socket
    slots[at].state = .flying
    slots[at].attempts &+= 1
    slots[at].refusal = 0
    slots[at].sentAt = now
    if slots[at].firstSentAt == 0 { slots[at].firstSentAt = now }
    table.insert(socket, id, slot: slot)
    enterFlight(slot, jitter: Int(truncatingIfNeeded: bits >> 16) & (Self.jitters - 1))
    servers[server].flying += 1
    flying += 1
    counts.sent += 1
  }

  /// Whether to leave EDNS out because nothing that had it was ever answered: the last attempt tries, and where that helped, the
  /// next questions begin so. Never where signatures are wanted: their absence would be taken for the server's.
  private func triesWithoutEDNS(_ at: Int) -> Bool {
    let server = Int(slots[at].server)
    guard !servers[server].hasRepliedToEDNS, !slots[at].flags.contains(.dnssecOK) else { return false }
    return servers[server].isSilentToEDNS || slots[at].attempts > 0 && Int(slots[at].attempts) >= settings.retries
  }

  /// Sends the row. Returns whether the kernel has no room just now.
  private mutating func flush(_ server: Int32, _ socket: Int32, _ count: Int) -> Bool {
    var (sent, isRetold) = (0, false)
    while sent < count {
      let taken = kernel.send(sockets[Int(socket)].file, from: sent, count: count - sent)
      if taken > 0 {
        sent += taken
        continue
      }
      let reason = Int32(truncatingIfNeeded: -taken)
      if reason == ECONNREFUSED, !isRetold {
        // The host's answer to something sent earlier; reading it cleared it.
        isRetold = true
        refuse(socket, reason, sparing: row[sent..<count])
      } else if reason == EAGAIN || reason == ENOBUFS || taken == 0 {
        for slot in row[sent..<count] { unsend(slot) }
        return true
      } else {
        for slot in row[sent..<count] { failed(slot, refusal: reason) }
        return false
      }
    }
    return false
  }

  /// As if the question had not been sent.
  private mutating func unsend(_ slot: Int32) {
    let at = Int(slot)
    land(slot)
    slots[at].attempts &-= 1
    if slots[at].attempts == 0 { slots[at].firstSentAt = 0 }
    counts.sent -= 1
    let server = Int(slots[at].server)
    servers[server].bucket.giveBack(1)
    // Not by queue: the server rests before it has its next turn.
    slots[at].state = .queued
    servers[server].again.append(slot, in: &slots)
  }

  /// One of the server's sockets at random, opened when it is first drawn; or a negative errno.
  private mutating func pickSocket(_ server: Int32) -> Int32 {
    let at = Int(server)
    let width = max(1, min(settings.socketsPerServer, mostSockets / max(1, activeServers)))
    while servers[at].sockets.count < width { servers[at].sockets.append(-1) }
    let choice = entropy.below(servers[at].sockets.count)
    let drawn = servers[at].sockets[choice]
    if drawn >= 0 { return drawn }
    let opened = openSockets < mostSockets ? open(server) : -EMFILE
    guard opened < 0 else {
      servers[at].sockets[choice] = opened
      return opened
    }
    // Rather a known port than none.
    return servers[at].sockets.first { $0 >= 0 } ?? opened
  }

  private mutating func open(_ server: Int32) -> Int32 {
    var (file, granted): (Int32, Int32) = (-EADDRINUSE, 0)
    var tries = 16
    let octets = servers[Int(server)].octets
    while file == -EADDRINUSE, tries > 0 {
      tries -= 1
      let local = settings.sourcePorts.map { $0.lowerBound + UInt16(entropy.below($0.count)) } ?? 0
      file = unsafe octets.withUnsafeBufferPointer { octets in
        // Four or sixteen octets, as the count says.
        unsafe csockets_open(octets.baseAddress, octets.count, servers[Int(server)].address.port, local, receiveBuffer, &granted)
      }
    }
    guard file >= 0 else { return file }
    // The kernel doubles what it grants, for its own bookkeeping.
    if let notice = ProbeNotice(granted: Int(granted), wanted: Int(receiveBuffer)) { say(notice) }
    let socket = freeSockets.popLast() ?? Int32(sockets.count)
    if Int(socket) == sockets.count { sockets.append(Socket()) }
    let failed = kernel.watch(file, key: UInt32(bitPattern: socket))
    guard failed == 0 else {
      csockets_close(file)
      freeSockets.append(socket)
      return failed
    }
    sockets[Int(socket)] = Socket(file: file, server: server)
    openSockets += 1
    return socket
  }

  /// No socket: no file left now, or no route at all.
  private mutating func withoutSocket(_ server: Int32, _ reason: Int32) {
    guard reason != EMFILE, reason != ENFILE, reason != ENOBUFS, reason != ENOMEM, reason != EADDRINUSE else {
      if reason == EMFILE { say(.tooFewFiles(limit: Int(csockets_open_files_limit()))) }
      // Others will finish and leave theirs; nobody else at work means that none will.
      if openSockets > 0 {
        sleep(server, until: now + 10_000_000)
      } else {
        endAll(server, .noSocket(reason))
      }
      return
    }
    endAll(server, .refused(reason))
  }

  private mutating func endAll(_ server: Int32, _ cause: BatchReport.Cause) {
    while servers[Int(server)].again.first >= 0 { end(servers[Int(server)].again.first, cause) }
    endWaiting(server, cause) { _ in true }
  }

  private mutating func say(_ notice: ProbeNotice) {
    if saidNotices.insert(notice).inserted { inbox.notice(notice) }
  }
}
