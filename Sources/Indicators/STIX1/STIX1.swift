public import Notation

/// STIX 1.0, 1.1.1 and 1.2 packages in XML, with CybOX 2.x observables.
///
/// Elements are known by their local names, since generators disagree about prefixes and even namespaces. What stands as an observable
/// outside of an indicator was seen, and is nothing to look for.
public enum STIX1 {
  /// What it means that an object is related to another (CybOX `Related_Objects`).
  public enum Relations: Sendable {
    /// The related object must be seen as well, and a name must have resolved to every address that it is related to: as OASIS's
    /// elevator reads it.
    case required
    /// It is told for the reader's knowledge: the object alone is what is looked for.
    case told
  }

  /// Why an element holds no package.
  public struct Fault: Error, Hashable, Sendable {
    public var place: TextPlace
    /// The local name of the root element.
    public var root: String

    /// What is wrong and what to do, without the place.
    public var sentence: String {
      "This XML holds no STIX 1 package: its root element is \(quoted(root)), not STIX_Package. Name the format that the file has."
    }
  }

  /// Comparisons that one indicator's pattern may have, and those of all indicators of a file: references make a small file say a lot.
  static let mostComparisons = 20_000
  static let mostComparisonsInAll = 1_000_000
  /// Comparisons that are copied while patterns are put together: each level of references may copy those below it.
  static let mostComposed = 2 * mostComparisonsInAll
  /// Levels of elements, and of what indicators and observables are composed of or refer to.
  static let mostLevels = 100
  static let mostReferences = 32

  /// Whether an element is a package, or holds one as the blocks of a TAXII 1 answer do.
  public static func isHeld(by root: XMLElement) -> Bool { !packages(in: root).isEmpty }

  /// Reads every package of a document, also those in packages.
  ///
  /// An indicator without anything to look for is remarked upon; one whose observable cannot be said as a pattern is kept as foreign.
  ///
  /// - Throws: ``Fault`` where there is no package.
  public static func read(_ root: XMLElement, relations: Relations = .required) throws(Fault) -> Publication {
    let packages = packages(in: root)
    guard let first = packages.first else { throw Fault(place: root.place, root: root.name) }
    var reader = STIX1Reader(index: STIX1Index(root), relations: relations)
    reader.describe(first)
    for package in packages { reader.visit(package, STIX1Reader.Surroundings(), levels: mostLevels) }
    return reader.finish()
  }

  private static func packages(in root: XMLElement) -> [XMLElement] {
    var (found, level) = ([XMLElement](), [root])
    // A TAXII 1 answer has its packages three levels down.
    for _ in 0..<6 where !level.isEmpty {
      found += level.filter { $0.name == "STIX_Package" }
      level = level.filter { $0.name != "STIX_Package" }.flatMap(\.children)
      // What is nested in a package is found on the way through it.
      if !found.isEmpty { break }
    }
    return found
  }
}
