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

    -- Indicators that one revision of a source brought, up to a thousand in a row of this table.
    CREATE TABLE indicator_block (
      first_id INTEGER PRIMARY KEY      -- of its first indicator; those of the others follow
        CHECK (first_id > 0 AND first_id < 1 << 62),
      source INTEGER NOT NULL REFERENCES indicator_source (id) ON DELETE CASCADE,
      first_revision INTEGER NOT NULL,
      count INTEGER NOT NULL CHECK (count BETWEEN 1 AND 1000),
      hashes BLOB NOT NULL,             -- of each one's key, eight octets
      identities BLOB NOT NULL,         -- who each is, and where it stood last
      criteria BLOB NOT NULL,           -- what each looks for
      said BLOB NOT NULL                -- what is said of each beside that
    ) STRICT;
    CREATE INDEX indicator_block_of_source ON indicator_block (source);

    -- Which indicators stand no more, by their places in a block, and the last revision in which they stood.
    CREATE TABLE indicator_end (
      block INTEGER NOT NULL REFERENCES indicator_block (first_id) ON DELETE CASCADE,
      place INTEGER NOT NULL,           -- from 0
      last_revision INTEGER NOT NULL,
      PRIMARY KEY (block, place)
    ) STRICT, WITHOUT ROWID;

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
