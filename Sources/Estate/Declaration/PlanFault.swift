public import DNSWire
public import Names
internal import Notation

/// What is wrong with a planned change.
public enum ChangeFault: Hashable, Sendable {
  case notDeclared(DomainName)
  case backwards(from: Timestamp, until: Timestamp)
  /// `was` and `to` are the same.
  case nothingChanges(DomainName, RRType)
  /// The sources say already what `to` says.
  case alreadyDeclared(DomainName, RRType, at: SourcePosition?)
  /// The sources say neither what was nor what is to be.
  case neither(DomainName, RRType, DeclarationFault.Claim)
  case noServers(DomainName)
  case overlaps(DomainName, RRType, with: SourcePosition)
  case ttl

  /// What is wrong and what to write instead, without the place.
  public var sentence: String {
    switch self {
    case .notDeclared(let name):
      "\(name.displayed) is in no declared domain. Write the whole name, such as www.example.gov, or declare its domain."
    case .backwards(let from, let until):
      "The window ends at \(until) and begins at \(from). Write an until: that is later than from:."
    case .nothingChanges(let name, let type):
      "\(name.displayed) \(type) is the same in was: and to:. Write what changes, or remove the change."
    case .alreadyDeclared(let name, let type, let position):
      "\(name.displayed) \(type) is declared as to: says already\(position.map { ", at \($0)" } ?? ""). "
        + "Write was: and the value before the change."
    case .neither(let name, let type, let claim):
      "\(name.displayed) \(type): \(claim.clause), which is neither was: nor to:. Make one of the two equal to it."
    case .noServers(let name):
      "The name servers of \(name.displayed) are not declared. Write was: and the name servers before the change."
    case .overlaps(let name, let type, let position):
      "\(name.displayed) \(type) has another change at the same time, at \(position). Write windows that do not overlap."
    case .ttl: "A change is of values; the time to live stands where the record is declared. Remove ttl: here."
    }
  }
}

/// What is wrong with an exception.
public enum ExceptionFault: Hashable, Sendable {
  case unknownCheck(String, suggestion: String?)
  case cannotBeExcepted(CheckID)
  case noScope
  case bothScopes
  case typeWithoutName
  case notDeclared(DomainName, suggestion: String?)
  case tooLong(Timestamp, latest: Timestamp)

  /// The checks that watch exceptions.
  static let watching: Set<CheckID> = ["exception-expired", "exception-unused"]

  /// What is wrong and what to write instead, without the place.
  public var sentence: String {
    switch self {
    case .unknownCheck(let text, let suggestion):
      "There is no check \(quoted(text))." + (suggestion.map { " Did you mean \($0)?" } ?? " nameward explain lists them.")
    case .cannotBeExcepted(let check): "\(check) watches over exceptions and cannot be excepted itself. Remove this exception."
    case .noScope: "The exception does not say of what. Write domain: example.gov or name: www.example.gov."
    case .bothScopes: "domain: and name: stand together. Keep domain: for everything of it, or name: for one name."
    case .typeWithoutName: "type: narrows a name, and there is none. Write name: too, or remove type:."
    case .notDeclared(let name, let suggestion):
      "\(name.displayed) is no declared domain."
        + (suggestion.map { " Did you mean \($0)?" } ?? " Write name: for a single name, or a domain that stands below domains:.")
    case .tooLong(let expires, let latest):
      "An exception lasts at most \(DeclaredException.mostDays) days, and \(expires) is further away. "
        + "Write \("\(latest)".prefix(10)) or earlier, and renew it then."
    }
  }
}
