import Names

// Every sentence that a person reads about a zone file is made here, and tested word for word.

extension ZoneFault: CustomStringConvertible {
  /// Where, what is wrong, what to write instead.
  public var description: String { "\(position): \(message)" }

  /// What is wrong and what to write instead, without the place.
  public var message: String {
    switch cause {
    case .nulOctet: "The file holds a NUL octet. Remove it, or write \\000 if it is meant."
    case .wrongEncoding(let encoding): "The file is \(encoding) text. Save it as UTF-8."
    case .notUTF8(let octet, let name):
      "\"\(name)\" is not a domain name: octet \(octet) is no UTF-8 text. Save the file as UTF-8, or write \\\(octet) if it "
        + "is meant."
    case .strayClose: "This \")\" closes nothing. Remove it, or add the \"(\" that it belongs to."
    case .neverClosed: "This \"(\" is never closed. Add a \")\" after the last field of the record."
    case .unterminatedQuote: "This quoted string does not end on its line. Add a \" at its end."
    case .entryTooLong(let octets): "This record is longer than \(octets) octets of text. Close its parenthesis, or split it."
    case .gaveUp: "Too many parentheses are never closed; the file was not read beyond here. Close those above first."

    case .tooManyRecords(let limit):
      "The zone has more than \(limit) records; it was not read beyond here. Split it into several zones."
    case .tooManyOctets(let part, let limit):
      "The \(part == .names ? "owner names" : "data") of the zone take more than \(limit) octets; it was not read beyond here. "
        + "Split it into several zones."

    case .noOwner: "The first record has no owner name. Write one in the first column, or @ for the zone itself."
    case .missingType(let owner): "\"\(owner)\" has no record type. Write TYPE and data after it, such as A 192.0.2.1."
    case .unknownType(let text, let nearest, let afterBlank, let afterType):
      "\"\(text)\" is not a record type. \(Self.advice(nearest, afterBlank, afterType))"
    case .notData(let type): "\(type) stands only in messages, never in a zone. Remove this record."
    case .classDiffers(let found, let zone):
      "The class is \(found) in a zone of class \(zone). Remove the class, or write "
        + "\(zone)."
    case .badName(let text, let fault): "\"\(text)\" is not a domain name: \(Self.reason(fault))"
    case .badTTL(let text): "\"\(text)\" is not a TTL. Write seconds such as 3600, or units such as 1h30m."
    case .ttlTooLarge(let text): "The TTL \(text) is too large: at most 2147483647 seconds are allowed. Write a smaller one."
    case .noTTL: "There is no TTL for this record. Write $TTL 3600 above it, or a TTL before its type."
    case .badData(let type, let cause): "The data of this \(type) is wrong: \(cause). \(Self.advice(cause))"

    case .unknownDirective(let text):
      "\"\(text)\" is not a directive. Write $ORIGIN, $TTL, $INCLUDE or $GENERATE, or \\$ for an owner name that starts with $."
    case .directiveLacks(let directive, let what, let form):
      "\(directive) lacks \(what). Write \(form)" + (form.hasSuffix(".") ? "" : ".")
    case .directiveHasMore(let directive, let text): "\(directive) takes nothing more, but \"\(text)\" follows. Remove it."
    case .includeTooDeep(let depth, let limit):
      "This file is included \(depth) levels deep: at most \(limit) are allowed. Include it from a file further up."
    case .includeTooMany(let limit): "More than \(limit) files are included. Merge some of them."
    case .includeCycle(let path): "\"\(path)\" includes itself. Remove this $INCLUDE."
    case .includeFailed(let path, let reason): "\"\(path)\" cannot be included: \(reason). Correct the path, or provide the file."
    case .badRange(let text): "\"\(text)\" is not a range. Write START-STOP or START-STOP/STEP, such as 1-254 or 0-100/2."
    case .badGenerateFormat(let text):
      "\"\(text)\" holds no format that $GENERATE knows. Write $, or ${OFFSET,WIDTH,BASE} with BASE one of d o x X n N, "
        + "such as ${0,3,d}."
    case .generateTooLarge(let limit):
      "$GENERATE makes more than \(limit) records, or records that are too long. Write a smaller range, or a larger step."

    case .outsideZone(let name, let zone):
      "\(name) is outside the zone \(zone) Move it to its own zone, or remove the final dot if \(zone) is to be appended."
    case .soaNotAtApex(let name, let zone):
      "The SOA stands at \(name) but the zone is \(zone) Write @ or the zone's name as its "
        + "owner."
    case .secondSOA(let first): "This is a second SOA; the first is at \(first). A zone has one: remove one of them."
    case .secondOfSingleton(let type, let name, let first):
      "\(name) has a second \(type); the first is at \(first). A name has at most one: remove one of them."
    case .aliasBesideData(let name, let data, let other):
      "\(name) has a CNAME and also \(data), at \(other). An alias has no other data (RFC 2181 §10.1): remove one of them."

    case .ttlsDiffer(let name, let type, let here, let set, let first):
      "\(name) \(type) has TTL \(here) here, and its set, from \(first) on, \(set). The smaller holds: write one TTL for the set."
    case .ttlFromMinimum(let ttl):
      "There is no TTL for the SOA; its last field, \(ttl), is used for the zone. Write $TTL \(ttl) above "
        + "it."
    case .rawUnicode(let name, let ascii?): "\"\(name)\" is served as raw UTF-8 octets, which no one asks for. Write \(ascii)"
    case .rawUnicode(let name, nil): "\"\(name)\" is served as raw octets, which no one asks for. Write it in ASCII."
    }
  }

