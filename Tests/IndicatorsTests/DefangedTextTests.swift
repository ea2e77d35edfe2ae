import Indicators
import Testing

@Suite("Text from outside, of which nothing makes a link") struct DefangedTextTests {
  @Test(
    arguments: [
      // Host names, wherever they stand.
      ("evil.example", "evil[.]example"), ("Of Evil.Example.", "Of Evil[.]Example."),
      ("a-b.evil.xn--p1ai", "a-b[.]evil[.]xn--p1ai"),
      ("(evil.example), x=evil.example-foo", "(evil[.]example), x=evil[.]example-foo"),
      ("_dmarc.evil.example_", "_dmarc[.]evil[.]example_"), ("%.evil.example", "%.evil[.]example"),
      ("bücher.example и пример.рф", "bücher[.]example и пример[.]рф"), ("“evil.example”…", "“evil[.]example”…"),
      ("请看evil.example谢谢", "请看evil[.]example谢谢"), ("host1.2.evil.example", "host1[.]2[.]evil[.]example"),
      // Addresses.
      ("198.51.100.9, 198.51.100.0/24.", "198[.]51[.]100[.]9, 198[.]51[.]100[.]0/24."),
      ("198.51.100.1-198.51.100.9:443", "198[.]51[.]100[.]1-198[.]51[.]100[.]9:443"),
      // Schemes, in any case, with slashes or backslashes.
      ("http://evil.example/gate.php", "hxxp://evil[.]example/gate[.]php"), ("HTTPS://10.0.0.1", "hxxps://10[.]0[.]0[.]1"),
      ("Ftp://localhost/a", "fxp://localhost/a"), ("seehttp://localhost", "seehxxp://localhost"),
      (#"http:\\evil8[.]example\x"#, #"hxxp:\\evil8[.]example\x"#), ("http://[2001:db8::1]/", "hxxp://[2001:db8::1]/"),
      // Mail addresses.
      ("via bad@evil.example", "via bad[@]evil[.]example"), ("a+@localhost", "a+[@]localhost"),
      ("\"a b\"@evil.example", "\"a b\"[@]evil[.]example"), ("user@[198.51.100.9]", "user[@][198[.]51[.]100[.]9]"),
      // What is broken in part.
      ("hxxp://evil[.]example.com", "hxxp://evil[.]example[.]com"),
    ])
  func `is broken, and is the same when it is broken again`(text: String, expected: String) {
    #expect(defangedText(text) == expected)
    #expect(defangedText(expected) == expected)
  }

  @Test(
    arguments: [
      "", "e.g. this, i.e. that", "v1.2 of 3.5 days, U.S. and Ph.D", "10.0.0 and 1.3.6.1.4.1", "song.mp3", "http: no scheme",
      "2019-01-10T00:00:00.123Z", "@role, 3 @ 5", "a..b .. ... a.-b", "TLP:AMBER", "hxxps://evil[.]example", "a[@]evil[.]example",
      "版本3.5天", "[domain-name:value = 1.5]", "d41d8cd98f00b204e9800998ecf8427e",
    ])
  func `what is none of these stays as it is`(text: String) { #expect(defangedText(text) == text) }

  @Test(
    .timeLimit(.minutes(5)), arguments: ["a.", "a.aa-", "1.1.1.1-", "1.2.3.4.", "http:/", "a@", "..", "a-", "[.]", "é.é_"])
  func `a long text takes as much longer as it is longer`(part: String) {
    let text = String(repeating: part, count: 300_000 / part.utf8.count)
    let broken = defangedText(text)
    #expect(broken == defangedText(broken))
  }
}
