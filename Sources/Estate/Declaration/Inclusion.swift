internal import DNSWire
internal import Notation

/// What `!include` may bring into one reading of YAML: files of one folder, each with its own places, within bounds.
struct Inclusion {
  static let tag = "!include"
  /// Files that include the same file again and again multiply what they say; these bounds end it.
  static let mostFiles = 1000
  static let mostOctets = DeclarationText.mostOctets

  struct Path {
    /// Absent where a list or mapping stands in its place.
    var text: String?
    var position: SourcePosition
  }

  let load: (_ path: String, _ at: SourcePosition) throws -> [UInt8]
  /// The folder that no path leaves, without its final slash; empty: where the process stands.
  let folder: String
  /// The files that are being read, the outermost first.
  private var open: [String]
  private var files = 0
  private var octets = 0

  init(from file: String, within folder: String, load: @escaping (_ path: String, _ at: SourcePosition) throws -> [UInt8]) {
    (self.load, self.folder, open) = (load, folder, [Self.plain(file)])
  }

  /// What the files hold: one as it is; of several, lists follow each other, and of mappings a later entry replaces an earlier.
  mutating func read(
    _ paths: [Path], from file: String, at position: SourcePosition, level: Int, _ faults: inout FaultList
  ) -> Written? {
    var parts: [Written] = []
    for path in paths {
      guard let part = read(path, from: file, level: level, &faults) else { return nil }
      parts.append(part)
    }
    guard parts.count != 1 else { return parts[0] }
    var (items, entries): ([Written], [Written.Entry]) = ([], [])
    var index: [String: Int] = [:]
    for part in parts {
      switch part.content {
      case .list(let more): items += more
      case .mapping(let more):
        for entry in more {
          if let earlier = index[entry.key] {
            entries[earlier] = entry
          } else {
            index[entry.key] = entries.count
            entries.append(entry)
          }
        }
      case .nothing, .text:
        faults.add(position, .inclusion(.notJoined))
        return nil
      }
    }
    guard items.isEmpty || entries.isEmpty else {
      faults.add(position, .inclusion(.notJoined))
      return nil
    }
    return Written(content: entries.isEmpty ? .list(items) : .mapping(entries), position: position)
  }

  private mutating func read(_ path: Path, from file: String, level: Int, _ faults: inout FaultList) -> Written? {
    guard let text = path.text, !text.isEmpty else {
      faults.add(path.position, .inclusion(.noPath))
      return nil
    }
    guard let full = resolved(text, from: file) else {
      faults.add(path.position, .inclusion(.outside(text)))
      return nil
    }
    guard !open.contains(full) else {
      faults.add(path.position, .inclusion(.cycle(text)))
      return nil
    }
    files += 1
    guard files <= Self.mostFiles else {
      if files == Self.mostFiles + 1 { faults.add(path.position, .inclusion(.tooMany(limit: Self.mostFiles))) }
      return nil
    }
    let loaded: [UInt8]
    do {
      loaded = try load(full, path.position)
    } catch {
      // Edges name the file in their words; the sentence has it already.
      let words = "\(error)"
      let reason = words.hasPrefix("\(full): ") ? String(words.dropFirst(full.count + 2)) : words
      faults.add(path.position, .inclusion(.unreadable(text, reason: reason)))
      return nil
    }
    octets += loaded.count
    guard octets <= Self.mostOctets else {
      faults.add(path.position, .inclusion(.tooLarge(limit: Self.mostOctets)))
      return nil
    }
    guard let source = DeclarationText(loaded, file: full, faults: &faults) else { return nil }
    open.append(full)
    defer { open.removeLast() }
    var inner: Inclusion? = self
    let written = WrittenReader.read(source, file: full, level: level, faults: &faults, inclusion: &inner)
    if let inner { (files, octets) = (inner.files, inner.octets) }
    return written
  }

  /// A path as seen from the folder of the file that names it; `nil` if it leaves ``folder``.
  private func resolved(_ path: String, from file: String) -> String? {
    guard !path.hasPrefix("/"), !path.hasPrefix("~"), !path.utf8.contains(0) else { return nil }
    let full = Self.plain(file.lastIndex(of: "/").map { file[...$0] + path } ?? path)
    guard folder.isEmpty || full.hasPrefix(folder + "/") else { return nil }
    let inside = folder.isEmpty ? full[...] : full.dropFirst(folder.count + 1)
    return inside == ".." || inside.hasPrefix("../") ? nil : full
  }

  /// A path without `.`, and without `..` where a folder precedes it.
  static func plain(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
    }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }
}

/// Why `!include`, or the merge key that goes with it, is not read.
public enum InclusionFault: Hashable, Sendable {
  case noPath
  case outside(String)
  case cycle(String)
  case unreadable(String, reason: String)
  case tooMany(limit: Int)
  case tooLarge(limit: Int)
  case notJoined
  case merge

  /// What is wrong and what to do, without the place.
  public var sentence: String {
    switch self {
    case .noPath: "!include wants the path of a file. Write it, seen from the folder of this file."
    case .outside(let path):
      "!include \(quoted(path)) leads out of the folder of the zones. Move the file there and name it from this one's folder."
    case .cycle(let path): "!include \(quoted(path)) includes a file that is being read already. Remove one of the two."
    case .unreadable(let path, let reason):
      "!include \(quoted(path)) cannot be read: \(printable(reason, limit: 300)). "
        + "Write the path of a readable file, seen from the folder of this file."
    case .tooMany(let limit): "More than \(limit) files are included. Include fewer."
    case .tooLarge(let limit): "The included files have more than \(limit >> 20) MB together. Include less."
    case .notJoined: "Files of a list after !include hold lists only or mappings only. Include the others by themselves."
    case .merge: "The merge key << is not read. Write the entries out, or include the whole mapping with !include."
    }
  }
}
