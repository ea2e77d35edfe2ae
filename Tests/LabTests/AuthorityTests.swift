import DNSWire
import Lab
import Names
import Testing

private func authority() throws -> Authority {
  let wide = (1...60).map { "wide A 192.0.2.\($0)" }.joined(separator: "\n")
  let text = (1...20).map { "deep NS ns\($0).deep\nns\($0).deep A 192.0.2.\($0)" }
  let apex = "@ SOA ns1 hostmaster 5 1800 900 604800 300\n@ NS ns1\nns1 A 192.0.2.1\n"
  let subject = try zone("example.", apex + wide + "\n" + text.joined(separator: "\n"))
  return Authority(zones: [subject], identifier: "lab-1")
}

@Suite("RFC 6891 EDNS") struct ExtensionMechanism {
  @Test func `§6.1.1: no OPT without OPT, one with`() throws {
    #expect(try authority().answer(query("ns1.example.", .a), from: client).edns == nil)
    let reply = try authority().answer(query("ns1.example.", .a, edns: EDNS(udpPayloadSize: 4096)), from: client)
    #expect(reply.edns == EDNS(udpPayloadSize: 1232))
  }

  @Test func `§6.1.3: another version is BADVERS, with our own version`() throws {
    let reply = try authority().answer(query("ns1.example.", .a, edns: EDNS(version: 1)), from: client)
    #expect(reply.header.responseCode == .badVersion)
    #expect(reply.edns?.version == 0)
    #expect(reply.answers.isEmpty)
    let decoded = try decoded(reply.encoded())
    #expect(decoded.header.responseCode == .badVersion)
  }

  @Test(arguments: [(nil, 512), (100, 512), (700, 700), (4096, 1232)] as [(UInt16?, Int)])
  func `§6.2.3: what does not fit is left out and TC set; over TCP it is whole`(size: UInt16?, limit: Int) throws {
    let asked = try query("wide.example.", .a, edns: size.map { EDNS(udpPayloadSize: $0) })
    let subject = try authority()
    #expect(subject.limit(for: asked, over: .udp) == limit)
    var behaviour = Behaviour(.authority(subject))
    let packet = try #require(behaviour.receive(asked.encoded(), from: client, over: .udp).deliveries.first).octets
    let reply = try decoded(packet)
    #expect(packet.count <= limit)
    // 60 addresses take 12 + 18 + 60 × 16 octets, 990 of them, and 11 more for OPT.
    #expect(reply.header.truncated == (limit < 1001))
    #expect(reply.answers.count == (limit < 1001 ? 0 : 60))
    let whole = try #require(behaviour.receive(asked.encoded(), from: client, over: .tcp).deliveries.first).octets
    #expect(try decoded(whole).answers.count == 60)
    #expect(try !decoded(whole).header.truncated)
  }

  @Test func `RFC 9471 §3.1: a referral without all its glue is truncated`() throws {
    let asked = try query("deep.example.", .a)
    var behaviour = Behaviour(.authority(try authority()))
    // 20 name servers take about 400 octets, their addresses 320.
    let glued = try #require(behaviour.receive(asked.encoded(), from: client, over: .udp).deliveries.first).octets
    let reply = try decoded(glued)
    #expect(glued.count <= 512)
    #expect(reply.header.truncated && reply.authorities.count == 20 && reply.additionals.count < 20)
    let whole = try #require(behaviour.receive(asked.encoded(), from: client, over: .tcp).deliveries.first).octets
    #expect(try decoded(whole).additionals.count == 20)
  }

  @Test func `RFC 5001: a client that asks hears the server's name`() throws {
    let reply = try authority().answer(query("ns1.example.", .a, edns: EDNS(options: [.nsid([])])), from: client)
    #expect(reply.edns?.options == [.nsid(Array("lab-1".utf8))])
  }
}

@Suite("RFC 7873 §5 Cookies") struct Cookies {
  let cookie: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]

  private func serverPart(_ option: EDNSOption, from client: IPAddress = client) throws -> [UInt8] {
    let reply = try authority().answer(query("ns1.example.", .a, edns: EDNS(options: [option])), from: client)
    guard case .cookie(let own, let server) = reply.edns?.options.first else { return [] }
    #expect(own == cookie)
    return server
  }

  @Test func `a client's cookie comes back with a server's, the same again and another for another client`() throws {
    let first = try serverPart(.cookie(client: cookie, server: []))
    #expect(first.count == 8)
    #expect(try serverPart(.cookie(client: cookie, server: first)) == first)
    #expect(try serverPart(.cookie(client: cookie, server: []), from: .v4(0x7F00_0002)) != first)
  }

  @Test(arguments: [0, 7, 9, 15, 41]) func `§5.2.2: a cookie of a length that cannot be is FORMERR`(length: Int) throws {
    let option = EDNSOption.other(code: 10, octets: [UInt8](repeating: 7, count: length))
    let reply = try authority().answer(query("ns1.example.", .a, edns: EDNS(options: [option])), from: client)
    #expect(reply.header.responseCode == .formatError)
  }
}

