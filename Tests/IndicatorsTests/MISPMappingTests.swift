import Fixtures
import Foundation
import Indicators
import Notation
import Testing

/// What MISP's own conversion to STIX compares for a type of attribute, and where ours differs, with the reason.
@Suite("MISP's mapping of attributes to STIX 2.1") struct MISPMappingTests {
  struct Difference {
    var onlyTheirs: Set<String> = []
    var onlyOurs: Set<String> = []
    var reason: String
  }

  static let mapping: JSONValue? = try? json(fixture: "ioc/misp-stix-mapping/misp_attributes_to_stix21.json")
  static let types = mapping?.members?.map(\.name) ?? []

  /// Beside a hash the file's name is not sought; it stands in the title.
  static let names = Dictionary(
    uniqueKeysWithValues: [
      "md5": "1", "sha1": "2", "sha224": "3", "sha256": "4", "sha384": "5", "sha512": "6", "ssdeep": "7", "authentihash": "8",
      "imphash": "9", "pehash": "10", "sha512/224": "11", "sha512/256": "12", "tlsh": "13", "vhash": "14", "sha3-224": "15",
      "sha3-256": "16", "sha3-384": "17", "sha3-512": "18",
    ].map { hash, number in
      ("filename|" + hash, Difference(onlyTheirs: ["filename" + number], reason: "a hash tells the file under any name"))
    })

  static let others: [String: Difference] = [
    "attachment": Difference(
      onlyTheirs: ["ZWNobyAiREFOR0VST1VTIE1BTFdBUkUiIAoK"], reason: "a file's whole content is nothing that a log holds"),
    "malware-sample": Difference(
      onlyTheirs: [
        "UEsDBAoACQAAAAaOU1EvUbi[...]AACAAIA2QAAAB8BAAAAAA==", "oui", "application/zip", "mime-type-indicated", "infected",
      ],
      reason: "the rest says how MISP packed the sample, and its name"),
    "hostname|port": Difference(onlyTheirs: ["8443"], reason: "a log of answers has no ports: the name is sought alone"),
    "ip-dst": Difference(onlyTheirs: ["ipv4-addr"], reason: "the path says which kind of address it is"),
    "ip-src": Difference(onlyTheirs: ["ipv4-addr"], reason: "the path says which kind of address it is"),
    "ip-dst|port": Difference(onlyTheirs: ["ipv4-addr", "5678"], reason: "as of ip-dst and of hostname|port"),
    "ip-src|port": Difference(onlyTheirs: ["ipv4-addr", "1234"], reason: "as of ip-src and of hostname|port"),
    "regkey|value": Difference(
      onlyTheirs: [#"\%DATA\%\1234567890"#], onlyOurs: [#"%DATA%\1234567890"#],
      reason: "a percent sign needs no escape in a pattern: theirs compares with backslashes that the value has not"),
  ]

  @Test func `the table names types of the mapping alone`() {
    #expect(Self.types.count == 80)
    #expect(Set(Self.names.keys).union(Self.others.keys).isSubset(of: Self.types))
  }

  @Test(arguments: types) func `the same values are compared`(type: String) throws {
    let entry = try #require(Self.mapping?[type])
    let attribute = try #require(entry["MISP"])
    let publication = try MISP.read(attribute)
    let stix = try #require(entry["STIX"])
    let theirs = (stix.items ?? [stix]).filter { $0["type"]?.string == "indicator" }
    #expect(publication.indicators.count == theirs.count)
    #expect(publication.remarkCount == 0)
    guard let indicator = publication.indicators.first, let text = theirs.first?["pattern"]?.string else { return }
    switch indicator.criterion {
    case .foreign(let language, let rule):
      #expect(language == theirs.first?["pattern_type"]?.string)
      // Theirs puts the rule into the brackets of a STIX pattern.
      #expect("[\(rule)]" == text)
    case .value: Issue.record("MISP gives patterns")
    case .pattern(let pattern):
      let (ours, theirs) = (comparedValues(pattern), comparedValues(try Pattern(text)))
      let difference = Self.names[type] ?? Self.others[type]
      #expect(theirs.subtracting(ours) == difference?.onlyTheirs ?? [])
      #expect(ours.subtracting(theirs) == difference?.onlyOurs ?? [])
      #expect(!ours.isEmpty)
    }
    #expect(theirs.first?["id"]?.string == "indicator--" + indicator.id)
  }
}

@Suite("MISP's mapping of objects to STIX 2.1") struct MISPObjectMappingTests {
  static let mapping: JSONValue? = try? json(fixture: "ioc/misp-stix-mapping/misp_objects_to_stix21.json")
  static let entries = mapping?.members?.map(\.name) ?? []

  /// Objects that theirs makes a pattern of and ours does not: accounts, software and single registry values, of which no log that
  /// is matched here tells.
  static let unsought: Set<String> = [
    "cpe-asset", "credential", "facebook-account", "github-user", "gitlab-user", "parler-account", "reddit-account",
    "registry-key-value", "telegram-account", "twitter-account", "user-account",
  ]

