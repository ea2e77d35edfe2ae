import Foundation
import Testing

@testable import nameward

@Suite("Logs in pieces: what was read before a fault is given before it") struct LogPiecesTests {
  /// A Frame Streams file with two frames of dnstap, each with the address of a client (field 14 and in it field 4).
  private static let dnstap: [UInt8] = {
    let start = [0, 0, 0, 0, 0, 0, 0, 34, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 22] + Array("protobuf:dnstap.Dnstap".utf8)
    func frame(_ last: UInt8) -> [UInt8] { [0, 0, 0, 8, 0x72, 6, 0x22, 4, 192, 0, 2, last] }
    return start + frame(66) + frame(67) + [0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 3]
  }()

  /// What a log gives, and why it gives no more.
  private func read(_ octets: [UInt8]) throws -> (text: String, fault: String?) {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("nameward-log-\(UUID())")
    defer { try? FileManager.default.removeItem(at: path) }
    try Data(octets).write(to: path)
    var text = ""
    do {
      var pieces = try LogPieces(path.path)
      while let piece = try pieces.next() { text += String(decoding: piece, as: UTF8.self) }
    } catch let error as Reading.Unreadable {
      return (text, error.description.replacing(path.path, with: "log"))
    }
    return (text, nil)
  }

  private let first = "{\"query_address\":\"192.0.2.66\"}\n"
  private let second = "{\"query_address\":\"192.0.2.67\"}\n"

  @Test func `dnstap: a frame is a line`() throws {
    let (text, fault) = try read(Self.dnstap)
    #expect(text == first + second && fault == nil)
  }

  @Test func `dnstap: frames whose message cannot be read are counted`() throws {
    // Beside the address a response (field 14) of one octet, and a frame of another kind.
    let broken: [UInt8] = [0, 0, 0, 11, 0x72, 9, 0x22, 4, 192, 0, 2, 66, 0x72, 1, 0] + [0, 0, 0, 2, 0x78, 1]
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("nameward-log-\(UUID())")
    defer { try? FileManager.default.removeItem(at: path) }
    for (octets, count) in [(Self.dnstap, 0), (Array(Self.dnstap.dropLast(12)) + broken + Self.dnstap.suffix(12), 2)] {
      try Data(octets).write(to: path)
      var pieces = try LogPieces(path.path)
      while try pieces.next() != nil {}
      #expect(pieces.unreadFrames == count)
    }
  }

  @Test func `dnstap that is cut short gives its whole frames, and is told unless it ends with one`() throws {
    let frames = 42...66
    for count in 12..<Self.dnstap.count {
      let (text, fault) = try read(Array(Self.dnstap.prefix(count)))
      #expect(text == (count < 54 ? "" : count < 66 ? first : first + second), "\(count)")
      let isWhole = frames.contains(count) && (count - 42).isMultiple(of: 12)
      #expect(fault == (isWhole ? nil : "log ends in the middle of a frame: it may be cut short. Fetch it again"), "\(count)")
    }
  }

  @Test func `what follows the end of a stream of dnstap is told, and takes no memory`() throws {
    let (text, fault) = try read(Self.dnstap + [UInt8](repeating: 0, count: 3 << 20))
    #expect(text == first + second)
    #expect(
      fault == "log: Something follows the end of the stream after frame 2, and is not read. Give each stream a file of its own")
  }

  @Test func `dnstap with octets changed is read or told, and nothing traps`() throws {
    for place in 12..<Self.dnstap.count {
      for value in [0, 1, 0x7F, 0x80, 0xFF] as [UInt8] {
        var octets = Self.dnstap
        octets[place] = value
        let (text, fault) = try read(octets)
        #expect(fault != nil || text.split(separator: "\n").count <= 2)
      }
    }
  }

  @Test func `a compressed log that is cut short gives what it has`() throws {
    // A line, stored without compression (RFC 1951 §3.2.4), without the end of the file.
    let line = Array("evil.example\n".utf8)
    let gzip = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0, UInt8(line.count), 0, ~UInt8(line.count), 0xFF] + line
    let (text, fault) = try read(gzip)
    #expect(text == "evil.example\n")
    #expect(fault == "log ends in the middle of its compressed data: it may be cut short. Fetch it again")
  }
}
