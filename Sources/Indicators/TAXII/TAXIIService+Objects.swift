internal import Notation

extension TAXIIService {
  /// One page of records and what its answer says of it.
  private struct Slice {
    var records: [TAXIIRecord]
    /// `nil` on the last page.
    var next: String?

    var fields: [(name: String, value: String)] {
      guard let first = records.first, let last = records.last else { return [] }
      return [
        (name: TAXII.firstAddedField, value: "\(first.added)"), (name: TAXII.lastAddedField, value: "\(last.added)"),
      ]
    }
  }

  func objects(
    _ request: TAXIIRequest, of collection: TAXIICollection, object: String? = nil
  ) throws(TAXIIRefusal) -> TAXIIResponse {
    let slice = try slice(request, of: collection, object: object)
    guard !slice.records.isEmpty else { return TAXIIResponse(200, "{}") }
    // The objects are JSON text already; a token of ours holds nothing that JSON escapes.
    let head = "{\"more\":\(slice.next != nil)" + (slice.next.map { ",\"next\":\"\($0)\"" } ?? "")
    let body = slice.records.map(\.object.text).joined(separator: ",\n")
    return TAXIIResponse(200, head + ",\"objects\":[\n" + body + "\n]}", fields: slice.fields)
  }

  func manifest(_ request: TAXIIRequest, of collection: TAXIICollection) throws(TAXIIRefusal) -> TAXIIResponse {
    let slice = try slice(request, of: collection, object: nil)
    return page(slice) { json in
      json.array(as: "objects") { list in for record in slice.records { record.manifest.write(to: &list) } }
    }
  }

  func versions(
    _ request: TAXIIRequest, of collection: TAXIICollection, object: String
  ) throws(TAXIIRefusal) -> TAXIIResponse {
    let slice = try slice(request, of: collection, object: object, everyVersion: true)
    return page(slice) { $0.write(slice.records.map(\.version), as: "versions") }
  }

  private func page(_ slice: Slice, _ items: (inout JSONWriter) -> Void) -> TAXIIResponse {
    resource(fields: slice.fields) { json in
      json.object { json in
        guard !slice.records.isEmpty else { return }
        json.write(slice.next != nil, as: "more")
        if let next = slice.next { json.write(next, as: "next") }
        items(&json)
      }
    }
  }

  private func slice(
    _ request: TAXIIRequest, of collection: TAXIICollection, object: String?, everyVersion: Bool = false
  ) throws(TAXIIRefusal) -> Slice {
    guard collection.canRead else { throw .forbidden("read") }
    var filter = try filter(request)
    if let object {
      // By its path; a field of the query that would name another is not looked at (§5.6).
      (filter.ids, filter.types) = ([object], [])
    }
    if everyVersion { filter.versions = [.all] }
    let mark = Self.mark(filter, collection.id + (everyVersion ? "/versions" : ""))
    let start = try filter.next.map { next throws(TAXIIRefusal) in try Self.number(next, mark) } ?? 0
    let limit = min(filter.limit ?? pageLimit, pageLimit)
    // What a filter leaves nothing of is empty; what was never there is missing. Where the filter takes any object it tells by
    // itself: to look for what is not there may take long, and is done once.
    if let object, start == 0, filter.mayPassOverVersions {
      guard try asked({ () throws in try catalog.contains(object, in: collection.id) }) else { throw .missing("object") }
    }
    let records = try asked { () throws in
      try catalog.records(of: collection.id, filter, after: start, limit: limit + 1)
    }
    if object != nil, records.isEmpty, start == 0, !filter.mayPassOverVersions { throw .missing("object") }
    // One at least, however large it is.
    var (count, octets) = (0, 0)
    for record in records.prefix(limit) {
      octets += record.object.text.utf8.count
      if count > 0, octets > pageOctets { break }
      count += 1
    }
    let page = Array(records.prefix(count))
    return Slice(records: page, next: count < records.count ? page.last.map { "\($0.number)-\(mark)" } : nil)
  }

  private func filter(_ request: TAXIIRequest) throws(TAXIIRefusal) -> TAXIIFilter {
    do { return try TAXIIFilter(query: request.query) } catch { throw .badRequest(error.sentence) }
  }

