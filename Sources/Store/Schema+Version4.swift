extension Schema {
  static let version4 = """
    -- Under which number others are told that an indicator was withdrawn: the numbers are ids, counted on with those of indicators. NULL
    -- where it was changed, where the id is its source's own, and before this version.
    ALTER TABLE indicator_end ADD COLUMN withdrawal INTEGER;
    CREATE UNIQUE INDEX indicator_withdrawal ON indicator_end (withdrawal) WHERE withdrawal IS NOT NULL;

    -- What the marking definitions of a source say, which it may name long after it told them.
    CREATE TABLE indicator_marking (
      source INTEGER NOT NULL REFERENCES indicator_source (id) ON DELETE CASCADE,
      id TEXT NOT NULL,                 -- of the definition
      tlp TEXT,                         -- NULL for what is no TLP
      PRIMARY KEY (source, id)
    ) STRICT, WITHOUT ROWID;

    -- So that who sends one sighting after the other has not all looked through that he sent before.
    CREATE INDEX indicator_sighting_of_indicator ON indicator_sighting (source, indicator);
    """
}
