import Foundation
import FoundationXML

/// What libxml2 reads of a JUnit report: cases, failures and skipped ones, as they are counted and as they are said to be.
struct JUnitLog {
  var isWellFormed = false
  /// Elements: cases, failures, skipped.
  var counted: [Int] = []
  /// What the root element says of them.
  var declared: [Int] = []
  /// What the suites say, summed.
  var suites: [Int] = []

  init(_ text: String) {
    let parser = XMLParser(data: Data(text.utf8))
    let reader = Reader()
    parser.delegate = reader
    isWellFormed = parser.parse()
    (counted, declared, suites) = (reader.counted, reader.declared, reader.suites)
  }

  /// A class, as XMLParser wants its delegate.
  private final class Reader: NSObject, XMLParserDelegate {
    var counted = [0, 0, 0]
    var declared = [0, 0, 0]
    var suites = [0, 0, 0]

    func parser(
      _ parser: XMLParser, didStartElement element: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      let said = ["tests", "failures", "skipped"].map { Int(attributes[$0] ?? "") ?? -1 }
      switch element {
      case "testsuites": declared = said
      case "testsuite": suites = zip(suites, said).map { $0 + $1 }
      case "testcase": counted[0] += 1
      case "failure": counted[1] += 1
      case "skipped": counted[2] += 1
      default: break
      }
    }
  }
}
