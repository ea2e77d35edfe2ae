import Dashboard
import Foundation
import Indicators
import Names
import Notation
import RealServers
import Testing

private let collection = "91a7b528-80eb-42ed-a74d-c6fbd5a26116"
private let token = "a-token-of-the-tests"

/// Objects of two versions each, added one a second.
private func service(_ admission: TAXIIAdmission = TAXIIAdmission(tokens: [.init(token, .everything)])) throws -> TAXIIService<
  TAXIIShelf
> {
  let shelf = TAXIIShelf([TAXIICollection(id: collection, title: "Indicators", canWrite: true)])
  let start = try #require(TAXIITimestamp("2026-11-23T09:00:00Z"))
  for number in 0..<7 {
    let id = "indicator--00000000-0000-4000-8000-00000000000\(number)"
    for version in ["2026-01-01T00:00:00.000Z", "2026-02-02T00:00:00.000Z"] {
      let text =
        #"{"type":"indicator","spec_version":"2.1","id":"\#(id)","created":"2026-01-01T00:00:00.000Z","modified":"\#(version)"}"#
      let object = try TAXIIObject(JSONValue(Array(text.utf8)))
      shelf.add([object], to: collection, at: TAXIITimestamp(microseconds: start.microseconds + Int64(number) * 1_000_000))
    }
  }
  return TAXIIService(
    title: "Ours", root: "nameward", information: TAXIIAPIRoot(title: "Indicators", maxContentLength: 20_000),
    admission: admission,
    catalog: shelf, now: { TAXIITimestamp(Timestamp(seconds: Int64(Date().timeIntervalSince1970))) },
    identify: { UUID().uuidString.lowercased() })
}

/// Runs a server on a free port of loopback for as long as the body lasts.
func serving<Catalog: TAXIICatalog, Outcome: Sendable>(
  _ service: TAXIIService<Catalog>, _ body: @escaping @Sendable (UInt16) async throws -> Outcome
) async throws -> Outcome {
  let (ports, post) = AsyncStream<UInt16>.makeStream()
  return try await withThrowingTaskGroup(of: Outcome?.self) { group in
    group.addTask {
      let server = TAXIIServer(service, at: SocketAddress(address: .v4(0x7F00_0001), port: 0))
      try await server.run { port in post.yield(port) }
      return nil
    }
    group.addTask {
      for await port in ports { return try await body(port) }
      return nil
    }
    defer { group.cancelAll() }
    while let outcome = try await group.next() { if let outcome { return outcome } }
    throw CancellationError()
  }
}

private let fast = ProcessInfo.processInfo.environment["NAMEWARD_FAST"] == nil

