internal import Names
public import Notation

/// OpenIOC 1.0 (`ioc`) and 1.1 (`OpenIOC`) definitions in XML: one file is one indicator, whose pattern is the file's tree of items.
public enum OpenIOC {
  /// Why an element holds no definition.
  public struct Fault: Error, Hashable, Sendable {
    public var place: TextPlace
    /// The local name of the root element.
    public var root: String

    /// What is wrong and what to do, without the place.
    public var sentence: String {
      "This XML holds no OpenIOC definition: its root element is \(quoted(root)), not ioc. Name the format that the file has."
    }
  }

  public static func isHeld(by root: XMLElement) -> Bool { ["ioc", "openioc"].contains(root.name.lowercased()) }

  /// Reads a definition. Every item becomes a part of the pattern, or has a remark at its place; some have both.
  ///
  /// - Throws: ``Fault`` where there is none.
  public static func read(_ root: XMLElement) throws(Fault) -> Publication {
    guard isHeld(by: root) else { throw Fault(place: root.place, root: root.name) }
    let about = root["metadata"] ?? root
    var publication = Publication(.openIOC)
    publication.id = root.attributes["id"]
    publication.title = about["short_description"]?.content
    publication.produced = about["authored_date"]?.content.flatMap(Timestamp.init(written:))
    guard let pattern = pattern(of: root, remarks: &publication) else {
      if publication.remarkCount == 0 { publication.remark(root.place, .noValue) }
      return publication
    }
    var indicator = Indicator(id: publication.id ?? "ioc", place: root.place, criterion: .pattern(pattern))
    indicator.title = publication.title
    indicator.description = about["description"]?.content
    indicator.modified =
      (root.attributes["last-modified"]).flatMap(Timestamp.init(written:)) ?? publication.produced
    describe(&indicator, about)
    publication.take(indicator)
    return publication
  }

  /// Links say what it belongs to (a group, a family) or of what kind it is; licences and references say neither.
  private static func describe(_ indicator: inout Indicator, _ about: XMLElement) {
    var labels = about["keywords"]?.content?.split(whereSeparator: \.isWhitespace).map(String.init) ?? []
    for link in about["links"]?.children.prefix(mostLinks) ?? [] {
      guard let text = link.content else { continue }
      switch link.attributes["rel"]?.lowercased() {
      case "threatgroup", "family", "threatname", "campaign", "malwarefamily": indicator.context.append(text)
      case "category", "threatcategory", "type", "grade": labels.append(text)
      default: break
      }
    }
    indicator.labels = distinct(labels)
    indicator.context = distinct(indicator.context)
  }

  private static let mostLinks = 1000
}
