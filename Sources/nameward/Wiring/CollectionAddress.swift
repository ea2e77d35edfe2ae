/// The URL of a collection of TAXII 2.1 (§5.2) or of its objects (§5.4): `…/collections/ID/`, perhaps with a query.
struct CollectionAddress: Equatable {
  /// The URL of its API root, with the slash at its end.
  var root: String
  var id: String
  /// Without its question mark.
  var query: String

  /// `nil` where the URL is not of that form.
  init?(_ written: String) {
    let parts = written.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var url = String(parts[0])
    if url.hasSuffix("/objects/") { url.removeLast("objects/".count) }
    guard let mark = url.firstRange(of: "/collections/") else { return nil }
    let id = url[mark.upperBound...].split(separator: "/", omittingEmptySubsequences: false)
    guard id.count == 1 || id.count == 2 && id[1].isEmpty, !id[0].isEmpty else { return nil }
    root = String(url[..<mark.lowerBound]) + "/"
    self.id = String(id[0])
    query = parts.count == 2 ? String(parts[1]) : ""
  }
}
