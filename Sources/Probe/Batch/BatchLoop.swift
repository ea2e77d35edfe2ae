import CSockets
import Names
import Synchronization

/// The one path over UDP: a loop on a thread of its own that asks in batches.
///
/// In the steady state no packet costs a heap object: questions are built in the slot's fixed room, replies are read in the
/// kernel's buffers and matched by socket and id, and what is taken is appended to the run's report.
struct BatchLoop: ~Copyable {
  /// One caller's batch.
  struct Run {
    let key: UInt64
    let batch: QueryBatch
    let order: [UInt32]
    var remaining: Int
    var report = BatchReport()
    let reports: AsyncStream<BatchReport>.Continuation
  }

  struct Socket {
    var file: Int32 = -1
    var server: Int32 = -1
  }

  static let bellKey = UInt32.max
  /// Questions to one server before the next server's turn; they leave through one socket in one system call.
  static let burst = 32
  /// Questions sent before replies are looked at again.
  static let sendsPerTurn = 256
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
  var runs: [Run?] = []
  var slots: [Slot]
  var freeSlots: [Int32]
  var table: InFlightTable
  var lanes: [Lane] = []
  /// Waits that double from lane group to lane group; the last is the settings' time-out.
  var waits: [Int64] = []
  var servfailLane = 0
  var ready = ServerRing()
  var sleepers = Sleepers()
  var sockets: [Socket] = []
  var freeSockets: [Int32] = []
  var openSockets = 0
  var activeServers = 0
  var counts = ProbeCounts()
  var isStopping = false
  /// Every server in line waits for a free slot.
  var isStarved = false
  /// The slots of the questions that go out together.
  var row = [Int32](repeating: -1, count: BatchLoop.burst)
  /// What a socket asks for, in octets as the kernel counts them.
  let receiveBuffer: Int32
  var saidNotices: Set<ProbeNotice> = []

  init(_ settings: ProbeSettings, _ inbox: BatchInbox, _ kernel: consuming KernelBatch) {
    self.kernel = kernel
    self.settings = settings
    self.inbox = inbox
    let count = min(max(1, settings.inFlight), 1 << 20)
    datagrams = DatagramStore(slots: count)
    slots = [Slot](repeating: Slot(), count: count)
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
  }

  /// Works until it is told to stop.
  mutating func run() {
    while true {
      takeOrders()
      expire()
      send()
      deliver()
      if isStopping { break }
      let count = kernel.wait(milliseconds: patience())
      now = csockets_now()
      for index in 0..<max(0, count) {
        let key = kernel.readyKey(index)
        if key == Self.bellKey { csockets_bell_quiet(inbox.bell) } else { receive(Int32(bitPattern: key)) }
      }
    }
    for socket in sockets where socket.file >= 0 { csockets_close(socket.file) }
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
      case .start(let key, let batch, let reports): start(key, batch, reports)
      case .cancel(let key):
        if let run = runs.firstIndex(where: { $0?.key == key }) { cancel(Int32(run)) }
      case .stop:
        for run in runs.indices where runs[run] != nil { cancel(Int32(run)) }
        isStopping = true
      }
    }
  }

  private mutating func start(_ key: UInt64, _ batch: QueryBatch, _ reports: AsyncStream<BatchReport>.Continuation) {
    let (order, offsets) = batch.byServer()
    let run = runs.firstIndex { $0 == nil } ?? runs.count
    if run == runs.count { runs.append(nil) }
    runs[run] = Run(key: key, batch: batch, order: order, remaining: batch.count, reports: reports)
    for (place, address) in batch.servers.enumerated() where offsets[place] < offsets[place + 1] {
      let server = known(address)
      if !servers[Int(server)].isActive {
        activeServers += 1
        servers[Int(server)].isActive = true
        (servers[Int(server)].heardAt, servers[Int(server)].lostInARow, servers[Int(server)].refusedInARow) = (now, 0, 0)
      }
      servers[Int(server)].segments.append(.init(run: Int32(run), next: offsets[place], end: offsets[place + 1]))
      wake(server)
    }
    if batch.count == 0 { finish(run: Int32(run)) }
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
    for segment in ended {
      let run = Int(segment.run)
      for place in segment.next..<segment.end {
        guard let query = runs[run]?.order[place] else { break }
        runs[run]?.report.events.append(.init(query: query, outcome: .silent(cause)))
      }
      runs[run]?.remaining -= segment.end - segment.next
    }
    rest(server)
  }

  /// Hands over what has come since the last time, and lets go of runs that are done.
  private mutating func deliver() {
    var isAnyDelivered = false
    for run in runs.indices {
      guard let events = runs[run]?.report.events.count else { continue }
      if events > 0 {
        isAnyDelivered = true
        let report = runs[run]?.report ?? BatchReport()
        runs[run]?.report = BatchReport()
        runs[run]?.reports.yield(report)
      }
      if runs[run]?.remaining == 0 { finish(run: Int32(run)) }
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
