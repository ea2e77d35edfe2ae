/// What holds values in another form than text: looked through as text, it would give no sightings, which nobody may take for an answer.
enum UnreadableLog {
  case utf16
  /// Made by this program of compression, which is to undo it.
  case compressed(by: String, undoneBy: String)
  case twice
  case packets
  case binary

  /// - Parameter head: How the log begins, decompressed where that is done here.
  init?(_ head: some Collection<UInt8>) {
    let marks: [([UInt8], UnreadableLog)] = [
      ([0xFF, 0xFE], .utf16), ([0xFE, 0xFF], .utf16),
      ([0x1F, 0x8B, 0x08], .twice), ([0x28, 0xB5, 0x2F, 0xFD], .twice),
      ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], .compressed(by: "xz", undoneBy: "xz -dc")),
      (Array("BZh".utf8), .compressed(by: "bzip2", undoneBy: "bzip2 -dc")),
      ([0x04, 0x22, 0x4D, 0x18], .compressed(by: "lz4", undoneBy: "lz4 -dc")),
      ([0x1F, 0x9D], .compressed(by: "compress", undoneBy: "uncompress -c")),
      ([0x50, 0x4B, 0x03, 0x04], .compressed(by: "ZIP", undoneBy: "unzip -p")),
      ([0xD4, 0xC3, 0xB2, 0xA1], .packets), ([0xA1, 0xB2, 0xC3, 0xD4], .packets), ([0x4D, 0x3C, 0xB2, 0xA1], .packets),
      ([0x0A, 0x0D, 0x0D, 0x0A], .packets),
    ]
    if let mark = marks.first(where: { head.starts(with: $0.0) }) {
      self = mark.1
    } else if head.count(where: { $0 == 0 }) * 4 > head.count {
      // Every other octet in UTF-16; a log into which a crash left some zeros has fewer.
      self = .binary
    } else {
      return nil
    }
  }

  /// Behind the log's name, without its end.
  var sentence: String {
    switch self {
    case .utf16: "is UTF-16, in which nothing would be found. Save it as UTF-8 (iconv -f UTF-16 -t UTF-8)"
    case .compressed(let program, let undo):
      "is compressed by \(program), which is not undone here. Give what it holds (\(undo) FILE | nameward indicators match … -)"
    case .twice: "is compressed twice, in which nothing would be found. Undo it once"
    case .packets: "holds packets, in which names do not stand as text. Give a log that Zeek makes of them, or dnstap"
    case .binary: "is no text: a quarter of its beginning is zeros, in which nothing would be found. Save it as UTF-8"
    }
  }
}
