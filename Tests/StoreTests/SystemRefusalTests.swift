import DNSWire
import Estate
import Foundation
import Names
import Testing

@testable import Store

/// What only the system can refuse: tried with the system's own refusal, in a process of its own where the user must change.
@Suite("No permission, a file system for reading only, a full disk") struct SystemRefusals {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Root may do everything, so it becomes nobody.
  static func dropRoot() {
    if getuid() == 0 { #expect(setgid(65534) == 0 && setuid(65534) == 0) }
  }

  func setMode(_ mode: Int, _ path: String) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
  }

  @Test func `a folder that may not be made or entered`() async throws {
    try setMode(0o555, scratch.path)
    let state = scratch.state
    await #expect(processExitsWith: .success) { [state = state as String] in
      SystemRefusals.dropRoot()
      #expect(throws: StoreFault.noPermission(path: state)) { try Store(folder: state) }
    }
    try setMode(0o755, scratch.path)
    _ = try Store(folder: state)
    try setMode(0o000, scratch.state)
    await #expect(processExitsWith: .success) { [state = state as String] in
      SystemRefusals.dropRoot()
      #expect(throws: StoreFault.noPermission(path: state + "/nameward.lock")) { try Store(folder: state) }
    }
    try setMode(0o700, scratch.state)
  }

  @Test func `a database that may not be written`() async throws {
    _ = try Store(folder: scratch.state)
    try setMode(0o755, scratch.state)
    try setMode(0o666, scratch.state + "/nameward.lock")
    try setMode(0o444, scratch.database)
    let (state, database) = (scratch.state, scratch.database)
    await #expect(processExitsWith: .success) { [state = state as String, database = database as String] in
      SystemRefusals.dropRoot()
      #expect(throws: StoreFault.noPermission(path: database)) { try Store(folder: state) }
    }
  }

  /// Mounts a small file system in memory at a folder, if the system lets us.
  func mount(_ options: String, at folder: String) throws {
    guard getuid() == 0, try run("/usr/bin/mount", "-t", "tmpfs", "-o", options, "tmpfs", folder) else {
      try Test.cancel("this user may mount no file system")
    }
  }

  @discardableResult func run(_ tool: String, _ arguments: String...) throws -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: tool)
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus == 0
  }

  @Test func `a disk that fills up, and has room again`() throws {
    try mount("size=512k", at: scratch.path)
    defer { _ = try? run("/usr/bin/umount", "-l", scratch.path) }
    do {
      let store = try Store(folder: scratch.state)
      func pass(_ number: Int64, _ count: Int) throws {
        let observations = try (0..<count).map {
          try answer(name("w\($0).example.gov"), .txt, ["w\($0).example.gov 300 TXT \"\(number)\""], of: place())
        }
        _ = try store.record(observations, at: Timestamp(seconds: number))
      }
      try pass(1, 10)
      let before = try store.rowCounts()
      #expect(throws: StoreFault.diskFull(path: scratch.database)) { try pass(2, 5000) }
      #expect(try store.rowCounts() == before)
      #expect(try run("/usr/bin/mount", "-o", "remount,size=16m", scratch.path))
      try pass(3, 5000)
      #expect(try store.rowCounts()["interval"] == 5010)
    }
    try run("/usr/bin/mount", "-o", "remount,ro", scratch.path)
    #expect(throws: StoreFault.readOnly(path: scratch.state + "/nameward.lock")) { try Store(folder: scratch.state) }
    #expect(throws: StoreFault.readOnly(path: scratch.path + "/other")) { try Store(folder: scratch.path + "/other") }
  }
}
