extension Schema {
  /// What others are given of what is here (TAXII 2.1). Times of addition are microseconds since 1970; each is greater than all
  /// before it, whatever the clock says, so that who asks for what came later misses nothing.
  static let sharing = """

    -- Identifiers are drawn once (UUID version 4, TAXII 2.1 section 2).
    CREATE TABLE shared_collection (
      name TEXT PRIMARY KEY NOT NULL,
      id TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT INTO shared_collection
      SELECT column1, lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-'
        || substr('89AB', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))
      FROM (VALUES ('indicators'), ('findings'), ('received'));

    -- Up to where ids and times of addition were used by sources that were forgotten since; neither is used again.
    CREATE TABLE indicator_high_water (
      id INTEGER NOT NULL,
      added_at INTEGER NOT NULL
    ) STRICT;
    INSERT INTO indicator_high_water VALUES (0, 0);

    -- The version of a finding that others are given, and when it was added; NULL where they are given none.
    ALTER TABLE finding ADD COLUMN modified INTEGER;
    ALTER TABLE finding ADD COLUMN added_at INTEGER;
    CREATE INDEX finding_added ON finding (added_at) WHERE added_at IS NOT NULL;

    -- Names and addresses that findings are about, each once.
    CREATE TABLE shared_observable (
      added_at INTEGER PRIMARY KEY NOT NULL,
      declaration TEXT NOT NULL,
      type TEXT NOT NULL,               -- as STIX has it
      value TEXT NOT NULL,
      UNIQUE (declaration, type, value)
    ) STRICT;

    -- What became of objects that others sent.
    CREATE TABLE received_status (
      id TEXT PRIMARY KEY NOT NULL,
      at INTEGER NOT NULL,
      text TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """
}
