/// The protocol of one TCP or TLS connection (RFC 7766, RFC 7858): frames with a length in front, and replies matched by id
/// in whatever order they come. A value; the edge moves the octets.
struct StreamSession {
  enum Action: Equatable {
    case answer(ticket: UInt64, reply: [UInt8])
    /// Something came for this question that is not its reply.
    case mangled(ticket: UInt64, ReplySketch.Fault)
    /// The far side does not keep to the protocol; the connection is of no further use.
    case close(Breach)
  }

  enum Breach: Equatable {
    case shortFrame(octets: Int)
    case tooManyStrays

    var words: String {
      switch self {
      case .shortFrame(let octets): "a frame of \(octets) octets, too short for a DNS message"
      case .tooManyStrays: "one message after another that nobody asked for"
      }
    }
  }

  private struct Waiting {
    var ticket: UInt64
    var question: [UInt8]
  }

  /// Messages for nobody that are borne: late ones after a time-out.
  static let mostStrays = 64

  private var waiting: [UInt16: Waiting] = [:]
  private var buffer: [UInt8] = []
  private var strays = 0
  private(set) var answers = 0

  /// Questions without a reply.
  var outstanding: Int { waiting.count }

  /// Frames a message and remembers who waits for its reply.
  ///
  /// - Parameters:
  ///   - message: A question as ``Datagram`` writes it; its id is replaced where another question has it.
  ///   - questionEnd: Where its question section ends.
  mutating func frame(_ message: inout [UInt8], questionEnd: Int, ticket: UInt64) -> [UInt8] {
    var id = UInt16(message[0]) << 8 | UInt16(message[1])
    while waiting[id] != nil { id &+= 1 }
    message[0] = UInt8(truncatingIfNeeded: id >> 8)
    message[1] = UInt8(truncatingIfNeeded: id)
    waiting[id] = Waiting(ticket: ticket, question: Array(message[Datagram.questionStart..<questionEnd]))
    return [UInt8(truncatingIfNeeded: message.count >> 8), UInt8(truncatingIfNeeded: message.count)] + message
  }

  /// Nobody waits for this reply any more.
  mutating func forget(_ ticket: UInt64) {
    if let id = waiting.first(where: { $0.value.ticket == ticket })?.key { waiting[id] = nil }
  }

  /// Takes in octets as they come, in whatever pieces.
  mutating func received(_ octets: some Sequence<UInt8>) -> [Action] {
    buffer.append(contentsOf: octets)
    var (actions, start) = ([Action](), 0)
    while buffer.count - start >= 2 {
      let length = Int(buffer[start]) << 8 | Int(buffer[start + 1])
      guard length >= 12 else {
        actions.append(.close(.shortFrame(octets: length)))
        break
      }
      guard buffer.count - start - 2 >= length else { break }
      if let action = take(Array(buffer[(start + 2)..<(start + 2 + length)])) { actions.append(action) }
      start += 2 + length
      if strays > Self.mostStrays {
        actions.append(.close(.tooManyStrays))
        break
      }
    }
    buffer.removeFirst(start)
    return actions
  }

  private mutating func take(_ reply: [UInt8]) -> Action? {
    let id = UInt16(reply[0]) << 8 | UInt16(reply[1])
    guard let asked = waiting[id] else {
      strays += 1
      return nil
    }
    waiting[id] = nil
    do {
      // Letter case proves nothing here: the connection does. So does a reply without the question.
      _ = try ReplySketch(reply.span, question: asked.question.span)
      answers += 1
      return .answer(ticket: asked.ticket, reply: reply)
    } catch {
      return .mangled(ticket: asked.ticket, error)
    }
  }
}
