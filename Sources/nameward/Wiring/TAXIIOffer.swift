import Connectors
import Indicators
import Notation

/// What a TAXII server offers (TAXII 2.1 §4.1, §4.2, §5.1), for a person who named the server or an API root, and not a collection.
struct TAXIIOffer {
  let client: TAXIIClient

  /// Collections that are told; more are counted.
  private static let mostTold = 50
  /// API roots that are asked: a discovery may name any number.
  private static let mostRoots = 8
  /// For all requests together. What is known by then is told.
  private static let patience = Duration.seconds(60)

  /// The collections at a URL, each on a line with the URL by which it is taken in; `nil` where no TAXII 2.1 server answers there.
  func ending(at address: WebAddress) async -> Ending? {
    await withTaskGroup(of: (isOffer: Bool, ending: Ending?).self) { group in
      group.addTask { (true, await self.offer(at: address)) }
      group.addTask {
        try? await Task.sleep(for: Self.patience)
        return (false, nil)
      }
      while let (isOffer, ending) = await group.next() {
        // A request that is cancelled ends at once.
        group.cancelAll()
        if isOffer { return ending }
      }
      return nil
    }
  }

  private func offer(at address: WebAddress) async -> Ending? {
    let roots: [WebAddress]
    if let discovery = try? await client.discovery(at: address), !discovery.roots.isEmpty {
      // A person named this server; others are not asked because it names them.
      roots = Array(
        discovery.roots.compactMap { try? WebAddress($0) }.filter { $0.isSameOrigin(as: address) }.prefix(Self.mostRoots))
    } else {
      roots = [address]
    }
    var (lines, answered) = ([String](), false)
    for root in roots {
      guard let collections = try? await client.collections(of: root) else { continue }
      answered = true
      let base = root.text.hasSuffix("/") ? root.text : root.text + "/"
      for collection in collections where collection.canRead {
        lines.append("  \(base)collections/\(percentEncoded(collection.id))/  \(collection.title)".printable)
      }
    }
    guard answered else { return nil }
    if lines.isEmpty {
      return Ending(.usage, "\(address.text) is a TAXII server that lets you read no collection. Ask those who run it.".printable)
    }
    let more = lines.count - Self.mostTold
    return Ending(
      .usage,
      ["\(address.text) is a TAXII server. Name one of its collections:".printable] + lines.prefix(Self.mostTold)
        + (more > 0 ? ["  … and \(more) more"] : []))
  }
}
