import Foundation
import Indicators
import Testing

@Suite("PCRE2 syntax, against NSRegularExpression") struct RegularExpressionTests {
  static let texts = [
    "", "a", "b", "ab", "aab", "abab", "aaaa", "abc", "a\nb", "ab\n", "A", "aB", "a1_", "foo.exe", "Final Report 2.exe", "x y",
    "  ",
    "foo bar", "cafe\u{301}", "caf\u{E9}", "\u{4E2D}\u{6587}", "a-b", "[x]", "a]", "^$", "C:\\x", "192.0.2.1", "\t", "{2}",
    "aaab", "xyz",
    "evil@example.com", "GET /a?b=c", "\u{1F600}",
  ]

  @Test(arguments: [
    "a", "^a$", "a|b", "a|", "(a|b)+", "(?:ab)*", "a*", "a+?b", "a{2}", "a{2,}", "a{2,3}", "a{0}b", "(a{1,2}){2}b", ".",
    "a.b", "(?s)a.b", "^.+$",
    "(?m)^b$", "(?m)a$", "\\Aa", "b\\z", "b\\Z", "b$", "\\bbar\\b", "\\Bb", "\\d", "\\D", "\\w+\\W\\w", "\\s", "\\S\\s\\S",
    "[abc]", "[^abc]", "[a-c]+",
    "[a\\-b]", "[-a]", "[a-]", "[\\]a]", "[\\d_]+", "[^\\d\\s]", "[\\w.]+@[\\w.]+\\.com$", "(?i)ab", "(?i)AB", "a(?i)b",
    "(?i:a)b", "(?i)[A-C]", "(?i)[^a]",
    "\\.exe$", "^Final Report.+\\.exe$", "\\x61", "\\x{4E2D}", "\\u4e2d", "\\t", "\\n", "\\\\", "C:\\\\", "(?x) a b # c",
    "(?<n>a)b", "(?#x)a", "\\Qa-b\\E", "\\Q[x]\\E",
    "\\{2\\}", "(a|ab)(c|bcd)?", "(a*)*", "(a*)+b", "(a|a)*b", "(|a)+b", "((a)|(b))*c", "x?y?z?$",
    "^(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}$",
    "[[:alpha:]]+", "[[:^digit:]]", "\u{E9}", "(?i)\u{C9}", "[\u{E0}-\u{EF}]", "\\u00e9|e\u{301}", "\\cI", "\\101", "(?-i)a",
    "(?im)^B", "a\\/b|/a", "\\x41",
    "[.]exe", "[a-z]{3} [a-z]{3}", "^\\s*$", "\\h", "\\R", "[^\\W\\d_]+", "(?:a|b|c|d|e){3}", "\\$", "[$^]", "a**", "(", "a)",
    "[z-a]", "*a", "a++", "\\1", "(a)\\1", "(?=a)", "(?<!a)b",
    "(?>a)",
  ]) func `finds what the other finds, and refuses what it does not know`(pattern: String) throws {
    // Refused here with a word, though the other runs it; `\101` is octal only where no group can be meant.
    let refused = [
      "a++", "(a)\\1", "(?=a)", "(?<!a)b", "(?>a)", "^(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}$", "\\101",
    ]
    if refused.contains(pattern) {
      #expect(throws: RegularExpressionFault.self) { try RegularExpression(pattern) }
      return
    }
    guard let other = try? NSRegularExpression(pattern: pattern) else {
      #expect(throws: RegularExpressionFault.self) { try RegularExpression(pattern) }
      return
    }
    let own = try RegularExpression(pattern)
    // The other's classes are those of Unicode; here they are those of PCRE2 without options.
    let isOfClasses = pattern.contains("\\w") || pattern.contains("\\W") || pattern.contains("[:")
    for text in Self.texts where !isOfClasses || text.utf8.allSatisfy({ $0 < 0x80 }) {
      let isFound = other.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
      #expect(try own.isFound(in: text) == isFound, "\(pattern) in \(text.debugDescription)")
    }
  }

  @Test func `classes are those of ASCII, and case is that of Unicode`() throws {
    for pattern in ["\\w", "\\d", "[[:alpha:]]"] {
      #expect(try !RegularExpression(pattern).isFound(in: "\u{4E2D}\u{0663}"))
    }
    #expect(try RegularExpression("(?i)\u{416}").isFound(in: "\u{436}"))
    #expect(try RegularExpression("").isFound(in: ""))
  }