  private static func advice(_ nearest: RRType?, _ afterBlank: Bool, _ afterType: RRType?) -> String {
    if let nearest { return "Did you mean \(nearest)?" }
    if let afterType { return "Begin the line with a blank if \(afterType) is the type and the owner is the one above." }
    if afterBlank { return "Remove the blank before it if it is an owner name." }
    return "Write one such as A or MX, or TYPE and its number."
  }

  private static func advice(_ cause: TextFault.Cause) -> String {
    switch cause {
    case .missing: "Add it."
    case .unfit, .data, .name: "Correct it."
    case .surplus: "Remove it, or put quotes around text that belongs together."
    case .stringTooLong: "Write \"…\" \"…\"."
    case .genericLength: "Correct the length or the digits."
    case .dataTooLong: "Shorten it."
    case .openQuote: "Add a \" at its end."
    }
  }

  /// Why text is no name, and what to write; the place is the fault's own position.
  private static func reason(_ fault: DomainName.Fault) -> String {
    switch fault {
    case .labelTooLong: "a label is longer than 63 octets. Shorten it."
    case .nameTooLong: "it is longer than 255 octets with its origin. Shorten it."
    case .emptyLabel: "a label is empty. Remove one of the dots."
    case .badEscape: "a backslash is followed by neither three digits up to 255 nor a character. Write \\\\ for a backslash."
    case .unescaped(0x20, _): "a label holds a space. Remove it, or write \\032."
    case .unescaped(let octet, _): "a label holds control character \(octet). Remove it."
    case .notInternational(let reason): "\(reason). Write its ASCII form, xn--…."
    case .truncated, .pointerNotBackwards, .tooManyPointers, .pointerNotAllowed: "\(fault). Write another."
    }
  }

  /// Text of the file as a sentence may show it: at most 64 octets, control characters and what is no ASCII escaped.
  static func shown(_ octets: Span<UInt8>) -> String {
    var text = ""
    for index in 0..<min(octets.count, 64) {
      let octet = octets[index]
      if octet >= 0x20, octet < 0x7F {
        text.unicodeScalars.append(Unicode.Scalar(octet))
      } else {
        let digits = String(octet)
        text += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
      }
    }
    return octets.count > 64 ? text + "…" : text
  }
}
