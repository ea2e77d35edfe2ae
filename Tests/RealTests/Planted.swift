import RealServers
import Testing

/// One thing changed in a hierarchy, and all that an audit is to find then: no finding less, none more.
struct Planted: Sendable, CustomTestStringConvertible {
  var says: String
  var intentions = Owner.Intentions()
  /// Further arguments of the audit.
  var arguments: [String] = []
  /// What the owner has written to the zone file since the start.
  var declared: (@Sendable (inout Zone) -> Void)?
  /// What a server of the attacker's, NSD at the first vacancy, serves of `agency.gov.`
  var attacker: (@Sendable (inout Zone) -> Void)?
  var change: @Sendable (Hierarchy) async throws -> Void = { _ in }
  /// Puts back what ``Hierarchy/restore()`` does not.
  var undo: @Sendable (Hierarchy) async throws -> Void = { _ in }
  var expected: [Expected]
  /// The exit code: 0 all as intended, 3 findings, 4 could not tell everything.
  var code: Int32 = 3
  /// Whether some expectations cannot be told although there are findings.
  var hidesSome = false

  var testDescription: String { says }

  /// Changes the hierarchy, audits it, compares, and puts all back.
  func audit(in hierarchy: Hierarchy) async throws {
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await check(hierarchy)) } catch { outcome = .failure(error) }
    try await undo(hierarchy)
    try await hierarchy.restore()
    try outcome.get()
  }

  private func check(_ hierarchy: Hierarchy) async throws {
    let server = try await startAttacker(hierarchy)
    try await change(hierarchy)
    var intentions = intentions
    if let declared {
      var zone = hierarchy.initial.child
      declared(&zone)
      intentions.child = zone
    }
    let owner = try Owner(hierarchy, intentions)
    let ending = try await owner.audit(with: arguments)
    await server?.stop()
    #expect(ending.status == code, "\(ending.talk)")
    #expect(ending.talk.isEmpty)
    let document = try AuditDocument(ending.output)
    let expected = try self.expected.map { try $0.row(in: hierarchy) }.sorted()
    let found = document.findings.map(\.row).sorted()
    #expect(found == expected, "\(Self.difference(found, expected))\n\(Self.words(document))")
    document.addUp()
    #expect(document.findings.contains { $0.verdict == "mismatch" } == (code == 3))
    #expect((document.totals.mismatch > 0) == (code == 3))
    #expect((document.totals.couldNotTell > 0) == (code == 4 || hidesSome), "\(document.totals)")
  }

  private func startAttacker(_ hierarchy: Hierarchy) async throws -> NSDServer? {
    guard let attacker else { return nil }
    var zone = hierarchy.initial.child
    attacker(&zone)
    let server = try NSDServer("NSD, the attacker's", at: hierarchy.vacancy(0), serving: [.file(zone)], key: Hierarchy.key)
    try await server.start()
    return server
  }

  static func difference(_ found: [Row], _ expected: [Row]) -> String {
    var (missing, strange) = (expected, found)
    for row in found { if let index = missing.firstIndex(of: row) { missing.remove(at: index) } }
    for row in expected { if let index = strange.firstIndex(of: row) { strange.remove(at: index) } }
    return (missing.map { "missing: \($0)" } + strange.map { "not planted: \($0)" }).joined(separator: "\n")
  }

  static func words(_ document: AuditDocument) -> String {
    document.findings.map { "\($0.row) (\($0.reason)) intended \($0.intended) observed \($0.observed)" }.joined(separator: "\n")
  }
}

extension AuditDocument {
  /// What holds of every audit.
  func addUp() {
    #expect(version == 1)
    #expect(totals.expected == totals.match + totals.mismatch + totals.couldNotTell)
    for finding in excepted {
      #expect(finding.exception.map { !$0.reason.isEmpty && !$0.owner.isEmpty && !$0.expires.isEmpty } ?? false)
    }
    #expect(totals.expected > 0)
    for finding in findings {
      #expect(["mismatch", "couldNotTell"].contains(finding.verdict))
      #expect((finding.how == nil) == (finding.verdict == "couldNotTell"))
      #expect(!finding.advice.isEmpty)
    }
  }
}

/// A hierarchy that the tests of one suite share, one after the other.
actor Stage {
  private let options: Hierarchy.Options
  private var started: Task<Hierarchy, any Error>?

  init(_ options: Hierarchy.Options) { self.options = options }

  var hierarchy: Hierarchy {
    get async throws {
      let task = started ?? Task { [options] in try await Hierarchy(options) }
      started = task
      return try await task.value
    }
  }
}
