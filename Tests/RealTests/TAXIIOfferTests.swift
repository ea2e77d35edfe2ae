import Foundation
import Glibc
import Testing

@Suite("nameward indicators: a TAXII server that names others") struct TAXIIOfferTests {
  /// A server of TAXII alone, whose discovery names roots of another origin and very many of its own; what both are asked is
  /// written down, with the secret that came along.
  private static let servers = """
    import http.server, json, sys, threading
    TAXII = "application/taxii+json;version=2.1"
    def serve(log, answer):
        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *parts): pass
            def do_GET(self):
                with open(log, "a") as file: file.write(self.path + " " + str(self.headers["Authorization"]) + "\\n")
                status, body = answer(self) if self.headers["Accept"] == TAXII else (406, {})
                body = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", TAXII)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever).start()
        return server.server_port
    def collections(request):
        one = {"id": "91a7b528-80eb-42ed-a74d-c6fbd5a26116", "title": "A", "can_read": True, "can_write": False}
        return 200, {"collections": [one]}
    other = serve(sys.argv[2], collections)
    def named(request):
        if request.path != "/taxii2/": return collections(request)
        foreign = ["http://127.0.0.1:%d/r%d/" % (other, n) for n in range(301)]
        return 200, {"title": "T", "api_roots": foreign + ["/r%d/" % n for n in range(301)]}
    own = serve(sys.argv[1], named)
    open(sys.argv[3], "w").write(str(own) + "\\n")
    """

  @Test func `sends a secret to no other origin, and is asked for few roots`() async throws {
    let place = try Scratch()
    for log in ["own", "other"] { try place.write("", to: log) }
    try await PythonServer.serving(Self.servers, [place("own"), place("other")], in: place) { server in
      let run = try Executable(
        ["indicators", "import", "--state", "s", "--bearer", "env:TOKEN", "\(server)/taxii2/"], in: place.path,
        environment: ["TOKEN": "secret"])
      let ending = try await run.ending()
      #expect(ending.status == 1 && ending.talk.contains("is a TAXII server. Name one of its collections:"), "\(ending.talk)")
      for number in 0..<8 {
        #expect(ending.talk.contains("  \(server)/r\(number)/collections/91a7b528-80eb-42ed-a74d-c6fbd5a26116/  A\n"))
      }
    }
    let asked = try place.text("own").split(separator: "\n").map(String.init)
    #expect(asked.filter { $0.hasPrefix("/r") } == (0..<8).map { "/r\($0)/collections/ Bearer secret" })
    #expect(try place.text("other").isEmpty)
  }
}
