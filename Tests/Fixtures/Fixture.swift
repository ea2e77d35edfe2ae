/// Files that tests read; where each came from stands in the README beside this file.
public enum Fixture {
  /// The path of a fixture, from its path below `Tests/Fixtures`.
  public static func path(_ below: String, here: String = #filePath) -> String {
    var folder = here
    while let last = folder.popLast(), last != "/" {}
    return folder + "/" + below
  }
}
