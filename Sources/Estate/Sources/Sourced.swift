/// What a source beside the declaration says of one domain.
struct Sourced {
  var sets: [DeclaredRRset]
  /// Whether `sets` is the whole zone, so that a type of record that it lacks at a name is intended to be absent there.
  var isWholeZone: Bool
}
