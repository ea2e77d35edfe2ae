import DNSWire
import Estate
import Names
import Testing

@testable import Probe

/// Expected values are dnspython's, which makes and checks signatures with code of its own.
@Suite("RFC 8945 Transaction signatures") struct TransferSignatures {
  @Test(arguments: SignedStream.all) func `signs a question as dnspython does`(stream: SignedStream) throws {
    let theirs = try Message(stream.request.span)
    let type = try #require(theirs.questions.first?.type)
    let since = try type == .ixfr ? Transferred.copy(5, []) : nil
    var session = TransferSession(
      Transferred.zone, key: stream.key, since: since, id: stream.id, limits: .init(octets: 1 << 20, records: 1000))
    let ours = try Message(session.ask(at: stream.time).span)
    #expect(ours == theirs)
    // The octets before the signature are covered by it, and so are equal if the signatures are.
    let signature = try #require(ours.additionals.last.flatMap(SignatureRecord.init))
    #expect(signature.mac.count == stream.key.algorithm.macOctets)
  }

  @Test(
    arguments: TransferKey.Algorithm.allCases.flatMap { ["one \($0)", "three \($0)"] } + [
      "unsigned between", "late within the fudge",
    ])
  func `takes a stream that is signed as the RFC says`(name: String) throws {
    let stream = try SignedStream.named(name)
    let copy = try #require(try Transferred.read(stream.replies, key: stream.key, id: stream.id, at: stream.time)?.copy)
    #expect(copy.serial == 7)
    #expect(
      copy.records.dropFirst().map(\.description) == [
        "example.gov. 3600 IN NS ns1.example.gov.", "ns1.example.gov. 3600 IN A 192.0.2.1",
        "www.example.gov. 3600 IN A 192.0.2.80",
        "www.example.gov. 3600 IN A 192.0.2.81", "txt.example.gov. 3600 IN TXT \"a b\"",
      ])
  }

  @Test func `takes 99 messages without a signature between two with one`() throws {
    let stream = try SignedStream.named("99 unsigned")
    let copy = try #require(try Transferred.read(stream.replies, key: stream.key, id: stream.id, at: stream.time)?.copy)
    #expect(copy.records.count == 100)
  }

  @Test func `takes signed changes`() throws {
    let stream = try SignedStream.named("changes")
    let since = try Transferred.copy(5, [Transferred.a("www", 80), Transferred.a("old", 3), Transferred.a("mail", 25)])
    let copy = try #require(
      try Transferred.read(stream.replies, since: since, key: stream.key, id: stream.id, at: stream.time)?.copy)
    #expect(copy.serial == 7)
    #expect(copy.records.dropFirst().map(\.name.description) == ["mail.example.gov.", "www.example.gov.", "txt.example.gov."])
  }

  private static let key = "hmac-sha256:transfer.example.gov."

  @Test(
    arguments: [
      ("100 unsigned", .tooManyUnsigned), ("unsigned end", .unsigned), ("refused", .refused(.refused)),
      ("late", .clocksDiffer(server: Timestamp(seconds: 1_700_000_301), here: Timestamp(seconds: 1_700_000_000))),
      ("bad time", .clocksDiffer(server: Timestamp(seconds: 1_700_004_000), here: Timestamp(seconds: 1_700_000_000))),
    ] as [(String, TransferFault.Cause)])
  func `says what is wrong with a stream`(name: String, cause: TransferFault.Cause) throws {
    let stream = try SignedStream.named(name)
    #expect(throws: cause) {
      try Transferred.read(stream.replies, key: stream.key, id: stream.id, at: stream.time)
    }
  }

  @Test func `another secret, name or algorithm does not fit`() throws {
    let stream = try SignedStream.named("one hmac-sha256")
    let name = DomainName.test("transfer.example.gov.")
    let secret = try TransferKey(name: name, algorithm: .hmacSHA256, secret: [1, 2, 3])
    let other = try TransferKey(name: .test("other."), algorithm: .hmacSHA256, secret: Array(7..<39))
    let longer = try TransferKey(name: name, algorithm: .hmacSHA512, secret: Array(7..<39))
    for (key, cause) in [
      (secret, .wrongSignature(Self.key)), (other, .otherKey(Self.key)), (longer, .otherKey(Self.key)),
    ] as [(TransferKey, TransferFault.Cause)] {
      #expect(throws: cause) { try Transferred.read(stream.replies, key: key, id: stream.id, at: stream.time) }
    }
  }

  /// The reply of a stream with its signature record changed.
  private static func changed(_ stream: SignedStream, _ change: (inout SignatureRecord) -> Void) throws -> [UInt8] {
    let reply = try #require(stream.replies.first)
    let start = try #require(SignatureRecord.lastRecord(of: reply))
    var record = try #require(try Message(reply.span).additionals.last.flatMap(SignatureRecord.init))
    change(&record)
    return Array(reply[..<start]) + record.octets
  }

  @Test(
    "RFC 8945 §5.2.2.1 A signature may be cut to half, and to ten octets",
    arguments: [
      ("hmac-sha256", 32, true), ("hmac-sha256", 16, true), ("hmac-sha256", 15, false), ("hmac-sha256", 1, false),
      ("hmac-sha384", 24, true), ("hmac-sha384", 23, false), ("hmac-sha512", 32, true), ("hmac-sha512", 31, false),
      ("hmac-sha512", 10, false),
    ])
  func cutSignatures(algorithm: String, octets: Int, isEnough: Bool) throws {
    let stream = try SignedStream.named("one " + algorithm)
    let reply = try Self.changed(stream) { $0.mac = Array($0.mac.prefix(octets)) }
    func read() throws -> ZoneCopy? {
      try Transferred.read([reply], key: stream.key, id: stream.id, at: stream.time)?.copy
    }
    if isEnough {
      #expect(try read()?.serial == 7)
    } else {
      let least = stream.key.algorithm.leastMACOctets
      #expect(throws: TransferFault.Cause.signatureLength(octets: octets, least: least)) { try read() }
    }
  }

  @Test func `a longer signature than the algorithm makes is none`() throws {
    let stream = try SignedStream.named("one hmac-sha256")
    let reply = try Self.changed(stream) { $0.mac += [0] }
    #expect(throws: TransferFault.Cause.signatureLength(octets: 33, least: 16)) {
      try Transferred.read([reply], key: stream.key, id: stream.id, at: stream.time)
    }
  }

  @Test(
    "RFC 8945 §5.2.1, §5.2.2 What the server finds wrong comes without a signature",
    arguments: [
      (16, .badSignature(key)), (17, .badKey(key)), (22, .badTruncation), (0, .refused(.notAuthoritative)),
      (18, .clocksDiffer(server: nil, here: Timestamp(seconds: 1_700_000_000))),
    ] as [(UInt16, TransferFault.Cause)])
  func serversErrors(error: UInt16, cause: TransferFault.Cause) throws {
    let stream = try SignedStream.named("one hmac-sha256")
    var reply = try Self.changed(stream) { ($0.mac, $0.error) = ([], error) }
    reply[3] |= 9
    #expect(throws: cause) { try Transferred.read([reply], key: stream.key, id: stream.id, at: stream.time) }
  }

  @Test(arguments: ["unsigned between", "changes"])
  func `no octet of a signed stream can be changed unseen`(name: String) throws {
    let stream = try SignedStream.named(name)
    let since = try name == "changes" ? Transferred.copy(5, [Transferred.a("www", 80), Transferred.a("old", 3)]) : nil
    func read(_ replies: [[UInt8]]) throws -> ZoneCopy? {
      try Transferred.read(replies, since: since, key: stream.key, id: stream.id, at: stream.time)?.copy
    }
    let whole = try #require(try read(stream.replies))
    var refused = 0
    for (number, reply) in stream.replies.enumerated() {
      for place in reply.indices {
        var replies = stream.replies
        replies[number][place] ^= 1 << UInt8(place & 7)
        // The letter case of the key's name is not covered, and changes nothing.
        if let copy = try? read(replies) { #expect(copy == whole) } else { refused += 1 }
      }
      #expect((try? read(stream.replies.enumerated().filter { $0.offset != number }.map(\.element))) == nil)
    }
    #expect(refused > stream.replies.joined().count * 9 / 10)
  }

  @Test func `a signature that nobody asked for is refused`() throws {
    let stream = try SignedStream.named("one hmac-sha256")
    #expect(throws: TransferFault.Cause.signatureMangled) { try Transferred.read(stream.replies, id: stream.id) }
  }

  @Test func `an answer without a signature is refused`() throws {
    let key = try SignedStream.named("one hmac-sha256").key
    let reply = Transferred.message([Transferred.soa(1), Transferred.soa(1)])
    #expect(throws: TransferFault.Cause.unsigned) { try Transferred.read([reply], key: key) }
    let refusal = Transferred.message([]) { $0.header.responseCode = .refused }
    #expect(throws: TransferFault.Cause.refused(.refused)) { try Transferred.read([refusal], key: key) }
  }
}

