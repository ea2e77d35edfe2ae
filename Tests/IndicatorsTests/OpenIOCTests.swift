import Fixtures
import Foundation
import Names
import Notation
import Testing

@testable import Indicators

@Suite("OpenIOC 1.0 definitions") struct OpenIOCTests {
  static let files = ((try? FileManager.default.contentsOfDirectory(atPath: Fixture.path("ioc/openioc"))) ?? []).sorted()

  static func root(_ file: String) throws -> XMLElement {
    try XMLElement(Fixture.octets("ioc/openioc/" + file))
  }

  static func items(_ root: XMLElement) -> [XMLElement] {
    var (items, open) = ([XMLElement](), [root])
    while let element = open.popLast() {
      if element.name == "IndicatorItem" { items.append(element) }
      open += element.children
    }
    return items
  }

  @Test func `there are 24 files with 799 items`() throws {
    #expect(Self.files.count == 24)
    #expect(try Self.files.reduce(0) { try $0 + Self.items(Self.root($1)).count } == 799)
  }

  /// The value of an item, without looking at how its context is read, stands in the pattern as often as in the file; the rest has
  /// remarks.
  @Test(arguments: files) func `every item is in the pattern or has a remark`(file: String) throws {
    let root = try Self.root(file)
    let publication = try OpenIOC.read(root)
    let indicator = try #require(publication.indicators.first)
    #expect(publication.indicators.count == 1)
    let values = (indicator.pattern?.expression.comparedValues ?? []).map { $0.description.lowercased() }
    let remarks = Set(publication.remarks.map(\.place))
    for item in Self.items(root) {
      let value = try #require(item["Content"]?.content).lowercased()
      // A path is told as folder and name.
      let last = value.split { $0 == "\\" || $0 == "/" }.last.map(String.init) ?? value
      let isThere = values.contains { text in
        text.hasSuffix(" " + value) || text.hasSuffix(" #" + value) || text.hasSuffix(" %\(value)%")
          || text.hasSuffix(" ^" + value)
          || text.hasSuffix("file:name = " + last) || text.hasSuffix(" %." + value)
          || text.contains(" matches ") && text.replacing("\\", with: "").contains(value.replacing("\\", with: ""))
      }
      #expect(isThere || remarks.contains(item.place), "\(item.place) \(value)")
    }
  }

  @Test func `contexts that STIX has no property for are told, and nothing else`() throws {
    var unknown: [String: Int] = [:]
    for file in Self.files {
      for remark in try OpenIOC.read(Self.root(file)).remarks {
        guard case .unknownType(let context) = remark.cause else {
          Issue.record("\(file) \(remark)")
          continue
        }
        unknown[context, default: 0] += 1
      }
    }
    // Counted in the files: contexts that STIX 2.1 has no property for, parts of whole paths, and the path of a handle.
    #expect(
      unknown == [
        "FileItem/FullPath": 38, "FileItem/PEInfo/DigitalSignature/CertificateSubject": 2, "FileItem/PEInfo/Exports/DllName": 2,
        "FileItem/PEInfo/Exports/ExportedFunctions/string": 3, "FileItem/PEInfo/Exports/NumberOfFunctions": 1,
        "FileItem/PEInfo/ImportedModules/Module/Name": 1, "FileItem/PEInfo/ResourceInfoList/ResourceInfoItem/Name": 2,
        "FileItem/PEInfo/VersionInfoList/VersionInfoItem/FileDescription": 1,
        "FileItem/PEInfo/VersionInfoList/VersionInfoItem/OriginalFilename": 2, "FileItem/StringList/string": 4,
        "ProcessItem/HandleList/Handle/Name": 1, "ProcessItem/SectionList/MemorySection/Name": 5,
        "ProcessItem/SectionList/MemorySection/PEInfo/Exports/DllName": 1,
        "TaskItem/AccountName": 1, "TaskItem/ActionList/Action/ExecProgramPath": 1, "TaskItem/Name": 1,
        "TaskItem/TriggerList/Trigger/TriggerFrequency": 1,
      ])
  }

  @Test func `what a file says of itself is told`() throws {
    let file = try #require(Self.files.first { $0.hasPrefix("APT18_") })
    let publication = try OpenIOC.read(Self.root(file))
    let indicator = try #require(publication.indicators.first)
    #expect(indicator.id == "0ae061d7-c624-4a84-8adf-00281b97797b")
    #expect(indicator.title == "DEMONSTRATING HUSTLE - APT18 (BLOG)")
    #expect(indicator.context == ["APT18"])
    #expect(indicator.labels == ["APT"])
    #expect(indicator.modified == Timestamp("2015-07-12T02:56:02Z"))
    #expect(publication.produced == Timestamp("2015-07-10T21:24:04Z"))
  }

  @Test func `a tree whose top is an OR has every address as enough alone`() throws {
    let file = try #require(Self.files.first { $0.hasPrefix("APT18_") })
    let pattern = try #require(try OpenIOC.read(Self.root(file)).indicators.first?.pattern)
    guard case .observation(.or(let parts)) = pattern.expression else {
      Issue.record("\(pattern)")
      return
    }
    #expect(parts.contains(.equal(ObjectPath("ipv4-addr", ["value"]), "137.175.4.132")))
    #expect(
      parts.contains { part in
        guard case .and(let both) = part else { return false }
        return both.contains(.equal(ObjectPath("file", ["name"]), "movie.swf")) && both.count == 2
      })
  }
}

