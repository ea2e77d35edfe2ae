internal import Foundation
internal import Notation

/// Files that tests read; where each came from stands in the README beside this file. Large ones are kept compressed, under their
/// name and `.gz`, and are read as if they were not.
public enum Fixture {
  /// The path of a fixture, from its path below `Tests/Fixtures`.
  public static func path(_ below: String) -> String { folder + "/" + below }

  public static func octets(_ below: String) throws -> [UInt8] {
    let path = path(below)
    if FileManager.default.fileExists(atPath: path) { return try [UInt8](Data(contentsOf: URL(filePath: path))) }
    return try Decompressor.whole([UInt8](Data(contentsOf: URL(filePath: path + ".gz"))), .gzip, atMost: 64 << 20)
  }

  /// The paths of the files that stand somewhere below a folder, from the folder on, sorted.
  public static func files(below folder: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: path(folder))?.compactMap { $0 as? String } ?? []
    return names.map { $0.hasSuffix(".gz") ? String($0.dropLast(3)) : $0 }.sorted()
  }

  /// Not a default argument: that would give the folder of whoever calls.
  private static let folder = String(#filePath.dropLast("/Fixture.swift".count))
}
