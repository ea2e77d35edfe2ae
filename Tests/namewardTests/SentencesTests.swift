import DNSWire
import Estate
import Names
import Testing

@testable import nameward

@Suite("What a person reads, word for word") struct SentencesTests {
  @Test(
    arguments: [
      (.silent(.timedOut(attempts: 4)), "no answer to 4 attempts"), (.silent(.timedOut(attempts: 1)), "no answer to 1 attempt"),
      (.silent(.unreachable("Connection refused")), "unreachable: Connection refused"),
      (.silent(.mangled("truncated")), "no usable answer: truncated"), (.silent(.tls("expired")), "no TLS: expired"),
      (.silent(.notAsked("the run was ended")), "not asked: the run was ended"),
      (.responseCode(.serverFailure), "it answered SERVFAIL"),
      (.lame, "it does not answer for the zone"),
      (.noQuorum(answered: 1, needed: 2, of: 3), "1 of 3 resolvers answered, 2 must agree"),
      (.validation("no trust anchor"), "not validated: no trust anchor"),
      (.truncated, "the answer was cut short, and TCP did not bring the rest"),
    ] as [(Obstacle, String)]) func `an obstacle says why nothing could be told`(obstacle: Obstacle, words: String)
  {
    #expect(obstacle.words == words)
    #expect(Verdict.couldNotTell(obstacle).kind == "couldNotTell")
  }

  @Test(
    arguments: [
      (.ttl(served: 86400, declared: 300), "TTL 86400 s, declared 300 s", "ttl"),
      (.lame(.refused), "lame: it refuses (REFUSED)", "lame"),
      (.lame(.serverFailure), "lame: it fails (SERVFAIL)", "lame"),
      (.lame(.notAuthoritative), "lame: it answers without authority", "lame"),
      (.lame(.referral(to: .root)), "lame: it sends the asker to the servers of .", "lame"),
      (.unsigned, "not signed", "unsigned"),
      (.bogus("signature expired"), "bogus: signature expired", "bogus"), (.removed([]), "removed", "removed"),
    ] as [(Departure, String, String)]) func `a departure has words for people and one word for scripts`(
      departure: Departure, words: String, how: String
    )
  {
    #expect(departure.words == words)
    #expect(Verdict.mismatch(departure).how == how)
  }

  @Test func `nothing from outside moves the cursor`() {
    #expect(Silence.mangled("\u{1B}[2Jgone\u{7}").words == #"no usable answer: \x{1b}[2Jgone\x{7}"#)
    #expect("a\u{202E}b\u{2028}c".printable == #"a\x{202e}b\x{2028}c"#)
    #expect("\u{7F}\u{1F} ~".printable == #"\x{7f}\x{1f} ~"# && " plain ~".printable == " plain ~")
  }

  @Test func `XML holds no markup and no control character from outside`() {
    #expect(JUnit.escaped("<a b=\"c\">&\u{1}") == #"&lt;a b=&quot;c&quot;&gt;&amp;\x{1}"#)
    // Of `<` and a stroke through it, and of a quote and an accent, Swift makes one character each.
    let escaped = JUnit.escaped("<\u{338}a b=\"\u{301}>")
    #expect(Array(escaped.utf8) == Array("&lt;\u{338}a b=&quot;\u{301}&gt;".utf8))
  }
}
