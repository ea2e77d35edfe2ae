public import Names

/// What is wrong at one place of a master file, or for ``ZoneFile/warnings`` what deserves a look.
///
/// ``description`` is the whole line a person reads: `zones/example.gov.zone:14:7: "AAA" is not a record type. …`.
public struct ZoneFault: Error, Hashable, Sendable {
  public var position: SourcePosition
  public var cause: Cause

  public init(position: SourcePosition, cause: Cause) {
    (self.position, self.cause) = (position, cause)
  }

  /// What a zone may have too much of.
  public enum Part: Hashable, Sendable { case names, data }

  /// What is wrong. Text taken from the file is shortened and escaped, so that it can be shown as it is.
  public enum Cause: Hashable, Sendable {
    // The characters of the file
    /// NUL where text should be.
    case nulOctet
    /// The file is not UTF-8 or ASCII text at all.
    case wrongEncoding(String)
    /// An octet of a name that is no part of UTF-8 text.
    case notUTF8(octet: UInt8, name: String)
    case strayClose
    case neverClosed
    case unterminatedQuote
    case entryTooLong(octets: Int)
    /// Reading stopped, since parentheses that nothing closes swallow the rest of the file again and again.
    case gaveUp

    /// Reading stopped, since records are numbered with 31 bits.
    case tooManyRecords(limit: Int)
    /// Reading stopped, since names and data are each numbered with 32 bits.
    case tooManyOctets(Part, limit: Int)

    // An entry and its fields
    case noOwner
    case missingType(owner: String)
    /// `nearest` is the type probably meant; `afterBlank`: the word is the first of a line that starts with a blank;
    /// `afterType`: the line's owner is itself spelled like a type.
    case unknownType(String, nearest: RRType?, afterBlank: Bool, afterType: RRType?)
    /// Types that only questions and messages have, such as ANY or OPT.
    case notData(RRType)
    case classDiffers(RRClass, zone: RRClass)
    case badName(String, DomainName.Fault)
    case badTTL(String)
    /// Above 2^31-1 seconds (RFC 2181 §8).
    case ttlTooLarge(String)
    case noTTL
    case badData(RRType, TextFault.Cause)

    // Directives
    case unknownDirective(String)
    case directiveLacks(directive: String, what: String, form: String)
    case directiveHasMore(directive: String, String)
    case includeTooDeep(depth: Int, limit: Int)
    case includeTooMany(limit: Int)
    case includeCycle(path: String)
    case includeFailed(path: String, reason: String)
    case badRange(String)
    case badGenerateFormat(String)
    case generateTooLarge(limit: Int)

    // Records that do not go together
    case outsideZone(DomainName, zone: DomainName)
    case soaNotAtApex(DomainName, zone: DomainName)
    case secondSOA(first: SourcePosition)
    /// CNAME or DNAME, of which a name has at most one.
    case secondOfSingleton(RRType, DomainName, first: SourcePosition)
    case aliasBesideData(DomainName, data: RRType, other: SourcePosition)

    // Warnings
    case ttlsDiffer(DomainName, RRType, here: UInt32, set: UInt32, first: SourcePosition)
    /// RFC 1035 gave the SOA minimum this meaning; RFC 2308 §4 took it away.
    case ttlFromMinimum(UInt32)
    case rawUnicode(name: String, ascii: String?)
  }
}

extension ZoneFault: Comparable {
  /// By place.
  public static func < (one: ZoneFault, other: ZoneFault) -> Bool { one.position < other.position }
}
