import Foundation

/// Debian's programs: where they are, and running one to its end.
public enum Program {
  private static let folders = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/sbin", "/bin"]

  static func path(_ name: String) throws -> String {
    for folder in folders {
      let path = folder + "/" + name
      if FileManager.default.isExecutableFile(atPath: path) { return path }
    }
    throw ServerFault.notInstalled(program: name)
  }

  /// The path of a copy of a program.
  ///
  /// Debian confines BIND and Unbound by AppArmor to their own folders in /etc and /var; a profile goes by the program's path.
  static func unconfined(_ name: String, in folder: Folder) async throws -> String {
    let copy = folder(name)
    // Another process writes the copy: a child that is started here meanwhile would inherit the open file, and a program that
    // is open for writing cannot be run.
    if !FileManager.default.fileExists(atPath: copy) { try await run(["cp", path(name), copy], in: folder) }
    return copy
  }

  /// Runs a program to its end and gives what it wrote to both outputs.
  ///
  /// - Throws: ``ServerFault`` when its status is not 0 or it takes longer than the limit.
  @discardableResult
  static func run(
    _ command: [String], in folder: Folder, limit: Duration = .seconds(40), fails: Bool = false
  ) async throws -> String {
    let output = folder("output-" + String(UInt64.random(in: 0 ... .max), radix: 36))
    defer { Folder.remove(output) }
    let process = try await ServerProcess(command, log: output)
    let deadline = ContinuousClock.now + limit
    while process.ended == nil {
      guard ContinuousClock.now < deadline else {
        await process.stop()
        throw ServerFault.toolTooSlow(command: command.joined(separator: " "), output: Folder.tail(output))
      }
      try await Task.sleep(for: .milliseconds(2))
    }
    guard process.ended == 0 || fails else {
      throw ServerFault.toolFailed(
        command: command.joined(separator: " "), status: process.ended ?? -1, output: Folder.tail(output))
    }
    return try String(contentsOfFile: output, encoding: .utf8)
  }

  /// Runs a program to its end, without the white space around what it wrote.
  ///
  /// - Parameter fails: Whether a status that is not 0 is expected.
  public static func output(of command: [String], fails: Bool = false) async throws -> String {
    try await run(command, in: Folder(), fails: fails).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