@Suite("TAXII 2.1 taxii2-client against the server", .timeLimit(.minutes(2)), .enabled(if: fast)) struct TAXIIServerAgainstClient
{
  /// What taxii2-client, of another hand, finds, as one JSON line.
  private static let program = """
    import json, sys
    import requests
    from taxii2client.v21 import Server, Collection, as_pages

    port, token, basic = sys.argv[1], sys.argv[2], sys.argv[3] == "basic"

    class Bearer(requests.auth.AuthBase):
        def __call__(self, request):
            request.headers["Authorization"] = "Bearer " + token
            return request

    login = dict(user="any", password=token) if basic else dict(auth=Bearer())
    server = Server("http://127.0.0.1:%s/taxii2/" % port, **login)
    root = server.default
    collection = root.collections[0]
    pages = [[o["id"][-1] for o in p["objects"]] for p in as_pages(collection.get_objects, per_request=3)]
    manifest = [[o["id"][-1] for o in p["objects"]] for p in as_pages(collection.get_manifest, per_request=5)]
    one = "indicator--00000000-0000-4000-8000-000000000003"
    added = {"objects": [{"type": "indicator", "spec_version": "2.1", "id": "indicator--00000000-0000-4000-8000-00000000000a",
                          "created": "2026-03-03T00:00:00.000Z", "modified": "2026-03-03T00:00:00.000Z"}]}
    status = collection.add_objects(added, wait_for_completion=True, timeout=5)
    status.refresh()
    after = collection.get_objects(added_after="2026-11-23T09:00:05Z")["objects"]
    all_of_one = collection.get_object(one, version="all")["objects"]
    collection.delete_object(one, version="first")
    left = collection.object_versions(one)["versions"]
    try:
        collection.get_object("indicator--00000000-0000-4000-8000-0000000000ff")
        missing = 200
    except requests.HTTPError as error:
        missing = error.response.status_code
    print(json.dumps(dict(
        title=server.title, roots=len(server.api_roots), root=root.title, most=root.max_content_length,
        collection=collection.title, write=collection.can_write, pages=pages, manifest=manifest,
        status=[status.status, status.success_count, status.failure_count], after=[o["id"][-1] for o in after],
        versions=len(all_of_one), left=left, typed=len(collection.get_objects(type="malware").get("objects", [])),
        missing=missing), sort_keys=True))
    """

  @Test(arguments: ["bearer", "basic"]) func `finds all that is there, page by page, and what it added`(login: String)
    async throws
  {
    let answer = try await serving(try service()) { port in try await PythonPackages.run(Self.program, ["\(port)", token, login])
    }
    let found = try JSONValue(Array(answer.utf8))
    func text(_ name: String) -> String? { found[name]?.string }
    func rows(_ name: String) -> [[String]] { found[name]?.items?.map { $0.items?.compactMap(\.string) ?? [] } ?? [] }
    #expect((text("title"), text("root"), text("collection")) == ("Ours", "Indicators", "Indicators"))
    #expect((found["roots"]?.integer, found["most"]?.integer, found["write"]?.boolean) == (1, 20_000, true))
    #expect(rows("pages") == [["0", "1", "2"], ["3", "4", "5"], ["6"]])
    #expect(rows("manifest") == [["0", "1", "2", "3", "4"], ["5", "6"]])
    #expect(found["status"]?.items?.first?.string == "complete")
    #expect(found["status"]?.items?.dropFirst().map(\.integer) == [1, 0])
    #expect(found["after"]?.items?.compactMap(\.string) == ["6", "a"])
    #expect(found["versions"]?.integer == 2)
    #expect(found["left"]?.items?.compactMap(\.string) == ["2026-02-02T00:00:00.000Z"])
    #expect((found["typed"]?.integer, found["missing"]?.integer) == (0, 404))
  }

  @Test func `without a token it learns nothing`() async throws {
    let answer = try await serving(try service()) { port in
      try await PythonPackages.run(
        """
        import sys, requests
        accept = {"Accept": "application/taxii+json;version=2.1"}
        base = "http://127.0.0.1:%s" % sys.argv[1]
        print([requests.request(m, base + p, headers=accept).status_code
               for m, p in [("GET", "/taxii2/"), ("GET", "/nameward/"), ("POST", "/nameward/"), ("GET", "/other")]])
        """, ["\(port)"])
    }
    #expect(answer == "[401, 401, 401, 404]\n")
  }

  @Test(arguments: [("stranger", "401"), ("reader", "403"), (token, "waiting")])
  func `what is sent is read only of those who may send`(token: String, expected: String) async throws {
    let admission = TAXIIAdmission(tokens: [
      .init("a-token-of-the-tests", .everything), .init("reader", .init(reading: .only([collection]))),
    ])
    let answer = try await serving(try service(admission)) { port in
      try await PythonPackages.run(
        """
        import socket, sys
        # The head of a request whose body does not come.
        with socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=3) as s:
            s.sendall(("POST /nameward/collections/%s/objects/ HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 9000\\r\\n"
                       "Accept: application/taxii+json;version=2.1\\r\\nAuthorization: Bearer %s\\r\\n\\r\\n"
                       % (sys.argv[3], sys.argv[2])).encode())
            try: print(s.recv(1000).split()[1].decode(), end="")
            except TimeoutError: print("waiting", end="")
        """, ["\(port)", token, collection])
    }
    #expect(answer == expected)
  }

  @Test(arguments: [
    ("stranger", "POST", "/nameward/", "401"), ("stranger", "GET", "/nameward/", "401"), ("reader", "POST", "/nameward/", "403"),
    (token, "POST", "/nameward/", "413"), ("stranger", "POST", "/other/", "404"),
  ])
  func `what is sent without end is answered, and the connection is closed`(
    token: String, method: String, root: String, expected: String
  ) async throws {
    let admission = TAXIIAdmission(tokens: [
      .init("a-token-of-the-tests", .everything), .init("reader", .init(reading: .only([collection]))),
    ])
    let answer = try await serving(try service(admission)) { port in
      try await PythonPackages.run(
        """
        import select, socket, sys
        port, token, method, path = int(sys.argv[1]), *sys.argv[2:]
        answer, end = b"", "reads on"
        with socket.create_connection(("127.0.0.1", port), timeout=20) as s:
            s.sendall(("%s %s HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\n"
                       "Content-Type: application/taxii+json;version=2.1\\r\\n"
                       "Accept: application/taxii+json;version=2.1\\r\\nAuthorization: Bearer %s\\r\\n\\r\\n"
                       % (method, path, token)).encode())
            try:
                for _ in range(16384):
                    s.sendall(b"1000\\r\\n" + b" " * 4096 + b"\\r\\n")
                    if select.select([s], [], [], 0)[0]: answer += s.recv(65536)
            except ConnectionError: end = "closed"
            try: answer += s.recv(65536)
            except ConnectionError: pass
        print(answer.split()[1].decode(), end, end="")
        """, ["\(port)", token, method, "\(root)collections/\(collection)/objects/"])
    }
    #expect(answer == expected + " closed")
  }

  @Test func `what is sent is bounded, told length or not`() async throws {
    let answer = try await serving(try service()) { port in
      try await PythonPackages.run(
        """
        import sys, requests
        fields = {"Accept": "application/taxii+json;version=2.1", "Content-Type": "application/taxii+json;version=2.1",
                  "Authorization": "Bearer " + sys.argv[2]}
        url = "http://127.0.0.1:%s/nameward/collections/%s/objects/" % (sys.argv[1], sys.argv[3])
        body = b'{"objects": [' + b" " * 30000
        def chunks():
            for _ in range(40): yield b" " * 1000
        print([requests.post(url, headers=fields, data=d).status_code for d in (body, chunks(), b"{", b"{}")],
              len(requests.head(url, headers=fields).content), requests.get(url, headers=fields).headers["Cache-Control"],
              int(requests.head(url, headers=fields).headers["Content-Length"]) == len(requests.get(url, headers=fields).content))
        """, ["\(port)", token, collection])
    }
    #expect(answer == "[413, 413, 400, 422] 0 no-store True\n")
  }

  @Test func `a port that another program listens on is told so`() async throws {
    let other = try service()
    try await serving(try service()) { port in
      let server = TAXIIServer(other, at: SocketAddress(address: .v4(0x7F00_0001), port: port))
      await #expect(throws: TAXIIServerFault.inUse) { try await server.run() }
    }
  }

  @Test func `who sends no head makes room after ten seconds`() async throws {
    let answer = try await serving(try service()) { port in
      try await PythonPackages.run(
        """
        import socket, sys, time
        with socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=30) as s:
            start = time.monotonic()
            s.sendall(b"GET /taxii2/ HTTP/1.1\\r\\nHost: ")
            try: s.recv(1000)
            except ConnectionError: pass
            print(time.monotonic() - start < 20, end="")
        """, ["\(port)"])
    }
    #expect(answer == "True")
  }
}
