import Indicators
import Testing

@Suite("Defanged values, made whole again and broken for display") struct RefangingTests {
  @Test(
    arguments: [
      ("evil[.]example", "evil.example"), ("evil(.)example", "evil.example"), ("evil{.}example", "evil.example"),
      ("evil[dot]example", "evil.example"), ("evil(DOT)example", "evil.example"), ("evil[.example", "evil.example"),
      ("evil.]example", "evil.example"), ("evil\\.example", "evil.example"), ("hxxp://evil[.]example", "http://evil.example"),
      ("hXXps://evil[.]example", "https://evil.example"), ("hxxp[://]evil[.]example/a[.]b", "http://evil.example/a.b"),
      ("hxxp[:]//evil[.]example", "http://evil.example"), ("fxp://evil.example", "ftp://evil.example"),
      ("a[at]evil[.]example", "a@evil.example"),
      ("a[@]evil.example", "a@evil.example"), ("192[.]0[.]2[.]66", "192.0.2.66"), ("  evil.example\t", "evil.example"),
      ("\u{FEFF}evil.example\u{200B}", "evil.example"), ("evil.example", "evil.example"),
      ("http://x.example/a?b=[c]", "http://x.example/a?b=[c]"),
      ("dotted.example", "dotted.example"), ("2001:db8::1", "2001:db8::1"),
    ])
  func `is refanged`(text: String, expected: String) { #expect(refanged(text) == expected) }

  @Test(
    arguments: [
      ("evil.example", "evil[.]example"), ("192.0.2.66", "192[.]0[.]2[.]66"), ("192.0.2.0/24", "192[.]0[.]2[.]0/24"),
      ("http://evil.example/a.b", "hxxp://evil[.]example/a.b"), ("https://192.0.2.66:8080/", "hxxps://192[.]0[.]2[.]66:8080/"),
      ("ftp://evil.example", "fxp://evil[.]example"), ("a@evil.example", "a[@]evil[.]example"),
      ("d41d8cd98f00b204e9800998ecf8427e", "d41d8cd98f00b204e9800998ecf8427e"),
      // What would be a link inside of a URL, and schemes that no broken one stands for.
      ("http://a.example/?u=http://b.example/x", "hxxp://a[.]example/?u=http[:]//b[.]example/x"),
      ("evil.example/a?u=https://b.example", "evil[.]example/a?u=https[:]//b[.]example"),
      ("ftp://a@evil.example/http://b.example", "fxp://a[@]evil[.]example/http[:]//b[.]example"),
      (#"http://a.example/?u=http:\\b.example"#, #"hxxp://a[.]example/?u=http[:]\\b[.]example"#),
      ("HTTP://evil.example/", "HTTP[:]//evil[.]example/"), ("sftp://evil.example/a", "sftp[:]//evil[.]example/a"),
      ("http://[2001:db8::1]/", "hxxp://[2001:db8::1]/"),
    ])
  func `is defanged, and comes back`(text: String, expected: String) throws {
    let observable = try #require(Observable.detect(text))
    #expect(defanged(observable) == expected && refanged(expected) == text)
  }

  @Test func `any other value is broken too`() {
    #expect(defanged(.other(ObjectPath("mutex", ["name"]), value: "http://evil.example/x")) == "hxxp://evil[.]example/x")
  }
}
