import Estate
import Foundation

/// Reads what a reference leads to, at the moment it is needed; nothing of it is printed, stored or put on a command line.
enum Secret {
  /// Far more than any key or password.
  static let mostOctets = 65_536

  /// Why a secret could not be had, as a sentence without its end; the secret is not in it.
  struct Unavailable: Error, CustomStringConvertible {
    var description: String
  }

  static func read(_ reference: SecretReference) throws -> String {
    let text: String
    switch reference.kind {
    case .env:
      guard let value = ProcessInfo.processInfo.environment[reference.text] else {
        throw Unavailable(description: "the environment variable \(reference.text) is not set")
      }
      text = value
    case .file: text = try contents(of: reference.text, says: "\(reference)")
    case .cred:
      guard let folder = ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"] else {
        throw Unavailable(
          description: "\(reference) is a credential of systemd, and there is none here: CREDENTIALS_DIRECTORY is not set")
      }
      text = try contents(of: folder + "/" + reference.text, says: "\(reference)")
    case .cmd: text = try output(of: reference.text)
    }
    // One end of line is the file's or the command's, not the secret's.
    let secret = text.hasSuffix("\r\n") ? String(text.dropLast()) : text.hasSuffix("\n") ? String(text.dropLast()) : text
    guard !secret.isEmpty else { throw Unavailable(description: "\(reference) holds nothing") }
    return secret
  }

  private static func contents(of path: String, says: String) throws -> String {
    guard let handle = FileHandle(forReadingAtPath: path), let data = try? handle.read(upToCount: mostOctets + 1) else {
      throw Unavailable(description: "\(says) cannot be read")
    }
    guard data.count <= mostOctets else { throw Unavailable(description: "\(says) is longer than \(mostOctets) octets") }
    guard let text = String(data: data, encoding: .utf8) else { throw Unavailable(description: "\(says) is not text in UTF-8") }
    return text
  }

  /// What a command prints, run by the shell as the owner wrote it; what it says on standard error is the owner's to see.
  private static func output(of command: String) throws -> String {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.standardOutput = pipe
    process.standardInput = FileHandle.nullDevice
    do { try process.run() } catch { throw Unavailable(description: "the command of cmd: could not be started") }
    let data = (try? pipe.fileHandleForReading.read(upToCount: mostOctets + 1)) ?? Data()
    if data.count > mostOctets { process.terminate() }
    process.waitUntilExit()
    guard process.terminationStatus == 0, data.count <= mostOctets else {
      throw Unavailable(
        description: data.count > mostOctets
          ? "the command of cmd: printed more than \(mostOctets) octets"
          : "the command of cmd: ended with \(process.terminationStatus)")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw Unavailable(description: "the command of cmd: did not print text in UTF-8")
    }
    return text
  }
}
