#!/usr/bin/env python3
"""Makes what Scripts/bench-indicators measures, the same every time: a Zeek dns.log, and the names and addresses to look for in it.

make.py log LINES >dns.log          about 146 octets a line
make.py indicators NAMES ADDRESSES  >list, one value a line
make.py csv ROWS                    >file in US-CERT's form
"""

import random
import sys

LABELS = ["www", "mail", "api", "cdn", "login", "static", "img", "ns1", "vpn", "app", "update", "edge"]
TOPS = ["com", "net", "org", "de", "gov", "io", "info", "co.uk"]
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


def word(chance, least, most):
    return "".join(chance.choice(LETTERS) for _ in range(chance.randint(least, most)))


def domain(chance):
    return f"{chance.choice(LETTERS[:26])}{word(chance, 4, 13)}.{chance.choice(TOPS)}"


def address(chance):
    # 127 is this host, which no list is about.
    first = chance.randint(1, 223)
    return f"{11 if first == 127 else first}.{chance.randint(0, 255)}.{chance.randint(0, 255)}.{chance.randint(1, 254)}"


def wanted(names, addresses):
    chance = random.Random(5)
    return [domain(chance) for _ in range(names)], [address(chance) for _ in range(addresses)]


def log(lines):
    chance = random.Random(7)
    names, addresses = wanted(100_000, 50_000)
    # What a site asks for again and again, and what it asks for once.
    usual = [f"{chance.choice(LABELS)}.{domain(chance)}" for _ in range(200_000)]
    clients = [f"10.{chance.randint(0, 3)}.{chance.randint(0, 255)}.{chance.randint(1, 254)}" for _ in range(4000)]
    out = sys.stdout
    out.write("#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tdns\n")
    out.write("#open\t2026-11-27-00-00-00\n")
    out.write(
        "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\ttrans_id\trtt\tquery\tqclass\tqclass_name\tqtype\t"
        "qtype_name\trcode\trcode_name\tAA\tTC\tRD\tRA\tZ\tanswers\tTTLs\trejected\n"
    )
    out.write(
        "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tcount\tinterval\tstring\tcount\tstring\tcount\tstring\tcount\tstring\t"
        "bool\tbool\tbool\tbool\tcount\tvector[string]\tvector[interval]\tbool\n"
    )
    for number in range(lines):
        draw = chance.random()
        if draw < 0.001:
            query = chance.choice(names)
        elif draw < 0.002:
            # A wanted name inside another: no hit, but what a search for substrings takes for one.
            query = chance.choice(LABELS) + chance.choice(names)
        elif draw < 0.7:
            query = chance.choice(usual)
        else:
            query = f"{word(chance, 3, 12)}.{domain(chance)}"
        answer = chance.choice(addresses) if chance.random() < 0.001 else address(chance)
        answers = answer if chance.random() < 0.8 else f"edge.{domain(chance)},{answer}"
        uid = "C" + word(chance, 17, 17)
        out.write(
            f"{1764201600 + number / 50:.6f}\t{uid}\t{chance.choice(clients)}\t{chance.randint(1024, 65535)}\t10.0.0.53\t53\tudp\t"
            f"{chance.randint(0, 65535)}\t0.0{chance.randint(1000, 9999)}\t{query}\t1\tC_INTERNET\t1\tA\t0\tNOERROR\tF\tF\tT\tT\t0\t"
            f"{answers}\t{chance.randint(1, 3600)}.000000\tF\n"
        )
    out.write("#close\t2026-11-27-17-00-00\n")


def indicators(names, addresses):
    for values in wanted(names, addresses):
        sys.stdout.writelines(f"{value}\n" for value in values)


def csv(rows):
    chance = random.Random(9)
    sys.stdout.write("INDICATOR_VALUE,TYPE,COMMENT,ROLE,ATTACK_PHASE,OBSERVED_DATE,HANDLING,DESCRIPTION\n")
    for number in range(rows):
        kind = number % 3
        if kind == 0:
            value, kind = domain(chance).replace(".", "[.]"), "FQDN"
        elif kind == 1:
            value, kind = address(chance).replace(".", "[.]"), "IPV4ADDR"
        else:
            value, kind = f"{chance.getrandbits(256):064X}", "SHA256"
        sys.stdout.write(f'{value},{kind},,C2,C2,2026-11-0{number % 9 + 1},TLP:WHITE,"Seen with ""others"", row {number}"\n')


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["log", lines]:
            log(int(lines))
        case ["indicators", names, addresses]:
            indicators(int(names), int(addresses))
        case ["csv", rows]:
            csv(int(rows))
        case _:
            sys.exit(__doc__)
