#!/usr/bin/env python3
"""Writes what octoDNS itself reads in its own test zones, one RR a line, as a second reader of these files.

    pip install octodns==1.22.0
    python3 dump.py

Runs in its own folder. Each zone gives ZONE.zone, with what octoDNS renders as record data, and ZONE.pools with the values of
`geo` and `dynamic`. ALIAS and URLFWD are no records of DNS and are left out.
"""

import logging
import warnings
from os.path import dirname, join, realpath

from octodns.provider.yaml import YamlProvider
from octodns.zone import Zone

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
here = dirname(realpath(__file__))
octodns = join(here, "..", "octodns")
# The folder, the zone, the extension of a split folder, and whether the zone's file is read too.
zones = [
    (here, "every.tests.", False),
    (octodns, "unit.tests.", False),
    (octodns, "dynamic.tests.", False),
    (octodns, "subzone.unit.tests.", False),
    (join(octodns, "dynamic-arpa"), "unit.tests.", False),
    (join(octodns, "docs-examples/basic/target"), "my-domain.com.", False),
    (join(octodns, "docs-examples/basic/target"), "unused-domain.io.", False),
    (join(octodns, "docs-examples/custom/config"), "dns.math.", False),
    (join(octodns, "docs-examples/migrating-to-octodns/populate"), "unused-dumpable.com.", False),
    (join(octodns, "hybrid"), "one.test.", False),
    (join(octodns, "hybrid"), "two.test.", "."),
    (join(octodns, "override"), "dynamic.tests.", False),
    (join(octodns, "split"), "unit.tests.", ".tst"),
    (join(octodns, "split"), "dynamic.tests.", ".tst"),
    (join(octodns, "split"), "subzone.unit.tests.", ".tst"),
    (join(octodns, "split"), "unordered.", ".tst"),
    (join(octodns, "zone-disable-validators"), "zone-disable-validators-a.tests.", False),
]

for directory, name, extension in zones:
    provider = YamlProvider(
        "dump", directory, enforce_order=False, split_extension=extension, disable_zonefile=bool(extension),
        escaped_semicolons=True,
    )
    zone = Zone(name, [])
    provider.populate(zone, lenient=True)
    records, pools = [], []
    for record in sorted(zone.records, key=lambda r: (r.name, r._type)):
        if record._type in ("ALIAS", "URLFWD"):
            continue
        rrset = record.to_rrset()
        for rdata in rrset.rdatas:
            records.append(f"{rrset.name} {rrset.ttl} IN {rrset._type} {rdata}")
        for place in getattr(record, "geo", {}).values():
            pools += [f"{rrset.name} {rrset._type} {value}" for value in place.values]
        dynamic = getattr(record, "dynamic", None)
        for pool in dynamic.pools.values() if dynamic else []:
            pools += [f"{rrset.name} {rrset._type} {value['value']}" for value in pool.data["values"]]
    path = directory[len(octodns) + 1 :].replace("/", "_") if directory != here else ""
    stem = join(here, (path + "_" if path else "") + name[:-1] + (extension or ""))
    for suffix, lines in ((".zone", records), (".pools", pools)):
        if lines:
            with open(stem.rstrip(".") + suffix, "w") as file:
                file.write("\n".join(lines) + "\n")
