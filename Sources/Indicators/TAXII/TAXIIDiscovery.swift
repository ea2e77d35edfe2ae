public import Notation

/// What a server is and where its API roots are (§4.1.1).
public struct TAXIIDiscovery: Hashable, Sendable {
  public var title: String
  public var description: String?
  public var contact: String?
  /// The API root for clients that have no other, a URL or a path.
  public var defaultRoot: String?
  /// URLs or paths.
  public var roots: [String]

  public init(title: String, description: String? = nil, contact: String? = nil, defaultRoot: String? = nil, roots: [String] = [])
  {
    (self.title, self.description, self.contact) = (title, description, contact)
    (self.defaultRoot, self.roots) = (defaultRoot, roots)
  }

  public init(_ value: JSONValue) throws(TAXIIFault) {
    let reader = try TAXIIReader(value, .discovery)
    title = try reader.string("title")
    description = try reader.optional("description")
    contact = try reader.optional("contact")
    defaultRoot = try reader.optional("default")
    roots = try reader.strings("api_roots")
  }

  public func write(to json: inout JSONWriter) {
    json.object { json in
      json.write(title, as: "title")
      if let description { json.write(description, as: "description") }
      if let contact { json.write(contact, as: "contact") }
      if let defaultRoot { json.write(defaultRoot, as: "default") }
      if !roots.isEmpty { json.write(roots, as: "api_roots") }
    }
  }
}

/// What is found below one API root (§4.2.1).
public struct TAXIIAPIRoot: Hashable, Sendable {
  public var title: String
  public var description: String?
  /// Media types of the versions of TAXII that are spoken here.
  public var versions: [String]
  /// Octets of the largest body that may be sent.
  public var maxContentLength: Int

  public init(title: String, description: String? = nil, versions: [String] = [TAXII.mediaType], maxContentLength: Int) {
    (self.title, self.description, self.versions) = (title, description, versions)
    self.maxContentLength = maxContentLength
  }

  public init(_ value: JSONValue) throws(TAXIIFault) {
    let reader = try TAXIIReader(value, .apiRoot)
    title = try reader.string("title")
    description = try reader.optional("description")
    versions = try reader.strings("versions")
    guard let length = try reader.count("max_content_length") else {
      throw TAXIIFault(value.place, .apiRoot, .missing("max_content_length"))
    }
    maxContentLength = length
  }

  public func write(to json: inout JSONWriter) {
    json.object { json in
      json.write(title, as: "title")
      if let description { json.write(description, as: "description") }
      json.write(versions, as: "versions")
      json.write(Int64(maxContentLength), as: "max_content_length")
    }
  }
}

/// A set of objects that a server offers (§5.2.1).
public struct TAXIICollection: Hashable, Sendable {
  /// A UUID.
  public var id: String
  public var title: String
  public var description: String?
  /// A name that stands in URLs instead of the id.
  public var alias: String?
  public var canRead: Bool
  public var canWrite: Bool
  public var mediaTypes: [String]

  public init(
    id: String, title: String, description: String? = nil, alias: String? = nil, canRead: Bool = true, canWrite: Bool = false,
    mediaTypes: [String] = [TAXII.stixMediaType("2.1")]
  ) {
    (self.id, self.title, self.description, self.alias) = (id, title, description, alias)
    (self.canRead, self.canWrite, self.mediaTypes) = (canRead, canWrite, mediaTypes)
  }

  public init(_ value: JSONValue) throws(TAXIIFault) {
    let reader = try TAXIIReader(value, .collection)
    id = try reader.string("id")
    title = try reader.string("title")
    description = try reader.optional("description")
    alias = try reader.optional("alias")
    guard let canRead = try reader.boolean("can_read") else { throw TAXIIFault(value.place, .collection, .missing("can_read")) }
    guard let canWrite = try reader.boolean("can_write") else {
      throw TAXIIFault(value.place, .collection, .missing("can_write"))
    }
    (self.canRead, self.canWrite) = (canRead, canWrite)
    mediaTypes = try reader.strings("media_types")
  }

  /// Reads a collections resource (§5.1.1); `{}` has none.
  public static func list(_ value: JSONValue) throws(TAXIIFault) -> [TAXIICollection] {
    var list: [TAXIICollection] = []
    for item in try TAXIIReader(value, .collections).items("collections") { list.append(try TAXIICollection(item)) }
    return list
  }

  public func write(to json: inout JSONWriter) {
    json.object { json in
      json.write(id, as: "id")
      json.write(title, as: "title")
      if let description { json.write(description, as: "description") }
      if let alias { json.write(alias, as: "alias") }
      json.write(canRead, as: "can_read")
      json.write(canWrite, as: "can_write")
      if !mediaTypes.isEmpty { json.write(mediaTypes, as: "media_types") }
    }
  }
}
