/// A text in which some scalars are written otherwise.
///
/// By scalars and not by characters: a mark that combines makes one character of itself and the quote before it (`"` and U+0301), which
/// no comparison of characters takes for a quote, and every reader of the octets does.
///
/// - Parameter form: What stands in the place of a scalar; `nil` where it stays.
public func rewritten(_ text: String, _ form: (Unicode.Scalar) -> String?) -> String {
  var out = ""
  for scalar in text.unicodeScalars {
    if let form = form(scalar) { out += form } else { out.unicodeScalars.append(scalar) }
  }
  return out
}
