import Foundation
import Indicators
import Testing

@testable import nameward

@Suite("What a feed of MISP may take") struct MISPFeedBoundsTests {
  private static func id(_ number: Int) -> String { "0000000\(number)-0000-4000-8000-000000000000" }

  private static var manifest: [UInt8] {
    let entries = (0..<8).map { #""\#(id($0))":{"info":"i","date":"2019-02-18","timestamp":"1"}"# }
    return Array("{\(entries.joined(separator: ","))}".utf8)
  }

  private static func event(_ file: String) -> [UInt8] {
    let uuid = file.prefix(36)
    let text =
      #"{"Event":{"uuid":"\#(uuid)","info":"i","date":"2019-02-18","timestamp":"1550500000","Attribute":[{"uuid":"\#(uuid)","#
      + #""type":"ip-dst","category":"Network activity","to_ids":true,"timestamp":"1550500000","#
      + #""value":"192.0.2.\#(uuid.prefix(8).suffix(1))"}]}}"#
    return Array(text.utf8)
  }

  private func read(
    octets: Int = 1 << 20, duration: Duration = .seconds(3600)
  ) async throws -> (publication: Publication, isWhole: Bool) {
    var feed = MISPFeed(name: "manifest.json", isQuiet: true) { Self.event($0) }
    (feed.bounds.octets, feed.bounds.duration) = (octets, duration)
    let (source, isWhole) = try await feed.read(Self.manifest)
    return (source.publication, isWhole)
  }

  @Test func `within its bounds a feed is had whole`() async throws {
    let (publication, isWhole) = try await read()
    #expect(publication.indicators.count == 8 && isWhole && publication.remarkCounts[.missingFile] == nil)
  }

  @Test func `events beyond the octets of a feed are told as those that could not be had`() async throws {
    // Four are asked for at once; what is left is known when the first is there.
    let (publication, isWhole) = try await read(octets: 1)
    #expect(publication.indicators.count == 4 && !isWhole)
    let missed = publication.remarks.filter { $0.cause.kind == .missingFile }
    #expect(
      missed.map(\.cause.sentence)
        == Array(repeating: "The events before this one have more than 1 octets. Name its file by itself.", count: 4))
    #expect(missed.map { $0.file?.prefix(8) } == ["00000004", "00000005", "00000006", "00000007"])
  }

  @Test func `a feed for which there is no time gives nothing`() async throws {
    let ending = await #expect(throws: Ending.self) { try await read(duration: .zero) }
    #expect(ending?.sentences.first?.contains("none of the feed's 8 events could be read") == true)
  }
}