  @Test(arguments: 0..<20)
  func `random expressions find what the other finds`(seed: Int) throws {
    var random = PatternBindingTests.Random(state: UInt64(seed))
    for _ in 0..<40 {
      let pattern = Self.random(&random, levels: 3)
      let other = try NSRegularExpression(pattern: pattern)
      let own = try RegularExpression(pattern)
      for _ in 0..<8 {
        let text = String((0..<random.below(9)).map { _ in Array("abAc \n")[random.below(6)] })
        let isFound = other.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
        #expect(try own.isFound(in: text) == isFound, "\(pattern) in \(text.debugDescription)")
      }
    }
  }

  private static func random(_ random: inout PatternBindingTests.Random, levels: Int) -> String {
    if levels == 0 || random.below(4) == 0 {
      return ["a", "b", "c", "[ab]", "[^a]", ".", "\\s", "\\w", "^", "$", "\\b"][random.below(11)]
    }
    let parts = (0..<(1 + random.below(3))).map { _ in Self.random(&random, levels: levels - 1) }
    switch random.below(4) {
    case 0: return "(?:" + parts.joined(separator: "|") + ")"
    case 1: return parts.joined()
    case 2: return "(?i:" + parts.joined() + ")"
    default: return "(?:" + parts.joined() + ")" + ["*", "+", "?", "{2}", "{1,2}"][random.below(5)]
    }
  }

  @Test(arguments: [
    ("(a+)+$", "a", "b", 50_000), ("(a|a)*b", "a", "c", 5000), ("(a|aa)+$", "a", "b", 5000),
    ("^(([a-z])+.)+[A-Z]([a-z])+$", "a", "", 5000), ("(.*)*x", "y", "", 5000), ("(a?){30}a{30}b", "a", "", 1000),
  ]) func `what runs away elsewhere takes steps in proportion to the text`(
    pattern: String, letter: String, end: String, count: Int
  ) throws {
    let text = String(repeating: letter, count: count) + end
    let expression = try RegularExpression(pattern)
    #expect(try !expression.isFound(in: text, work: 200 * text.count))
  }

  @Test(arguments: [
    (
      "(a",
      "At character 1 of the regular expression: the group that opens here is never closed. Write ) at its end, or \\( for a parenthesis."
    ),
    ("a)", "At character 2 of the regular expression: a parenthesis closes nothing. Write \\) for a parenthesis."),
    (
      "x[a",
      "At character 2 of the regular expression: the class that opens here is never closed. Write ] at its end, or \\[ for a bracket."
    ),
    ("a\\", "At character 2 of the regular expression: a backslash is the last character. Write \\\\ for a backslash."),
    (
      "+a",
      "At character 1 of the regular expression: \"+\" has nothing before it to repeat. Write a backslash before it if it is meant as it is."
    ),
    (
      "a{2001}", "At character 2 of the regular expression: \"{2001}\" repeats too often; at most 1000 times are run. Use * or +."
    ),
    (
      "[b-a]",
      "At character 2 of the regular expression: the range \"b-a\" runs backwards or has a class at an end. Exchange its ends."
    ),
    ("\\y", "At character 1 of the regular expression: \"\\y\" is no escape. Write \\\\ for a backslash."),
    ("(a)\\1", "At character 4 of the regular expression: \"\\1\" is a back-reference, which is not run here. Say it without."),
    ("x(?!a)", "At character 2 of the regular expression: \"(?!a\" is a look around, which is not run here. Say it without."),
    ("a*+", "At character 1 of the regular expression: \"a*+\" is a possessive repeat, which is not run here. Say it without."),
    (
      "((a{1000}){1000}){1000}",
      "At character 1 of the regular expression: its counted repeats make more than 20000 steps of it. Repeat less, or use * or +."
    ),
  ]) func `says what is wrong, where, and what to write`(pattern: String, sentence: String) {
    do {
      _ = try RegularExpression(pattern)
      Issue.record("read: \(pattern)")
    } catch {
      #expect(error.sentence == sentence)
    }
  }

  @Test(arguments: [
    String(repeating: "(", count: 60_000), String(repeating: "[[:", count: 20_000), String(repeating: "(?:", count: 20_000),
    String(repeating: "a", count: 70_000), "(){1000}" + String(repeating: "{1000}", count: 10),
    String(repeating: "(|", count: 99) + String(repeating: "){1000}", count: 99),
  ]) func `size and depth end before memory does`(pattern: String) {
    #expect(throws: RegularExpressionFault.self) { try RegularExpression(pattern) }
  }
}
