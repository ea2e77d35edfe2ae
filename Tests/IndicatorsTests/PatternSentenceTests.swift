import Indicators
import Testing

@Suite("What a person reads of a pattern that is none") struct PatternSentenceTests {
  @Test(arguments: [
    ("", "1:1 1: The pattern is empty. Write one, as in [domain-name:value = 'example.com']."),
    ("file:size = 1280", "1:1 1: A pattern has its comparisons in square brackets. Write [ before them and ] after them."),
    (
      "[file:size = ]",
      "1:14 14: \"]\" stands where a constant belongs. Write a string in single quotes, a number, true, false, or t'…', h'…', b'…'."
    ),
    (
      "[file.size = 1280]",
      "1:6 6: \".\" stands where a colon belongs. Write a colon between object type and property, as in domain-name:value."
    ),
    ("[file:name MATCHES /.*/]", "1:20 20: \"/\" stands where a string belongs. Write it in single quotes."),
    (
      "[a:b = 1]\nOR [a:b =? 1]",
      "2:10 20: \"?\" stands where a constant belongs. Write a string in single quotes, a number, true, false, or t'…', h'…', b'…'."
    ),
    (
      "[a:b = 1] WITHIN 5 HOURS",
      "1:20 20: \"HOURS\" stands where SECONDS belongs. Write WITHIN and seconds, as in WITHIN 300 SECONDS."
    ),
    (
      "[a:b = 1] WITHIN -5 SECONDS",
      "1:18 18: \"-5\" stands where a number of seconds belongs. Write a number above 0, as in WITHIN 300 SECONDS."
    ),
    ("[a:b = 1] within 2 SECONDS", "1:11 11: \"within\" is no keyword as it is written. Write WITHIN."),
    ("[a:b = 1] REPEATS 0 TIMES", "1:19 19: REPEATS 0 can never be met. Write a number above 0."),
    (
      "[a:b = 1] REPEATS 2 TIMES REPEATS 3 TIMES",
      "1:27 27: REPEATS stands twice on one observation. Put parentheses around the first, or leave one out."
    ),
    (
      "[a:b = 1] START t'2026-01-02T00:00:00Z' STOP t'2026-01-01T00:00:00Z'",
      "1:17 17: STOP is not later than START, so nothing can be between them. Exchange them or correct one."
    ),
    (
      "[a:b = 1] START t'2026-01-02T00:00:00Z'",
      "1:40 40: The pattern ends where STOP belongs. Write both ends, as in START t'2026-01-01T00:00:00Z' STOP t'2026-02-01T00:00:00Z'."
    ),
    (
      "[a:b = 1] x",
      "1:11 11: \"x\" stands where AND, OR, FOLLOWEDBY, a qualifier or the end belongs. Join the next observation with AND, OR or FOLLOWEDBY, or remove what follows."
    ),
    (
      "[a:b = 1 a:c = 2]",
      "1:10 10: \"a\" stands where AND, OR or ] belongs. Join the next comparison with AND or OR, or close the bracket."
    ),
    ("[x:has-hyphen = 1]", "1:4 4: The property \"has-hyphen\" holds a hyphen. Write it in quotes: 'has-hyphen'."),
    (
      "[ü:b = 1]",
      "1:2 2: \"ü\" stands where a comparison belongs. Write a property, an operator and a constant, as in domain-name:value = 'example.com'."
    ),
    (
      "[a:b = 'ü' = 1]",
      "1:12 12: \"=\" stands where AND, OR or ] belongs. Join the next comparison with AND or OR, or close the bracket."
    ),
    (
      "[file:hashes.'SHA-256' = 'f00']",
      "1:26 26: \"f00\" is no SHA-256 value: its length or its characters are not those of the algorithm. Correct the one or the other."
    ),
    ("[a:b = 'x]", "1:8 8: The quote that opens here is never closed. Write ' at its end, and \\' for a quote inside."),
    (
      #"[a:b = 'C:\Windows']"#,
      #"1:11 11: A backslash before "W" is no escape of a pattern. Write \\ for a backslash and \' for a quote."#
    ),
    ("[a:b = h'f']", "1:8 8: h'f' is no hexadecimal literal. Write two digits for each octet, as in h'ffd8'."),
    ("[a:b = b'====']", "1:8 8: b'====' is no base64 literal. Write groups of four characters, as in b'AQIDBA=='."),
    (
      "[a:b = t'2026-01-31']",
      "1:8 8: \"2026-01-31\" is no timestamp. Write it in UTC with T and Z, as in t'2026-01-31T08:00:00Z'."
    ),
    (
      "[a:b = 99999999999999999999]", "1:8 8: The number 99999999999999999999 is too large. Write one below 2 to the power of 63."
    ),
    ("[a:b IN (1, 'a')]", "1:13 13: The values of a set are of several types. Write one set a type and join them with OR."),
    (
      "[a:b < true]",
      "1:8 8: \"true\" stands where a constant that has an order belongs. Write a string in single quotes, a number, or t'…', h'…', b'…'."
    ),
    ("[a:b = 1] /* x", "1:11 11: The comment that opens here is never closed. Write */ at its end."),
    ("([a:b = 1]", "1:11 11: The pattern ends where ) belongs. Close what was opened."),
    ("[a:b[x] = 1]", "1:6 6: \"x\" stands where an index belongs. Write a number from 0, or * for all."),
  ]) func `says what is wrong, where, and what to write`(pattern: String, sentence: String) {
    do {
      _ = try Pattern(pattern)
      Issue.record("read: \(pattern)")
    } catch {
      #expect("\(error.place) \(error.offset): \(error.sentence)" == sentence)
    }
  }

  @Test(arguments: [
    (String(repeating: "(", count: 65) + "[a:b = 1]" + String(repeating: ")", count: 65), PatternFault.Cause.tooDeep(limit: 64)),
    ("[" + String(repeating: "(", count: 100_000), .tooDeep(limit: 64)),
    ("([a:b = 1])" + String(repeating: " REPEATS 1 TIMES", count: 9), .tooDeep(limit: 8)),
    (String(repeating: " ", count: 1 << 20) + "[a:b = 1]", .tooLong(octets: 1 << 20 + 9, limit: 1 << 20)),
    (String(repeating: "[", count: 100_000), .unexpected("[", .comparison)),
  ]) func `depth and size end before memory does`(text: String, cause: PatternFault.Cause) {
    #expect { try Pattern(text) } throws: { ($0 as? PatternFault)?.cause == cause }
  }

  @Test func `what is as deep as it may be is read, printed, compared and let go`() throws {
    let chain = String(repeating: " REPEATS 1 TIMES", count: 8)
    let text = String(repeating: "(", count: 64) + "[a:b = 1] REPEATS 1 TIMES" + String(repeating: ")" + chain, count: 64)
    let pattern = try Pattern(text)
    #expect(pattern.description == text)
    #expect(try Pattern(pattern.description) == pattern)
  }

  @Test func `a hundred kilobytes of alternatives are read and printed`() throws {
    let text = "[" + Array(repeating: "ipv4-addr:value = '192.0.2.1'", count: 3000).joined(separator: " OR ") + "]"
    #expect(try Pattern(text).description == text)
  }
}
