extension Schema {
  static let version3 = """
    -- Who publishes indicators: a file, an address that is polled, a TAXII collection.
    CREATE TABLE indicator_source (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,        -- as the person named it
      kind TEXT NOT NULL,
      location TEXT NOT NULL,           -- the path or URL
      format TEXT NOT NULL,
      title TEXT,
      publication TEXT,                 -- by which the source knows its file
      marking TEXT,
      produced INTEGER,
      digest TEXT NOT NULL,             -- of the last content
      first_read INTEGER NOT NULL,
      last_read INTEGER NOT NULL,
      etag TEXT,
      last_modified TEXT,
      added_after TEXT
    ) STRICT;

    -- One content of a source that differs from the one before it; numbers rise from 1.
    CREATE TABLE indicator_revision (
      source INTEGER NOT NULL REFERENCES indicator_source (id) ON DELETE CASCADE,
      number INTEGER NOT NULL,
      at INTEGER NOT NULL,
      digest TEXT NOT NULL,
      added INTEGER NOT NULL,
      changed INTEGER NOT NULL,
      withdrawn INTEGER NOT NULL,
      total INTEGER NOT NULL,
      added_at INTEGER NOT NULL,        -- microseconds since 1970, greater than that of every revision before, of any source
      first_id INTEGER NOT NULL,        -- the indicators that it brought have this id or a greater one
      PRIMARY KEY (source, number)
    ) STRICT, WITHOUT ROWID;

    -- One telling of an indicator, and the revisions from the first to the last in which it stood.
    CREATE TABLE indicator (
      id INTEGER PRIMARY KEY,
      source INTEGER NOT NULL REFERENCES indicator_source (id) ON DELETE CASCADE,
      key TEXT NOT NULL,                -- its id; of a list whose rows have none, what it looks for
      first_revision INTEGER NOT NULL,
      last_revision INTEGER,            -- NULL while it stands
      own_id TEXT,                      -- NULL where it is the key
      line INTEGER NOT NULL,            -- where it stood last
      place INTEGER NOT NULL,           -- its column in that line
      criterion TEXT NOT NULL,          -- which kind, and then its value
      value TEXT NOT NULL,
      title TEXT,
      description TEXT,
      labels TEXT,                      -- a JSON array; NULL for none
      marking TEXT,
      confidence INTEGER,
      first_seen INTEGER,
      last_seen INTEGER,
      valid_from INTEGER,
      valid_until INTEGER,
      modified INTEGER,
      is_revoked INTEGER NOT NULL,
      is_benign INTEGER NOT NULL,
      context TEXT,                     -- a JSON array; NULL for none
      created INTEGER
    ) STRICT;
    CREATE INDEX indicator_standing ON indicator (source, key) WHERE last_revision IS NULL;
    CREATE INDEX indicator_of_source ON indicator (source);

    -- That a source says an indicator was seen, kept as indicators are.
    CREATE TABLE indicator_sighting (
      id INTEGER PRIMARY KEY,
      source INTEGER NOT NULL REFERENCES indicator_source (id) ON DELETE CASCADE,
      first_revision INTEGER NOT NULL,
      last_revision INTEGER,
      indicator TEXT NOT NULL,          -- its id
      first_seen INTEGER,
      last_seen INTEGER,
      count INTEGER,
      where_sighted TEXT                -- a JSON array; NULL for none
    ) STRICT;
    CREATE INDEX indicator_sighting_of_source ON indicator_sighting (source);

    -- A value that a source says to be harmless, kept as indicators are.
    CREATE TABLE warninglist_value (
      id INTEGER PRIMARY KEY,
      source INTEGER NOT NULL REFERENCES indicator_source (id) ON DELETE CASCADE,
      first_revision INTEGER NOT NULL,
      last_revision INTEGER,
      kind TEXT NOT NULL,               -- how it is meant
      value TEXT NOT NULL
    ) STRICT;
    CREATE INDEX warninglist_value_of_source ON warninglist_value (source);
    """
}
