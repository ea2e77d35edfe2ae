import DNSWire
import Estate

/// One question on its way: in flight, resting before it is asked again, or in line for it.
struct Slot {
  enum State: UInt8 {
    case free, flying, queued
    /// Waits before it is put in line again.
    case resting
    /// In no list; only within one step of the loop.
    case landed
  }

  /// What has become of a question so far.
  struct Marks: OptionSet {
    var rawValue: UInt8
    /// To be asked without EDNS: the server does not know it.
    static let plain = Marks(rawValue: 1)
    /// SERVFAIL came once and was handed over as provisional.
    static let servfailed = Marks(rawValue: 2)
    /// BADCOOKIE came once.
    static let cookieRefused = Marks(rawValue: 4)
    /// A COOKIE option went out with the attempt in flight.
    static let sentCookie = Marks(rawValue: 8)
    /// An OPT record went out with the attempt in flight.
    static let sentOPT = Marks(rawValue: 16)
    /// So long on its way that it no longer counts against the server's window; its reply is still taken.
    static let late = Marks(rawValue: 32)
  }

  var state = State.free
  var marks: Marks = []
  var flags: QuestionPage.Flags = []
  /// The last thing that came in for this question and was not its reply.
  var fault = ReplySketch.Fault.none
  var lane: UInt8 = 0
  /// The lane in which it waits for the end once it is late.
  var lastLane: UInt8 = 0
  var attempts: UInt8 = 0
  var id: UInt16 = 0
  var type: UInt16 = 0
  var questionEnd: UInt16 = 0
  var length: UInt16 = 0
  /// The system's word if the last attempt failed at once (ECONNREFUSED, …); else 0.
  var refusal: Int32 = 0
  var run: Int32 = -1
  /// What the run calls the question.
  var number: UInt32 = 0
  var server: Int32 = -1
  var socket: Int32 = -1
  var next: Int32 = -1
  var previous: Int32 = -1
  var expected = ExpectedAnswer.anything
  // Monotonic nanoseconds.
  var firstSentAt: Int64 = 0
  var sentAt: Int64 = 0
  var deadline: Int64 = 0
}

/// A first-in-first-out list threaded through the slots; a slot is in at most one.
struct SlotList {
  private(set) var first: Int32 = -1
  private var last: Int32 = -1

  var isEmpty: Bool { first < 0 }

  mutating func append(_ slot: Int32, in slots: inout FixedStore<Slot>) {
    slots[Int(slot)].next = -1
    slots[Int(slot)].previous = last
    if last >= 0 { slots[Int(last)].next = slot } else { first = slot }
    last = slot
  }

  mutating func remove(_ slot: Int32, in slots: inout FixedStore<Slot>) {
    let (next, previous) = (slots[Int(slot)].next, slots[Int(slot)].previous)
    if previous >= 0 { slots[Int(previous)].next = next } else { first = next }
    if next >= 0 { slots[Int(next)].previous = previous } else { last = previous }
    slots[Int(slot)].next = -1
    slots[Int(slot)].previous = -1
  }
}

/// Slots that all wait equally long, so that their order of arrival is the order of their deadlines.
struct Lane {
  var list = SlotList()
  let wait: Int64  // nanoseconds
}

/// Servers that may be asked again at a time: a binary heap, the earliest first.
struct Sleepers {
  private var heap: [(at: Int64, server: Int32)] = []

  var earliest: Int64? { heap.first?.at }

  mutating func insert(_ server: Int32, at time: Int64) {
    heap.append((time, server))
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child].at < heap[parent].at else { break }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  mutating func popFirst() -> Int32? {
    guard let server = heap.first?.server else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      var child = parent * 2 + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1].at < heap[child].at { child += 1 }
      guard heap[child].at < heap[parent].at else { break }
      heap.swapAt(child, parent)
      parent = child
    }
    return server
  }
}

/// A ring of server indices, each in it at most once.
struct ServerRing {
  private var ring: [Int32] = []
  private var head = 0
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  mutating func append(_ server: Int32) {
    if count == ring.count {
      var larger = [Int32](repeating: -1, count: max(16, ring.count * 2))
      for index in 0..<count { larger[index] = ring[(head + index) & (ring.count - 1)] }
      (ring, head) = (larger, 0)
    }
    ring[(head + count) & (ring.count - 1)] = server
    count += 1
  }

  mutating func popFirst() -> Int32? {
    guard count > 0 else { return nil }
    let server = ring[head]
    head = (head + 1) & (ring.count - 1)
    count -= 1
    return server
  }
}