@Suite("RFC 1035 §4.1.1 What is no answerable query") struct Unanswerable {
  @Test(arguments: [Opcode.status, .notify, .update, Opcode(9)]) func `another opcode is NOTIMP`(opcode: Opcode) throws {
    var asked = try query("ns1.example.", .a)
    asked.header.opcode = opcode
    let reply = try authority().answer(asked, from: client)
    #expect(reply.header.responseCode == .notImplemented)
    #expect(reply.header.opcode == opcode)
  }

  @Test(arguments: [0, 2]) func `any number of questions but one is FORMERR`(count: Int) throws {
    var asked = try query("ns1.example.", .a)
    asked.questions = Array(repeating: asked.questions[0], count: count)
    #expect(try authority().answer(asked, from: client).header.responseCode == .formatError)
  }

  @Test(arguments: [RRClass.ch, .hs, RRClass(4711)]) func `a class that no zone has is refused`(recordClass: RRClass) throws {
    #expect(try authority().answer(query("ns1.example.", .a, class: recordClass), from: client).header.responseCode == .refused)
  }

  @Test func `every octet string is answered with FORMERR, or not at all when it has no header or is an answer`() throws {
    var behaviour = Behaviour(.authority(try authority()))
    let asked = try query("ns1.example.", .a, edns: EDNS(options: [.nsid([])])).encoded()
    for length in 0..<asked.count {
      let reaction = behaviour.receive(Array(asked.prefix(length)), from: client, over: .udp)
      #expect(reaction.deliveries.count == (length < 12 ? 0 : 1))
      guard let octets = reaction.deliveries.first?.octets else { continue }
      let reply = try decoded(octets)
      #expect(reply.header.responseCode == .formatError)
      #expect(reply.header.id == 4711 && reply.header.isResponse)
    }
    var answer = asked
    answer[2] |= 0x80
    #expect(behaviour.receive(answer, from: client, over: .udp).deliveries.isEmpty)
  }

  @Test func `random octets never harm it`() throws {
    var behaviour = Behaviour(.authority(try authority()))
    var dice = Dice(seed: 3)
    let edns = EDNS(options: [.cookie(client: [1, 2, 3, 4, 5, 6, 7, 8], server: [])])
    for _ in 0..<20_000 {
      var octets = try query("ns1.example.", .any, edns: edns).encoded()
      for _ in 0..<Int.random(in: 1...6, using: &dice) {
        octets[Int.random(in: octets.indices, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
      }
      for delivery in behaviour.receive(octets, from: client, over: .udp).deliveries {
        #expect(Array(delivery.octets.prefix(2)) == Array(octets.prefix(2)))
        #expect(delivery.octets.count <= 1232)
      }
    }
  }

  @Test func `the question comes back in the letters in which it was asked`() throws {
    var behaviour = Behaviour(.authority(try authority()))
    var asked = try query("ns1.example.", .a).encoded()
    for place in [13, 18, 20] { asked[place] ^= 0x20 }  // nS1.. and so on: letters of two labels
    let reply = try #require(behaviour.receive(asked, from: client, over: .udp).deliveries.first).octets
    #expect(reply[12..<29] == asked[12..<29])
    #expect(try decoded(reply).answers.count == 1)
  }
}

@Suite("RFC 5936 Zone transfer") struct ZoneTransfer {
  private func transfer(_ type: RRType, _ subject: Authority, over carrier: Carrier) throws -> [Message] {
    var behaviour = Behaviour(.authority(subject))
    return try behaviour.receive(query("example.", type).encoded(), from: client, over: carrier).deliveries.map {
      try decoded($0.octets)
    }
  }

  @Test(arguments: [RRType.axfr, .ixfr])
  func `§2.2: the SOA first and last, every record between, over several messages`(type: RRType) throws {
    let text = (0..<2000).map { "host\($0) A 192.0.2.\($0 % 256)" }.joined(separator: "\n")
    let subject = try zone("example.", "@ SOA ns1 hostmaster 5 1800 900 604800 300\n@ NS ns1\n" + text)
    let messages = try transfer(type, Authority(zones: [subject]), over: .tcp)
    let all = messages.flatMap(\.answers)
    #expect(messages.count > 1)
    #expect(all.first?.type == .soa && all.first == all.last)
    #expect(Set(all) == Set(subject.records))
    #expect(all.count == 2003)
    #expect(messages.allSatisfy { $0.header.id == 4711 && $0.header.authoritative && !$0.header.truncated })
  }

  @Test func `a server that hands nothing out refuses; a name that is no apex is NOTAUTH; UDP is no carrier`() throws {
    var subject = try authority()
    #expect(try transfer(.axfr, subject, over: .udp).map(\.header.responseCode) == [.formatError])
    subject.allowsTransfer = false
    #expect(try transfer(.axfr, subject, over: .tcp).map(\.header.responseCode) == [.refused])
    #expect(try transfer(.axfr, Authority(), over: .tcp).map(\.header.responseCode) == [.notAuthoritative])
  }

  @Test func `RFC 1995 §2: over UDP an incremental transfer is the SOA alone`() throws {
    #expect(try transfer(.ixfr, authority(), over: .udp).flatMap(\.answers).map(\.type) == [.soa])
  }
}