  /// Pages go on after a record's number, so additions in between neither repeat nor hide one. The mark ties them to one query.
  private static func number(_ next: String, _ mark: String) throws(TAXIIRefusal) -> Int64 {
    let parts = next.split(separator: "-", maxSplits: 1)
    guard parts.count == 2, parts[1] == mark, let number = Int64(parts[0]), number >= 0 else {
      throw .badRequest("next does not belong to this query. Ask with the fields of the page before, and its next.")
    }
    return number
  }

  /// FNV-1a of what is asked for, the page aside. It guards against mistakes: who forges one learns nothing.
  private static func mark(_ filter: TAXIIFilter, _ path: String) -> String {
    var filter = filter
    (filter.limit, filter.next) = (nil, nil)
    (filter.ids, filter.types, filter.specVersions) = (filter.ids.sorted(), filter.types.sorted(), filter.specVersions.sorted())
    filter.versions.sort { $0.text < $1.text }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for octet in "\(path)?\(filter.query)".utf8 { hash = (hash ^ UInt64(octet)) &* 0x100_0000_01B3 }
    return String(hash, radix: 16)
  }

  // MARK: Writing

  func add(_ request: TAXIIRequest, to collection: TAXIICollection) throws(TAXIIRefusal) -> TAXIIResponse {
    guard collection.canWrite else { throw .forbidden("write to") }
    guard TAXII.isContent(request.contentType) else {
      throw TAXIIRefusal(status: 415, title: "Unsupported media type", description: "Send \(TAXII.mediaType).")
    }
    let most = information.maxContentLength
    guard let body = request.body, body.count <= most else {
      throw TAXIIRefusal(
        status: 413, title: "Too large", description: "At most \(most) octets are read. Send the objects in several requests.")
    }
    let sent = try envelope(body)
    let time = now()
    var (objects, failures) = ([TAXIIObject](), [TAXIIStatus.Detail]())
    for item in sent {
      do throws(TAXIIObject.Fault) { objects.append(try TAXIIObject(item)) } catch {
        let version = (item["modified"] ?? item["created"])?.string.flatMap { TAXIITimestamp($0) } ?? time
        failures.append(TAXIIStatus.Detail(id: item["id"]?.string ?? "", version: "\(version)", message: error.sentence))
      }
    }
    let (kept, refused) = (objects, failures)
    let status = try asked { () throws in
      try catalog.add(kept, to: collection.id, at: time) { additions in
        TAXIIStatus(id: identify(), requested: time, of: kept, additions, refused: refused)
      }
    }
    return resource(202) { status.write(to: &$0) }
  }

  private func envelope(_ body: [UInt8]) throws(TAXIIRefusal) -> [JSONValue] {
    let value: JSONValue
    do {
      value = try JSONValue(body, bounds: JSONValue.Bounds(octets: information.maxContentLength, levels: 64, values: 1 << 20))
    } catch {
      throw .badRequest("\(error.place): \(error.cause.sentence)")
    }
    guard let items = value["objects"]?.items, !items.isEmpty else {
      throw TAXIIRefusal(
        status: 422, title: "Unprocessable", description: "An envelope belongs here: an object with a list of objects, not empty."
      )
    }
    return items
  }

  func delete(
    _ request: TAXIIRequest, _ object: String, from collection: TAXIICollection
  ) throws(TAXIIRefusal) -> TAXIIResponse {
    // Who may neither read nor write it is not to learn what it holds (§5.7).
    guard collection.canRead || collection.canWrite else { throw .missing("object") }
    guard collection.canWrite else { throw .forbidden("write to") }
    guard collection.canRead else { throw .forbidden("read") }
    guard try asked({ () throws in try catalog.contains(object, in: collection.id) }) else { throw .missing("object") }
    var wanted = TAXIIFilter()
    let asking = try filter(request)
    (wanted.ids, wanted.versions, wanted.specVersions) = ([object], asking.versions, asking.specVersions)
    let filter = wanted
    guard try asked({ () throws in try catalog.remove(filter, from: collection.id) }) else { throw .forbidden("remove from") }
    return TAXIIResponse(200)
  }
}
