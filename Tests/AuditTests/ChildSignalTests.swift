import DNSWire
import Estate
import Names
import Testing

@testable import Audit

@Suite("RFC 4034 §5.1.4 and appendix B: the DS of a key") struct KeyDigestTests {
  /// RFC 4034 §5.4, RFC 4509 §2.3, RFC 6605 §6.1 and §6.2: owner, key, DS.
  static let rows: [(owner: String, key: String, ds: String)] = [
    (
      "dskey.example.com.",
      """
      256 3 5 AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUSdjMmmAphXdvxegXd/M5+X7OrzKBaMbC\
      VdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw==
      """,
      "60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118"
    ),
    (
      "dskey.example.com.",
      """
      256 3 5 AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUSdjMmmAphXdvxegXd/M5+X7OrzKBaMbC\
      VdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw==
      """,
      "60485 5 2 D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A"
    ),
    (
      "example.net.", "257 3 13 GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==",
      "55648 13 2 b4c8c1fe2e7477127b27115656ad6256f424625bf5c1e2770ce6d6e37df61d17"
    ),
    (
      "example.net.",
      """
      257 3 14 xKYaNhWdGOfJ+nPrL8/arkwf2EY3MDJ+SErKivBVSum1w/egsXvSADtNJhyem5RCOpgQ6K8X1DRSEkrbYQ+OB+v8/uX45NBwY8rp65F6Glur8I/ml\
      VNgF6W/qTI37m40
      """,
      "10771 14 4 72d7b62976ce06438e9c0bf319013cf801f09ecc84b8d7e9495f27e305c6a9b0563a9b5f4d288405c3008a946df983d6"
    ),
  ]

  @Test(arguments: rows.indices) func `is what the RFCs' own examples say`(row: Int) throws {
    let (owner, text, expected) = Self.rows[row]
    let ds = try #require(DS(try RData(type: .ds, text: expected, origin: nil)))
    for type in [RRType.dnskey, .cdnskey] {
      let key = try #require(DNSKEY(try RData(type: type, text: text, origin: nil)))
      #expect(key.keyTag == ds.keyTag)
      #expect(key.digest(ds.digestType, of: try DomainName(owner)) == ds.digest)
      #expect(key.isKey(of: ds, owner: try DomainName(owner)))
      #expect(!key.isKey(of: ds, owner: try DomainName("example.org.")))
    }
  }

  @Test(arguments: [("0 3 0 AA==", 0x0300), ("257 3 1 ", 0), ("257 3 1 AQ==", 0), ("257 3 1 AQIDBA==", 0x0203)])
  func `keys of any length have a tag`(text: String, tag: UInt16) throws {
    // Appendix B.1: of algorithm 1, the second and third octets from the end.
    #expect(DNSKEY(try RData(type: .cdnskey, text: text, origin: nil))?.keyTag == tag)
  }
}

/// Keys whose DS other RFCs give, at `example.gov` by its own digest.
@Suite("RFC 7344 §4, RFC 8078 §4: what the zone asks its parent for") struct ChildSignalTests {
  static let old = "257 3 13 GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA=="
  static let new =
    """
    257 3 14 xKYaNhWdGOfJ+nPrL8/arkwf2EY3MDJ+SErKivBVSum1w/egsXvSADtNJhyem5RCOpgQ6K8X1DRSEkrbYQ+OB+v8/uX45NBwY8rp65F6Glur8I/mlV\
    NgF6W/qTI37m40
    """

  static func ds(_ key: String, _ digestType: UInt8, _ type: RRType = .ds) throws -> String {
    let key = try #require(DNSKEY(try RData(type: .dnskey, text: key, origin: nil)))
    let digest = try #require(key.digest(digestType, of: ModelEstate.domain))
    return DS(type: type, keyTag: key.keyTag, algorithm: key.algorithm, digestType: digestType, digest: digest).rdata.text
  }

  static func told(
    declared: [String]? = nil, held: [String], _ lines: [String], change: (inout ModelEstate) throws -> Void = { _ in }
  ) throws -> [Finding] {
    let survey = try ModelEstate.audited { estate in
      if let declared {
        estate.declaration.domains[0].ds = .exactly(try declared.map { try RData(type: .ds, text: $0, origin: nil) })
      }
      if !held.isEmpty { try estate.apply(.set(.parent, held.map { "example.gov. DS \($0)" }.joined(separator: "\n"))) }
      try estate.apply(.set(.everywhere, lines.map { "example.gov. \($0)" }.joined(separator: "\n")))
      try change(&estate)
    }
    #expect(survey.totals.mismatch == 0 || declared != nil, "\(survey.summary)")
    return survey.findings("cds-differs")
  }

  @Test func `other digests of the same key are no news, with and without CDNSKEY`() throws {
    let held = [try Self.ds(Self.old, 2)]
    let cds = ["CDS \(try Self.ds(Self.old, 1))", "CDS \(try Self.ds(Self.old, 2))", "CDS \(try Self.ds(Self.old, 4))"]
    for lines in [cds, [cds[2]], cds + ["CDNSKEY \(Self.old)"], ["CDNSKEY \(Self.old)"], [cds[2], "DNSKEY \(Self.old)"]] {
      #expect(try Self.told(declared: held, held: held, lines).isEmpty, "\(lines)")
      #expect(try Self.told(held: held, lines).isEmpty, "\(lines)")
    }
  }

