import NIOCore
import NIOHTTP1
import NIOSSL
public import Names

/// What a web server answered to one GET.
public struct Page: Hashable, Sendable {
  /// RFC 9110 §15; a redirect is told and not followed.
  public var status: Int
  /// `type/subtype` in lower case, without parameters (RFC 9110 §8.3.1); `nil` where the answer has none that can be read.
  public var mediaType: String?
  public var body: [UInt8]
  /// Whether `body` is all there is: not cut at the most that was asked for, nor by a connection that broke.
  public var isWhole: Bool
  /// As presented, the server's own certificate first; empty without TLS.
  public var chain: [PresentedCertificate]
  /// `nil` without TLS.
  public var trust: Trust?
}

/// What came of a page.
public enum PageOutcome: Hashable, Sendable {
  case answered(Page)
  case failed(EndpointFailure)
}

extension EndpointProbe {
  /// A page to get.
  public struct PageTarget: Hashable, Sendable {
    public var address: Names.SocketAddress
    /// Sent as Host and, with TLS, as SNI, and held against the certificate.
    public var host: DomainName
    /// Begins with `/`, percent-encoded, with the query if there is one.
    public var path: String
    public var secure: Bool

    public init(address: Names.SocketAddress, host: DomainName, path: String, secure: Bool) {
      (self.address, self.host, self.path, self.secure) = (address, host, path, secure)
    }
  }

  /// Gets one page over HTTP/1.1 (RFC 9112), from the address and from no other: no redirect is followed.
  ///
  /// - Parameters:
  ///   - secure: Over TLS; the page is taken and told also where the certificate is not trusted.
  ///   - most: Octets of the body; what is beyond is left.
  public func page(
    _ address: Names.SocketAddress, host: DomainName, path: String, secure: Bool, most: Int = 65_536
  ) async -> PageOutcome {
    guard path.first == "/", path.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      return .failed(.http("\(quoted(Array(path.utf8))) is no path that can be asked for"))
    }
    let result: Result<(PageReader.Answer, [PresentedCertificate]), EndpointFailure> = await connect(address) { channel, ending in
      let pipeline = channel.pipeline.syncOperations
      let shown = ShownChain()
      if secure { try pipeline.addHandler(Self.tls(host, protocols: ["http/1.1"], shown)) }
      try pipeline.addHandler(OctetLimit(max(0, most) &+ Self.mostOverhead))
      var limits = NIOHTTPDecoderLimitConfiguration()
      (limits.maxHeaderFieldSize, limits.maxHeaderListSize) = (16_384, Self.mostOverhead)
      try pipeline.addHTTPClientHandlers(decoderLimitConfiguration: limits)
      try pipeline.addHandler(PageReader(host: serverName(host), path: path, secure: secure, most: max(0, most), shown, ending))
    }
    switch result {
    case .failure(let failure): return .failed(failure)
    case .success(let (answer, chain)):
      return .answered(
        Page(
          status: answer.status, mediaType: answer.mediaType, body: answer.body, isWhole: answer.isWhole, chain: chain,
          trust: secure ? trust(chain, name: host) : nil))
    }
  }

  /// Gets all pages, ``width`` at a time.
  ///
  /// - Returns: One outcome for each target, in the same order.
  public func pages(_ targets: [PageTarget], most: Int = 65_536) async -> [PageOutcome] {
    await fanOut(targets, width: Self.width) {
      await page($0.address, host: $0.host, path: $0.path, secure: $0.secure, most: most)
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
    // What was let through may have ended the answer already; then nobody hears this.
    if left <= 0 { context.fireErrorCaught(EndpointFailure.http("the answer is longer than \(most) octets")) }
  }
}
