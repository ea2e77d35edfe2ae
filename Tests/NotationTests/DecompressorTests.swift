import Foundation
import Notation
import Testing

/// The compressed forms were made by gzip 1.12 and zstd 1.5.4.
@Suite("RFC 1952 gzip, RFC 8878 Zstandard") struct DecompressorTests {
  static let gzip: [UInt8] = [
    0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0xE7, 0x02, 0x00, 0x20, 0x30, 0x3A,
    0x36, 0x06, 0x00, 0x00, 0x00,
  ]

  /// `hello` a hundred times.
  static let zstd: [UInt8] = [
    0x28, 0xB5, 0x2F, 0xFD, 0x04, 0x58, 0x6D, 0x00, 0x00, 0x30, 0x68, 0x65, 0x6C, 0x6C, 0x6F, 0x0A, 0x01, 0x00, 0x4F, 0x52, 0x95,
    0x22, 0xFF, 0x25, 0x8C, 0x8A,
  ]

  static func all(_ octets: [UInt8], room: Int = 4) throws -> (text: String, isWhole: Bool) {
    let form = try #require(Decompressor.form(of: octets))
    let decompressor = try Decompressor(form)
    var (input, output) = (octets[...], [UInt8]())
    while true {
      let (before, had) = (output.count, input.count)
      try decompressor.decompress(&input, into: &output, room: room)
      if output.count == before, input.count == had { break }
    }
    return (String(decoding: output, as: UTF8.self), decompressor.isWhole && input.isEmpty)
  }

  @Test(arguments: [1, 4, 1000]) func `gzip, whatever the room`(room: Int) throws {
    let (text, isWhole) = try Self.all(Self.gzip, room: room)
    #expect(text == "hello\n" && isWhole)
  }

  @Test(arguments: [1, 7, 1000]) func `Zstandard, whatever the room`(room: Int) throws {
    let (text, isWhole) = try Self.all(Self.zstd, room: room)
    #expect(text == String(repeating: "hello\n", count: 100) && isWhole)
  }

  @Test func `files that follow one another are one text, and zeros after them nothing`() throws {
    let (text, isWhole) = try Self.all(Self.gzip + Self.gzip + [0, 0, 0])
    #expect(text == "hello\nhello\n" && isWhole)
  }

  @Test(arguments: 1..<26) func `a file that was cut short is not whole, or damaged`(count: Int) {
    guard Decompressor.form(of: Self.gzip.prefix(count)) != nil else { return #expect(count < 4) }
    let whole = (try? Self.all(Array(Self.gzip.prefix(count))))?.isWhole ?? false
    #expect(!whole)
  }

  @Test func `a wrong sum is told`() {
    var octets = Self.gzip
    octets[19] ^= 1
    #expect(throws: Decompressor.Fault.damaged(.gzip, "incorrect data check")) { try Self.all(octets) }
  }

  @Test func `what is neither has no form`() {
    #expect(Decompressor.form(of: Array("hello".utf8)) == nil && Decompressor.form(of: [UInt8]()) == nil)
    #expect(
      Decompressor.form(of: [0x28, 0xB5, 0x2F, 0xFD]) == .zstd && Decompressor.form(of: [0x5A, 0x2A, 0x4D, 0x18]) == .zstd)
  }

  @Test func `a whole file is undone up to a limit, and not one that was cut short`() throws {
    let text = String(repeating: "hello\n", count: 100)
    #expect(try Decompressor.whole(Self.zstd, .zstd, atMost: 600) == Array(text.utf8))
    #expect(throws: Decompressor.Fault.tooLarge(.zstd, limit: 599)) { try Decompressor.whole(Self.zstd, .zstd, atMost: 599) }
    #expect(throws: Decompressor.Fault.cutShort(.zstd)) { try Decompressor.whole(Self.zstd.dropLast(), .zstd, atMost: 600) }
    #expect(throws: Decompressor.Fault.cutShort(.gzip)) { try Decompressor.whole(Self.gzip.dropLast(9), .gzip, atMost: 600) }
    #expect(
      Decompressor.Fault.tooLarge(.gzip, limit: 256 << 20).sentence
        == "The file becomes larger than 256 MB when its gzip data is undone. No published file does.")
  }
}