@Suite("OpenIOC operators and conditions") struct OpenIOCTreeTests {
  static func item(_ search: String, _ value: String, _ condition: String = "is", _ attributes: String = "") -> String {
    """
    <IndicatorItem condition="\(condition)" \(attributes)><Context document="x" search="\(search)" type="mir"/><Content type="string">\(value)</Content></IndicatorItem>
    """
  }

  static func read(_ tree: String) throws -> Publication {
    let text = #"<ioc xmlns="http://schemas.mandiant.com/2010/ioc" id="i"><definition>\#(tree)</definition></ioc>"#
    return try OpenIOC.read(XMLElement(Array(text.utf8)))
  }

  static func pattern(_ tree: String) throws -> Pattern? { try read(tree).indicators.first?.pattern }

  static func and(_ parts: String...) -> String { "<Indicator operator=\"AND\">\(parts.joined())</Indicator>" }
  static func or(_ parts: String...) -> String { "<Indicator operator=\"OR\">\(parts.joined())</Indicator>" }

  static let name = ComparisonExpression.equal(ObjectPath("file", ["name"]), "a")
  static let size = ComparisonExpression.comparison(
    Comparison(path: ObjectPath("file", ["size"]), isNegated: false, operator: .equal, operand: .constant(.integer(5))))
  static let domain = ComparisonExpression.equal(ObjectPath("domain-name", ["value"]), "evil.example")

  @Test func `items of one kind under an AND are one object; values are seen one by one`() throws {
    #expect(
      try Self.pattern(Self.or(Self.and(Self.item("FileItem/FileName", "a"), Self.item("FileItem/SizeInBytes", "5"))))
        == Pattern(.and([Self.name, Self.size])))
    #expect(
      try Self.pattern(Self.and(Self.item("FileItem/FileName", "a"), Self.item("Network/DNS", "evil[.]example")))
        == Pattern(.and([.observation(Self.name), .observation(Self.domain)])))
  }

  @Test func `a whole name or address that is to be contained is that name and below, or that address`() throws {
    #expect(
      try Self.pattern(Self.or(Self.item("DnsEntryItem/Host", "evil.example", "contains")))
        == Pattern(
          .or([
            Self.domain,
            .comparison(
              Comparison(
                path: ObjectPath("domain-name", ["value"]), isNegated: false, operator: .like,
                operand: .constant(.string("%.evil.example")))),
          ])))
    #expect(
      try Self.pattern(Self.or(Self.item("PortItem/remoteIP", "192.0.2.1", "contains")))
        == Pattern(.equal(ObjectPath("ipv4-addr", ["value"]), "192.0.2.1")))
  }

  @Test func `a negation counts beside something that is there, and not alone`() throws {
    let not = Self.item("FileItem/FileName", "a", "isnot")
    let publication = try Self.read(Self.or(not, Self.item("Network/DNS", "evil.example")))
    #expect(publication.indicators.first?.pattern == Pattern(Self.domain))
    #expect(publication.remarkCount == 1)
    #expect(try Self.pattern(Self.and(not, Self.item("Network/DNS", "evil.example"))) == nil)
    #expect(try Self.pattern(not) == nil)
    #expect(
      try Self.pattern(
        Self.and(Self.item("FileItem/SizeInBytes", "5"), Self.item("FileItem/FileName", "a", "is", #"negate="true""#)))
        == Pattern(.and([Self.size, Self.name.negated])))
  }

  @Test func `an AND with an item that cannot be said is left out whole, with a remark on each item`() throws {
    let publication = try Self.read(
      Self.or(Self.and(Self.item("FileItem/Md5sum", "xyz"), Self.item("FileItem/FileName", "svchost.exe"))))
    #expect(publication.indicators == [])
    #expect(publication.remarkCount == 2)
  }

  @Test func `an empty value, a deep tree and another root are no indicator`() throws {
    #expect(try Self.read(Self.or(Self.item("Network/DNS", " "))).indicators == [])
    #expect(try Self.read("").remarks.map(\.cause) == [.noValue])
    let deep = String(repeating: #"<Indicator operator="OR">"#, count: 60) + Self.item("Network/DNS", "evil.example")
    #expect(try Self.read(deep + String(repeating: "</Indicator>", count: 60)).indicators == [])
    let root = try XMLElement(Array("<html/>".utf8))
    #expect(throws: OpenIOC.Fault(place: root.place, root: "html")) { try OpenIOC.read(root) }
  }
}
