import Foundation

/// Packages of PyPI that the tests use, in a virtual environment that `Scripts/bootstrap --tests` makes.
public enum PythonPackages {
  /// The interpreter that has them.
  static func interpreter() throws -> String {
    // This file is Tests/RealServers/PythonPackages.swift.
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let path = root.appending(path: ".build/python/bin/python3").path
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw ServerFault.notInstalled(program: ".build/python/bin/python3")
    }
    return path
  }

  /// Runs a Python program to its end and gives what it wrote.
  public static func run(_ program: String, _ arguments: [String] = []) async throws -> String {
    let folder = try Folder()
    try folder.write(program, to: "program.py")
    return try await Program.run([interpreter(), folder("program.py")] + arguments, in: folder)
  }
}
