import RealServers

/// Packages of STIX 1 as python-stix writes them, the library of those who made the format.
enum STIX1ByPython {
  enum Version: String, CaseIterable, Sendable {
    case v111 = "1.1.1"
    case v12 = "1.2"
  }

  /// Writes a package with an indicator for each title that ``STIX1LibraryTests`` knows.
  static func write(_ version: Version, to path: String) async throws {
    _ = try await PythonPackages.run(program, [version.rawValue, path])
  }

  private static let program = """
    import os, sys
    from datetime import datetime, timezone

    version, path = sys.argv[1:]
    if version == "1.1.1":
        sys.path.insert(0, os.path.join(sys.prefix, "stix-1.1.1"))

    from cybox.objects.address_object import Address
    from cybox.objects.dns_record_object import DNSRecord
    from cybox.objects.domain_name_object import DomainName
    from cybox.objects.email_message_object import EmailMessage
    from cybox.objects.file_object import File
    from cybox.objects.hostname_object import Hostname
    from cybox.objects.uri_object import URI
    from stix.common import VocabString
    from stix.core import STIXHeader, STIXPackage
    from stix.data_marking import Marking, MarkingSpecification
    from stix.extensions.marking.tlp import TLPMarkingStructure
    from stix.indicator import CompositeIndicatorExpression, Indicator
    from stix.indicator.sightings import Sighting
    from stix.indicator.valid_time import ValidTime

    def day(number):
        return datetime(2026, 11, number, tzinfo=timezone.utc)

    def handling(color):
        return Marking([MarkingSpecification(
            controlled_structure="../../../descendant-or-self::node()", marking_structures=[TLPMarkingStructure(color=color)])])

    package = STIXPackage(stix_header=STIXHeader(title="By another hand", handling=handling("GREEN")), timestamp=day(1))

    def add(title, *observables, operator="OR", **members):
        indicator = Indicator(title=title, timestamp=day(2))
        indicator.observable_composition_operator = operator
        for observable in observables:
            indicator.add_observable(observable)
        for name, value in members.items():
            setattr(indicator, name, value)
        package.add_indicator(indicator)
        return indicator

    def name(text):
        it = DomainName()
        it.value, it.type_ = text, "FQDN"
        return it

    def host(text):
        it = Hostname()
        it.hostname_value, it.is_domain_name = text, True
        return it

    def file(*hashes):
        it = File()
        for text in hashes:
            it.add_hash(text)
        return it

    def mail(sender, subject):
        it = EmailMessage()
        it.from_, it.subject = sender, subject
        return it

    def record(owner, address):
        it = DNSRecord()
        it.domain_name, it.ip_address = URI(owner, URI.TYPE_DOMAIN), Address(address, Address.CAT_IPV4)
        return it

    def any_of(*addresses):
        it = Address(list(addresses), Address.CAT_IPV4)
        it.address_value.condition, it.address_value.apply_condition = "Equals", "ANY"
        return it

    def starts(text):
        it = URI(text, URI.TYPE_URL)
        it.value.condition = "StartsWith"
        return it

    md5, sha1 = "D41D8CD98F00B204E9800998ECF8427E", "da39a3ee5e6b4b0d3255bfef95601890afd80709"
    sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    add("address", Address("192.0.2.66", Address.CAT_IPV4))
    add("address 6", Address("2001:DB8:0::66", Address.CAT_IPV6))
    add("prefix", Address("198.51.100.0/24", Address.CAT_CIDR))
    add("addresses", any_of("192.0.2.1", "192.0.2.2"))
    add("name", name("Evil.example"))
    add("host", host("host.evil.example"))
    add("locator", URI("http://evil.example/a?b=1&c=<2>", URI.TYPE_URL))
    add("locators", starts("http://evil.example/a"))
    add("name as URI", URI("uri.example", URI.TYPE_DOMAIN))
    add("hash", file(md5))
    add("hashes", file(sha1, sha256))
    add("mailbox", Address("Eve@evil.example", Address.CAT_EMAIL))
    add("mail", mail("eve@evil.example", "You're invited"))
    add("record", record("evil.example", "192.0.2.66"))
    either = add("either", name("one.example"), name("two.example"))
    both = add("both", name("one.example"), Address("192.0.2.66", Address.CAT_IPV4), operator="AND")
    nested = CompositeIndicatorExpression("AND", [Indicator(idref=both.id_), Indicator(idref=either.id_)])
    add("all of them", composite_indicator_expression=nested)
    add("red", name("red.example"), handling=handling("RED"))
    add("white", name("white.example"), handling=handling("WHITE"))
    benign = add("benign", name("good.example"))
    benign.add_indicator_type(VocabString("Benign"))
    told = add("told", name("told.example"), confidence="High", description="What is told of it")
    told.add_indicator_type("Domain Watchlist")
    told.add_valid_time_position(ValidTime(start_time=day(3), end_time=day(20)))
    for number in (5, 4):
        told.sightings.append(Sighting(timestamp=day(number)))

    with open(path, "wb") as out:
        out.write(package.to_xml())
    """
}
