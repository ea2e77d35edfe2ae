public import Estate
import NIOCore
import NIOHTTP1

extension EndpointProbe {
  /// Gets one page over HTTP/1.1 (RFC 9112), from the address and from no other: a redirect is told and not followed.
  ///
  /// Over TLS the page is told also where the certificate is not trusted, with the reason.
  /// - Parameter most: Octets of the body; what is beyond is left. An answer that breaks off before is a failure.
  public func page(_ page: WebPage, most: Int = 65_536) async -> Result<PageReply, EndpointFailure> {
    guard page.path.first == "/", page.path.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      return .failure(.http("\(quoted(Array(page.path.utf8))) is no path that can be asked for"))
    }
    let result: Result<PageReader.Answer, EndpointFailure> = await connect(page.address) { channel, ending in
      let pipeline = channel.pipeline.syncOperations
      let shown = ShownChain()
      if page.isSecure { try pipeline.addHandler(Self.tls(page.host, protocols: ["http/1.1"], shown)) }
      try pipeline.addHandler(OctetLimit(max(0, most) &+ Self.mostOverhead))
      var limits = NIOHTTPDecoderLimitConfiguration()
      (limits.maxHeaderFieldSize, limits.maxHeaderListSize) = (16_384, Self.mostOverhead)
      try pipeline.addHTTPClientHandlers(decoderLimitConfiguration: limits)
      try pipeline.addHandler(PageReader(page, most: max(0, most), shown, ending))
    }
    return result.flatMap { answer in
      Result { () throws(EndpointFailure) in
        var reply = answer.reply
        if page.isSecure {
          reply.distrust = try judge.trust(answer.chain.map(\.octets), name: page.host, anchor: nil, at: now()).distrust()
        }
        return reply
      }
    }
  }

  /// Gets all pages, ``width`` at a time.
  ///
  /// - Returns: One answer for each page, in the same order.
  public func answers(to pages: [WebPage]) async -> [Answer] {
    await fanOut(pages, width: Self.width) { asked in
      switch await page(asked) {
      case .success(let reply): .page(reply)
      case .failure(let failure): .failed("\(failure)")
      }
    }
  }

  /// Octets beside the body: interim answers, fields, the frames of chunks.
  private static let mostOverhead = 65_536
}

/// Lets so many octets through and no more, whatever they are: an answer that never ends has to end in front of its reader.
private final class OctetLimit: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let most: Int
  private var left: Int

  init(_ most: Int) { (self.most, left) = (most, most) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let count = unwrapInboundIn(data).readableBytes
    guard left > 0 else { return }
    left -= count
    context.fireChannelRead(data)
    // What was let through may have ended the answer already: then this says nothing new.
    if left <= 0 { context.fireErrorCaught(EndpointFailure.http("the answer is longer than \(most) octets")) }
  }
}
