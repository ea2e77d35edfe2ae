/// Files that tests read; where each came from stands in the README beside this file.
public enum Fixture {
  /// The path of a fixture, from its path below `Tests/Fixtures`.
  public static func path(_ below: String) -> String { folder + "/" + below }

  /// Not a default argument: that would give the folder of whoever calls.
  private static let folder = String(#filePath.dropLast("/Fixture.swift".count))
}
