#!/usr/bin/env python3
"""Writes the MaxMind databases beside it, with mmdb-writer 0.2.7 from PyPI: pip install mmdb-writer==0.2.7

Addresses and AS numbers are those of documentation (RFC 5737, RFC 3849, RFC 5398).
"""
import os
import time

from mmdb_writer import MMDBWriter
from netaddr import IPSet

# 2026-11-01T00:00:00Z, so that the files are the same each time.
time.time = lambda: 1793491200.0

folder = os.path.dirname(os.path.abspath(__file__))


def write(name, kind, entries, **options):
    writer = MMDBWriter(database_type=kind, languages=["en"], description=f"Test data of kind {kind}", **options)
    for prefix, record in entries:
        writer.insert_network(IPSet([prefix]), record)
    writer.to_db_file(os.path.join(folder, name))


def system(number):
    return {"autonomous_system_number": number, "autonomous_system_organization": f"Example {number}"}


write(
    "asn.mmdb", "GeoLite2-ASN",
    [
        ("192.0.2.0/24", system(64496)),
        ("198.51.100.0/25", system(64497)),
        ("198.51.100.192/26", system(4200000000)),
        ("203.0.113.7/32", system(65551)),
        ("2001:db8::/32", system(64499)),
        ("2001:db8:ffff::/48", system(64500)),
        ("2001:db8:1::1/128", {"autonomous_system_organization": "Nobody"}),
    ],
    ip_version=6, ipv4_compatible=True, int_type="u32")
write("ipinfo.mmdb", "ipinfo standard_asn.mmdb", [
    ("192.0.2.0/24", {"asn": "AS64496", "name": "Example", "domain": "example.net"}),
    ("198.51.100.0/24", {"asn": "AS65551", "name": "Example", "domain": "example.org"}),
    ("203.0.113.0/25", {"asn": "", "name": ""}),
    ("203.0.113.128/25", {"asn": "ASxyz", "name": ""}),
], ip_version=4)
write("city.mmdb", "GeoLite2-City", [
    ("192.0.2.0/24", {"city": {"names": {"en": "Exampleville"}}}),
], ip_version=4)
