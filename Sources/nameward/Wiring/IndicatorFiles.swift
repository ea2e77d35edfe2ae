import Crypto
import Indicators
import Notation

/// Files of indicators, read and told about.
enum IndicatorFiles {
  /// No published file is larger; compressed ones may not become larger.
  static let mostOctets = 256 << 20

  /// One file and what it publishes.
  struct Source {
    /// As the person named it.
    var name: String
    var publication: Publication
    /// SHA-256 of its octets, decompressed.
    var digest: String
    /// Of a feed.
    var missed: MissedEvents?
  }

  /// - Throws: ``Ending`` with the file's place, and what to do.
  static func read(_ path: String) throws -> Source { try read(octets(of: path), named: path) }

  static func octets(of path: String) throws -> [UInt8] {
    do { return try Reading.input(path, atMost: mostOctets) } catch { throw Ending(.usage, "\(error).") }
  }

  /// The same of octets that were fetched; they are decompressed where they are compressed.
  /// - Parameter format: In which a file without anything in it holds no indicators; `nil` where it is refused.
  static func read(_ octets: [UInt8], named name: String, emptyAs format: Publication.Format? = nil) throws -> Source {
    let octets = try plain(octets, name)
    if let format, Publication.isBlank(octets) {
      return Source(name: name, publication: Publication(format), digest: digest(octets))
    }
    do throws(Publication.Fault) {
      // Neither needs the other, and of a long file each takes its time.
      let (digests, publication) = try [octets].concurrentMap(digest) { () throws(Publication.Fault) in try Publication(octets) }
      return Source(name: name, publication: publication, digest: digests[0])
    } catch {
      throw Ending(.usage, "\(name):\(error.place): \(error.sentence)".printable)
    }
  }

  static func digest(_ octets: [UInt8]) -> String {
    "sha256:" + SHA256.hash(data: octets).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  private static func plain(_ octets: [UInt8], _ path: String) throws -> [UInt8] {
    guard let form = Decompressor.form(of: octets) else { return octets }
    do { return try Decompressor.whole(octets, form, atMost: mostOctets) } catch {
      throw Ending(.usage, "\(path): \(error.sentence)".printable)
    }
  }
}

extension IndicatorFiles {
  /// A file whose beginning says that it holds indicators; `nil` where it is a log.
  /// - Throws: ``Ending`` where it can be nothing else and cannot be read: nobody would look for what it holds.
  static func recognised(_ path: String) throws -> Source? {
    guard path != "-", var pieces = try? LogPieces(path), let piece = try? pieces.next() else { return nil }
    switch Likeness(Array(piece.prefix(64 << 10))) {
    case .indicators: return try read(path)
    case .json: return try json(path)
    case .list: return try? read(path)
    case .log: return nil
    }
  }

  /// One line of JSON, which a log may be too. What is broken is no log for that: where it is a bundle that was cut short, nobody
  /// would look for what it holds.
  private static func json(_ path: String) throws -> Source? {
    let octets = try plain(octets(of: path), path)
    // It says itself what else is to be named.
    if MISP.isManifest(octets) { return try read(octets, named: path) }
    let value: JSONValue
    do { value = try JSONValue(octets) } catch {
      // Another line follows: only logs have several texts of JSON.
      if case .unexpected(_, .end) = error.cause { return nil }
      throw Ending(.usage, "\(path):\(error.place): \(error.cause.sentence)".printable)
    }
    return MISP.recognizes(value) || STIX2.recognizes(value) ? try read(octets, named: path) : nil
  }

  /// What a file looks like from its beginning.
  private enum Likeness {
    case indicators
    /// A log, or else a file of indicators: in one line of JSON, or with a value on each line.
    case json, list
    case log

    init(_ head: [UInt8]) {
      let lines = head.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
      let text = (lines.first ?? "").drop { $0.isWhitespace || $0 == "\u{FEFF}" }
      let second = text.dropFirst().first { !$0.isWhitespace }
      if text.first == "<" {
        // What begins with a priority is syslog's.
        self = second.map { $0.isLetter || $0 == "?" || $0 == "!" } ?? false ? .indicators : .log
      } else if text.first == "{" || text.first == "[" && second.map({ "{[]\"".contains($0) }) ?? true {
        // A log of JSON lines has an object in each; a bundle is one object over many lines, or in one.
        self = lines.count < 2 ? .json : lines[1].hasPrefix("{") ? .log : .indicators
      } else if USCERT.begins(head) {
        self = .indicators
      } else {
        // The last line may be cut.
        let whole = lines.dropLast(head.count == 64 << 10 ? 1 : 0)
        let values = whole.map { PlainList.withoutComment($0) }.filter { !$0.allSatisfy(\.isWhitespace) }
        self = !values.isEmpty && values.allSatisfy { Observable.detect($0) != nil } ? .list : .log
      }
    }
  }
}
