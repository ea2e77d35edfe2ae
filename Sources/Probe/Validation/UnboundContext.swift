import CUnbound
import DNSWire
import Estate
import Glibc
import Names

/// libunbound's resolver and validator. One owner, one thread; its own background thread ends with it.
@safe struct UnboundContext: ~Copyable {
  struct Fault: Error {
    /// What could not be set, and libunbound's words.
    var words: String
  }

  // From ub_ctx_create to ub_ctx_delete in deinit.
  private let context: OpaquePointer

  private init(owning context: OpaquePointer) {
    // The caller has just made it and keeps no copy.
    unsafe self.context = context
  }

  /// A context that trusts and asks as the settings say.
  static func make(_ settings: ValidatorSettings) throws(Fault) -> UnboundContext {
    // A new context, checked.
    guard let pointer = unsafe ub_ctx_create() else {
      throw Fault(words: "libunbound could not start: no memory or no random source")
    }
    // Owned from here on.
    let context = unsafe UnboundContext(owning: pointer)
    try context.configure(settings)
    return context
  }

  private func configure(_ settings: ValidatorSettings) throws(Fault) {
    // libunbound logs to standard error if nobody stops it; its words come back in the results.
    unsafe ub_ctx_debugout(context, nil)
    try check("work in the background", unsafe ub_ctx_async(context, 1))
    try set("do-ip6:", settings.usesIPv6 ? "yes" : "no")
    if let moment = settings.at { try set("val-override-date:", Self.date(moment)) }
    let named = settings.roots + settings.stubs.flatMap(\.servers)
    // Loopback addresses that the settings name are meant.
    if named.contains(where: \.address.isLoopback) { try set("do-not-query-localhost:", "no") }
    let stubs = (settings.roots.isEmpty ? [] : [ValidatorSettings.Stub(.root, settings.roots)]) + settings.stubs
    for stub in stubs {
      for server in stub.servers {
        let (zone, address) = ("\(stub.zone)", "\(server.address)@\(server.port)")
        // Strings that live through the call, ended by zeros.
        try check("ask \(address) about \(zone)", unsafe ub_ctx_set_stub(context, zone, address, 0))
      }
    }
    try trust(settings.trustAnchor)
  }

  deinit {
    // Nobody else has the pointer; this waits for the background thread and frees what is left in it.
    unsafe ub_ctx_delete(context)
  }

  private func trust(_ anchor: ValidatorSettings.TrustAnchor) throws(Fault) {
    switch anchor {
    case .records(let records):
      guard !records.isEmpty else { throw Fault(words: "there is no trust anchor") }
      for record in records {
        try Self.checkAnchor(record)
        // A string that lives through the call, ended by a zero.
        try check("trust \"\(record)\"", unsafe ub_ctx_add_ta(context, record))
      }
    case .file(let file): try trust(file: file)
    case .system:
      // access only reads the string.
      guard let file = ValidatorSettings.usualAnchorFiles.first(where: { unsafe access($0, R_OK) == 0 }) else {
        throw Fault(
          words: "there is no trust anchor: none of \(ValidatorSettings.usualAnchorFiles.joined(separator: ", ")) can be read. "
            + "Install dns-root-data")
      }
      try trust(file: file)
    }
  }

  /// libunbound reads its anchors when it is first asked, and then says only that it cannot work.
  private static func checkAnchor(_ record: String) throws(Fault) {
    let fields = record.split(whereSeparator: \.isWhitespace)
    // Owner, perhaps TTL and class, type.
    guard let place = fields.prefix(4).firstIndex(where: { ["DS", "DNSKEY"].contains($0.uppercased()) }), place > 0,
      let type = RRType(fields[place].uppercased())
    else { throw Fault(words: "\"\(record)\" is no trust anchor: it is neither a DS nor a DNSKEY record") }
    do {
      _ = try RData(type: type, text: fields[(place + 1)...].joined(separator: " "), origin: nil)
    } catch {
      throw Fault(words: "\"\(record)\" is no trust anchor: \(error)")
    }
  }

  private func trust(file: String) throws(Fault) {
    // access only reads the string.
    guard unsafe access(file, R_OK) == 0 else {
      throw Fault(words: "the trust anchors in \(file) cannot be read: \(systemWords(errno))")
    }
    // A string that lives through the call, ended by a zero.
    try check("trust \(file)", unsafe ub_ctx_add_ta_file(context, file))
  }

  private func set(_ option: String, _ value: String) throws(Fault) {
    // Strings that live through the call, ended by zeros.
    try check("set \(option) \(value)", unsafe ub_ctx_set_option(context, option, value))
  }

  private func check(_ act: String, _ code: Int32) throws(Fault) {
    guard code != 0 else { return }
    throw Fault(words: "libunbound does not \(act): \(Self.words(code))")
  }

  /// libunbound's words for its error codes.
  static func words(_ code: Int32) -> String {
    // A constant string of the library.
    unsafe ub_strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }

  /// YYYYMMDDHHMMSS, as the option takes it (RFC 4034 §3.2).
  private static func date(_ moment: Timestamp) -> String {
    Timestamp(seconds: moment.seconds).description.filter(\.isNumber)
  }

  /// What a question has come to.
  enum Answer {
    case waiting
    case failed(Int32)
    case resolved(Validation)
  }

  /// Starts a question whose answer will be written to `answer`, which must stay until then or until ``cancel(_:)``.
  ///
  /// - Returns: The question's number.
  func start(_ name: DomainName, _ type: UInt16, _ answer: UnsafeMutablePointer<Answer>) throws(Fault) -> Int32 {
    var number: Int32 = 0
    let text = "\(name)"
    // The answer stays, as the caller promises; libunbound calls back on this thread, from process.
    let code = unsafe ub_resolve_async(
      context, text, Int32(type), 1, UnsafeMutableRawPointer(answer),
      { answer, code, result in
        guard let answer = unsafe answer?.assumingMemoryBound(to: Answer.self) else { return }
        unsafe answer.pointee = UnboundContext.read(code, result)
        // The result is ours to free; nothing of it is kept.
        unsafe ub_resolve_free(result)
      }, &number)
    try check("ask", code)
    return number
  }

  func cancel(_ number: Int32) {
    // A number that is done already is no fault.
    _ = unsafe ub_cancel(context, number)
  }

  /// Waits at most so many milliseconds for results, and delivers them.
  func process(milliseconds: Int32) throws(Fault) {
    // The context's own file, open as long as it.
    var file = pollfd(fd: unsafe ub_fd(context), events: Int16(POLLIN), revents: 0)
    // One element, as the count says.
    guard unsafe poll(&file, 1, milliseconds) > 0 else { return }
    try check("hand over its results", unsafe ub_process(context))
  }

  private static func read(_ code: Int32, _ result: UnsafeMutablePointer<ub_result>?) -> Answer {
    // Valid until ub_resolve_free.
    guard code == 0, let result = unsafe result?.pointee else { return .failed(code) }
    if unsafe result.bogus != 0 {
      // A string of the result, ended by a zero, or absent.
      return .resolved(.bogus(unsafe result.why_bogus.map { unsafe String(cString: $0) } ?? "the validator gives no reason"))
    }
    switch unsafe result.rcode {
    case 0, 3: return .resolved(unsafe result.secure != 0 ? .secure : .insecure)
    case 2: return .resolved(.indeterminate("SERVFAIL: no server that should answer gave an answer that could be used"))
    case let rcode: return .resolved(.indeterminate("the answer's response code is \(rcode)"))
    }
  }
}
