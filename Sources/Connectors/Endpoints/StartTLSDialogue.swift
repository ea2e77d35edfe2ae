/// A client's side of a mail session up to the point where TLS may begin (RFC 5321 §4.2, RFC 3207 §4). A value: octets in,
/// what to do out.
struct StartTLSDialogue {
  enum Action: Equatable {
    case wait
    case send(String)
    /// Nothing more is said in clear text: TLS may begin.
    case shakeHands
    case fail(String)
  }

  private enum Step {
    case greeting, hello, startTLS
  }

  /// Octets of a reply line with its end: RFC 5321 §4.5.3.1.5 allows 512; servers are seen to go beyond.
  static let mostLineOctets = 2048
  /// Lines of a reply.
  static let mostLines = 100

  /// What the client calls itself: an address literal (RFC 5321 §4.1.3), for it has no name.
  private let clientName: String
  private var step = Step.greeting
  private var line: [UInt8] = []
  private var lines: [Line] = []

  private struct Line {
    var code: Int
    var text: String
  }

  init(clientName: String) { self.clientName = clientName }

  /// Takes in what the server says.
  ///
  /// Octets behind the end of a reply were sent before the question that they would answer. Behind the last reply in clear text
  /// they may have been put in by somebody on the way, to be taken for the server's under TLS (CVE-2011-0411); nowhere are they
  /// the server's to send, so a server that sends any is not spoken with further.
  mutating func received(_ octets: some Sequence<UInt8>) -> Action {
    var action = Action.wait
    for octet in octets {
      guard action == .wait else { return .fail("the server went on speaking after its reply, before it was asked") }
      line.append(octet)
      if octet == 0x0A {
        action = endLine()
      } else if line.count >= Self.mostLineOctets {
        action = .fail("the server sent a line of more than \(Self.mostLineOctets) octets")
      }
      if case .fail = action { return action }
    }
    return action
  }

  private mutating func endLine() -> Action {
    var text = line[...]
    line = []
    text.removeLast()
    if text.last == 0x0D { text.removeLast() }
    let digits = text.prefix(3)
    let rest = text.dropFirst(3)
    guard digits.count == 3, digits.allSatisfy({ $0 &- 0x30 < 10 }), rest.isEmpty || rest.first == 0x20 || rest.first == 0x2D
    else { return .fail("the server does not speak SMTP: \(quoted(text))") }
    let code = digits.reduce(0) { $0 * 10 + Int($1 &- 0x30) }
    guard lines.allSatisfy({ $0.code == code }) else { return .fail("the server changed its mind within one reply") }
    lines.append(Line(code: code, text: String(decoding: rest.dropFirst(), as: UTF8.self)))
    guard rest.first == 0x2D else { return endReply(code, quoted(text)) }
    return lines.count < Self.mostLines ? .wait : .fail("the server sent a reply of more than \(Self.mostLines) lines")
  }

  private mutating func endReply(_ code: Int, _ last: String) -> Action {
    let reply = lines
    lines = []
    switch step {
    case .greeting:
      guard code == 220 else { return .fail("the server greets with \(last)") }
      step = .hello
      return .send("EHLO \(clientName)\r\n")
    case .hello:
      guard code == 250 else { return .fail("the server answers EHLO with \(last)") }
      // The first line is the server's name (RFC 5321 §4.1.1.1).
      let offers = reply.dropFirst().contains { $0.text.split(separator: " ").first?.uppercased() == "STARTTLS" }
      guard offers else { return .fail("the server does not offer STARTTLS") }
      step = .startTLS
      return .send("STARTTLS\r\n")
    case .startTLS:
      guard code == 220 else { return .fail("the server answers STARTTLS with \(last)") }
      return .shakeHands
    }
  }
}

/// What a server said, for a sentence: at most 80 octets, and what is no visible ASCII character as \DDD.
func quoted(_ octets: some Collection<UInt8>) -> String {
  let shown = octets.prefix(80).map { octet in
    switch octet {
    case 0x22, 0x5C: "\\" + String(UnicodeScalar(octet))
    case 0x20...0x7E: String(UnicodeScalar(octet))
    default: "\\" + String(repeating: "0", count: octet < 10 ? 2 : octet < 100 ? 1 : 0) + String(octet)
    }
  }
  return "\"" + shown.joined() + (octets.count > 80 ? "…" : "") + "\""
}
