internal import Indicators
internal import Names

/// What is looked for in logs, laid flat for looking up: each value with the tags of whoever looks for it.
///
/// A look-up makes no object; what is not here costs one walk over the value's octets and a few probes of tables.
struct ValueIndex: Sendable {
  /// Every key has its tags: a chain of links, by the number of the first; 0 is none.
  struct Chains: Sendable {
    struct Link: Sendable {
      var tag: UInt32
      var manner: MatchManner
      var next: UInt32
      /// How many there are from here on, of the first one of a chain that is in order.
      var count: UInt32 = 0
    }

    fileprivate(set) var links = [Link(tag: 0, manner: .whole, next: 0)]

    /// Puts those that are the host of a URL behind all others of a chain, and counts.
    fileprivate mutating func order(_ head: inout UInt32) {
      // Most are looked for once.
      guard head != 0, links[Int(head)].next != 0 else { return }
      var chain: [UInt32] = []
      var link = head
      while link != 0 {
        chain.append(link)
        link = links[Int(link)].next
      }
      let sorted = chain.filter { links[Int($0)].manner != .host } + chain.filter { links[Int($0)].manner == .host }
      for (one, next) in zip(sorted, sorted.dropFirst() + [0]) { links[Int(one)].next = next }
      head = sorted[0]
      links[Int(head)].count = UInt32(sorted.count)
    }

    /// Puts a tag before a chain, unless it leads it already: one indicator may name a value twice.
    mutating func put(_ tag: UInt32, _ manner: MatchManner, before head: inout UInt32) {
      if head != 0, links[Int(head)].tag == tag, links[Int(head)].manner == manner { return }
      links.append(Link(tag: tag, manner: manner, next: head))
      head = UInt32(truncatingIfNeeded: links.count - 1)
    }
  }

  var names = NameSet()
  /// By the number of a name: of those that look for the name itself, and for what is below it.
  var atName: [UInt32] = []
  var belowName: [UInt32] = []
  var addresses4 = Addresses4()
  var addresses6: [IPAddress: UInt32] = [:]
  var prefixes: [IPPrefix: UInt32] = [:]
  /// Lengths that occur among the prefixes, the longest first.
  var lengths4: [Int] = []
  var lengths6: [Int] = []
  /// URLs by their ``URLKey``, and e-mail addresses.
  var texts: [String: UInt32] = [:]
  /// Of files and certificates, in lower case: a log does not say which.
  var hashes: [String: UInt32] = [:]
  private(set) var chains = Chains()
  init() {}

  /// The same with each chain in order: what is the value itself before the hosts of URLs.
  var ordered: ValueIndex {
    var index = self
    for number in atName.indices { index.chains.order(&index.atName[number]) }
    for number in belowName.indices { index.chains.order(&index.belowName[number]) }
    for slot in addresses4.heads.indices { index.chains.order(&index.addresses4.heads[slot]) }
    for place in addresses6.values.indices { index.chains.order(&index.addresses6.values[place]) }
    for place in prefixes.values.indices { index.chains.order(&index.prefixes.values[place]) }
    for place in texts.values.indices { index.chains.order(&index.texts.values[place]) }
    for place in hashes.values.indices { index.chains.order(&index.hashes.values[place]) }
    return index
  }

  var isEmpty: Bool { chains.links.count == 1 }

  /// Whether a value is one that logs have: not a registry key, not a mutex.
  static func holds(_ observable: Observable) -> Bool { if case .other = observable { false } else { true } }

