import ArgumentParser
import Audit
import DNSWire
import Estate
import Foundation
import Names

enum Format: String, ExpressibleByArgument, CaseIterable {
  case text, json, jsonl, csv, sarif, junit
}

extension AuditResult {
  func rendered(as format: Format, coloured: Bool, width: Int) throws -> String {
    switch format {
    case .text: TextReport(self, coloured: coloured, width: width).text
    case .json: try JSON.pretty(AuditDocument(self)) + "\n"
    case .jsonl: try flat.map { try JSON.line($0) + "\n" }.joined()
    case .csv: csv
    case .sarif: try JSON.pretty(SARIF(self)) + "\n"
    case .junit: JUnit(self).xml
    }
  }
}

enum JSON {
  static func pretty(_ value: some Encodable) throws -> String {
    try encode(value, [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
  }
  static func line(_ value: some Encodable) throws -> String { try encode(value, [.sortedKeys, .withoutEscapingSlashes]) }

  private static func encode(_ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = formatting
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
