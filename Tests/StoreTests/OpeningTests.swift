import DNSWire
import Estate
import Foundation
import GRDB
import Names
import Testing

@testable import Store

@Suite("Opening the state folder") struct Opening {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  func record(_ store: Store, _ number: UInt16 = 1) throws {
    _ = try store.record(
      [answer(name("www.example.gov"), .a, ["www.example.gov 300 A 192.0.2.\(number & 255)"], of: place(), id: number)],
      at: Timestamp(seconds: Int64(number)))
  }

  @Test func `makes the folder and those above it for this user only`() throws {
    let deep = scratch.path + "/a/b//c/"
    let store = try Store(folder: deep)
    try record(store)
    for folder in ["/a", "/a/b", "/a/b/c"] { #expect(try mode(scratch.path + folder) == 0o700) }
    for file in ["nameward.sqlite", "nameward.sqlite-wal", "nameward.lock"] { #expect(try mode(deep + file) == 0o600) }
  }

  @Test func `keeps a folder that is there as it is`() throws {
    try FileManager.default.createDirectory(
      atPath: scratch.state, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o750])
    _ = try Store(folder: scratch.state)
    #expect(try mode(scratch.state) == 0o750)
  }

  @Test func `writes ahead into a log, and waits for the disk`() throws {
    let store = try Store(folder: scratch.state)
    try record(store)
    #expect(try scratch.sqlite { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
    #expect(try store.pragma("synchronous") == 2)
    #expect(try store.pragma("foreign_keys") == 1)
  }

  @Test func `a second opener is told who holds the folder`() throws {
    let first = try Store(folder: scratch.state)
    try record(first)
    #expect(throws: StoreFault.inUse(folder: scratch.state, holder: getpid())) { try Store(folder: scratch.state) }
    // The refusal has taken nothing from the first.
    try record(first, 2)
  }

  @Test func `the folder is free again when its store is let go`() throws {
    for number in 1...3 {
      let store = try Store(folder: scratch.state)
      try record(store, UInt16(number))
      #expect(try store.rowCounts()["interval"] == number)
    }
    // The log is folded into the file, and nobody is named as holder.
    #expect(!FileManager.default.fileExists(atPath: scratch.database + "-wal"))
    #expect(try Data(contentsOf: URL(filePath: scratch.state + "/nameward.lock")).isEmpty)
  }

  @Test func `refuses a file in the place of the folder`() throws {
    try Data("x".utf8).write(to: URL(filePath: scratch.state))
    #expect(throws: StoreFault.notAFolder(path: scratch.state)) { try Store(folder: scratch.state) }
    #expect(throws: StoreFault.self) { try Store(folder: scratch.state + "/below") }
    #expect(try Data(contentsOf: URL(filePath: scratch.state)) == Data("x".utf8))
  }

  @Test func `refuses a folder in the place of the database`() throws {
    try FileManager.default.createDirectory(atPath: scratch.database, withIntermediateDirectories: true)
    #expect(throws: StoreFault.failed(path: scratch.database, "it is a folder")) { try Store(folder: scratch.state) }
  }

  @Test(arguments: [0, 16, 100, 4096, 20_000])
  func `refuses octets that are no database, and leaves them`(count: Int) throws {
    try FileManager.default.createDirectory(atPath: scratch.state, withIntermediateDirectories: false)
    let octets = Data(repeating: 0x5A, count: count)
    try octets.write(to: URL(filePath: scratch.database))
    guard count > 0 else {
      // An empty file is what is left when the very first opening was cut off.
      try record(Store(folder: scratch.state))
      return
    }
    #expect(throws: StoreFault.damaged(path: scratch.database, "file is not a database")) { try Store(folder: scratch.state) }
    #expect(try Data(contentsOf: URL(filePath: scratch.database)) == octets)
    #expect(throws: StoreFault.damaged(path: scratch.database, "file is not a database")) {
      try StoreReader(folder: scratch.state)
    }
  }

  /// A database with a few pages, closed.
  func filled() throws -> Data {
    do {
      let store = try Store(folder: scratch.state)
      for number in 1...200 { try record(store, UInt16(number)) }
    }
    return try Data(contentsOf: URL(filePath: scratch.database))
  }

