extension Schema {
  static let version2 = """
    -- What a hidden primary gave out last: an incremental transfer (RFC 1995) goes on from here.
    CREATE TABLE zone_copy (
      zone BLOB NOT NULL,
      server TEXT NOT NULL,
      records BLOB NOT NULL,            -- a master file, the SOA first
      PRIMARY KEY (zone, server)
    ) STRICT, WITHOUT ROWID;
    """
}
