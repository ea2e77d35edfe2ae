extension Schema {
  static let version4 = """
    -- Under which number others are told that an indicator was withdrawn: the numbers are ids, counted on with those of indicators. NULL
    -- where it was changed, where the id is its source's own, and before this version.
    ALTER TABLE indicator_end ADD COLUMN withdrawal INTEGER;
    CREATE UNIQUE INDEX indicator_withdrawal ON indicator_end (withdrawal) WHERE withdrawal IS NOT NULL;
    """
}
