"""Makes streams.txt: signed transfers as dnspython signs them (RFC 8945). Run: python3 make.py > streams.txt

A block a stream: `stream NAME`, `key NAME ALGORITHM BASE64`, `time SECONDS`, `id NUMBER`, then `request` and each `reply` in hex.
"""
import base64
import sys

import dns.message
import dns.name
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import dns.tsig
import dns.version

ZONE = dns.name.from_text("example.gov.")
TIME = 1700000000
SOA = "ns1.example.gov. host.example.gov. %d 3600 600 1209600 300"


class Clock:
    """In the place of the time module: the moment is always TIME."""

    def __init__(self, moment):
        self.moment = moment

    def time(self):
        return self.moment


def rrset(name, kind, *data):
    return dns.rrset.from_text(dns.name.from_text(name, ZONE), 3600, "IN", kind, *data)


def soa(serial):
    return rrset("@", "SOA", SOA % serial)


def key(algorithm, size):
    return dns.tsig.Key("transfer.example.gov.", bytes(range(7, 7 + size)), algorithm)


def start(name, key, query, time=TIME):
    dns.message.time = Clock(time)
    query.flags = 0
    query.use_tsig(key)
    wire = query.to_wire()
    print("stream", name)
    print("key", key.name, str(key.algorithm).rstrip("."), base64.b64encode(key.secret).decode())
    print("time", time)
    print("id", query.id)
    print("request", wire.hex())
    return query


def reply(query, sections, question=True):
    message = dns.message.Message(id=query.id)
    message.flags = dns.flags.QR | dns.flags.AA
    if question:
        message.question = query.question
    message.answer = list(sections)
    return message


def stream(query, key, messages, unsigned=(), time=TIME, cut=None, error=0, other=b"", rcode=0):
    """Writes messages, each signed but those whose numbers are in `unsigned`."""
    dns.message.time = Clock(time)
    context = None
    for number, sections in enumerate(messages):
        message = reply(query, sections, question=number == 0)
        message.set_rcode(rcode)
        if number in unsigned:
            wire = message.to_wire()
            context.update(wire)
        else:
            message.use_tsig(key, tsig_error=error, other_data=other)
            message.request_mac = query.mac
            wire = message.to_wire(multi=True, tsig_ctx=context)
            context = message.tsig_ctx
        print("reply", wire.hex())
    print()


def axfr():
    query = dns.message.make_query(ZONE, "AXFR")
    query.id = 4242
    return query


def ixfr(serial):
    query = dns.message.make_query(ZONE, "IXFR")
    query.id = 4243
    query.authority = [soa(serial)]
    return query


WHOLE = [
    [soa(7), rrset("@", "NS", "ns1.example.gov.")],
    [rrset("ns1", "A", "192.0.2.1"), rrset("www", "A", "192.0.2.80"), rrset("www", "A", "192.0.2.81")],
    [rrset("txt", "TXT", '"a b"'), soa(7)],
]

print("# Made by make.py with dnspython", dns.version.version)
for algorithm, size in (("hmac-sha256", 32), ("hmac-sha384", 48), ("hmac-sha512", 200)):
    k = key(algorithm, size)
    stream(start("one " + algorithm, k, axfr()), k, [sum(WHOLE, [])])
    stream(start("three " + algorithm, k, axfr()), k, WHOLE)
k = key("hmac-sha256", 32)
stream(start("unsigned between", k, axfr()), k, WHOLE, unsigned={1})
stream(start("unsigned end", k, axfr()), k, WHOLE, unsigned={1, 2})


def many(count):
    middle = [[rrset("h%d" % number, "A", "192.0.2.9")] for number in range(count)]
    return [[soa(7)]] + middle + [[soa(7)]]


stream(start("99 unsigned", k, axfr()), k, many(99), unsigned=set(range(1, 100)))
stream(start("100 unsigned", k, axfr()), k, many(100), unsigned=set(range(1, 101)))
stream(start("late", k, axfr()), k, WHOLE, time=TIME + 301)
stream(start("late within the fudge", k, axfr()), k, WHOLE, time=TIME + 300)
stream(
    start("bad time", k, axfr()), k, [[]], rcode=9, error=18, other=(TIME + 4000).to_bytes(6, "big"))
stream(start("refused", k, axfr()), k, [[]], rcode=5)
stream(
    start("changes", k, ixfr(5)), k,
    [[soa(7), soa(5), rrset("www", "A", "192.0.2.80"), soa(6), rrset("www", "A", "192.0.2.81")],
     [soa(6), rrset("old", "A", "192.0.2.3"), soa(7), rrset("txt", "TXT", '"a b"'), soa(7)]])
sys.stdout.flush()