  static let onlyOurs: [String: Set<String>] = [
    // Of this object nothing is for detection: it never alerts, and theirs makes no pattern of it.
    "annotation": ["annotation.attachment"],
    // Theirs has a pattern of one pair alone; the other stands among the observed objects.
    "domain-ip with the perfect domain & ip matching": ["misp-project.org", "185.194.93.14"],
    // Theirs makes malware, tools and identities of these, and leaves out what MISP says is for detection (`to_ids`).
    "Script object where state is \"Malicious\"": ["infected.py"],
    "Script object where state is not \"Malicious\"": ["hello.py"],
    "news-agency": ["contact@afp.fr", "contact@afp.us"], "organization": ["info@circl.lu"],
    // Links of what is not for detection: they never alert.
    "legal-entity": ["https://umbrella.org"],
    "vulnerability": [
      "http://www.securityfocus.com/bid/101098",
      "https://portal.msrc.microsoft.com/en-US/security-guidance/advisory/CVE-2017-11774",
    ],
  ]

  /// Languages of rules that MISP holds as text, which no type tells from any other text: they are not kept.
  static let textualRules: Set<String> = ["nova", "crs", "wazuh"]

  @Test(arguments: entries) func `no value is sought that theirs does not seek`(name: String) throws {
    let entry = try #require(Self.mapping?[name])
    let (misp, stix) = (try #require(entry["MISP"]), try #require(entry["STIX"]))
    var (theirs, theirRules): (Set<String>, [[String]]) = ([], [])
    for indicator in stix.items ?? [stix] {
      guard let language = indicator["pattern_type"]?.string, let text = indicator["pattern"]?.string else { continue }
      if language == "stix" {
        theirs.formUnion(comparedValues(try Pattern(text)))
      } else if !Self.textualRules.contains(language) {
        theirRules.append([language, text])
      }
    }
    var (ours, ourRules): (Set<String>, [[String]]) = ([], [])
    for object in misp.items ?? [misp] where object["Attribute"] != nil {
      for indicator in try MISP.read(object).indicators {
        if case .foreign(let language, let text) = indicator.criterion { ourRules.append([language, text]) }
        ours.formUnion(indicator.pattern.map(comparedValues) ?? [])
      }
    }
    #expect(ours.subtracting(theirs) == Self.onlyOurs[name] ?? [])
    if !theirs.isEmpty { #expect(ours.isEmpty == Self.unsought.contains(name)) }
    #expect(ourRules == theirRules)
  }

  @Test func `the table names objects of the mapping alone`() {
    #expect(Self.entries.count == 56)
    #expect(Self.unsought.union(Self.onlyOurs.keys).isSubset(of: Self.entries))
  }
}

@Suite("MISP events and their STIX forms") struct MISPAgainstSTIXTests {
  /// The MISP files, and the STIX files that MISP's conversion made of them.
  static let pairs: [(misp: [String], stix: String)] = [
    (["test_attributes_collection_1", "test_attributes_collection_2"], "test_attributes_collection"),
    (["test_events_collection_1"], "test_event1"), (["test_events_collection_2"], "test_event2"),
    (["test_events_collection_1", "test_events_collection_2"], "test_events_collection"),
    (["test_objects_collection_1", "test_objects_collection_2"], "test_objects_collection"),
  ]

  /// By the UUID of the attribute or object: what theirs compares and ours does not.
  static let onlyTheirs: [String: Set<String>] = [
    // The file's name: its three hashes tell it under any name.
    "5e384ae7-672c-4250-9cda-3b4da964451a": ["oui"]
  ]

  @Test(arguments: pairs, ["stix20", "stix21"])
  func `what alerts is the same, and compares the same values`(pair: (misp: [String], stix: String), version: String) throws {
    var ours: [String: Set<String>] = [:]
    for file in pair.misp {
      for indicator in try MISP.read(json(fixture: "ioc/misp-stix/\(file).json")).indicators where !indicator.isBenign {
        ours[indicator.id] = comparedValues(try #require(indicator.pattern))
      }
    }
    var theirs: [String: Set<String>] = [:]
    for indicator in try STIX2.read(json(fixture: "ioc/misp-stix/\(pair.stix)_\(version).json")).indicators {
      let id = String(indicator.id.dropFirst("indicator--".count))
      theirs[id] = comparedValues(try #require(indicator.pattern)).subtracting(Self.onlyTheirs[id] ?? [])
    }
    #expect(ours == theirs)
    #expect(!ours.isEmpty)
  }

  @Test func `both versions of a STIX form say the same`() throws {
    for pair in Self.pairs {
      let old = try STIX2.read(json(fixture: "ioc/misp-stix/\(pair.stix)_stix20.json")).indicators
      let new = try STIX2.read(json(fixture: "ioc/misp-stix/\(pair.stix)_stix21.json")).indicators
      #expect(old.map(\.criterion) == new.map(\.criterion))
      #expect(old.map(\.validFrom) == new.map(\.validFrom))
      #expect(old.map(\.labels) == new.map(\.labels))
    }
  }

  @Test func `what MISP does not give for detection is no indicator in STIX, and never alerts here`() throws {
    let publication = try MISP.read(json(fixture: "ioc/misp-stix/test_attributes_collection_1.json"))
    #expect(publication.indicators.filter(\.isBenign).compactMap(\.pattern).map(comparedValues) == [["174"]])
  }
}
