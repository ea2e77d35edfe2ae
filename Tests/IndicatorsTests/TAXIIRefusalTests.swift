import Indicators
import Notation
import Testing

private let missing = "malware--cee60c30-a68c-11e3-b0c1-a01aac20d000"
private let indicator = "indicator--6770298f-0fd8-471a-ab8c-1c658a46574e"
private let object =
  #"{"type":"indicator","id":"indicator--00000000-0000-4000-8000-0000000000aa","spec_version":"2.1","#
  + #""modified":"2017-01-27T13:49:53.935Z"}"#

@Suite("TAXII 2.1 §3.6 Errors") struct TAXIIErrors {
  @Test(arguments: [
    ("/", 404), ("/taxii2", 200), ("/trustgroup2/", 404), ("/carbon1/collections/", 404), ("/trustgroup1/status/22101993/", 404),
    ("/trustgroup1/nothing/", 404), ("/trustgroup1/collections/24042009/manifest/", 404), (TAXIISample.secret + "manifest/", 403),
    (TAXIISample.secret + "objects/", 403), (TAXIISample.secret + "objects/\(indicator)/versions/", 403),
    (TAXIISample.writeOnly + "objects/", 403), (TAXIISample.high + "objects/\(missing)/", 404),
    (TAXIISample.high + "objects/\(missing)/versions/", 404), (TAXIISample.high + "objects/\(indicator)/other/", 404),
    (TAXIISample.high + "objects/?limit=-20", 400), (TAXIISample.high + "objects/?limit=0", 400),
    (TAXIISample.high + "objects/?limit=x", 400), (TAXIISample.high + "objects/?added_after=yesterday", 400),
    (TAXIISample.high + "objects/?match[version]=newest", 400), (TAXIISample.high + "objects/?match[version]=all,last", 400),
    (TAXIISample.high + "objects/?match[version]=first,first", 400), (TAXIISample.high + "objects/?next=1&limit=1", 400),
    (TAXIISample.high + "objects/?match[id]=a&match[id]=b", 400), (TAXIISample.high + "objects/?next=%zz", 400),
    (TAXIISample.high + "%ff/", 404),
  ])
  func `what cannot be given has its status and an error message`(path: String, status: Int) throws {
    let response = try TAXIISample().ask(path)
    #expect(response.status == status)
    guard status != 200 else { return }
    let message = try TAXIIErrorMessage(JSONValue(Array(response.body.utf8)))
    #expect(message.httpStatus == status)
    #expect(message.description?.isEmpty == false)
    #expect(response.field("Content-Type") == TAXII.mediaType)
  }

  @Test func `paths and queries are bounded`() throws {
    let (sample, long) = (try TAXIISample(), String(repeating: "a", count: 20_000))
    #expect(sample.ask("/trustgroup1/" + long).status == 404)
    #expect(sample.ask(TAXIISample.high + "objects/?match[id]=" + long).status == 400)
  }

  @Test(arguments: ["/taxii2/", "/trustgroup1/", "/trustgroup2/", TAXIISample.high + "objects/", "/trustgroup1/status/2223/"])
  func `a stranger learns nothing, not even what there is`(path: String) throws {
    let sample = try TAXIISample()
    for token in [nil, "", "a-token-of-the-test", "a-token-of-the-testsa", TAXIISample.key + TAXIISample.key] as [String?] {
      let response = sample.ask(path, token: token)
      #expect(response.status == 401)
      #expect(response.field("WWW-Authenticate")?.hasPrefix("Bearer") == true)
    }
  }

  // RFC 7617 §2; the last is "user:" and the token, encoded by coreutils' base64.
  @Test(arguments: [
    ("bearer a-token-of-the-tests", 200), ("Token a-token-of-the-tests", 401), ("Basic dXNlcg==", 401), ("Basic !", 401),
    ("Basic dXNlcjphLXRva2VuLW9mLXRoZS10ZXN0cw==", 200),
  ])
  func `a token comes as bearer or as password`(authorization: String, status: Int) throws {
    let request = TAXIIRequest(path: "/taxii2/", accept: TAXII.mediaType, authorization: authorization)
    #expect(try TAXIISample().service.answer(request).status == status)
  }

