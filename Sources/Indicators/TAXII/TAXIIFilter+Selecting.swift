extension TAXIIFilter {
  /// The records that the filter takes, in the order given; what belongs to pages is not looked at.
  ///
  /// First the version of the specification, then the object's own version among these (§3.4.1). When an object was added is
  /// looked at last: the first version of an object is the first, also where it was added before the moment asked for.
  public func select(_ records: [TAXIIRecord]) -> [TAXIIRecord] {
    let (ids, types, specifications) = (Set(ids), Set(types), Set(specVersions))
    var found = records.filter { record in
      (ids.isEmpty || ids.contains(record.object.id)) && (types.isEmpty || types.contains(record.object.type))
        && (specifications.isEmpty || specifications.contains(record.object.specVersion))
    }
    if specifications.isEmpty {
      var newest: [String: String] = [:]
      for record in found {
        newest[record.object.id] = max(newest[record.object.id] ?? "", record.object.specVersion)
      }
      found.removeAll { newest[$0.object.id] != $0.object.specVersion }
    }
    if !versions.contains(.all) {
      let wanted = versions.isEmpty ? [.last] : Set(versions)
      var ends: [String: (first: TAXIITimestamp, last: TAXIITimestamp)] = [:]
      for record in found {
        let (id, moment) = (record.object.id, record.moment)
        let (first, last) = ends[id] ?? (moment, moment)
        ends[id] = (min(first, moment), max(last, moment))
      }
      found = found.filter { record in
        guard let (first, last) = ends[record.object.id] else { return false }
        let moment = record.moment
        return wanted.contains(.at(moment)) || (moment == first && wanted.contains(.first))
          || (moment == last && wanted.contains(.last))
      }
    }
    if let addedAfter { found.removeAll { $0.added <= addedAfter } }
    return found
  }
}