  @Test func `a digest of another key with the same tag is another key`() throws {
    let held = [try Self.ds(Self.old, 2)]
    var forged = try #require(DS(try RData(type: .ds, text: held[0], origin: nil)))
    forged.digest = Array(repeating: 0x66, count: 32)
    #expect(try Self.told(held: held, ["CDS \(forged.rdata.text)"]).count == 2)
    // With another digest type only the zone's keys tell.
    (forged.digestType, forged.digest) = (4, Array(repeating: 0x66, count: 48))
    let told = try Self.told(held: held, ["CDS \(forged.rdata.text)", "DNSKEY \(Self.old)"])
    #expect(told.map(\.severity) == [.medium, .medium] && told.allSatisfy { $0.type == .cds })
  }

  @Test func `a CDNSKEY of another key is told where the CDS is as it should be`() throws {
    let held = [try Self.ds(Self.old, 2)]
    let told = try Self.told(declared: held, held: held, ["CDS \(held[0])", "CDNSKEY \(Self.new)"])
    #expect(told.map(\.type) == [.cdnskey, .cdnskey] && told.allSatisfy { $0.verdict.how == .replaced })
  }

  @Test(arguments: ["CDS 0 0 0 00", "CDNSKEY 0 3 0 AA=="]) func `the request to remove DNSSEC, in either form`(line: String)
    throws
  {
    let held = [try Self.ds(Self.old, 2)]
    let told = try Self.told(declared: held, held: held, [line])
    #expect(told.map(\.severity) == [.high, .high] && told.allSatisfy { $0.verdict.how == .removed })
    // Going insecure was announced, or is what is declared.
    let announced = try Self.told(declared: held, held: held, [line]) { estate in
      estate.declaration.domains[0].dsChange = try Self.change(held, [], estate.present)
    }
    #expect(announced.isEmpty)
  }

  @Test func `a double-DS roll-over by the signer is information where no DS is declared`() throws {
    let (old, new) = (try Self.ds(Self.old, 2), try Self.ds(Self.new, 2))
    let keys = ["DNSKEY \(Self.old)", "DNSKEY \(Self.new)"]
    // The new key is asked for beside the old one, or in its place; then the parent holds both, and one is to go.
    for lines in [["CDS \(old)", "CDS \(new)"], ["CDS \(new)"], ["CDNSKEY \(Self.new)"]] {
      #expect(try Self.told(held: [old], keys + lines).map(\.severity) == [.info, .info])
      #expect(try Self.told(held: [old, new], keys + lines).isEmpty)
    }
    // A key that is in no DNSKEY RRset, or that stands alone, is no roll-over.
    #expect(try Self.told(held: [old], ["CDS \(new)", "DNSKEY \(Self.old)"]).map(\.severity) == [.medium, .medium])
    #expect(try Self.told(held: [old], ["CDS \(new)", "DNSKEY \(Self.new)"]).map(\.severity) == [.medium, .medium])
    #expect(try Self.told(declared: [old], held: [old], keys + ["CDS \(new)"]).map(\.severity) == [.medium, .medium])
  }

  @Test func `a key that is declared may be asked for, and one that is declared is missed`() throws {
    let (old, new) = (try Self.ds(Self.old, 2), try Self.ds(Self.new, 2))
    #expect(try Self.told(declared: [old, new], held: [old], ["CDS \(old)", "CDS \(new)"]).isEmpty)
    let told = try Self.told(declared: [old, new], held: [old, new], ["CDS \(new)"])
    #expect(told.allSatisfy { $0.verdict.how == .removed } && told.count == 2)
  }

  @Test func `inside an announced change its keys may be asked for, and no others`() throws {
    let (old, new) = (try Self.ds(Self.old, 2), try Self.ds(Self.new, 2))
    func announced(_ estate: inout ModelEstate) throws {
      estate.declaration.domains[0].dsChange = try Self.change([old], [new], estate.present)
    }
    #expect(try Self.told(declared: [old], held: [old], ["CDS \(new)"], change: announced).isEmpty)
    #expect(try Self.told(declared: [old], held: [old], ["CDNSKEY \(Self.new)"], change: announced).isEmpty)
    let foreign = "666 13 2 \(String(repeating: "66", count: 32))"
    #expect(try Self.told(declared: [old], held: [old], ["CDS \(foreign)"], change: announced).count == 2)
    #expect(try Self.told(declared: [old], held: [old], ["CDS 0 0 0 00"], change: announced).count == 2)
  }

  @Test func `a first DS may be asked for where nobody declares that there is none`() throws {
    let new = try Self.ds(Self.new, 2)
    #expect(try Self.told(held: [], ["CDS \(new)", "CDNSKEY \(Self.new)"]).isEmpty)
    let told = try Self.told(held: [], ["CDS \(new)"]) { $0.declaration.domains[0].ds = .unsigned }
    #expect(told.map(\.severity) == [.medium, .medium])
    #expect(try Self.told(held: [], ["CDS 0 0 0 00"]) { $0.declaration.domains[0].ds = .unsigned }.isEmpty)
  }

  private static func change(_ was: [String], _ to: [String], _ now: Timestamp) throws -> PlannedChange {
    func intended(_ texts: [String]) throws -> DeclaredRRset.Intended {
      texts.isEmpty ? .absent : .exactly(try texts.map { try RData(type: .ds, text: $0, origin: nil) })
    }
    return PlannedChange(
      ModelEstate.domain, .ds, was: try intended(was), to: try intended(to), from: now.advanced(by: .seconds(-3600)),
      until: now.advanced(by: .seconds(3600)), ticket: "NET-1")
  }
}