  @Test func `a token opens some collections, and of the others nothing is told`() throws {
    var sample = try TAXIISample()
    let (high, inbox) = (TAXIISample.high.split(separator: "/")[2], TAXIISample.inbox.split(separator: "/")[2])
    sample.service.admission = TAXIIAdmission(
      anyone: .init(reading: .only([String(high)])),
      tokens: [.init("a", .init(writing: .only([String(inbox)]))), .init("a", .init(reading: .only([String(inbox)])))])
    for (token, titles) in [
      (nil, ["High Value Indicator Collection"]), ("b", ["High Value Indicator Collection"]),
      ("a", ["This data collection is for testing adding objects", "High Value Indicator Collection"]),
    ] as [(String?, [String])] {
      let list = sample.ask("/trustgroup1/collections/", token: token)
      #expect(try TAXIICollection.list(JSONValue(Array(list.body.utf8))).map(\.title) == titles)
    }
    #expect(sample.ask(TAXIISample.inbox + "objects/", token: nil).status == 404)
    #expect(
      sample.ask(TAXIISample.inbox + "objects/", method: "POST", body: "{\"objects\":[\(object)]}", token: nil).status == 404)
    // What two entries of one token allow is allowed together.
    #expect(
      sample.ask(TAXIISample.inbox + "objects/", method: "POST", body: "{\"objects\":[\(object)]}", token: "a").status == 202)
    #expect(sample.ask(TAXIISample.inbox + "objects/", token: "a").status == 200)
    #expect(
      sample.ask(TAXIISample.high + "objects/", method: "POST", body: "{\"objects\":[\(object)]}", token: "a").status == 403)
  }

  @Test func `without tokens nobody is let in, unless anyone is`() throws {
    var sample = try TAXIISample()
    sample.service.admission = TAXIIAdmission(tokens: [.init("", .everything)])
    #expect(sample.ask("/taxii2/", token: "").status == 401)
    sample.service.admission = TAXIIAdmission(anyone: .init(reading: .all))
    #expect(sample.ask("/taxii2/", token: nil).status == 200)
  }
}

@Suite("TAXII 2.1 §1.6.8 Content negotiation") struct TAXIINegotiation {
  @Test(
    arguments: [
      ("application/taxii+json;version=2.1", 200), ("application/taxii+json", 200), ("application/taxii+json; version=2.1", 200),
      ("text/html, application/taxii+json;version=2.1;q=0.5", 200), ("Application/TAXII+json;version=\"2.1\"", 200),
      ("application/taxii+json;version=2.0", 406), ("application/taxii+json;version=2.1;q=0.0", 406),
      ("application/vnd.oasis.taxii+json; version=2.0", 406), ("application/json", 406), ("*/*", 406), ("", 406), (nil, 406),
    ] as [(String?, Int)])
  func `only TAXII 2.1 is given`(accept: String?, status: Int) throws {
    let request = TAXIIRequest(path: "/taxii2/", accept: accept, authorization: "Bearer \(TAXIISample.key)")
    #expect(try TAXIISample().service.answer(request).status == status)
  }

  @Test(
    arguments: [
      ("application/taxii+json;version=2.1", 202), ("application/taxii+json", 202), ("application/taxii+json;version=2.0", 415),
      ("application/json", 415), (nil, 415),
    ] as [(String?, Int)])
  func `only TAXII 2.1 is taken`(type: String?, status: Int) throws {
    let request = TAXIIRequest(
      method: "POST", path: TAXIISample.inbox + "objects/", accept: TAXII.mediaType, contentType: type,
      authorization: "Bearer \(TAXIISample.key)", body: Array("{\"objects\":[\(object)]}".utf8))
    #expect(try TAXIISample().service.answer(request).status == status)
  }
}

