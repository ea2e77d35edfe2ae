import Estate
import NIOCore
import NIOHTTP1
import NIOTLS

/// Asks for one page on a channel and reads the answer. A class because NIO's handlers are; it lives on the channel's loop.
final class PageReader: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  struct Answer: Sendable {
    var reply: PageReply
    /// As shown; empty without TLS.
    var chain: [Handshake.Certificate] = []
  }

  private let request: HTTPRequestHead
  private let isSecure: Bool
  private let most: Int
  private let shown: ShownChain
  private let ending: Ending<Answer>
  private var reply: PageReply?

  init(_ page: WebPage, most: Int, _ shown: ShownChain, _ ending: Ending<Answer>) {
    let fields: HTTPHeaders = [
      "Host": serverName(page.host), "User-Agent": "nameward", "Accept": "*/*", "Accept-Encoding": "identity",
      "Connection": "close",
    ]
    request = HTTPRequestHead(version: .http1_1, method: .GET, uri: page.path, headers: fields)
    (isSecure, self.most, self.shown, self.ending) = (page.isSecure, most, shown, ending)
  }

  func channelActive(context: ChannelHandlerContext) {
    if !isSecure { ask(context) }
    context.fireChannelActive()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? TLSUserEvent, case .handshakeCompleted(let chosen) = event {
      // RFC 7301 §3.2: a server may choose nothing, and nothing that was not offered.
      if chosen == nil || chosen == "http/1.1" {
        ask(context)
      } else {
        ending.finish(.failure(.http("the server wants to speak another protocol")))
      }
    }
    context.fireUserInboundEventTriggered(event)
  }

  private func ask(_ context: ChannelHandlerContext) {
    context.write(wrapOutboundOut(.head(request)), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      reply = PageReply(status: Int(head.status.code), mediaType: Self.mediaType(head.headers["Content-Type"]), body: [])
    case .body(let part):
      let room = most - (reply?.body.count ?? 0)
      reply?.body.append(contentsOf: part.readableBytesView.prefix(room))
      if part.readableBytes > room { end() }
    case .end: end()
    }
  }

  /// The type and subtype of a media type, and of one only (RFC 9110 §8.3.1).
  static func mediaType(_ fields: [String]) -> String? {
    guard fields.count == 1, let essence = fields[0].split(separator: ";", omittingEmptySubsequences: false).first else {
      return nil
    }
    let words = essence.split { $0 == " " || $0 == "\t" }
    let parts = words.first?.lowercased().split(separator: "/", omittingEmptySubsequences: false) ?? []
    guard words.count == 1, words[0].utf8.count <= 127, parts.count == 2, parts.allSatisfy(isToken) else { return nil }
    return parts.joined(separator: "/")
  }

  /// RFC 9110 §5.6.2, in lower case.
  private static func isToken(_ text: Substring) -> Bool {
    let marks = "!#$%&'*+-.^_`|~".utf8
    return !text.isEmpty
      && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || marks.contains($0) }
  }

  private func end() {
    guard let reply else { return }
    switch shown.chain {
    case nil: ending.finish(.success(Answer(reply: reply)))
    case .success(let chain)?: ending.finish(.success(Answer(reply: reply, chain: chain)))
    case .failure(let error)?: ending.finish(.failure(.tls("a certificate could not be read: \(error)")))
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case let error as HTTPParserError: ending.finish(.failure(.http(Self.words(of: error))))
    default: ending.finish(.failure(EndpointFailure(error)))
    }
  }

  private static func words(of error: HTTPParserError) -> String {
    switch error {
    case .headerOverflow: "the fields of the answer are longer than they may be"
    case .invalidEOFState: "the server closed the connection before the end of its answer"
    default: "what came is no HTTP answer"
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    ending.finish(.failure(.http("the server closed the connection before the end of its answer")))
    context.fireChannelInactive()
  }
}
