public import Indicators
public import Notation

extension TAXIIClient {
  /// What came, in all.
  public struct Pulled: Hashable, Sendable {
    public var pages = 0
    public var objects = 0
    /// When the last of them was added: what the next call asks for `addedAfter`. `nil` where the server does not tell.
    public var lastAdded: TAXIITimestamp?
  }

  /// Pulls the objects of a collection, page by page, all that the filter takes (§5.4), or the versions of one object (§5.6).
  ///
  /// - Parameters:
  ///   - filter: Its `next` is where to start; its `limit` is at most the page size of the bounds.
  ///   - take: Gets each object as its page comes; one that stands on two pages comes twice. After a throw what it got is not all.
  @discardableResult
  public func objects(
    of collection: String, of root: WebAddress, object: String? = nil, _ filter: TAXIIFilter = TAXIIFilter(),
    take: (JSONValue) -> Void
  ) async throws(TAXIIFailure) -> Pulled {
    let path = object.map { "objects/\(percentEncoded($0))/" } ?? "objects/"
    return try await pull(
      try address(collection, root, path), filter, { value throws(TAXIIFault) in try TAXIIPage(envelope: value) },
      mark: { "\($0["id"]?.string ?? "") \(($0["modified"] ?? $0["created"])?.string ?? "")" }, take)
  }

  /// Pulls what a collection holds, without the objects themselves (§5.3).
  @discardableResult
  public func manifest(
    of collection: String, of root: WebAddress, _ filter: TAXIIFilter = TAXIIFilter(), take: (TAXIIManifestRecord) -> Void
  ) async throws(TAXIIFailure) -> Pulled {
    try await pull(
      try address(collection, root, "manifest/"), filter, { value throws(TAXIIFault) in try TAXIIPage(manifest: value) },
      mark: { "\($0.id) \($0.version)" }, take)
  }

  /// Pulls the versions of one object (§5.8).
  @discardableResult
  public func versions(
    of object: String, in collection: String, of root: WebAddress, _ filter: TAXIIFilter = TAXIIFilter(),
    take: (String) -> Void
  ) async throws(TAXIIFailure) -> Pulled {
    try await pull(
      try address(collection, root, "objects/\(percentEncoded(object))/versions/"), filter,
      { value throws(TAXIIFault) in try TAXIIPage(versions: value) }, mark: { $0 }, take)
  }

  private func address(_ collection: String, _ root: WebAddress, _ path: String) throws(TAXIIFailure) -> WebAddress {
    try below(root, "collections/\(percentEncoded(collection))/\(path)")
  }

  /// One page, bounded by what is left of all octets and values too.
  private func page(
    _ address: WebAddress, octets: Int, values: Int
  ) async throws(TAXIIFailure) -> (JSONValue, WebReply, WebAddress) {
    do throws(TAXIIFailure) {
      return try await get(address, octets: octets, values: values)
    } catch {
      if case .notJSON(_, let fault) = error, case .tooManyValues = fault.cause {
        throw .tooMany(url: "\(address)", .values, limit: bounds.values)
      }
      if case .web(let failure) = error, case .tooLarge(let limit) = failure.cause, limit < web.options.octets {
        throw .tooMany(url: "\(address)", .octets, limit: bounds.octets)
      }
      throw error
    }
  }

  /// Follows the pages of one endpoint (§3.5).
  ///
  /// A page that came before ends it. The name of the next page alone does not tell: a server may keep one name and move on
  /// behind it, as medallion does.
  private func pull<Item>(
    _ address: WebAddress, _ filter: TAXIIFilter, _ read: (JSONValue) throws(TAXIIFault) -> TAXIIPage<Item>,
    mark: (Item) -> String, _ take: (Item) -> Void
  ) async throws(TAXIIFailure) -> Pulled {
    var (filter, pulled, octets, values, seen) = (filter, Pulled(), 0, 0, Set<Int>())
    let end = ContinuousClock.now + bounds.duration
    filter.limit = min(filter.limit ?? bounds.pageSize, bounds.pageSize)
    while true {
      if pulled.pages == bounds.pages { throw .tooMany(url: "\(address)", .pages, limit: bounds.pages) }
      // One request has its own deadline; here is that of all.
      if pulled.pages > 0, ContinuousClock.now >= end { throw .tooLong(url: "\(address)", bounds.duration) }
      let (value, reply, from) = try await page(
        try below(address, "", query: filter.query), octets: bounds.octets - octets, values: bounds.values - values)
      let page = try self.read(from) { () throws(TAXIIFault) in try read(value) }
      octets += reply.body.count
      values += value.valueCount
      pulled.pages += 1
      pulled.objects += page.items.count
      if pulled.objects > bounds.objects { throw .tooMany(url: "\(address)", .objects, limit: bounds.objects) }
      if !page.items.isEmpty, !seen.insert(page.items.map(mark).hashValue).inserted {
        throw .loops(url: "\(address)", page: pulled.pages)
      }
      page.items.forEach(take)
      let last = reply.fields[TAXII.lastAddedField.lowercased()].flatMap { TAXIITimestamp($0) }
      pulled.lastAdded = [pulled.lastAdded, last].compactMap(\.self).max()
      guard page.more else { return pulled }
      if let next = page.next, !page.items.isEmpty {
        filter.next = next
      } else if let last, last > filter.addedAfter ?? TAXIITimestamp(microseconds: .min) {
        // A server without names for its pages is asked for what was added since (§3.5).
        (filter.next, filter.addedAfter) = (nil, last)
      } else {
        throw .notResource(url: "\(from)", TAXIIFault(endless: value.place))
      }
    }
  }
}