@Suite("TAXII 2.1 §5.5 Add objects") struct TAXIIAdding {
  @Test func `an object that is sent is there, with its status and manifest`() throws {
    let sample = try TAXIISample()
    let sent = sample.ask(TAXIISample.inbox + "objects/", method: "POST", body: "{\"objects\":[\(object)]}")
    #expect(sent.status == 202)
    let status = try TAXIIStatus(JSONValue(Array(sent.body.utf8)))
    #expect((status.progress, status.successCount, status.failureCount) == (.complete, 1, 0))
    #expect(try TAXIIStatus(sample.json("/trustgroup1/status/\(status.id)/")) == status)
    let kept = try sample.json(TAXIISample.inbox + "objects/")["objects"]?.items
    #expect(kept?.first?["modified"]?.string == "2017-01-27T13:49:53.935Z")
    let page = try TAXIIPage<TAXIIManifestRecord>(manifest: sample.json(TAXIISample.inbox + "manifest/"))
    #expect(page.items.map(\.version) == ["2017-01-27T13:49:53.935Z"])
    #expect(page.items.first.map { "\($0.added)" } == "2026-11-23T09:00:00.000001Z")
  }

  @Test func `an object that is there already is kept as it was, and is no failure`() throws {
    let sample = try TAXIISample()
    let changed = object.dropLast() + #","name":"changed"}"#
    for body in [object, object, String(changed)] {
      let sent = sample.ask(TAXIISample.inbox + "objects/", method: "POST", body: "{\"objects\":[\(body)]}")
      #expect(try TAXIIStatus(JSONValue(Array(sent.body.utf8))).successCount == 1)
    }
    let kept = try sample.json(TAXIISample.inbox + "objects/?match[version]=all")["objects"]?.items
    #expect(kept?.count == 1)
    #expect(kept?.first?["name"] == nil)
  }

