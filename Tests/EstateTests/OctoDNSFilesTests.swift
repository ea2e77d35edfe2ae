import Fixtures
import Foundation
import Testing

@testable import Estate

/// Every YAML file of octoDNS's tests and examples: how many RRsets it gives, or why it is refused.
@Suite("octoDNS's test zones and examples") struct OctoDNSFilesTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var path: String
    var sets: Int
    /// The first fault and the first notice, with their places in the file.
    var fault: String?
    var notice: String?
    var testDescription: String { path }

    init(_ path: String, _ sets: Int, fault: String? = nil, notice: String? = nil) {
      (self.path, self.sets, self.fault, self.notice) = (path, sets, fault, notice)
    }
  }

  static let empty = "1:1: The zone file holds no record, so nothing is expected of the zone."
  static let noRecord = "holds text where a record belongs. Write {type: A, value: 192.0.2.1}, or a list of such records."
  static let notJoined =
    "2:7: Files of a list after !include hold lists only or mappings only. Include the others by themselves."
  static let missing =
    "!include \"does-not-exist.yaml\" cannot be read: there is no such file. "
    + "Write the path of a readable file, seen from the folder of this file."
  static func some(_ name: String) -> String {
    "2:1: \(name).unit.tests. CNAME is for some providers only, so what stands there is not judged. "
      + "Declare it under records: if all servers have it."
  }

  static let rows = [
    Row("unit.tests.yaml", 23, notice: some("excluded").replacing("2:1:", with: "79:1:")), Row("dynamic.tests.yaml", 6),
    Row("subzone.unit.tests.yaml", 3), Row("sub.txt.unit.tests.yaml", 0, notice: empty), Row("unordered.yaml", 2),
    Row("empty.yaml", 0, notice: empty), Row("override/dynamic.tests.yaml", 2), Row("hybrid/one.test.yaml", 1),
    Row("hybrid/two.test./$two.test.yaml", 1), Row("hybrid/two.test./split-zone-file.yaml", 1),
    Row("dynamic-arpa/unit.tests.yaml", 4), Row("dynamic-arpa/3.2.2.in-addr.arpa.yaml", 0, notice: empty),
    Row(
      "dynamic-arpa/b.e.f.f.f.d.1.8.f.2.6.0.1.2.e.0.0.5.0.4.4.6.0.1.0.6.2.ip6.arpa.yaml", 0, notice: empty),
    Row("zone-disable-validators/zone-disable-validators-a.tests.yaml", 1),
    Row("zone-disable-validators/zone-disable-validators-b.tests.yaml", 1),
    Row(
      "docs-examples/basic/config/my-domain.com.yaml", 0,
      fault: "56:13: YAML aliases (*name) are not read. Write the value out; quote text that starts with *."),
    Row("docs-examples/basic/config/unused-domain.io.yaml", 0, notice: empty),
    Row("docs-examples/basic/target/my-domain.com.yaml", 9), Row("docs-examples/basic/target/unused-domain.io.yaml", 1),
    Row("docs-examples/custom/config/dns.math.yaml", 1),
    Row(
      "docs-examples/migrating-to-octodns/populate/my-dumpable.com.yaml", 8,
      fault: "10:13: YAML anchors (&name) are not read. Write the value out where it is needed; quote text that starts with &."),
    Row("docs-examples/migrating-to-octodns/populate/unused-dumpable.com.yaml", 1),
    Row("split/shared.yaml", 1), Row("split/unit.tests.yaml", 1), Row("split/dynamic.tests.tst/a.yaml", 1),
    Row("split/dynamic.tests.tst/aaaa.yaml", 1), Row("split/dynamic.tests.tst/cname.yaml", 1),
    Row("split/dynamic.tests.tst/real-ish-a.yaml", 1), Row("split/dynamic.tests.tst/simple-weighted.yaml", 1),
    Row("split/subzone.unit.tests.tst/12.yaml", 1), Row("split/subzone.unit.tests.tst/2.yaml", 1),
    Row("split/subzone.unit.tests.tst/test.yaml", 1), Row("split/unit.tests.tst/$unit.tests.yaml", 4),
    Row("split/unit.tests.tst/_srv._tcp.yaml", 1), Row("split/unit.tests.tst/aaaa.yaml", 1),
    Row("split/unit.tests.tst/cname.yaml", 1), Row("split/unit.tests.tst/dname.yaml", 1),
    Row("split/unit.tests.tst/excluded.yaml", 0, notice: some("excluded")),
    Row(
      "split/unit.tests.tst/ignored.yaml", 0,
      notice: "2:1: ignored.unit.tests. A is ignored by octoDNS, so what stands there is not judged. "
        + "Declare it under records: if it is intended."),
    Row("split/unit.tests.tst/included.yaml", 0, notice: some("included")), Row("split/unit.tests.tst/mx.yaml", 1),
    Row("split/unit.tests.tst/naptr.yaml", 1), Row("split/unit.tests.tst/ptr.yaml", 1),
    Row("split/unit.tests.tst/spf.yaml", 1), Row("split/unit.tests.tst/sub.yaml", 1), Row("split/unit.tests.tst/txt.yaml", 1),
    Row(
      "split/unit.tests.tst/urlfwd.yaml", 2,
      notice: "2:1: urlfwd.unit.tests. is answered by the provider itself (URLFWD): any address is accepted. "
        + "Declare it under records: with within: or originAS: to be stricter."),
    Row("split/unit.tests.tst/www.sub.yaml", 1), Row("split/unit.tests.tst/www.yaml", 1),
    Row("split/unordered.tst/abc.yaml", 1), Row("split/unordered.tst/xyz.yaml", 1),
    // Not zones, but what octoDNS tests !include with.
    Row(
      "include/array.yaml", 0,
      fault: "2:1: The zone file holds a list where names and their records belong. "
        + "Write names as keys, as in www: {type: A, value: 192.0.2.1}."),
    Row("include/dict.yaml", 0, fault: "2:1: \"k\" \(noRecord)"),
    Row("include/dict_too.yaml", 0, fault: "2:1: \"z\" \(noRecord)"),
    Row("include/empty.yaml", 0, notice: empty), Row("include/include-array-with-dict.yaml", 0, fault: notJoined),
    Row("include/include-array-with-non-existant.yaml", 0, fault: "4:5: \(missing)"),
    Row("include/include-array-with-unsupported.yaml", 0, fault: "2:1: \"data\" \(noRecord)"),
    Row("include/include-dict-with-array.yaml", 0, fault: notJoined),
    Row("include/include-doesnt-exist.yaml", 0, fault: "2:6: \(missing)"),
    Row("include/main.yaml", 0, fault: "2:3: \"included-array\" \(noRecord)"),
    Row(
      "include/merge.yaml", 0,
      fault: "4:3: The merge key << is not read. Write the entries out, or include the whole mapping with !include."),
  ]

  @Test(arguments: rows) func `imports, or is refused with a reason`(row: Row) {
    let reading = OctoDNSReading(fixture: "octodns/" + row.path, domain: "unit.tests")
    // An included file is named in its own fault.
    func place(_ line: String?) -> String? { line.map { String($0.drop { $0 != ":" }.dropFirst()) } }
    #expect(place(reading.faults.first) == row.fault)
    #expect(place(reading.notices.first) == row.notice)
    #expect(reading.sets.count == row.sets)
    #expect((reading.faults + reading.notices).allSatisfy { $0.hasPrefix("octodns/") })
  }

  /// Configurations of octoDNS by the folder that each names for its zone files.
  static let configurations: [(folder: String, files: String)] = [
    (
      "",
      """
      alias-zone-loop always-dry-run bad-plan-output-config bad-plan-output-missing-class bad-provider-class-module \
      bad-provider-class-no-module bad-provider-class dump-processors dynamic-arpa-no-normal-source dynamic-arpa \
      missing-provider-class missing-provider-config missing-provider-env missing-sources no-dump plan-output-filehandle \
      processors-missing-class processors-wants-config processors provider-problems secrets simple-alias-zone simple-arpa \
      simple-lenient-zone simple-split simple-validate simple unknown-processor unknown-provider unknown-source-zone \
      validators-add-global validators-add-types-string validators-add-with-kwargs validators-add validators-bad-class \
      validators-bad-config validators-disable-bridge validators-disable-type validators-disable-unknown validators-disable \
      validators-enabled-empty validators-enabled-sets validators-enabled-string validators-missing-class \
      validators-override-builtin validators-unknown-name validators-value-validator validators-wrong-base \
      zone-disable-validators-bridge zone-disable-validators zone-ignore-subzone-adds zone-threshold \
      zone-validators-add-with-kwargs zone-validators-add zone-validators-bad-config zone-validators-disable-active \
      zone-validators-disable-bridge zone-validators-disable-record-validators-both-keys \
      zone-validators-disable-record-validators-legacy-key zone-validators-disable-record-validators-renamed \
      zone-validators-disable-unknown zone-validators-disable zone-validators-enable zone-validators-enabled-sets \
      zone-validators-missing-class zone-validators-override-builtin zone-validators-record-validators-both-keys \
      zone-validators-record-validators-legacy-key zone-validators-record-validators-renamed zone-validators-unknown-name \
      zone-validators-wrong-base dynamic-config dynamic-config-no-list-zones
      """
    ), ("config/", "docs-examples/basic/config/octodns docs-examples/custom/config/octodns"),
    ("config/", "docs-examples/migrating-to-octodns/config/octodns"),
    ("populate/", "docs-examples/migrating-to-octodns/populate/octodns"),
  ]

  static let configured = configurations.flatMap { folder, files in
    files.split(separator: " ").map { ["\($0).yaml", folder] }
  }

  @Test(arguments: configured) func `octoDNS's configuration is refused, and the zone file is named`(row: [String]) {
    let reading = OctoDNSReading(fixture: "octodns/" + row[0], domain: "unit.tests")
    #expect(reading.faults.count == 1)
    let fault = reading.faults.first ?? ""
    let says = "This is octoDNS's configuration, which names providers and holds no records. Name the zone file, such as "
    #expect(fault.hasPrefix("octodns/\(row[0]):") && fault.contains(says))
    #expect(fault.hasSuffix("\(row[1])unit.tests.yaml."))
    #expect(reading.sets.isEmpty)
  }

  @Test func `no file is left out`() throws {
    let root = Fixture.path("dns/declared/octodns")
    let files = try FileManager.default.subpathsOfDirectory(atPath: root).filter { $0.hasSuffix(".yaml") }
    // A file that includes a faulty one has its row as that one's.
    let told = Set(Self.rows.map(\.path) + Self.configured.map { $0[0] } + ["include/nested.yaml", "include/subdir/value.yaml"])
    #expect(told.subtracting(files).sorted() == [])
    #expect(Set(files).subtracting(told).sorted() == [])
  }

  @Test(arguments: ["nested", "subdir/value"]) func `an included file is named where it is at fault`(path: String) {
    #expect(
      OctoDNSReading(fixture: "octodns/include/\(path).yaml", domain: "unit.tests").faults == [
        "octodns/include/subdir/value.yaml:2:1: The zone file holds text where names and their records belong. "
          + "Write names as keys, as in www: {type: A, value: 192.0.2.1}."
      ])
  }
}
