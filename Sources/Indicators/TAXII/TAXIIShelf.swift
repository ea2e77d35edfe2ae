internal import Synchronization

/// A catalog in memory that keeps every version of every object: what a server is tried with.
///
/// A class: requests that are answered at once share it. Everything it holds is behind one lock.
public final class TAXIIShelf: TAXIICatalog {
  private struct State {
    var collections: [TAXIICollection]
    /// By collection, in the order of their numbers.
    var records: [String: [TAXIIRecord]] = [:]
    var next: Int64 = 1
    var statuses: [TAXIIStatus] = []
  }

  private let state: Mutex<State>
  /// Statuses that are kept: the last ones.
  public static let statuses = 1000

  public init(_ collections: [TAXIICollection]) { state = Mutex(State(collections: collections)) }

  public func collections() -> [TAXIICollection] { state.withLock { $0.collections } }

  public func records(of collection: String, _ filter: TAXIIFilter, after number: Int64, limit: Int) -> [TAXIIRecord] {
    let records = state.withLock { $0.records[collection] ?? [] }
    return Array(filter.select(records).lazy.filter { $0.number > number }.prefix(limit))
  }

  public func add(
    _ objects: [TAXIIObject], to collection: String, at time: TAXIITimestamp, status: ([TAXIIAddition]) -> TAXIIStatus
  ) -> TAXIIStatus {
    add(objects, to: collection, at: time)
    let status = status(objects.map { _ in .taken() })
    keep(status)
    return status
  }

  public func add(_ objects: [TAXIIObject], to collection: String, at time: TAXIITimestamp) {
    state.withLock { state in
      var known = Set((state.records[collection] ?? []).map { Version($0.object) })
      // A clock that was set back must not put new objects before pages that were given out.
      let time = max(time, state.records[collection]?.last?.added ?? time)
      for object in objects where known.insert(Version(object)).inserted {
        state.records[collection, default: []].append(TAXIIRecord(object, added: time, number: state.next))
        state.next += 1
      }
    }
  }

  /// By which two objects are the same: an object without times is the same whenever it comes.
  private struct Version: Hashable {
    var id: String
    var moment: TAXIITimestamp?
    var specVersion: String

    init(_ object: TAXIIObject) {
      (id, specVersion, moment) = (object.id, object.specVersion, object.version.flatMap { TAXIITimestamp($0) })
    }
  }

  public func remove(_ filter: TAXIIFilter, from collection: String) -> Bool {
    state.withLock { state in
      let gone = Set(filter.select(state.records[collection] ?? []).map(\.number))
      state.records[collection]?.removeAll { gone.contains($0.number) }
    }
    return true
  }

  public func keep(_ status: TAXIIStatus) {
    state.withLock { state in
      if state.statuses.count >= Self.statuses { state.statuses.removeFirst() }
      state.statuses.append(status)
    }
  }

  public func status(_ id: String) -> TAXIIStatus? { state.withLock { $0.statuses.last { $0.id == id } } }
}