  @Test func `an object without times has the time when it came as its version`() throws {
    let sample = try TAXIISample()
    let path = TAXIISample.inbox + "objects/artifact--6f437177-6e48-5cf8-9d9e-872a2bddd641/"
    let body = #"{"objects":[{"type":"artifact","spec_version":"2.1","id":"artifact--6f437177-6e48-5cf8-9d9e-872a2bddd641"}]}"#
    for _ in 0..<2 { #expect(sample.ask(TAXIISample.inbox + "objects/", method: "POST", body: body).status == 202) }
    for query in [
      "?match[version]=all", "?match[version]=first", "?match[version]=last", "?added_after=2017-01-27T13:49:53.935Z",
    ] {
      #expect(try sample.json(path + query)["objects"]?.items?.count == 1)
    }
    #expect(sample.ask(path + "?added_after=2026-11-23T09:00:00.000001Z").body == "{}")
    #expect(try TAXIIPage<String>(versions: sample.json(path + "versions/")).items == ["2026-11-23T09:00:00.000001Z"])
  }

  @Test(arguments: [
    (#"{"type":"indicator","id":"indicator--1"}"#, "The id is not the type, two hyphens and a UUID. Write it so."),
    (#"{"id":"x"}"#, "The object has no type. Send objects with a type and an id."),
    ("7", "This is no STIX object. Send objects with a type and an id."),
    (
      #"{"type":"a","id":"a--00000000-0000-4000-8000-0000000000aa","modified":"now"}"#,
      "modified or created is no time in UTC. Write it as 2016-11-03T12:30:59.001Z."
    ),
    (
      #"{"type":"a","id":"a--00000000-0000-4000-8000-0000000000aa","spec_version":"3.0"}"#,
      "The object is of STIX \"3.0\". Send objects of 2.0 or 2.1."
    ),
    (
      #"{"type":"a","id":"a--00000000-0000-4000-8000-0000000000aa","x":{"y":1,"y":2}}"#,
      "\"y\" stands twice in the object. Remove one of the two."
    ),
  ])
  func `a bad object fails alone, and its status says why`(bad: String, message: String) throws {
    let sample = try TAXIISample()
    let sent = sample.ask(TAXIISample.inbox + "objects/", method: "POST", body: "{\"objects\":[\(bad),\(object)]}")
    let status = try TAXIIStatus(JSONValue(Array(sent.body.utf8)))
    #expect((sent.status, status.successCount, status.failureCount) == (202, 1, 1))
    #expect(status.failures.first?.message == message)
  }

  @Test(arguments: [
    (object, 422), ("{}", 422), (#"{"objects":[]}"#, 422), ("[]", 422), ("{", 400), ("", 400),
    ("{\"objects\":[" + String(repeating: "[", count: 100), 400),
    ("{\"objects\":[\(String(repeating: " ", count: 10_000))\(object)]}", 413),
  ])
  func `a body that is no envelope is refused whole`(body: String, status: Int) throws {
    let sample = try TAXIISample()
    #expect(sample.ask(TAXIISample.inbox + "objects/", method: "POST", body: body).status == status)
    #expect(sample.ask(TAXIISample.inbox + "objects/").body == "{}")
  }

  @Test func `nothing is written where it may not be`() throws {
    let sample = try TAXIISample()
    let body = "{\"objects\":[\(object)]}"
    #expect(sample.ask(TAXIISample.inbox + "objects/", method: "POST", body: body, token: TAXIISample.readKey).status == 403)
    #expect(sample.ask(TAXIISample.inbox + "objects/", method: "POST", body: body, token: nil).status == 401)
    #expect(sample.ask(TAXIISample.secret + "objects/", method: "POST", body: body).status == 403)
    let path = TAXIISample.high + "objects/\(indicator)/"
    #expect(sample.ask(path, method: "DELETE", token: TAXIISample.readKey).status == 403)
    #expect(sample.ask(TAXIISample.secret + "objects/\(indicator)/", method: "DELETE").status == 404)
    let put = sample.ask(path, method: "PUT")
    #expect((put.status, put.field("Allow")) == (405, "GET, DELETE"))
    #expect(sample.ask(path).status == 200)
  }
}

@Suite("TAXII 2.1 §5.7 Delete an object") struct TAXIIDeleting {
  @Test func `the versions asked for go, one after the other`() throws {
    let sample = try TAXIISample()
    let id = "course-of-action--00000000-0000-4000-8000-0000000000aa"
    let years = ["2014", "2015", "2016", "2018", "2019"]
    let objects = years.map {
      #"{"type":"course-of-action","id":"\#(id)","spec_version":"2.1","modified":"\#($0)-01-27T13:49:53.935Z"}"#
    }
    let path = TAXIISample.inbox + "objects/"
    #expect(sample.ask(path, method: "POST", body: "{\"objects\":[\(objects.joined(separator: ","))]}").status == 202)
    for (version, left) in [
      ("2018-01-27T13:49:53.935Z", ["2014", "2015", "2016", "2019"]), ("first", ["2015", "2016", "2019"]),
      ("last", ["2015", "2016"]), ("all", []),
    ] {
      #expect(sample.ask(path + "\(id)/?match[version]=\(version)", method: "DELETE").status == 200)
      let versions = sample.ask(path + "\(id)/versions/")
      #expect(versions.status == (left.isEmpty ? 404 : 200))
      guard !left.isEmpty else { continue }
      #expect(try TAXIIPage<String>(versions: JSONValue(Array(versions.body.utf8))).items.map { String($0.prefix(4)) } == left)
    }
  }

  @Test func `of two versions of the specification one may go`() throws {
    let sample = try TAXIISample()
    let path = TAXIISample.high + "objects/malware--c0931cc6-c75e-47e5-9036-78fabc95d4ec/"
    #expect(sample.ask(path + "?match[spec_version]=2.0", method: "DELETE").status == 200)
    #expect(try TAXIIPage<String>(versions: sample.json(path + "versions/?match[spec_version]=2.0,2.1")).items.count == 1)
    #expect(sample.ask(path + "?match[spec_version]=2.1", method: "DELETE").status == 200)
    #expect(sample.ask(path).status == 404)
  }
}
