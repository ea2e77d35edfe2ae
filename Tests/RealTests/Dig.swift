import Foundation
import Glibc
import Names
import RealServers
import Testing

/// What `dig` of BIND hears from a server, a second implementation's view: the data alone, unless `+noall` is among the options.
///
/// - Parameter fails: Whether `dig` may end with an error; then this is what it says.
func dig(
  _ server: SocketAddress, _ name: String, _ type: String, _ options: String..., fails: Bool = false
) async throws -> String {
  let command = ["dig", "@\(server.address)", "-p", String(server.port), name, type]
  return try await Program.output(of: command + (options.contains("+noall") ? [] : ["+short"]) + options, fails: fails)
}

/// The status and flags of an answer.
func header(_ server: SocketAddress, _ name: String, _ type: String) async throws -> (status: String, flags: [String]) {
  let text = try await dig(server, name, type, "+noall", "+comments", "+adflag")
  let status = try #require(text.firstMatch(of: /status: ([A-Z]+)/)).output.1
  let flags = try #require(text.firstMatch(of: /flags: ([a-z ]*);/)).output.1
  return (String(status), flags.split(separator: " ").map(String.init))
}

/// Whether no process of a server's group is left. One that is dead and waits for the parent it was left to (init) counts as gone;
/// one that waits for us does not.
func groupIsGone(_ group: Int32) throws -> Bool {
  for entry in try FileManager.default.contentsOfDirectory(atPath: "/proc") where Int32(entry) != nil {
    // proc(5): "pid (name) state parent group …"; a process may end while the list is read.
    guard let stat = try? String(contentsOfFile: "/proc/\(entry)/stat", encoding: .utf8), let close = stat.lastIndex(of: ")")
    else { continue }
    let fields = stat[close...].split(separator: " ").dropFirst()
    let (state, parent, itsGroup) = (fields[1], Int32(fields[2]), Int32(fields[3]))
    if itsGroup == group && (state != "Z" || parent == getpid()) { return false }
  }
  return true
}