  /// Adds a value under a tag; one that ``holds(_:)`` refuses is not added.
  mutating func insert(_ observable: Observable, tag: UInt32) {
    switch observable {
    case .name(let name, let reach):
      if reach != .below { add(name, .whole, tag) }
      if reach != .whole { add(below: name, tag) }
    case .address(let address): add(address, .whole, tag)
    case .prefix(let written):
      let prefix = written.unmapped
      chains.put(tag, .prefix, before: &prefixes[prefix, default: 0])
      let isV6 = prefix.address.isV6
      let lengths = isV6 ? lengths6 : lengths4
      guard !lengths.contains(prefix.length) else { return }
      let more = (lengths + [prefix.length]).sorted(by: >)
      if isV6 { lengths6 = more } else { lengths4 = more }
    case .url(let url):
      chains.put(tag, .whole, before: &texts[URLKey.of(url), default: 0])
      guard let host = URLHost.range(of: Array(url.utf8).span).map({ String(decoding: Array(url.utf8)[$0], as: UTF8.self) })
      else {
        return
      }
      if let address = IPAddress(host) {
        add(address, .host, tag)
      } else if let name = try? DomainName(displayed: host), name != .root {
        add(name, .host, tag)
      }
    case .emailAddress(let address): chains.put(tag, .whole, before: &texts[address, default: 0])
    case .fileHash(_, let value), .certificateHash(_, let value): chains.put(tag, .whole, before: &hashes[value, default: 0])
    case .other: break
    }
  }

  private mutating func number(of name: DomainName) -> Int {
    let number = names.insert(name)
    if number == atName.count {
      atName.append(0)
      belowName.append(0)
    }
    return number
  }

  private mutating func add(_ name: DomainName, _ manner: MatchManner, _ tag: UInt32) {
    let number = number(of: name)
    chains.put(tag, manner, before: &atName[number])
  }

  private mutating func add(below name: DomainName, _ tag: UInt32) {
    let number = number(of: name)
    chains.put(tag, .below, before: &belowName[number])
  }

  private mutating func add(_ address: IPAddress, _ manner: MatchManner, _ tag: UInt32) {
    if let value = address.v4 {
      let slot = addresses4.slot(for: value)
      chains.put(tag, manner, before: &addresses4.heads[slot])
    } else {
      chains.put(tag, manner, before: &addresses6[address, default: 0])
    }
  }
}

/// IPv4 addresses in an open-addressed table, at most half full. Whoever makes a log cannot choose what is in it.
struct Addresses4: Sendable {
  private var values: [UInt32] = [UInt32](repeating: 0, count: 16)
  /// The chain of each slot; 0 where it is free.
  var heads: [UInt32] = [UInt32](repeating: 0, count: 16)
  private(set) var count = 0

  var all: some Sequence<UInt32> { values.indices.lazy.filter { heads[$0] != 0 }.map { values[$0] } }

  /// The slot of an address, taken for it if it has none. Its chain must be given at once.
  mutating func slot(for address: UInt32) -> Int {
    var slot = start(address)
    while heads[slot] != 0 {
      if values[slot] == address { return slot }
      slot = (slot + 1) & (values.count - 1)
    }
    if (count + 1) * 2 > values.count {
      grow()
      return self.slot(for: address)
    }
    values[slot] = address
    count += 1
    return slot
  }

  /// The chain of an address; 0 for none.
  func head(of address: UInt32) -> UInt32 {
    var slot = start(address)
    while heads[slot] != 0 {
      if values[slot] == address { return heads[slot] }
      slot = (slot + 1) & (values.count - 1)
    }
    return 0
  }

  private func start(_ address: UInt32) -> Int {
    Int(truncatingIfNeeded: (UInt64(address) &* 0x9E37_79B9_7F4A_7C15) >> 32) & (values.count - 1)
  }

  private mutating func grow() {
    let (old, chains) = (values, heads)
    values = [UInt32](repeating: 0, count: old.count * 2)
    heads = [UInt32](repeating: 0, count: old.count * 2)
    for index in old.indices where chains[index] != 0 {
      var slot = start(old[index])
      while heads[slot] != 0 { slot = (slot + 1) & (values.count - 1) }
      (values[slot], heads[slot]) = (old[index], chains[index])
    }
  }
}

extension IPPrefix {
  /// The block of IPv4 that a block of mapped addresses is (RFC 4291 §2.5.5.2): `::ffff:192.0.2.0/120`.
  fileprivate var unmapped: IPPrefix {
    guard address.isV6, length >= 96, let value = address.v4 else { return self }
    return IPPrefix(containing: .v4(value), length: length - 96) ?? self
  }
}
