/// The known word that a person most likely meant: at most two letters wrong, missing or added, or a word cut short.
///
/// - Returns: `nil` if no known word is near; the first of those that are equally near.
func nearestWord(to word: String, among known: [String]) -> String? {
  let plain = folded(word)
  // Longer words are none of ours; the bound keeps the work small whatever stands in the file.
  guard !plain.isEmpty, plain.count <= 64 else { return nil }
  var best: (word: String, distance: Int)?
  for candidate in known {
    let target = folded(candidate)
    // Two letters of three are not a slip: short words must be closer.
    let limit = min(2, max(target.count, plain.count) / 3)
    let distance = plain == target ? 0 : editDistance(plain, target)
    if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  if let best { return best.word }
  return known.first { candidate in
    let target = folded(candidate)
    return plain.count >= 3 && target.starts(with: plain) || target.count >= 3 && plain.starts(with: target)
  }
}

/// Letters and digits only, in lower case: `name-servers`, `name_servers` and `nameServers` are one word.
private func folded(_ word: String) -> [UInt8] {
  word.utf8.prefix(256).compactMap { octet in
    switch octet {
    case 0x41...0x5A: octet | 0x20
    case 0x2D, 0x5F, 0x20: nil
    default: octet
    }
  }
}

/// Levenshtein's distance: the fewest single letters changed, added or removed.
private func editDistance(_ one: [UInt8], _ other: [UInt8]) -> Int {
  var row = Array(0...other.count)
  for (index, letter) in one.enumerated() {
    var diagonal = row[0]
    row[0] = index + 1
    for column in other.indices {
      let change = diagonal + (letter == other[column] ? 0 : 1)
      diagonal = row[column + 1]
      row[column + 1] = min(change, diagonal + 1, row[column] + 1)
    }
  }
  return row[other.count]
}
