import CSockets
import Names
import Synchronization

/// The one path over UDP: a loop on a thread of its own that asks in batches.
///
/// In the steady state no packet costs a heap object: questions are built in the slot's fixed room, replies are read in the
/// kernel's buffers, matched by socket and id and held against what is expected there, and only what differs is appended to
/// the run's report.
struct BatchLoop: ~Copyable {
  struct Socket {
    var file: Int32 = -1
    var server: Int32 = -1
  }

  static let bellKey = UInt32.max
  /// Questions to one server before the next server's turn; they leave through one socket in one system call.
  static let burst = 32
  /// How long a report of nothing but questions that were answered as expected may wait, in nanoseconds.
  static let countsWait: Int64 = 20_000_000
  /// Questions sent before replies are looked at again.
  static let sendsPerTurn = 256
  static let manyReplies = 32
  static let manyFlying = 64
  static let gatherMicroseconds: Int32 = 100
  /// Lanes of one wait that differ a little, so that what was lost together is not sent again together.
  static let jitters = 4

  let settings: ProbeSettings
  let inbox: BatchInbox
  let kernel: KernelBatch
  let datagrams: DatagramStore
  let mostSockets: Int

  var now: Int64
  var entropy = Entropy()
  var servers: [ServerState] = []
  var serverIndex: [SocketAddress: Int32] = [:]
  var runs: [BatchRun?] = []
  var slots: FixedStore<Slot>
  var freeSlots: [Int32]
  var table: InFlightTable
  var lanes: [Lane] = []
  /// Waits that double from lane group to lane group; the last is the settings' time-out.
  var waits: [Int64] = []
  var servfailLane = 0
  /// After these a question that is on its way is late, in nanoseconds; their lanes stand behind all others.
  var lateWaits: [Int64] = []
  var firstLateLane = 0
  var ready = ServerRing()
  var sleepers = Sleepers()
  var sockets: [Socket] = []
  var freeSockets: [Int32] = []
  var openSockets = 0
  var activeServers = 0
  var counts = ProbeCounts()
  var isStopping = false
  /// Questions in flight to all servers; datagrams taken in this turn.
  var flying = 0
  var taken = 0
  /// Every server in line waits for a free slot.
  var isStarved = false
  /// Replies of this turn that were as expected and are not told to their run yet.
  var met = (run: Int32(-1), count: 0)
  /// The slots of the questions that go out together.
  var row = [Int32](repeating: -1, count: BatchLoop.burst)
  /// What a socket asks for, in octets as the kernel counts them.
  let receiveBuffer: Int32
  var saidNotices: Set<ProbeNotice> = []
  /// Room for the data of one record, kept from reply to reply.
  var scratch: [UInt8] = []

  init(_ settings: ProbeSettings, _ inbox: BatchInbox, _ kernel: consuming KernelBatch) {
    self.kernel = kernel
    self.settings = settings
    self.inbox = inbox
    let count = min(max(1, settings.inFlight), 1 << 20)
    datagrams = DatagramStore(slots: count)
    slots = FixedStore(repeating: Slot(), count: count)
    freeSlots = (0..<Int32(count)).reversed()
    table = InFlightTable(most: count)
    let files = csockets_open_files_limit()
    mostSockets = Int(max(4, min(16_384, (files - 128) / 2)))
    // A reply of 1232 octets counts as 2304. Sockets are drawn at random: four times the even share is enough for one.
    let share = min(settings.windowCeiling, 1 << 20) * 2304 * 4 / max(1, settings.socketsPerServer)
    receiveBuffer = Int32(min(8 << 20, max(1 << 18, share)))
    now = csockets_now()
    let longest = max(1_000_000, settings.timeout.nanoseconds)
    var wait = max(longest / 8, min(longest, 100_000_000))
    while wait < longest {
      waits.append(wait)
      wait *= 2
    }
    waits.append(longest)
    for wait in waits { for jitter in 0..<Self.jitters { lanes.append(Lane(wait: wait + wait * Int64(jitter) / 16)) } }
    servfailLane = lanes.count
    lanes.append(Lane(wait: max(1_000_000, settings.servfailPause.nanoseconds)))
    firstLateLane = lanes.count
    lateWaits = [4_000_000, 16_000_000, 64_000_000].filter { $0 < waits[0] }
    for wait in lateWaits { lanes.append(Lane(wait: wait)) }
  }

  /// Works until it is told to stop.
  mutating func run() {
    while true {
      takeOrders()
      expire()
      send()
      deliver()
      if isStopping { break }
      gather()
      let count = kernel.wait(milliseconds: patience())
      now = csockets_now()
      taken = 0
      for index in 0..<max(0, count) {
        let key = kernel.readyKey(index)
        if key == Self.bellKey { csockets_bell_quiet(inbox.bell) } else { receive(Int32(bitPattern: key)) }
      }
    }
    for socket in sockets where socket.file >= 0 { csockets_close(socket.file) }
  }