  @Test func `refuses a file that was cut off, and leaves it`() throws {
    let octets = try filled().prefix(5 * 4096 + 100)
    try octets.write(to: URL(filePath: scratch.database))
    #expect { try Store(folder: scratch.state) } throws: { error in
      if case .damaged(scratch.database, _) = error as? StoreFault { true } else { false }
    }
    #expect(try Data(contentsOf: URL(filePath: scratch.database)) == octets)
  }

  @Test(arguments: 1..<8)
  func `refuses a file with a page overwritten, and leaves it`(page: Int) throws {
    var octets = try filled()
    try #require(octets.count > 8 * 4096)
    octets.replaceSubrange((page * 4096)..<((page + 1) * 4096), with: Data(repeating: 0xA5, count: 4096))
    try octets.write(to: URL(filePath: scratch.database))
    #expect { try Store(folder: scratch.state) } throws: { error in
      if case .damaged(scratch.database, _) = error as? StoreFault { true } else { false }
    }
    #expect(try Data(contentsOf: URL(filePath: scratch.database)) == octets)
  }

  @Test func `refuses the database of another program, and leaves it`() throws {
    try FileManager.default.createDirectory(atPath: scratch.state, withIntermediateDirectories: false)
    try scratch.sqlite { try $0.execute(sql: "CREATE TABLE bookmark (url TEXT)") }
    let octets = try Data(contentsOf: URL(filePath: scratch.database))
    #expect(throws: StoreFault.foreign(path: scratch.database)) { try Store(folder: scratch.state) }
    #expect(try Data(contentsOf: URL(filePath: scratch.database)) == octets)
  }

  @Test func `says that another program has locked the database`() throws {
    let store = try Store(folder: scratch.state)
    try record(store)
    let other = try DatabaseQueue(path: scratch.database)
    try other.inDatabase { database in
      try database.execute(sql: "BEGIN IMMEDIATE")
      #expect(throws: StoreFault.busy(path: scratch.database)) { try record(store, 2) }
      try database.execute(sql: "ROLLBACK")
    }
    try record(store, 3)
    #expect(try store.rowCounts()["interval"] == 2)
  }

  @Test func `says that the disk is full, and loses nothing`() throws {
    let store = try Store(folder: scratch.state, schema: .current, mostPages: 60)
    try record(store)
    let before = try store.rowCounts()
    let many = try (0..<500).map { try answer(name("w\($0).example.gov"), .a, [], of: place(), id: UInt16($0)) }
    #expect(throws: StoreFault.diskFull(path: scratch.database)) { try store.record(many, at: Timestamp(seconds: 2)) }
    #expect(try store.rowCounts() == before)
    try record(store, 2)
  }

  @Test func `a reader finds nothing before anything was recorded`() throws {
    #expect(throws: StoreFault.empty(folder: scratch.state)) { try StoreReader(folder: scratch.state) }
    #expect(!FileManager.default.fileExists(atPath: scratch.state))
  }

  @Test func `a reader sees what the writer has recorded, beside it and after it`() throws {
    let scope = Scope(declaration: "nameward.yaml")
    let reader: StoreReader
    do {
      let store = try Store(folder: scratch.state)
      reader = try StoreReader(folder: scratch.state)
      #expect(try reader.lastPass(scope) == nil)
      _ = try store.record([], scope: scope, totals: Totals(match: 1, mismatch: 0, couldNotTell: 0), at: Timestamp(seconds: 1))
      #expect(try reader.lastPass(scope)?.totals.match == 1)
    }
    #expect(try reader.lastPass(scope)?.totals.match == 1)
    #expect(try StoreReader(folder: scratch.state).openFindings(declaration: scope.declaration).isEmpty)
  }

  // To close any file drops all POSIX locks that a process has on it (fcntl(2)).
  @Test func `a reader reads on when a writer beside it is gone and another process has written`() async throws {
    let scope = Scope(declaration: "nameward.yaml")
    let state = scratch.state
    func pass(_ number: Int) throws {
      _ = try Store(folder: state).record(
        [], scope: scope, totals: Totals(match: number, mismatch: 0, couldNotTell: 0), at: Timestamp(seconds: Int64(number)))
    }
    try pass(1)
    let reader = try StoreReader(folder: scratch.state)
    #expect(try reader.lastPass(scope)?.totals.match == 1)
    try pass(2)
    for number in 3...4 {
      await #expect(processExitsWith: .success) { [state = state as String, number = number as Int] in
        _ = try Store(folder: state).record(
          [], scope: Scope(declaration: "nameward.yaml"), totals: Totals(match: number, mismatch: 0, couldNotTell: 0),
          at: Timestamp(seconds: Int64(number)))
      }
      // The last who goes deletes the log; the reader is still here.
      #expect(FileManager.default.fileExists(atPath: scratch.database + "-wal"))
      #expect(try reader.lastPass(scope)?.totals.match == number)
    }
    try pass(5)
    #expect(try reader.lastPass(scope)?.totals.match == 5)
  }

  @Test func `a link to where no file is yet leads to one that only this user can read`() throws {
    try FileManager.default.createDirectory(atPath: scratch.state, withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(atPath: scratch.database, withDestinationPath: scratch.path + "/elsewhere")
    try record(Store(folder: scratch.state))
    #expect(try mode(scratch.path + "/elsewhere") == 0o600)
  }
}