@Suite("RFC 8945 §6 Algorithms of keys") struct TransferKeys {
  @Test(
    arguments: [("hmac-sha256", .hmacSHA256), ("HMAC-SHA384.", .hmacSHA384), ("hmac-sha512", .hmacSHA512)]
      as [(String, TransferKey.Algorithm)])
  func `knows the algorithms of today`(text: String, algorithm: TransferKey.Algorithm) throws {
    #expect(try TransferKey.Algorithm(named: text) == algorithm)
  }

  @Test(
    arguments: [
      ("hmac-md5", "hmac-md5 is out of date (RFC 8945 §6). Make a key of hmac-sha256 or hmac-sha512, at the server too."),
      (
        "HMAC-MD5.SIG-ALG.REG.INT.",
        "hmac-md5.sig-alg.reg.int is out of date (RFC 8945 §6). Make a key of hmac-sha256 or hmac-sha512, at the server too."
      ),
      ("hmac-sha1", "hmac-sha1 is out of date (RFC 8945 §6). Make a key of hmac-sha256 or hmac-sha512, at the server too."),
      ("gss-tsig", "\"gss-tsig\" is no algorithm of a transfer key: hmac-sha256, hmac-sha384 or hmac-sha512 is wanted."),
    ])
  func `refuses the others, and says why`(text: String, words: String) {
    let fault = #expect(throws: TransferKey.Fault.self) { try TransferKey.Algorithm(named: text) }
    #expect(fault.map { "\($0)" } == words)
  }

  @Test(arguments: [("", TransferKey.Fault.emptySecret), ("a", .secretNotBase64), ("ab!=", .secretNotBase64)])
  func `refuses what is no secret`(text: String, fault: TransferKey.Fault) {
    #expect(throws: fault) { try TransferKey(name: .root, algorithm: .hmacSHA256, base64: text) }
  }

  @Test func `never shows the secret`() throws {
    let key = try TransferKey(name: .test("transfer."), algorithm: .hmacSHA256, base64: " c2VjcmV0c2VjcmV0\n")
    var dumped = ""
    dump(key, to: &dumped)
    for text in ["\(key)", String(reflecting: key), dumped] {
      #expect(text.contains("transfer."))
      for trace in ["secret", "c2Vj", "115, 101, 99", "73 65", "Symmetric"] { #expect(!text.contains(trace), "\(text)") }
    }
  }
}
