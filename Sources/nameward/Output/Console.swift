import Foundation
import Synchronization

/// Talk goes to standard error, data to standard output; colour and progress only where a person looks.
enum Console {
  /// Ends the progress line, then says a line on standard error.
  static func say(_ line: String) {
    write(progressIsShown.exchange(false, ordering: .relaxed) ? "\r\u{1B}[K\(line)\n" : "\(line)\n", to: .standardError)
  }

  /// Shows a line that the next one overwrites; nothing where standard error is not a terminal.
  static func progress(_ line: String) {
    guard isatty(STDERR_FILENO) == 1 else { return }
    progressIsShown.store(true, ordering: .relaxed)
    write("\r\u{1B}[K\(line.prefix(width - 1))", to: .standardError)
  }

  static func endProgress() {
    if progressIsShown.exchange(false, ordering: .relaxed) { write("\r\u{1B}[K", to: .standardError) }
  }

  /// Writes data. A reader that went away (`| head`) ends the program without a complaint.
  static func print(_ text: String) { write(text, to: .standardOutput) }

  /// Writes something of each of many, a thousand at a time: a call of the system for each would take longer than all else.
  static func print<Item>(_ items: [Item], _ text: (Item) -> String) {
    for start in stride(from: 0, to: items.count, by: 1000) {
      print(items[start..<min(start + 1000, items.count)].map(text).joined())
    }
  }

  /// Writes a JSON object a line, in the place of the progress line.
  static func printLines(_ values: [some Encodable]) {
    endProgress()
    print(values.compactMap { try? JSON.line($0) + "\n" }.joined())
  }

  /// Whether standard output is a terminal that may be coloured (https://no-color.org).
  static var isColoured: Bool {
    let environment = ProcessInfo.processInfo.environment
    return isatty(STDOUT_FILENO) == 1 && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
  }

  /// Whether a person reads standard output.
  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Columns of the terminal; 100 where there is none.
  static var width: Int {
    var size = winsize()
    // The kernel fills exactly one winsize.
    let isKnown = unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20
    return isKnown ? Int(size.ws_col) : 100
  }

  private static let progressIsShown = Atomic(false)

  private static func write(_ text: String, to handle: FileHandle) {
    do { try handle.write(contentsOf: Data(text.utf8)) } catch {
      let code = errno
      // Who reads no more wants no word of it; and where talk cannot be written, there is nowhere to say so.
      if code != EPIPE, handle === FileHandle.standardOutput {
        say(
          "the output could not be written: \(unsafe String(cString: strerror(code))). Make room for it, or write it elsewhere.")
      }
      Foundation.exit(1)
    }
  }
}

extension String {
  /// The text with control characters shown as `\xNN`, so that nothing from outside can move the cursor or colour the screen.
  var printable: String {
    // Most text is nothing but the visible signs of ASCII.
    if utf8.allSatisfy({ $0 &- 0x20 < 0x5F }) { return self }
    var shown = ""
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
        shown += "\\x{\(String(scalar.value, radix: 16))}"
      default: shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }
}