  /// Lets replies come together where many are on their way and few came: each wake-up costs the server that sends as much as
  /// the one who wakes, and a batch of one costs as much as a batch of many.
  private func gather() {
    guard taken < Self.manyReplies, flying >= Self.manyFlying else { return }
    csockets_pause(Self.gatherMicroseconds)
  }

  /// How long nothing needs to be done, in milliseconds; -1 for ever.
  private func patience() -> Int32 {
    if !ready.isEmpty, !isStarved { return 0 }
    var earliest = sleepers.earliest ?? .max
    for lane in lanes where !lane.list.isEmpty { earliest = min(earliest, slots[Int(lane.list.first)].deadline) }
    guard earliest < .max else { return -1 }
    return Int32(clamping: max(0, (earliest - now + 999_999) / 1_000_000))
  }

  // MARK: Runs

  private mutating func takeOrders() {
    for order in inbox.takeAll() {
      switch order {
      case .start(let key, let parts, let gate, let reports): start(key, parts, gate, reports)
      case .cancel(let key):
        if let run = runs.firstIndex(where: { $0?.key == key }) { cancel(Int32(run)) }
      case .stop:
        for run in runs.indices where runs[run] != nil { cancel(Int32(run)) }
        isStopping = true
      }
    }
  }

  private mutating func start(
    _ key: UInt64, _ parts: [BatchPart], _ gate: BatchGate, _ reports: AsyncStream<BatchReport>.Continuation
  ) {
    let run = runs.firstIndex { $0 == nil } ?? runs.count
    if run == runs.count { runs.append(nil) }
    runs[run] = BatchRun(key: key, gate: gate, reports: reports, deliveredAt: now)
    for part in parts {
      guard let segment = Segment(run: Int32(run), part, gate) else { continue }
      let server = known(part.server)
      if !servers[Int(server)].isActive {
        activeServers += 1
        servers[Int(server)].isActive = true
        (servers[Int(server)].heardAt, servers[Int(server)].lostInARow, servers[Int(server)].refusedInARow) = (now, 0, 0)
      }
      runs[run]?.waiting += 1
      servers[Int(server)].segments.append(segment)
      wake(server)
    }
    if runs[run]?.isDone == true { finish(run: Int32(run)) }
  }

  private mutating func known(_ address: SocketAddress) -> Int32 {
    if let server = serverIndex[address] { return server }
    let server = Int32(servers.count)
    servers.append(ServerState(address, settings, clientCookie: entropy.word(), at: now))
    serverIndex[address] = server
    return server
  }

  private mutating func cancel(_ run: Int32) {
    for server in servers.indices where servers[server].segments.contains(where: { $0.run == run }) {
      endWaiting(Int32(server), .cancelled) { $0 == run }
    }
    for slot in slots.indices where slots[slot].state != .free && slots[slot].run == run {
      end(Int32(slot), .cancelled)
    }
  }

  /// Ends what waits for a server and was not asked.
  mutating func endWaiting(_ server: Int32, _ cause: BatchReport.Cause, where matches: (Int32) -> Bool) {
    let ended = servers[Int(server)].segments.filter { matches($0.run) }
    servers[Int(server)].segments.removeAll { matches($0.run) }
    for var segment in ended {
      let run = Int(segment.run)
      let isCounted = segment.part.isCounted
      let count = segment.drain { number in
        if !isCounted { runs[run]?.report.events.append(.init(number: number, outcome: .silent(cause))) }
      }
      if isCounted { runs[run]?.report.unasked.append((count, cause)) }
      runs[run]?.waiting -= 1
    }
    rest(server)
  }

  /// Hands over what has come since the last time, and lets go of runs that are done.
  private mutating func deliver() {
    var isAnyDelivered = false
    for run in runs.indices {
      guard let isDone = runs[run]?.isDone, let isEmpty = runs[run]?.report.isEmpty, let last = runs[run]?.deliveredAt,
        let events = runs[run]?.report.events.count
      else { continue }
      if !isEmpty, isDone || events > 0 || now - last >= Self.countsWait {
        isAnyDelivered = true
        let report = runs[run]?.report ?? BatchReport()
        runs[run]?.report = BatchReport()
        runs[run]?.deliveredAt = now
        runs[run]?.gate.hand(events)
        runs[run]?.reports.yield(report)
      }
      if isDone { finish(run: Int32(run)) }
    }
    if isAnyDelivered || isStopping { inbox.publish(counts) }
  }

  private mutating func finish(run: Int32) {
    runs[Int(run)]?.reports.finish()
    runs[Int(run)] = nil
  }
}

extension Duration {
  /// Whole nanoseconds, cut at 292 years.
  var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? (seconds < 0 ? .min : .max) : product &+ attoseconds / 1_000_000_000
  }
}
