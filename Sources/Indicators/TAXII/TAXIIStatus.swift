public import Notation

/// What became of objects that were sent (§4.3.1).
public struct TAXIIStatus: Hashable, Sendable {
  public enum Progress: String, Hashable, Sendable { case complete, pending }

  /// One object of those sent.
  public struct Detail: Hashable, Sendable {
    public var id: String
    public var version: String
    public var message: String?

    public init(id: String, version: String, message: String? = nil) {
      (self.id, self.version, self.message) = (id, version, message)
    }
  }

  public var id: String
  public var progress: Progress
  public var requested: TAXIITimestamp?
  public var successes: [Detail]
  public var failures: [Detail]
  public var pendings: [Detail]
  /// What the server counts; it may tell fewer details than that.
  public var successCount: Int
  public var failureCount: Int
  public var pendingCount: Int

  public init(
    id: String, progress: Progress = .complete, requested: TAXIITimestamp? = nil, successes: [Detail] = [],
    failures: [Detail] = [], pendings: [Detail] = []
  ) {
    (self.id, self.progress, self.requested) = (id, progress, requested)
    (self.successes, self.failures, self.pendings) = (successes, failures, pendings)
    (successCount, failureCount, pendingCount) = (successes.count, failures.count, pendings.count)
  }

  /// What became of the objects of one request, all of which are settled.
  /// - Parameter refused: Those that did not even come to the catalog.
  init(
    id: String, requested: TAXIITimestamp, of objects: [TAXIIObject], _ additions: [TAXIIAddition], refused: [Detail]
  ) {
    var (successes, failures) = ([Detail](), refused)
    for (object, addition) in zip(objects, additions) {
      let version = object.version ?? "\(requested)"
      switch addition {
      case .taken(let remark): successes.append(Detail(id: object.id, version: version, message: remark))
      case .refused(let why): failures.append(Detail(id: object.id, version: version, message: why))
      }
    }
    self.init(id: id, requested: requested, successes: successes, failures: failures)
  }

  public init(_ value: JSONValue) throws(TAXIIFault) {
    let reader = try TAXIIReader(value, .status)
    id = try reader.string("id")
    guard let progress = Progress(rawValue: try reader.string("status")) else {
      throw TAXIIFault(value["status"]?.place ?? value.place, .status, .notOfType("status", "complete or pending"))
    }
    self.progress = progress
    requested = try reader.time("request_timestamp")
    successes = try Self.details(reader, "successes")
    failures = try Self.details(reader, "failures")
    pendings = try Self.details(reader, "pendings")
    successCount = try reader.count("success_count") ?? successes.count
    failureCount = try reader.count("failure_count") ?? failures.count
    pendingCount = try reader.count("pending_count") ?? pendings.count
  }

  private static func details(_ reader: TAXIIReader, _ name: String) throws(TAXIIFault) -> [Detail] {
    var details: [Detail] = []
    for item in try reader.items(name) {
      let detail = try TAXIIReader(item, .status)
      details.append(
        Detail(id: try detail.string("id"), version: try detail.string("version"), message: try detail.optional("message")))
    }
    return details
  }

  public func write(to json: inout JSONWriter) {
    json.object { json in
      json.write(id, as: "id")
      json.write(progress.rawValue, as: "status")
      if let requested { json.write("\(requested)", as: "request_timestamp") }
      // Sums of what a foreign server claims could overflow; ours are counts of lists.
      json.write(Int64(successCount &+ failureCount &+ pendingCount), as: "total_count")
      for (name, count, details) in [
        ("success", successCount, successes), ("failure", failureCount, failures), ("pending", pendingCount, pendings),
      ] {
        json.write(Int64(count), as: "\(name)_count")
        guard !details.isEmpty else { continue }
        json.array(as: name == "success" ? "successes" : "\(name)s") { list in
          for detail in details { detail.write(to: &list) }
        }
      }
    }
  }
}

extension TAXIIStatus.Detail {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.write(id, as: "id")
      json.write(version, as: "version")
      if let message { json.write(message, as: "message") }
    }
  }
}

/// Why a server did not do what it was asked (§3.6.1).
public struct TAXIIErrorMessage: Hashable, Sendable {
  public var title: String
  public var description: String?
  public var httpStatus: Int?

  public init(title: String, description: String? = nil, httpStatus: Int? = nil) {
    (self.title, self.description, self.httpStatus) = (title, description, httpStatus)
  }

  public init(_ value: JSONValue) throws(TAXIIFault) {
    let reader = try TAXIIReader(value, .error)
    title = try reader.string("title")
    description = try reader.optional("description")
    httpStatus = try reader.optional("http_status").flatMap { Int($0) }
  }

  public func write(to json: inout JSONWriter) {
    json.object { json in
      json.write(title, as: "title")
      if let description { json.write(description, as: "description") }
      // A string, as the specification has it.
      if let httpStatus { json.write(String(httpStatus), as: "http_status") }
    }
  }
}
