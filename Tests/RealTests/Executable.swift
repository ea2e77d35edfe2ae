import Foundation
import Glibc
import Names
import Testing

/// The program under test, run as its users run it: a child with arguments, outputs and a status.
///
/// A class, since a run has one life: one that nobody holds any longer is ended.
final class Executable: Sendable {
  struct Ending: Sendable {
    /// The exit code; 128 and the number where a signal ended it.
    var status: Int32
    var output: String
    var talk: String
  }

  /// It stands beside the bundle of tests, where the build puts both.
  static let path = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path + "/nameward"

  private let process: Process
  private let folder: Scratch
  private let ended: AsyncStream<Void>

  /// Starts a run.
  ///
  /// - Parameters:
  ///   - place: The working folder.
  ///   - input: What it reads from standard input, as a file in that folder.
  ///   - program: What is started in its place, and starts it.
  init(
    _ arguments: [String], in place: String, environment: [String: String] = [:], input: String? = nil, program: String = path
  ) throws {
    let (folder, process) = (try Scratch(), Process())
    let (ended, ending) = AsyncStream.makeStream(of: Void.self)
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: place)
    process.environment = ["PATH": "/usr/bin:/bin", "HOME": place, "LC_ALL": "C.UTF-8"].merging(environment) { $1 }
    process.standardInput =
      try input.map { try FileHandle(forReadingFrom: URL(fileURLWithPath: place + "/" + $0)) } ?? FileHandle.nullDevice
    process.standardOutput = try folder.file("output")
    process.standardError = try folder.file("talk")
    process.terminationHandler = { _ in ending.finish() }
    try process.run()
    (self.folder, self.process, self.ended) = (folder, process, ended)
  }

  deinit { kill() }

  /// Runs it to its end.
  static func run(
    _ arguments: [String], in place: String, environment: [String: String] = [:], input: String? = nil,
    limit: Duration = .seconds(60)
  ) async throws -> Ending {
    try await Executable(arguments, in: place, environment: environment, input: input).ending(limit: limit)
  }

  var processIdentifier: Int32 { process.processIdentifier }
  var isRunning: Bool { process.isRunning }

  /// Ends the run at once, whatever it does.
  func kill() { if process.isRunning { Glibc.kill(process.processIdentifier, SIGKILL) } }

  /// What Ctrl-C sends.
  func interrupt() { if process.isRunning { Glibc.kill(process.processIdentifier, SIGINT) } }

  /// What it has written so far.
  var outputSoFar: String { get throws { try folder.text("output") } }
  var talkSoFar: String { get throws { try folder.text("talk") } }

  /// Waits for the end. A run that takes longer than the limit is ended and is an issue.
  func ending(limit: Duration = .seconds(60)) async throws -> Ending {
    let watch = Task { [self] in
      try await Task.sleep(for: limit)
      Issue.record("nameward \(process.arguments ?? []) still ran after \(limit)")
      kill()
    }
    for await _ in ended {}
    watch.cancel()
    let signal = process.terminationReason == .uncaughtSignal
    return Ending(
      status: signal ? 128 + process.terminationStatus : process.terminationStatus, output: try folder.text("output"),
      talk: try folder.text("talk"))
  }
}

/// A temporary folder of one test; it goes with its owner.
final class Scratch: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("audit-" + UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func callAsFunction(_ name: String) -> String { path + "/" + name }

  func write(_ text: String, to name: String) throws { try text.write(toFile: self(name), atomically: true, encoding: .utf8) }

  func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: self(name))), as: UTF8.self)
  }

  func file(_ name: String) throws -> FileHandle {
    try write("", to: name)
    return try FileHandle(forWritingTo: URL(fileURLWithPath: self(name)))
  }
}
