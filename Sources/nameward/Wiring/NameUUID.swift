import Crypto
import Foundation
import Notation
import Store

/// A UUID made of a name (RFC 9562 §5.5, version 5): the same for the same name, so that whoever reads an export twice sees one thing.
enum NameUUID {
  /// Ours, drawn once at random.
  private static let namespace: [UInt8] = [
    0x6B, 0x1D, 0x0B, 0x8E, 0x33, 0x5C, 0x4B, 0x0F, 0x9A, 0x52, 0x0D, 0x6E, 0x5B, 0x7C, 0x41, 0x2D,
  ]

  /// Ours too, for what has a NUL in one of its parts.
  private static let namespaceOfNUL: [UInt8] = [
    0x83, 0xD8, 0x49, 0xBC, 0x4F, 0xB2, 0xE5, 0x21, 0xD5, 0x96, 0x84, 0xE9, 0xF3, 0xF8, 0x87, 0xF3,
  ]

  /// - Parameter parts: Two lists of them never make one UUID. JSON from outside may write a NUL into a part: there the length of
  ///   each part stands before it.
  static func of(_ parts: String...) -> String {
    let hasNUL = parts.contains { $0.utf8.contains(0) }
    guard hasNUL else { return uuid(of: parts.joined(separator: "\0"), in: namespace) }
    return uuid(of: parts.map { "\($0.utf8.count):\($0)" }.joined(), in: namespaceOfNUL)
  }

  /// Whether an identifier of STIX may be one that was made so, by its version alone.
  static func mayBeOurs(_ identifier: String) -> Bool {
    // The first digit of the third group, from the end: a UUID has 36 characters.
    identifier.utf8.dropLast(21).last == UInt8(ascii: "5")
  }

  /// The namespace of observables (STIX 2.1 §2.9).
  private static let observables: [UInt8] = [
    0x00, 0xAB, 0xED, 0xB4, 0xAA, 0x42, 0x46, 0x6C, 0x9C, 0x01, 0xFE, 0xD2, 0x33, 0x15, 0xA9, 0xB7,
  ]

  /// The identifier of a name or an address, which everybody makes alike: of its value as canonical JSON (STIX 2.1 §2.9).
  static func observable(_ observable: SharedObservable) -> String {
    var json = JSONWriter()
    json.write(observable.value)
    return observable.type + "--" + uuid(of: "{\"value\":\(json.text)}", in: observables)
  }

  private static func uuid(of name: String, in namespace: [UInt8]) -> String {
    var octets = Array(Insecure.SHA1.hash(data: namespace + Array(name.utf8)).prefix(16))
    octets[6] = octets[6] & 0x0F | 0x50
    octets[8] = octets[8] & 0x3F | 0x80
    let digits = octets.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    var text = ""
    for (index, digit) in digits.enumerated() {
      if [8, 12, 16, 20].contains(index) { text += "-" }
      text.append(digit)
    }
    return text
  }
}
