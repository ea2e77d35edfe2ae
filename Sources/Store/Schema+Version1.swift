extension Schema {
  // Times are milliseconds since 1970 in UTC. Names are in wire form, lower-cased. Digests are SHA-256.
  static let version1 = """
    CREATE TABLE place (
      id INTEGER PRIMARY KEY,
      kind TEXT NOT NULL,
      server TEXT NOT NULL,             -- '' where servers decide together
      zone BLOB NOT NULL,
      name_server BLOB,
      UNIQUE (kind, server, zone)
    ) STRICT;

    -- What went over the wire, once per content; beside it, where and when it was first seen.
    CREATE TABLE exchange (
      digest BLOB PRIMARY KEY NOT NULL,
      question BLOB NOT NULL,
      reply BLOB NOT NULL,
      place INTEGER NOT NULL REFERENCES place (id),
      server TEXT NOT NULL,
      name BLOB NOT NULL,
      type INTEGER NOT NULL,
      recursion_desired INTEGER NOT NULL,
      dnssec_ok INTEGER NOT NULL,
      path TEXT NOT NULL,
      at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE meaning (
      digest BLOB PRIMARY KEY NOT NULL,
      octets BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- How long a place said the same. Of one place, name and type, the last that told something is open (is_last), and beside
    -- it the last silence, if nothing was told since.
    CREATE TABLE interval (
      id INTEGER PRIMARY KEY,
      place INTEGER NOT NULL REFERENCES place (id),
      name BLOB NOT NULL,
      type INTEGER NOT NULL,
      tells INTEGER NOT NULL,
      meaning BLOB NOT NULL REFERENCES meaning (digest),
      exchange BLOB REFERENCES exchange (digest),
      first_seen INTEGER NOT NULL,
      last_seen INTEGER NOT NULL,
      previous INTEGER REFERENCES interval (id),
      is_last INTEGER NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX interval_last ON interval (place, name, type, tells) WHERE is_last = 1;

    CREATE TABLE finding (
      id INTEGER PRIMARY KEY,
      declaration TEXT NOT NULL,
      check_id TEXT NOT NULL,
      place INTEGER NOT NULL REFERENCES place (id),
      name BLOB NOT NULL,
      type INTEGER NOT NULL,            -- -1 where the finding is about no type
      how TEXT NOT NULL,                -- '' where it could not be told
      severity TEXT NOT NULL,
      intended TEXT NOT NULL,           -- JSON arrays of records in presentation form
      observed TEXT NOT NULL,
      evidence BLOB REFERENCES exchange (digest),
      first_seen INTEGER NOT NULL,
      last_seen INTEGER NOT NULL,
      gone_at INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX finding_open ON finding (declaration, check_id, place, name, type, how) WHERE gone_at IS NULL;

    -- Passes that found the same, one after the other, are one row.
    CREATE TABLE pass (
      id INTEGER PRIMARY KEY,
      declaration TEXT NOT NULL,
      scope TEXT NOT NULL,
      matched INTEGER NOT NULL,
      mismatched INTEGER NOT NULL,
      not_told INTEGER NOT NULL,
      findings BLOB NOT NULL,           -- digest of what was found
      first_seen INTEGER NOT NULL,
      last_seen INTEGER NOT NULL,
      times INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX pass_last ON pass (declaration, scope, id);
    """
}
