internal import Notation

/// What a server is asked, as HTTP has it.
public struct TAXIIRequest: Sendable {
  /// In capitals.
  public var method: String
  /// As in the request line, percent-encoded, without the query.
  public var path: String
  /// Without its question mark.
  public var query: String
  public var accept: String?
  public var contentType: String?
  public var authorization: String?
  /// `nil` where it is longer than an API root takes: whoever reads it stops there.
  public var body: [UInt8]?

  public init(
    method: String = "GET", path: String, query: String = "", accept: String? = nil, contentType: String? = nil,
    authorization: String? = nil, body: [UInt8]? = []
  ) {
    (self.method, self.path, self.query) = (method, path, query)
    (self.accept, self.contentType, self.authorization, self.body) = (accept, contentType, authorization, body)
  }
}

/// What a server answers.
public struct TAXIIResponse: Sendable {
  public var status: Int
  /// Of the header, the content's length aside.
  public var fields: [(name: String, value: String)]
  public var body: String

  init(_ status: Int, _ body: String = "", fields: [(name: String, value: String)] = []) {
    self.status = status
    self.fields = [(name: "Content-Type", value: TAXII.mediaType)] + fields
    self.body = body
  }

  /// The value of a field, by its name in any case.
  public func field(_ name: String) -> String? { fields.first { $0.name.lowercased() == name.lowercased() }?.value }
}

/// Why a request is not done; what its sender reads.
struct TAXIIRefusal: Error {
  var status: Int
  var title: String
  var description: String
  var fields: [(name: String, value: String)] = []

  var response: TAXIIResponse {
    var json = JSONWriter()
    TAXIIErrorMessage(title: title, description: description, httpStatus: status).write(to: &json)
    return TAXIIResponse(status, json.text, fields: fields)
  }
}
