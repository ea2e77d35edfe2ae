import DNSWire
import Fixtures
import Foundation
import Names
import Testing

/// A CoreDNS configuration, as far as the shipped ones go: which addresses answer for which names, and out of what.
struct ServerBlock {
  var zones: [DomainName]
  var addresses: Set<IPAddress> = []
  var files: [ZonePath] = []
  var templates: [Template] = []
  var drops: [Drop] = []
  /// What the header plug-in makes of the AA bit of every response; nil leaves it.
  var authoritative: Bool?

  struct ZonePath: Hashable {
    var path: String
    var zone: DomainName
  }

  /// A made-up response to every question for a name at or below a zone, of a class and a type (nil: any).
  struct Template {
    var zones: [DomainName]
    var recordClass: RRClass?
    var type: RRType?
    var responseCode = ResponseCode.noError
    var answers: [ResourceRecord] = []
    var authorities: [ResourceRecord] = []
    var additionals: [ResourceRecord] = []
  }

  /// Questions that vanish: for names at or below a zone, of a type (nil: any).
  struct Drop {
    var zone: DomainName
    var type: RRType?
  }
}

extension ServerBlock {
  /// Reads a configuration and those that it imports.
  static func all(in path: String, imports isWanted: (String) -> Bool) throws -> [ServerBlock] {
    let text = try String(contentsOfFile: Zonemaster.data(path), encoding: .utf8)
    var lines = text.split(whereSeparator: \.isNewline).map(words).filter { !$0.isEmpty }[...]
    return try directives(&lines).flatMap { directive in
      guard directive.words.first == "import" else { return [try ServerBlock(directive)] }
      return isWanted(directive.words[1]) ? try all(in: directive.words[1], imports: isWanted) : []
    }
  }

  private init(_ directive: Directive) throws {
    zones = try directive.words.map { key in
      try DomainName(key.hasSuffix(":53") ? String(key.dropLast(3)) : key)
    }
    for plugin in directive.children {
      let words = plugin.words
      switch words[0] {
      case "bind": addresses.insert(try #require(IPAddress(words[1]), "\(words)"))
      case "file": files.append(ZonePath(path: words[1], zone: try DomainName(words[2])))
      case "template": templates.append(try Template(plugin))
      case "acl":
        // One of the names has an empty label; CoreDNS matches no question with it, and so do we.
        guard let zone = try? DomainName(words[1]) else { break }
        let rule = try #require(plugin.children.first?.words)
        try #require(rule[0] == "drop")
        drops.append(Drop(zone: zone, type: rule.last.flatMap { RRType($0) }))
      case "header":
        let rule = try #require(plugin.children.first?.words)
        try #require(rule == ["response", "clear", "aa"] || rule == ["response", "set", "aa"])
        authoritative = rule[1] == "set"
      case "log", "chaos", "unbound": break  // nothing of it is in an answer to our questions
      default: Issue.record("nobody knows the plug-in \(words)")
      }
    }
  }

  fileprivate struct Directive {
    var words: [String]
    var children: [Directive] = []
  }

  private static func directives(_ lines: inout ArraySlice<[String]>) throws -> [Directive] {
    var directives: [Directive] = []
    while let line = lines.popFirst(), line != ["}"] {
      if line.last == "{" {
        directives.append(Directive(words: line.dropLast(), children: try Self.directives(&lines)))
      } else {
        directives.append(Directive(words: line))
      }
    }
    return directives
  }

  /// The words of a line: quotes hold blanks together, `#` at the beginning of a word ends the line.
  private static func words(_ line: Substring) -> [String] {
    var words: [String] = []
    var word: String?
    var isQuoted = false
    for character in line {
      if isQuoted {
        if character == "\"" { isQuoted = false } else { word?.append(character) }
      } else if character == "\"" {
        (isQuoted, word) = (true, word ?? "")
      } else if character.isWhitespace {
        if let done = word { words.append(done) }
        word = nil
      } else if character == "#", word == nil {
        break
      } else {
        word = (word ?? "") + String(character)
      }
    }
    return words + (word.map { [$0] } ?? [])
  }
}

extension ServerBlock.Template {
  fileprivate init(_ directive: ServerBlock.Directive) throws {
    let words = directive.words
    zones = try words.dropFirst(3).map { try DomainName($0) }
    let (asked, kind) = (try #require(RRClass(words[1])), try #require(RRType(words[2])))
    recordClass = asked == .any ? nil : asked
    type = kind == .any ? nil : kind
    for line in directive.children {
      switch line.words[0] {
      case "rcode": responseCode = try #require(Self.responseCodes[line.words[1]], "\(line.words)")
      case "answer": answers += try Self.records(line.words[1], recordClass)
      case "authority": authorities += try Self.records(line.words[1], recordClass)
      case "additional": additionals += try Self.records(line.words[1], recordClass)
      // The only expression matches every name of its zone, and without one every name matches, so that nothing falls through.
      case "match", "fallthrough": break
      default: Issue.record("nobody knows \(line.words) of a template")
      }
    }
  }

  private static let responseCodes: [String: ResponseCode] = [
    "NOERROR": .noError, "NXDOMAIN": .nameError, "SERVFAIL": .serverFailure, "REFUSED": .refused, "NOTIMP": .notImplemented,
  ]

  /// What stands in a template for class CH is no business of ours: we ask in class IN.
  private static func records(_ line: String, _ recordClass: RRClass?) throws -> [ResourceRecord] {
    guard recordClass == nil || recordClass == .in else { return [] }
    let words = line.split { $0 == " " || $0 == "\t" }
    // Names are relative to the root; our reader takes an SOA record at its zone's apex only.
    let origin = words.contains("SOA") ? try DomainName(try #require(words.first)) : .root
    let file = ZoneFile(octets: Array(line.utf8) + [0x0A], file: line, origin: origin, defaultTTL: 3600)
    return [try #require(file.records.first?.record, "\(line): \(file.faults)")]
  }
}
