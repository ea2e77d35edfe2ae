public import Names
internal import Notation

/// What is wrong with a source of records or prefixes that a declaration names.
public enum SourceFault: Hashable, Sendable {
  /// Perhaps a secret, so that it is not shown.
  case literalSecret
  case transfer(DomainName, from: SocketAddress, reason: String)
  /// More files in a folder than are read, or larger ones.
  case tooMuch(path: String, files: Int, megabytes: Int)
  /// One file, or a zone's files together.
  case tooLarge(path: String, megabytes: Int)
  case emptyZone
  case notCloud(path: String)
  case noPrefix(path: String)
  case variable(String)

  /// What is wrong and what to write instead, without the place.
  public var sentence: String {
    switch self {
    case .literalSecret:
      "A secret does not stand in a declaration. Write where it is kept: env:NAME, file:PATH, cred:NAME or cmd:COMMAND."
    case .transfer(let zone, let primary, let reason):
      "\(zone.displayed) could not be transferred from \(primary): \(printable(reason, limit: 300)). "
        + "Without it nothing says what is intended."
    case .tooMuch(let path, let files, let megabytes):
      "\(quoted(path)) holds more than \(files) files or \(megabytes) MB. Name the folder of one zone."
    case .tooLarge(let path, let megabytes):
      "\(quoted(path)) has more than \(megabytes) MB, with what it includes. Name a file of what is meant only."
    case .emptyZone: "The zone file holds no record, so nothing would be checked. Write it again, or name the right file."
    case .notCloud(let path):
      "\(quoted(path)) is no list of a provider's prefixes that is known here. Write the path of AWS's ip-ranges.json, Google's "
        + "cloud.json, Azure's ServiceTags file, or a file with one prefix in each line."
    case .noPrefix(let path): "\(quoted(path)) holds no prefix. Download the file again."
    case .variable(let name): "The variable \(quoted(name)) holds no text. Write its value in quotes."
    }
  }
}

/// Why a file is not included; the words end the zone reader's sentence.
struct OutsideFolder: Error, CustomStringConvertible {
  var description: String { "it lies outside the folder of the file that the declaration names" }
}

/// As ``OutsideFolder``.
struct TooMuchIncluded: Error, CustomStringConvertible {
  let megabytes: Int
  var description: String { "the zone's files have more than \(megabytes) MB together" }
}
