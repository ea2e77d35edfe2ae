#!/usr/bin/env python3
"""The lines of a Zeek dns.log in which one of the values of a list stands: the numbers, from 1, one a line.

reference.py LIST LOG

Knows nothing of how nameward does it: a set, and the four columns, split at tabs and commas.
"""

import sys

wanted = {line.strip().lower() for line in open(sys.argv[1], encoding="ascii")}
columns = ("id.orig_h", "id.resp_h", "query", "answers")
places = []
out = []
for number, line in enumerate(open(sys.argv[2], encoding="utf-8", newline="\n"), 1):
    if line.startswith("#"):
        if line.startswith("#fields"):
            names = line.rstrip("\n").split("\t")[1:]
            places = [names.index(name) for name in columns]
        continue
    fields = line.rstrip("\n").split("\t")
    for place in places:
        if any(value.lower().rstrip(".") in wanted for value in fields[place].split(",")):
            out.append(number)
            break
sys.stdout.writelines(f"{number}\n" for number in out)
