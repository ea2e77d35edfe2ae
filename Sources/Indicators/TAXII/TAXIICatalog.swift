/// Where a server's collections and objects come from. What throws is told as an error of the server (500), without its words,
/// which its owner gets; ``TAXIICatalogBusy`` as one that passes (503).
public protocol TAXIICatalog: Sendable {
  func collections() throws -> [TAXIICollection]

  /// Records that a filter takes, in the order of their numbers, which is that of their addition.
  ///
  /// - Parameters:
  ///   - collection: The id of one of ``collections()``.
  ///   - filter: Its `limit` and `next` are not looked at.
  ///   - number: Only records with a greater one.
  ///   - limit: At most so many.
  func records(of collection: String, _ filter: TAXIIFilter, after number: Int64, limit: Int) throws -> [TAXIIRecord]

  /// Takes objects in, as the last of their collection. One that is there already, in the same version, stays as it was.
  ///
  /// - Parameter status: Tells what became of each, in the order given. It is kept, to be asked for later: for a day at least
  ///   (§4.3).
  func add(
    _ objects: [TAXIIObject], to collection: String, at time: TAXIITimestamp, status: ([TAXIIAddition]) -> TAXIIStatus
  ) throws -> TAXIIStatus

  /// Removes the versions of an object that a filter takes. `false` where the catalog removes nothing from this collection.
  func remove(_ filter: TAXIIFilter, from collection: String) throws -> Bool

  func status(_ id: String) throws -> TAXIIStatus?
}

/// What became of an object that was sent.
public enum TAXIIAddition: Hashable, Sendable {
  /// It is there now, or was before; with a remark for its sender where there is one.
  case taken(remark: String? = nil)
  /// It is not kept; why, and what to do.
  case refused(String)
}

/// Another process works with what a catalog would write to.
public struct TAXIICatalogBusy: Error, Hashable, Sendable {
  public init() {}
}

extension TAXIICatalog {
  /// Whether an object is there in any version.
  func contains(_ object: String, in collection: String) throws -> Bool {
    var filter = TAXIIFilter()
    (filter.ids, filter.versions) = ([object], [.all])
    return try !records(of: collection, filter, after: 0, limit: 1).isEmpty
  }
}
