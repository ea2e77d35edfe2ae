import Hunt
import Indicators
import Names
import Notation
import Telemetry
import Testing

@Suite("Logs that were cut short or changed") struct DamagedLogTests {
  static let values = [
    "evil.example", "192.0.2.66", "198.51.100.0/24", "2001:db8::66", "http://bad.example/a", "d41d8cd98f00b204e9800998ecf8427e",
  ]

  static let watchlist: Watchlist = {
    var watchlist = Watchlist()
    let indicators = values.enumerated().compactMap { number, value in
      Observable.detect(value).map {
        Indicator(id: "\(number)", place: TextPlace(line: number + 1, column: 1), criterion: .value($0))
      }
    }
    watchlist.add(indicators, source: 0, at: Timestamp(seconds: 0), below: true)
    return watchlist
  }()

  /// A log of each form, in which something is seen.
  static let logs = [
    """
    #separator \\x09
    #fields\tts\tid.orig_h\tquery\tanswers
    #types\ttime\taddr\tstring\tvector[string]
    1.0\t192.0.2.66\twww.evil.example\t198.51.100.7,2001:db8::66
    2.0\t192.0.2.1\tgood.example\t-

    """,
    #"{"rrname":"evil.example.","rrtype":"A","rdata":["192.0.2.66","198.51.100.7"],"u":"http:\/\/bad.example\/a"}"# + "\n"
      + #"{"q":"\u0065vil.example","nested":{"a":[{"b":"192.0.2.66"}]}}"# + "\n",
    "27-Nov-2026 10:00:00.000 client @0x7f 192.0.2.66#53124 (evil.example): query: evil.example IN A +E(0)K (192.0.2.53)\n",
    "[1764230400] unbound[4711:0] info: 192.0.2.66 www.evil.example. A IN\n",
    "dnsmasq[4711]: query[A] evil.example from 192.0.2.66\ndnsmasq[4711]: reply evil.example is 198.51.100.7\n",
    "GET http://bad.example/a from [2001:db8::66]:443 md5=D41D8CD98F00B204E9800998ECF8427E, evil.example.\n",
  ]

  /// Reads a log by its own beginning; each hit is the value of a field of this log and of the line that it is told in.
  private static func hits(_ octets: [UInt8]) -> [LogMatcher.Hit] {
    let reader = LogReader(head: octets)
    var (fields, hits) = ([LogField](), [LogMatcher.Hit]())
    let lines = reader.read(octets.span, &fields)
    LogMatcher(watchlist).match(octets.span, fields, &hits)
    #expect(reader.names(of: fields, in: octets.span).count == fields.count)
    for field in fields {
      #expect(field.range.lowerBound >= 0 && field.range.upperBound <= octets.count && Int(field.line) < lines)
    }
    for hit in hits { #expect(Int(hit.line) < lines && !hit.value.isEmpty && watchlist.entries.indices.contains(hit.entry)) }
    return hits
  }

  @Test(arguments: logs.indices) func `cut anywhere, it is read as far as it goes`(index: Int) {
    let octets = Array(Self.logs[index].utf8)
    #expect(Self.hits(octets).count >= 2)
    for cut in 0..<octets.count { _ = Self.hits(Array(octets.prefix(cut))) }
  }

  @Test(arguments: logs.indices) func `with octets changed, nothing traps`(index: Int) {
    let octets = Array(Self.logs[index].utf8)
    // Knuth's generator (MMIX).
    var state = UInt64(index + 1)
    func random(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(truncatingIfNeeded: state >> 33) % below
    }
    for _ in 0..<1500 {
      var changed = octets
      for _ in 0...random(8) {
        let place = random(changed.count)
        switch random(3) {
        case 0: changed[place] = UInt8(random(256))
        case 1: changed[place] = Array("\"\\{}[]:/#\t\0\r\n -".utf8)[random(15)]
        default: changed.removeSubrange(place..<min(changed.count, place + 1 + random(9)))
        }
        if changed.isEmpty { break }
      }
      _ = Self.hits(changed)
    }
  }

  @Test func `NUL in a line hides nothing else in it`() {
    #expect(Self.hits(Array("\0\0evil.example\0192.0.2.66\0\n".utf8)).map(\.value) == ["evil.example", "192.0.2.66"])
    #expect(Self.hits(Array("{\"a\":\"\0evil.example\0\"}\n".utf8)).map(\.value) == ["evil.example"])
    #expect(Self.hits(Array(Self.logs[2].replacing("client", with: "\0client").utf8)).map(\.value).contains("evil.example"))
  }

  @Test func `octets that are no UTF-8 hide nothing else in their line`() {
    #expect(Self.hits([0xFF, 0xFE, 0x20] + Array("evil.example".utf8) + [0x20, 0xC3]).map(\.value) == ["evil.example"])
  }
}
