import Foundation

/// A temporary folder with one owner; it goes when its owner goes.
///
/// The path is short, for control sockets live below it and the path of a Unix socket holds 107 octets.
final class Folder: Sendable {
  let path: String

  init() throws {
    let name = "nameward-" + String(UInt32.random(in: 0 ... .max), radix: 36)
    path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    Leftovers.keep(folder: path)
  }

  deinit {
    Folder.remove(path)
    Leftovers.forget(folder: path)
  }

  /// The path of an entry below the folder.
  func callAsFunction(_ name: String) -> String { path + "/" + name }

  /// Writes a file whole: a server that reads meanwhile sees the old text or the new.
  func write(_ text: String, to name: String) throws {
    try text.write(toFile: self(name), atomically: true, encoding: .utf8)
  }

  func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(atPath: self(name), withIntermediateDirectories: true)
  }

  /// The last octets of a file, as text; empty when it is not there.
  static func tail(_ path: String, octets: UInt64 = 6000) -> String {
    guard let file = FileHandle(forReadingAtPath: path) else { return "" }
    defer { try? file.close() }
    let size = (try? file.seekToEnd()) ?? 0
    try? file.seek(toOffset: size > octets ? size - octets : 0)
    return String(decoding: (try? file.readToEnd()) ?? Data(), as: UTF8.self)
  }

  static func remove(_ path: String) {
    try? FileManager.default.removeItem(atPath: path)
  }
}
